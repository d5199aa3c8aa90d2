"""Small files of the formats that hold other things: mail, rows, archives, texts of all kinds.

Each is written for these tests. Their names are keys of ``packed.json`` and of the documents; what
they are to show stands beside them.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

WHEN = (2024, 5, 1, 12, 0, 0)
MOMENT = 1_714_564_800.0


def mail(body: str, **headers: str) -> bytes:
    """A message with these headers, in whose names an underscore stands for a hyphen."""
    named = {"From": "Ann Lee <ann@example.org>", "Subject": "Boats", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in named.items() if value)
    return f"{head}\n{body}".encode()


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, WHEN)
            member.compress_type = method
            archive.writestr(member, data)
    return buffer.getvalue()


def tarred(files: dict[str, bytes | str], format: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.mtime = int(MOMENT)
            content = data.encode() if isinstance(data, str) else data
            if content.startswith(b"->"):
                member.type, member.linkname = tarfile.SYMTYPE, content[2:].decode()
                archive.addfile(member)
                continue
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def encrypted(archive: bytes) -> bytes:
    """The archive with the mark of encryption at its first member."""
    at = archive.index(b"PK\x01\x02") + 8
    data = bytearray(archive)
    data[at] |= 1
    data[6] |= 1
    return bytes(data)


def zstd(data: bytes) -> bytes:
    import sys

    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.compress(data)


ALTERNATIVE = """--in
Content-Type: text/plain; charset=utf-8

The plain words.
--in
Content-Type: text/html

