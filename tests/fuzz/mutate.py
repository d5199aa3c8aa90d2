"""What may happen to a file?

It is cut off, bytes of it are changed, removed, doubled or swapped; in a zip, the same happens to
one of its parts, so that damage gets past the checksums.
"""

from __future__ import annotations

import random
import zipfile
import zlib
from io import BytesIO

# What parsers trip over: numbers at the edge, brackets, names of the formats' own.
WORDS = (
    *(b"\0", b"\xff\xff\xff\xff", b"\xed\xa0\x80", b"-1", b"99999999999", b"0"),
    *(b"<", b">", b"<<", b"]]>", b"&x;", b"{", b"}", b"\\", b"\\bin9999999 ", b"\\u-1 "),
    *(b"{\\footnote ", b"\\'", b"\\cell ", b"\\row ", b"\\ansicpg12 ", b"\\fcharset128 "),
    *(b"endobj", b"stream\n", b"/Length 99999999", b"/Kids[1 0 R]", b"/Parent 3 0 R", b"trailer"),
    *(b"<w:p>", b"</w:p>", b"<w:tbl><w:tr><w:tc>", b"<text:p>", b"<a:p>", b"<table><tr><td>"),
    *(b'w:val="-7"', b'w:id="99999999999999999999"', b"<!DOCTYPE a [<!ENTITY x 'y'>]>"),
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """The same for the same ``data`` and ``seed``."""
    chance = random.Random(seed)
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
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError):
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
