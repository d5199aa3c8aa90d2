"""What may users' files say of themselves that no program should believe?

Small files whose metadata is out of range, endless, of the wrong kind, or no text: front matter,
JSON-LD, headers of mail, rows. Each must be read or refused, be indexed, found and printed.
"""

from __future__ import annotations

import csv
import io
import json


def _front(matter: str) -> bytes:
    return f"---\n{matter}\n---\n# Heading\n\nThe words of it.\n".encode()


def _toml(matter: str) -> bytes:
    return f"+++\n{matter}\n+++\nThe words of it.\n".encode()


def _page(head: str) -> bytes:
    words = "The words of a page that are long enough to be one, with a comma, and a stop. " * 4
    return f"<html><head>{head}</head><body><h1>Page</h1><p>{words}</p></body></html>".encode()


def _linked(data: str) -> bytes:
    return _page(f'<script type="application/ld+json">{data}</script>')


def _mail(*headers: bytes) -> bytes:
    return b"\r\n".join([*headers, b"", b"The words of it.", b""])


def _row(value: object) -> bytes:
    return json.dumps({"id": "1", "text": "The words of it.", "x": value}).encode() + b"\n"


_LAUGHS = "a0: &a0 lol\n" + "\n".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)
)

FRONT = {
    "laughs.md": _front(_LAUGHS + "\ntags: *a9"),
    "itself.md": _front("a: &a [*a]\ntags: *a\ntitle: *a"),
    "merged.md": _front("a: &a {b: 1}\n<<: [*a, *a, *a]\ntitle: {<<: *a}"),
    "object.md": _front('title: !!python/object/apply:os.system ["false"]\ndate: !!binary aGk='),
    "numbers.md": _front(
        f"title: {'9' * 5000}\nbig: {'9' * 5000}\nhex: 0x{'f' * 5000}\nsixty: {'1:' * 500}1\n"
        "date: 99999999999999999999\nnan: .nan\ninf: -.inf\nexp: 1e999\noctal: 0o777"
    ),
    "dates.md": _front(
        "date: 9999-12-31T23:59:59-14:00\na: 0001-01-01T00:00:00+14:00\nb: 0000-00-00\n"
        "c: 2024-02-30\nd: 2024-02-30T25:61:61Z\ne: 99999-01-01\nf: -0044-03-15"
    ),
    "date-only.md": _front("date: 0001-01-01T00:00:00+23:59"),
    "late.md": _front("date: 9999-12-31T23:59:59.999999-23:59"),
    "year-zero.md": _front("date: '0000-01-01'"),
    "list-title.md": _front("title: [a, [b, {c: d}]]\ndate: [2024-01-01]\ntags: {a: b}\nlang: 7"),
    "null.md": _front("title:\ndate: ~\ntags: [~, '', 1, true, 1.5, 2024-01-01]\nauthor: [{}, [[]]]"),
    "keys.md": _front("? [a, b]\n: 1\n? {c: d}\n: 2\n7: 3\ntrue: 4\n~: 5\n'': 6\n2024-01-01: 7"),
    "escapes.md": _front(r'title: "\uD800\u0000\x1b[31m\u202e\uFFFF"' + "\n" + r'"\uDFFF": "\uDC00"'),
    "many-tags.md": _front("tags: [" + ", ".join(map(str, range(20_000))) + "]"),
    "long-tag.md": _front(f"tags: [{'x' * 70_000}]\nlang: {'y' * 70_000}\ntitle: {'z ' * 35_000}"),
    "deep.md": _front("a: " + "{b: " * 800 + "}" * 800),
    "deep-lists.md": _front("a: " + "[" * 3000),
    "many-fields.md": _front("\n".join(f"field{n}: {n}" for n in range(5_000))),
    "two.md": _front("title: a\n---\ntitle: b\n--- |\n c\n..."),
    "tabs.md": _front("title:\ta\n\tb: c"),
    "name.md": _front(f"{'n' * 5000}: 1\n'a\\nb': 2\n\"\\e[31m\": 3\n'a:b': 4\n'.': 5\n'..': 6"),
    "numbers-toml.md": _toml(
        "big = 99999999999999999999999\nnan = nan\ninf = -inf\nexp = 1e999\n"
        "date = 9999-12-31T23:59:59-14:00\nearly = 0001-01-01T00:00:00+23:59\ntime = 23:59:60"
    ),
    "deep-toml.md": _toml("a = " + "[" * 3000 + "]" * 3000),
    "keys-toml.md": _toml("\n".join(f"{'.'.join(['a'] * n)}.b{n} = 1" for n in range(1, 200))),
}  # fmt: skip