<html><body><p>The <b>rich</b> words.</p></body></html>
--in--
"""

MAIL: dict[str, bytes] = {
    "plain.eml": mail(
        "Dear Bob,\n\nthe boats are ready.\n",
        To='"Roe, Bob" <bob@example.org>, c@example.org',
        Cc="Dan <d@example.org>",
        Date="Wed, 01 May 2024 12:00:00 +0200",
        Message_ID="<1@example.org>",
    ),
    "quoted-printable.eml": mail(
        "The caf=C3=A9 by the harbour is open again, and it is said that the so=\nup is good.\n\n"
        "On line three.\n",
        Content_Type="text/plain; charset=utf-8",
        Content_Transfer_Encoding="quoted-printable",
    ),
    "base64.eml": mail(
        "VGhlIGJvYXRzIGFyZQpyZWFkeS4K\n",
        Content_Type="text/plain; charset=us-ascii",
        Content_Transfer_Encoding="base64",
    ),
    "encoded-words.eml": mail(
        "Привет",
        Subject="=?utf-8?q?Caf=C3=A9?= =?utf-8?b?IHVuZCBUZWU=?=\n folded",
        From="=?koi8-r?b?8NLJ18XU?= <p@example.org>",
    ),
    "alternative.eml": mail(ALTERNATIVE, Content_Type='multipart/alternative; boundary="in"'),
    "only-html.eml": mail(
        "<html><body><h1>News</h1>\n<p>The boats are ready.</p></body></html>",
        Content_Type="text/html; charset=utf-8",
    ),
    "reply-html.eml": mail(
        '<div>Hi all,<div><br></div><div>see <a href="http://x">this</a>.</div><div>Ann</div></div>'
        '<div class="footer">Sent from a boat</div><div class="gmail_quote">On Monday Bob wrote:<br>'
        '<blockquote class="gmail_quote"><div>Are we meeting?</div></blockquote></div>'
        '<div style="display:none">Hidden preview</div>',
        Content_Type="text/html; charset=utf-8",
    ),
    "attached.eml": mail(
        "--out\nContent-Type: multipart/alternative; boundary=in\n\n" + ALTERNATIVE + "--out\n"
        "Content-Type: text/markdown\nContent-Disposition: attachment; filename=notes.md\n"
        "Content-Transfer-Encoding: base64\n\nIyBOb3RlcwoKQnV5IHJvcGUuCg==\n--out\n"
        "Content-Type: application/octet-stream; name=picture.png\n\nxx\n--out\n"
        "Content-Type: text/markdown\nContent-Disposition: attachment; filename=notes.md\n\n"
        "# Others\n--out\nContent-Type: message/rfc822\n\nSubject: Forwarded\n\nOld words.\n--out--\n",
        Content_Type="multipart/mixed; boundary=out",
    ),
    "reply.eml": mail(
        "Yes.\n\n> Are the boats\n> ready?\n> ------\nI think so.\n\n-- \nAnn Lee\n==========\n# 12\n",
        Subject="Re: Boats",
    ),
    "labels.eml": mail("Words.", X_Gmail_Labels="=?utf-8?q?Caf=C3=A9,_Work?=, Inbox"),
    "no-subject.eml": mail("Words.", Subject=""),
    "no-end.eml": mail(
        "--x\nContent-Type: text/plain\n\nThe end of it is lost.",
        Content_Type="multipart/mixed; boundary=x",
    ),
    "wrong-charset.eml": mail("Käse", Content_Type="text/plain; charset=x-nobody-knows"),
    "bare-8-bit.eml": b"From: M\xfcller <m@example.org>\nSubject: K\xe4se\n\nGr\xfc\xdfe aus K\xf6ln\n",
    "apple.emlx": b"30 \nSubject: Apple\n\nFrom a Mac.\nx<plist>not this</plist>",
    "no-mail.eml": b"Nothing like a message.\n",
}

FROM = b"From ann@example.org Wed May  1 12:00:00 2024\n"
MBOX: dict[str, bytes] = {
    "two.mbox": FROM
    + mail("First.\n\n>From now on.\nFrom 10:00 on we met.\n\n", Message_ID="<a/1@x>")
    + FROM
    + mail("Second.\n", Message_ID="<b@x>"),
    "repeated.mbox": (FROM + mail("Same.\n\n", Message_ID="<a@x>")) * 2 + FROM + mail("No ID.\n"),
    "thunderbird.mbox": b"From - Wed May  1 12:00:00 2024\r\nX-Mozilla-Status: 0001\r\n"
    b"Subject: Boats\r\n\r\nReady.\r\n\r\nFrom - Wed May  1 12:00:01 2024\r\nSubject: More\r\n\r\nYes.\r\n",
    "broken.mbox": FROM + b"no header\n\n" + FROM + mail("Good.\n"),
    "attached.mbox": FROM + MAIL["attached.eml"],
    "no.mbox": b"Nothing.\n",
    "quoted-from.mbox": FROM + mail("He wrote:\n\n>From the sea they came.\n>>From afar.\n"),
    "from-in-text.mbox": FROM
    + mail("From the sea they came.\nFrom here to there.\n")
    + b"\n"
    + FROM
    + mail("Second.\n", Message_ID="<b@x>"),
    "carriage-returns.mbox": (
        FROM + mail("One.\n\n", Message_ID="<a@x>") + FROM + mail("Two.\n", Message_ID="<b@x>")
    ).replace(b"\n", b"\r\n"),
    "no-blank-line.mbox": FROM
    + mail("One.\n", Message_ID="<a@x>")
    + FROM
    + mail("Two.\n", Message_ID="<b@x>"),
    "empty-message.mbox": FROM + b"\n" + FROM + mail("Here.\n"),
    "alternatives.mbox": FROM + MAIL["alternative.eml"] + b"\n" + FROM + MAIL["only-html.eml"],
    "bare-8-bit.mbox": FROM + MAIL["bare-8-bit.eml"] + b"\n" + FROM + MAIL["base64.eml"],
    "cut-off.mbox": (FROM + mail("One.\n\n", Message_ID="<a@x>") + FROM + MAIL["attached.eml"])[
        :-30
    ],
}

JSONL: dict[str, bytes] = {
    "plain.jsonl": b'{"_id": "a1", "title": "Boats", "text": "They float."}\n\n'
    b'{"_id": "a2", "title": "Cars", "text": "They roll."}\n',
    "repeated.jsonl": b'{"id": 7, "text": "one"}\n{"id": 7, "text": "two"}\n{"text": "three"}\n',
    "about.jsonl": b'{"headline": "Boats", "body": "They float.", "author": ["Ann", "Bob"], '
    b'"datePublished": "2024-05-01T10:00:00Z", "keywords": "sea, rope", "lang": "en_GB", "n": 3}\n',
    "no-text.jsonl": b'{"name": "Ann Lee", "email": "ann@example.org", "born": 1970, "ok": true}\n',
    "nested.jsonl": b'{"id": 1, "content": ["One.", "Two."], "meta": {"by": {"name": "Ann"}, '
    b'"n": [1, 2]}, "author": {"name": "Bob"}}\n',
    "broken.jsonl": b'{"text": "one"}\n{"text": \n[1]\n"two"\n3\n{"text": "three"}',
    "escapes.jsonl": b'{"text": "a\\u0000b\\r\\nc \\ud800 d \\ud83d\\ude00"}\n',
    "numbers.jsonl": b'{"id": 123456789012345678901234567890, "text": "x", "a": 1e999, "b": NaN, '
    b'"c": -0.5, "created": 1714557600000}\n',
    "markup.jsonl": b'{"title": "Page", "content": "<p>One <b>bold</b> word.</p><p>Two.</p>"}\n',
    "paths.jsonl": b'{"id": "../../etc/passwd", "text": "x"}\n{"id": "/a//b/", "text": "y"}\n'
    b'{"url": "https://example.org/a?b=c", "text": "z"}\n',
    "lines.jsonl": b'{"text": "Boats\\n\\nThey float.\\n\\n- one\\n- two"}\n',
    "description.jsonl": b'{"name": "Rope", "description": "A long rope for boats.", "price": 3}\n'
    b'{"name": "Ann", "email": "ann@long.example.org", "note": "ok"}\n',
    "laid-out.ndjson": b'[\n {"text": "one"},\n {"text": "two"}\n]\n',
    "none.jsonl": b"Nothing\nlike it\n",
}

JSON: dict[str, bytes] = {
    "array.json": b'[\n  {"id": "a", "text": "one"},\n  {"id": "b",\n   "text": "two"}\n]\n',
    "wrapped.json": b'{"version": 1, "items": [\n{"title": "Boats", "body": "They float."},\n'
    b'{"title": "Cars", "body": "They roll."}]}',
    "by-name.json": b'{"a": {"text": "one", "n": 1},\n"b": {"text": "two", "n": 2},\n"c": {"text": "three"}}',
    "config.json": b'{\n  "name": "boats",\n  "scripts": {"build": "make all"},\n'
    b'  "files": ["a b", "c"],\n  "port": 8080, "on": true\n}\n',
    "strings.json": b'["one", "two",\n "three"]',
    "sequence.json": b'{"text": "one"}\n{"text":\n "two"}\n',
    "cut-off.json": b'[{"text": "one"},\n{"text": "tw',
    "mixed.json": b'[{"text": "one"}, 5, {"text": "two"}]',
    "comments.json": b'{\n  // a comment\n  "name": "boats", // more\n  "port": 1,\n}\n',
    "empty-array.json": b"[]",
    "string.json": b'"just a string"',
    "deep.json": b"[" * 5000 + b'"deep"' + b"]" * 5000,
    "picture.json": b'{"name": "x", "data": "' + b"QUJD" * 400 + b'"}',
}

CSV: dict[str, bytes] = {
    "plain.csv": b"id,title,text\n1,Boats,They float.\n2,Cars,They roll.\n",
    "semicolons.csv": b"Name;Ort;Notiz\nAnn;K\xf6ln;gut\nBob;Bonn;\xfcbel\n",
    "quoted.csv": b'id,text\n1,"One, two\nthree ""four"""\n2,five\n',
    "stray.csv": b'id,text\n1,"never closed\n2,good\n3,better\n',
    "no-header.csv": b"17,They float on the water all day and all night long\n"
    b"18,They roll along the road from morning until late night\n",
    "numbers.csv": b"year,amount\n2001,3.5\n2002,4.5\n",
    "ragged.csv": b"a,b,c\n1,2\n1,2,3,4\n\n,,\n5,6,7\n",
    "excel.csv": b"sep=;\nid;text\n1;one\n",
    "bom.csv": b"\xef\xbb\xbfid,text\r\n1,one\r\n2,two\r\n",
    "same-names.csv": b"id,name,name\n1,a,b\n",
    "single.csv": b"word\nboat\ncar\n",
    "bars.csv": b"id|title|date\n1|Boats|2024-05-01\n2|Cars|01.06.2024\n",
    "tabs.tsv": b'id\ttext\n1\tHe said "boats\n2\t"quoted" and more\n',
    "plain.tsv": b"id\ttitle\ttext\n1\tBoats\tThey float.\n2\tCars\tThey roll.\n",
    "carriage-returns.tsv": b"id\ttext\r\n1\tone\r\n2\ttwo\r\n",
    "mark.tsv": b"\xef\xbb\xbfid\ttext\n1\tone\n",
    "utf16.tsv": "id\ttext\n1\tgrüße\n".encode("utf-16"),
    "latin1.tsv": "Name\tOrt\tNotiz\nAnn\tKöln\tgut\nBob\tBonn\tübel\n".encode("latin-1"),
    "short-rows.tsv": b"id\ttitle\ttext\n1\tBoats\n2\n3\tCars\tThey roll.\tand more\n",
    "no-header.tsv": b"17\tThey float on the water all day and all night long\n18\tAnd they sink\n",
    "empty-cells.tsv": b"id\ttitle\ttext\n1\t\tThey float.\n\t\t\n3\tCars\t\n",
    "commas.tsv": b"id\ttext\n1\tone, two, three\n2\tfour, five\n",
    "only-header.tsv": b"id\ttitle\ttext\n",
    "judgments.tsv": b"query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t2\n",
    "empty.csv": b"",
}

