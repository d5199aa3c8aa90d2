"""How is a PDF made?"""

from __future__ import annotations

from collections.abc import Sequence

Run = tuple[float, float, float, str]
"""Left, distance from the bottom, size in points (bold if negative), and what it says."""


def pdf(
    pages: Sequence[Sequence[Run]],
    info: str = "",
    catalog: str = "",
    outline: Sequence[tuple[str, int]] = (),
    annotations: str = "",
) -> bytes:
    """A PDF 1.7 in Helvetica; ``outline`` has titles and pages, from 1."""
    objects: list[str] = ["", ""]
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>")
    kids: list[int] = []
    for page in pages:
        stream = "".join(
            f"BT /{'F2' if size < 0 else 'F1'} {abs(size)} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n"
            for x, y, size, text in page
        )
        objects.append(f"<</Length {len(stream.encode('cp1252'))}>>\nstream\n{stream}\nendstream")
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R/F2 4 0 R>>"
            f">>/Contents {len(objects)} 0 R/Annots[{annotations}]>>"
        )
        kids.append(len(objects))
    root = f"<</Type/Catalog/Pages 2 0 R{catalog}"
    if outline:
        first = len(objects) + 2
        last = first + len(outline) - 1
        root += f"/Outlines {first - 1} 0 R"
        objects.append(f"<</Type/Outlines/First {first} 0 R/Last {last} 0 R/Count {len(outline)}>>")
        for at, (title, number) in enumerate(outline, first):
            after = f"/Next {at + 1} 0 R" if at < last else ""
            objects.append(
                f"<</Title({_escaped(title)})/Parent {first - 1} 0 R{after}"
                f"/Dest[{kids[number - 1]} 0 R/Fit]>>"
            )
    objects[0] = f"{root}>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>"
    objects.append(f"<<{info}>>")
    data = b"%PDF-1.7\n"
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    data += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\n"
        f"startxref\n{len(data)}\n%%EOF\n"
    ).encode()
    return data


def lines(text: str, top: float = 760, left: float = 72, size: float = 11) -> list[Run]:
    """Each line of ``text`` below the one before, 1.2 times the size apart."""
    step = 1.2 * abs(size)
    return [(left, top - step * at, size, line) for at, line in enumerate(text.split("\n"))]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