PAGES = {
    "laughs.html": _linked(json.dumps({"@graph": [{"@type": "Article"}] * 5_000})),
    "deep.html": _linked('{"@graph":[' * 2_000 + "]}" * 2_000),
    "endless.html": _linked('{"a":' * 50_000),
    "wrong-kinds.html": _linked(
        '{"@type":["NewsArticle",7,null],"headline":{"a":[1]},"datePublished":[[]],'
        '"author":[{"name":[1,{"name":"x"}]},7,null],"keywords":{"a":1},"inLanguage":[[7]]}'
    ),
    "rubbish.html": _linked(
        r'{"@type":"Article","headline":"\ud800\u0000\u001b[31m","datePublished":"99999-99-99",'
        r'"author":{"name":"\udfff"},"keywords":["\ud800",NaN,1e999],"inLanguage":"\ud800"}'
    ),
    "numbers.html": _linked(
        f'{{"@type":"Article","headline":{"9" * 5000},"datePublished":{"9" * 5000},'
        '"keywords":[1e999,-Infinity,NaN]}'
    ),
    "far.html": _linked('{"@type":"Article","datePublished":"9999-12-31T23:59:59-23:59"}'),
    "near.html": _linked('{"@type":"Article","datePublished":"0001-01-01T00:00:00+23:59"}'),
    "no-json.html": _linked("<!-- {'a': undefined} //-->;"),
    "meta.html": _page(
        '<meta property="article:published_time" content="-271821-04-20T00:00:00Z">'
        '<meta name="date" content="&#xD800;&#0;&#x1b;"><meta name="author" content="&#xDFFF;">'
        '<meta name="keywords" content="' + "k, " * 5000 + '"><meta http-equiv="content-language" '
        'content="\x01x"><title>&#xD800;&#0;&#x202e;</title><html lang="&#xD800;">'
    ),
    "dates.html": _page(
        "".join(
            f'<meta name="date" content="{date}">'
            for date in ("0000-00-00", "2024-13-45", "31/02/2024", "1e9", "9" * 400, "٢٠٢٤-٠١-٠١")
        )
    ),
    "nested.html": b"<div>" * 20_000 + b"The words of it.",
    "tables.html": b"<table><tr><td>" * 2_000 + b"words",
    "lists.html": b"<ul><li>a " * 5_000,
    "inline.html": b"<p>" + b"<b><i>x " * 10_000,
    "attributes.html": b"<p " + b"a=b " * 20_000 + b">words</p>",
    "anchors.html": b"".join(b"<a name=%d id=%d>x</a>" % (n, n) for n in range(5_000)),
    "comments.html": b"<!--" * 10_000 + b"words",
    "encoding.html": b'<meta charset="utf-7"><p>+ADw-script+AD4- words</p>',
    "no-encoding.html": b'<meta charset="undefined\0"><p>words \xff\xfe\xed\xa0\x80</p>',
    "base64.html": b'<?xml version="1.0" encoding="base64"?><p>words</p>',
    "codec.html": b'<meta charset="rot13"><meta charset="idna"><p>words ' + b"\xe9" * 200 + b"</p>",
    "doctype.html": b"<!DOCTYPE a [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><p>words &c;</p>",
}

MAIL = {
    "words.eml": _mail(
        b"Subject: =?utf-8?b?gICA?= =?x?q?=GG?= =?utf-8?b?=?= =?utf-16?b?2AA=?= =?utf-7?q?+2AA-?=",
        b"From: =?utf-8?q?=ED=A0=80?= <a@b>, =?rot13?q?x?= <@>, =?hex?q?zz?= <<>>",
        b"To: undisclosed-recipients:;",
    ),
    "dates.eml": _mail(b"Subject: x", b"Date: Mon, 99 Foo 99999 99:99:99 +9999"),
    "late.eml": _mail(b"Subject: x", b"Date: Fri, 31 Dec 9999 23:59:59 -2359"),
    "early.eml": _mail(b"Subject: x", b"Date: Mon, 1 Jan 0001 00:00:00 +2359"),
    "zone.eml": _mail(b"Subject: x", b"Date: Mon, 1 Jan 2024 00:00:00 +999999999999"),
    "huge-date.eml": _mail(b"Subject: x", b"Date: " + b"9" * 5000),
    "date-words.eml": _mail(b"Subject: x", b"Date: =?utf-8?q?=00?=", b"Date: 2024-01-01"),
    "controls.eml": _mail(b"Subject: a\x00b\x1b[31m\xed\xa0\x80\xe2\x80\xae", b"From: \x00 <\xff>"),
    "keywords.eml": _mail(b"Subject: x", b"Keywords: " + b"k," * 20_000),
    "charset.eml": _mail(b"Subject: x", b'Content-Type: text/plain; charset="undefined"'),
    "charset-idna.eml": _mail(b"Subject: x", b"Content-Type: text/plain; charset=idna"),
    "charset-rot.eml": _mail(b"Subject: x", b"Content-Type: text/plain; charset=rot13"),
    "charset-nul.eml": _mail(b"Subject: x", b'Content-Type: text/plain; charset="a\0b"'),
    "name.eml": _mail(
        b"Subject: x", b"Content-Type: text/plain; name*=utf-8''%ED%A0%80%00/../../a.txt"
    ),
    "id.mbox": b"From a Wed May  1 12:00:00 2024\n"
    + _mail(b"Subject: x", b"Message-ID: <../../\x00\xff" + b"i" * 5000 + b">"),
}