NOTES = b"Notes\n\nBuy rope.\n"
PACKED: dict[str, bytes] = {
    "notes.txt.gz": gzip.compress(NOTES, mtime=0),
    "notes.txt.bz2": bz2.compress(NOTES),
    "notes.md.xz": lzma.compress(b"# Notes\n\nBuy rope.\n"),
    "notes.txt.zst": zstd(NOTES),
    "two-streams.txt.gz": gzip.compress(NOTES, mtime=0) + gzip.compress(b"And tar.\n", mtime=0),
    "trailing.txt.bz2": bz2.compress(NOTES) + b"nobody's",
    "padded.txt.xz": lzma.compress(NOTES) + b"\0" * 8,
    "cut-off.txt.gz": gzip.compress(NOTES, mtime=0)[:-12],
    "damaged.txt.xz": lzma.compress(NOTES)[:30] + b"x" * 40,
    "rows.jsonl.gz": gzip.compress(JSONL["plain.jsonl"], mtime=0),
    "boats.tar.gz": gzip.compress(tarred({"a/notes.txt": NOTES}), mtime=0),
    "boats.tgz": gzip.compress(tarred({"notes.md": b"# Notes\n"}), mtime=0),
    "boats.txz": lzma.compress(tarred({"notes.md": b"# Notes\n"})),
    "rows.tsv.gz": gzip.compress(b"id\ttext\n1\tone, two\n", mtime=0),
    "mail.emlx.xz": lzma.compress(b"29\nSubject: Apple\n\nFrom a Mac.\n<plist>"),
    "picture.png.gz": gzip.compress(b"x", mtime=0),
}

