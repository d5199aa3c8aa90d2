"""What may happen to a file?

It is cut off, bytes of it are changed, removed, doubled or swapped; in a zip, the same happens to
one of its parts, so that damage gets past the checksums.
"""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

# What parsers trip over: numbers at the edge, brackets, names of the formats' own.
WORDS = (
    *(b"\0", b"\xff\xff\xff\xff", b"\xed\xa0\x80", b"-1", b"99999999999", b"0"),
    *(b"<", b">", b"<<", b"]]>", b"&x;", b"{", b"}", b"\\", b"\\bin9999999 ", b"\\u-1 "),
    *(b"{\\footnote ", b"\\'", b"\\cell ", b"\\row ", b"\\ansicpg12 ", b"\\fcharset128 "),
    *(b"endobj", b"stream\n", b"/Length 99999999", b"/Kids[1 0 R]", b"/Parent 3 0 R", b"trailer"),
    *(b"<w:p>", b"</w:p>", b"<w:tbl><w:tr><w:tc>", b"<text:p>", b"<a:p>", b"<table><tr><td>"),
    *(b'w:val="-7"', b'w:id="99999999999999999999"', b"<!DOCTYPE a [<!ENTITY x 'y'>]>"),
    *(b"\n", b"\r\n", b'"', b"'", b",", b";", b"\t", b"|", b":", b"[", b"]", b"---\n", b"+++\n"),
    *(b"&a ", b"*a ", b"<<: ", b"!!python/object:os.system ", b"title: ", b"date: ", b"tags: ["),
    *(b"From a Wed May 1 12:00:00 2024\n", b"Subject: ", b"Date: 9", b"=?utf-8?b?", b"?="),
    *(b"Content-Type: multipart/mixed; boundary=in\n", b"--in\n", b"--in--\n"),
    *(b"Content-Transfer-Encoding: base64\n", b"Content-Disposition: attachment; filename*0*=%ff"),
    *(b".. code::\n\n", b"::\n", b"====\n", b"+---+\n", b":a: b\n", b"* ", b"# ", b"```\n", b"> "),
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"ustar", b"\x1f\x8b\x08", b"\x1b$B"),
    *(b"1e999", b"NaN", b"-Infinity", b"\\ud800", b"\\u0000", b'"id": ', b"id,text\n", b"sep=;"),
    *(b"9999-12-31T23:59:59-23:59", b"0001-01-01", b"2024-02-30", b"\xe2\x80\xa8", b"(" * 300),
    *(b'<script type="application/ld+json">{"@type":"Article","headline":', b"<!--", b"<![CDATA["),
    *(b'<meta property="article:published_time" content="', b"<meta charset=utf-16>", b"&#0;"),
    *(b"<pre>", b"<template>", b"<svg>", b"<ul><li>", b"<h1 id=a>", b"<body>", b"<article>"),
)  # fmt: skip


def mutated(data: bytes, seed: int, other: bytes = b"") -> bytes:
    """The same for the same ``data``, ``seed`` and ``other``, a file of which a part may get in."""
    chance = random.Random(seed)
    if other and chance.random() < 0.1:
        at, start = chance.randrange(len(data) + 1), chance.randrange(len(other))
        data = data[:at] + other[start : start + chance.choice((20, 200, 2000))] + data[at:]
    if data[:2] == b"PK" and chance.random() < 0.75:
        return _zip_with_damage(data, chance)
    return _damaged(data, chance)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.2:
        return data[: chance.randrange(len(data) + 1)]
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        at = chance.randrange(len(changed) + 1)
        until = min(at + chance.choice((1, 2, 8, 64, 512)), len(changed))
        kind = chance.randrange(6)
        if kind == 0:
            changed[at:until] = chance.randbytes(until - at)
        elif kind == 1:
            del changed[at:until]
        elif kind == 2:
            changed[at:at] = changed[at:until] * chance.choice((1, 2, 50))
        elif kind == 3:
            changed[at:at] = chance.choice(WORDS) * chance.choice((1, 1, 1, 300))
        elif kind == 4 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        else:
            to = chance.randrange(len(changed) + 1)
            changed[to:to] = changed[at:until]
    return bytes(changed)


def _zip_with_damage(data: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except Exception:  # It was damaged before, in one of the many ways of zipfile.
        return _damaged(data, chance)
    # Pictures are not read: their bytes would take most of the damage.
    names = [name for name in parts if name.endswith((".xml", ".rels", ".xhtml", ".html", ".opf"))]
    for _ in range(chance.choice((1, 1, 2, 3))):
        if not names:
            break
        name = chance.choice(names)
        if chance.random() < 0.1:
            parts.pop(name, None)
        elif chance.random() < 0.1:
            parts[name] = parts[chance.choice(list(parts))]
        elif name in parts:
            parts[name] = _damaged(parts[name], chance)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()