JSON = {
    "specials.jsonl": b'{"id":NaN,"text":"w","x":Infinity,"y":-Infinity,"z":1e999,"w":-1e999}\n',
    "big.jsonl": b'{"id":%s,"text":"w","x":%s}\n' % (b"9" * 5000, b"9" * 5000),
    "exponent.jsonl": b'{"id":1,"text":"w","x":1e99999999999,"date":1e300,"y":-0.0,"z":1E-400}\n',
    "surrogates.jsonl": rb'{"id":"\ud800","title":"\udfff","text":"a \ud800 b","\udc00":"\ud83d"}'
    b"\n",
    "nul.jsonl": rb'{"id":"\u0000","title":"\u0000","text":"a\u0000b","\u0000":"\u001b[31m\u202e"}'
    b"\n",
    "deep.jsonl": b'{"id":1,"text":"w","x":' + b"[" * 900 + b"]" * 900 + b"}\n",
    "deeper.jsonl": b'{"id":1,"text":"w","x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}\n",
    "deep-lists.json": b"[" * 100_000,
    "dates.jsonl": b"".join(
        b'{"text":"w","date":%s}\n' % date
        for date in (
            b"99999999999999999999", b"-99999999999", b"1e18", b"NaN", b"253402300799",
            b'"9999-12-31T23:59:59-23:59"', b'"0001-01-01T00:00:00+23:59"', b'"0000-01-01"',
            b'"99999999999999999999"', b'""', b"[]", b"{}", b"true", b"null", b'"\\ud800"',
        )
    ),
    "kinds.jsonl": b"".join(
        b'{"id":%s,"title":%s,"text":%s,"tags":%s,"author":%s,"lang":%s}\n' % ((value,) * 6)
        for value in (b"1", b"null", b"true", b"[]", b"{}", b"[[1]]", b'{"a":{"b":1}}', b'""', b'" "')
    ),
    "fields.jsonl": _row({f"f{n}": n for n in range(5_000)}),
    "list.jsonl": _row([1, "a", True, None, 1.5, [2], {"b": 3}] * 100),
    "tags.jsonl": b'{"text":"w","tags":[%s]}\n' % b",".join([b'"%s"' % (b"t" * 3000)] * 100),
    "names.jsonl": b'{"id":"../..","text":"w","a.b":1,"a":{"b":2},"":3," ":4,"a\\nb":5,"%s":6}\n'
    % (b"n" * 70_000),
    "ids.jsonl": b"".join(
        b'{"id":%s,"text":"w"}\n' % value
        for value in (b'"/"', b'"."', b'".."', b'"a/../b"', b'"\\\\"', b'"%s"' % (b"i" * 70_000))
    ),
    "specials.json": b'[{"text":"w","x":NaN},{"text":"w","x":1e999},{"text":"w","x":-Infinity}]',
    "value.json": b"NaN",
    "huge-number.json": b"9" * 5000,
    "surrogates.json": rb'{"a":"\ud800","\udfff":["\udc00",{"b":"\ud83d\ud83d"}]}',
}  # fmt: skip


def _csv(*rows: tuple[str, ...]) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode("utf-8", "surrogatepass")


CSV = {
    "nul.csv": b"id,text\0,x\n1,a\0b,\0\n\0,c,d\n",
    "huge.csv": _csv(("id", "text"), ("1", "word " * 60_000), ("2", "b")),
    "huge-name.csv": _csv(("id", "n" * 200_000), ("1", "a")),
    "wide.csv": _csv(tuple(f"c{n}" for n in range(5_000)), tuple(str(n) for n in range(5_000))),
    "specials.csv": _csv(("id", "text", "n", "date"), ("nan", "w", "1e999", "9" * 400)),
    "dates.csv": _csv(
        ("text", "date"),
        ("w", "9999-12-31T23:59:59-23:59"), ("w", "0001-01-01T00:00:00+23:59"),
        ("w", "0000-00-00"), ("w", "٢٠٢٤-٠١-٠١"), ("w", "²0²4"), ("w", "1e308"), ("w", "inf"),
    ),
    "surrogates.csv": _csv(("id", "text"), ("\ud800", "\udfff words")),
    "signs.csv": _csv(("id", "text", "\x1b[31m", "\u202e"), ("\x1b", "a\x1b[31mb\u2028c", "x", "y")),
    "same-names.csv": _csv(("a",) * 300, tuple(map(str, range(300)))),
    "nul.tsv": b"id\ttext\0\n1\ta\0b\n",
    "huge.tsv": b"id\ttext\n1\t" + b"word " * 60_000 + b"\n",
    "specials.tsv": b"id\ttext\tn\tdate\nnan\tw\t-inf\t1e999\n",
    "quotes.tsv": b'id\ttext\n1\t"' + b"a\tb\n" * 40,
    "names.tsv": b"\t\t\t\n1\t2\t3\t4\n5\n\n\t\t\t\t\t\t\n",
    "numbers.tsv": b"id\tx\n" + b"".join(b"%d\t%s\n" % (n, b"9" * n) for n in range(1, 400, 7)),
    "arabic.tsv": "id\tdate\ttext\n١\t٢٠٢٤\tw\n²\t²\tw\n".encode(),
}  # fmt: skip

HOSTILE = {**FRONT, **PAGES, **MAIL, **JSON, **CSV}