ARCHIVES: dict[str, bytes] = {
    "plain.zip": zipped({"a/notes.txt": NOTES, "a/": b"", "b.md": b"# B\n", "c.png": b"x"}),
    "paths.zip": zipped({"../../up.txt": "up", "/root.txt": "root", "a\\b.txt": "back"}),
    "hidden.zip": zipped(
        {".git/x.txt": "no", "__MACOSX/._x.txt": "no", "a/.b.txt": "no", "c.txt": "c"}
    ),
    "same.zip": zipped({"a.txt": "one", "./a.txt": "two"}),
    "nested.zip": zipped({"in.zip": zipped({"deep.txt": NOTES}), "x.txt.gz": gzip.compress(NOTES)}),
    "broken-inside.zip": zipped({"bad.txt": b"\0\1\2", "good.txt": "good", "bad.zip": b"PK"}),
    "encrypted.zip": encrypted(zipped({"a.txt": "a", "b.txt": "b"})),
    "stored.zip": zipped({"a.txt": NOTES}, zipfile.ZIP_STORED),
    "lzma.zip": zipped({"a.txt": NOTES}, zipfile.ZIP_LZMA),
    "no.zip": b"PK\x03\x04 and no more",
    "plain.tar": tarred({"a/notes.txt": NOTES, "b.md": b"# B\n", "link.txt": "->/etc/passwd"}),
    "long-names.tar": tarred({"d" * 90 + "/" + "e" * 90 + ".txt": "long"}, tarfile.GNU_FORMAT),
    "pax.tar": tarred({"ö" * 80 + ".txt": "long"}),
    "cut-off.tar": tarred({"a.txt": "a", "b.txt": "b" * 2000})[:2500],
    "no.tar": b"x" * 600,
}

MARKDOWN: dict[str, bytes] = {
    "yaml.md": b"---\ntitle: Boats\ndate: 2024-05-01\nauthor: Ann Lee\ntags: [sea, rope]\nlang: de\n"
    b"description: All about boats\ndraft: true\n---\n# Heading\n\nText.\n",
    "block-style.md": b"---\ntitle: >\n  A folded\n  title\ntags:\n- sea\n- two words\n\nsummary: |\n"
    b"  One line.\n  Another.\nauthors:\n  - name: Ann\n  - name: Bob\n---\n\nText.\n",
    "toml.md": b'+++\ntitle = "Boats"\ndate = 2024-05-01T10:00:00+02:00\ntags = ["sea"]\n[extra]\n'
    b"weight = 3\n+++\n\nText.\n",
    "broken.md": b"---\ntitle: Boats: and [more\n---\n\nText.\n",
    "aliases.md": b"---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: Boats\n---\n\nText.\n",
    "rule.md": b"---\n\nNo front matter.\n\n---\n\nText.\n",
    "unclosed.md": b"---\ntitle: Boats\n\nText that never ends.\n",
    "empty-front.md": b"---\n---\n\nText.\n",
    "odd-dates.md": b"---\ndate: 2024-13-45\nother: 2024-02-30\n---\n\nText.\n",
    "nested.md": b"---\nseo:\n  title: no\n  deep: {a: 1, b: [x, 2]}\ntitle: Boats\n---\nText.\n",
    "windows.md": b"---\r\ntitle: Boats\r\n---\r\n\r\nText.\r\n",
    "quoted.md": b"---\n\"title\": 'It''s'\nkeywords: sea; rope, tar\ncreated: May 1, 2024\n---\nText.\n",
}

RST: dict[str, bytes] = {
    "headings.rst": b"=====\nBoats\n=====\n\nIntro.\n\nSails\n=====\n\nOars\n----\n\nText.\n\nMasts\n=====\nMore.\n",
    "code.rst": b"Code\n====\n\nRun this::\n\n    make\n\n      all\n\nThen.\n\n.. code-block:: python\n"
    b"   :linenos:\n\n   import os\n\n   x = 1\n\n>>> 1 + 1\n2\n\nEnd.\n",
    "directives.rst": b"Dogs\n====\n\n.. note:: Beware of\n   the dog.\n\n   Really.\n\n.. toctree::\n   a\n\n"
    b".. image:: x.png\n\n.. a comment\n   goes on\n\n.. _target:\n\n.. [1] A footnote.\n\nEnd.\n",
    "fields.rst": b"Boats\n=====\n\n:Author: Ann Lee\n:Date: 2024-05-01\n:Tags: sea, rope\n:Status: draft\n"
    b"   of mine\n\nText.\n\n:param x: the x\n",
    "lists.rst": b"* one\n  goes on\n* two\n\n  second\n\n#. auto\n#. more\n\nterm\n    What it is.\n",
    "tables.rst": b"=====  =====\nA      B\n=====  =====\n1      2\n=====  =====\n\n+---+---+\n| a | b |\n"
    b"+===+===+\n| c | d |\n+---+---+\n\nEnd.\n",
    "functions.rst": b"API\n===\n\n.. py:function:: sail(boat)\n\n   Sails it.\n\n   :param boat: which\n",
    "roles.rst": b":mod:`boats` --- *Sailing* ``x``\n=================================\n\nText.\n",
    "short-rule.rst": b"A long title here\n====\n\nText.\n\n----\n\nAfter the rule.\n",
    "plain.rst": b"No headings here.\n\nJust text.\n",
    "target.rst": b".. _top:\n\n.. include:: x\n\nBoats\n-----\n\nText.\n",
    "quotes.rst": b"Said:\n\n    A quotation of\n    two lines.\n\n| A line block\n| of two.\n",
}

GERMAN = "Die Größe der Boote überrascht.\n\nKöln liegt am Rhein, Münster nicht; schöne Grüße.\n"
RUSSIAN = "Лодки готовы.\n\nПрезидент подписал закон о государственном бюджете на следующий год.\n"
POLISH = "Łodzie są gotowe.\n\nPrezydent podpisał ustawę o budżecie państwa na następny rok, żeby zdążyć.\n"
JAPANESE = (
    "船の準備ができました。\n\n吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n"
)
CHINESE = "船已经准备好了。\n\n中华人民共和国的首都是北京。今天的天气很好，我们一起去公园散步吧。\n"
TAIWANESE = "船已經準備好了。\n\n中華民國的首都是臺北。今天的天氣很好，我們一起去公園散步吧。\n"
KOREAN = "배가 준비되었습니다.\n\n오늘은 날씨가 매우 좋아서 우리는 공원에 산책하러 갔다. 경제 발전이 눈에 띄게 이루어졌다.\n"
GREEK = "Τα πλοία είναι έτοιμα.\n\nΗ κυβέρνηση ενέκρινε το νομοσχέδιο για τον προϋπολογισμό του έτους.\n"
TURKISH = "Tekneler hazır.\n\nHükümet gelecek yılın bütçesini onayladı; şehirde değişiklik olacağı söylendi.\n"

TEXT: dict[str, bytes] = {
    "cp1252.txt": GERMAN.encode("cp1252"),
    "short.txt": "Müller & Söhne".encode("cp1252"),
    "cp1251.txt": RUSSIAN.encode("cp1251"),
    "koi8-r.txt": RUSSIAN.encode("koi8-r"),
    "iso-8859-2.txt": POLISH.encode("iso8859-2"),
    "cp1250.txt": POLISH.encode("cp1250"),
    "iso-8859-7.txt": GREEK.encode("iso8859-7"),
    "iso-8859-9.txt": TURKISH.encode("iso8859-9"),
    "shift_jis.txt": JAPANESE.encode("shift_jis"),
    "euc-jp.txt": JAPANESE.encode("euc-jp"),
    "iso-2022-jp.txt": JAPANESE.encode("iso2022_jp"),
    "gb18030.txt": CHINESE.encode("gb18030"),
    "big5.txt": TAIWANESE.encode("big5"),
    "euc-kr.txt": KOREAN.encode("euc-kr"),
    "utf-16-le.txt": GERMAN.encode("utf-16-le"),
    "utf-16-be.txt": GREEK.encode("utf-16-be"),
    "utf-16-bom.txt": CHINESE.encode("utf-16"),
    "damaged-utf-8.txt": (RUSSIAN * 3).encode()[:-2],
    "errors.log": b"2024-05-01 12:00:00 ERROR boat 7 leaks\n2024-05-01 12:00:01 INFO mended\n",
    "binary.txt": b"\x7fELF\0\0\0\1",
}

SAMPLES: dict[str, dict[str, bytes]] = {
    "mail": MAIL,
    "mbox": MBOX,
    "jsonl": JSONL,
    "json": JSON,
    "csv": CSV,
    "packed": PACKED,
    "archives": ARCHIVES,
    "markdown": MARKDOWN,
    "rst": RST,
    "text": TEXT,
}
