"""How are a .docx, an .odt, an .epub and a .pptx made?"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
DC = "http://purl.org/dc/elements/1.1/"


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return packed.getvalue()


def related(*links: tuple[str, str, str]) -> str:
    """Relationships: id, last word of the type, target."""
    listed = "".join(
        f'<Relationship Id="{id}" Type="{R}/{kind}" Target="{target}"/>'
        for id, kind, target in links
    )
    return f'<?xml version="1.0"?><Relationships xmlns="x">{listed}</Relationships>'


def core(**said: str) -> str:
    inner = "".join(f"<dc:{name}>{text}</dc:{name}>" for name, text in said.items())
    return f'<?xml version="1.0"?><cp:coreProperties xmlns:cp="c" xmlns:dc="{DC}">{inner}</cp:coreProperties>'


def p(text: str, style: str = "", more: str = "") -> str:
    """A paragraph of WordprocessingML; ``more`` is further properties."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{run(text)}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


STYLES = (
    ("berschrift1", "heading 1", '<w:outlineLvl w:val="0"/>', ""),
    ("berschrift2", "heading 2", "", "berschrift1"),
    ("Kapitel", "Kapitel", "", "berschrift1"),
    ("Titel", "Title", "", ""),
    ("Quelltext", "Source Code", "", ""),
    ("Aufz", "List Bullet", '<w:numPr><w:numId w:val="3"/></w:numPr>', ""),
    ("TOC1", "toc 1", "", ""),
)


def docx(body: str, parts: Mapping[str, str] | None = None, **said: str) -> bytes:
    links = [("rId1", "styles", "styles.xml")]
    kinds = ("footnotes", "endnotes", "comments", "header", "footer")
    for name in parts or {}:
        stem = name.rpartition("/")[2].removesuffix(".xml")
        if stem in kinds:
            links.append((f"r{stem}", stem, f"{stem}.xml"))
    styles = "".join(
        f'<w:style w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/>'
        f"<w:pPr>{more}</w:pPr></w:style>"
        for id, name, more, base in STYLES
    )
    return zipped(
        {
            "_rels/.rels": related(
                ("a", "officeDocument", "word/document.xml"),
                ("b", "core-properties", "docProps/core.xml"),
            ),
            "word/_rels/document.xml.rels": related(*links),
            "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
            "word/document.xml": (
                f'<?xml version="1.0"?><w:document xmlns:w="{W}" xmlns:mc="{MC}" xmlns:r="{R}">'
                f"<w:body>{body}<w:sectPr/></w:body></w:document>"
            ),
            "docProps/core.xml": core(**said),
            **(parts or {}),
        }
    )


def notes(kind: str, **texts: str) -> str:
    inner = "".join(f'<w:{kind} w:id="{id[1:]}">{p(text)}</w:{kind}>' for id, text in texts.items())
    return f'<w:{kind}s xmlns:w="{W}">{inner}</w:{kind}s>'


def table(*rows: tuple[str, ...]) -> str:
    return "<w:tbl><w:tblPr/>" + "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells) + "</w:tr>"
        for cells in rows
    ) + "</w:tbl>"  # fmt: skip


ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "draw", "meta")
)


def odt(body: str, meta: str = "", styles: str = "", manifest: str = "") -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "meta.xml": (
                f'<office:document-meta {ODF} xmlns:dc="{DC}"><office:meta>{meta}</office:meta>'
                "</office:document-meta>"
            ),
            "styles.xml": (
                f"<office:document-styles {ODF}><office:styles>{styles}</office:styles>"
                "</office:document-styles>"
            ),
            "content.xml": (
                f'<?xml version="1.0"?><office:document-content {ODF} xmlns:xlink="l">'
                f"<office:body><office:text>{body}</office:text></office:body>"
                "</office:document-content>"
            ),
        }
    )


def epub(
    chapters: Mapping[str, str],
    metadata: str = "<dc:title>Book</dc:title>",
    contents: str = "",
    parts: Mapping[str, str] | None = None,
) -> bytes:
    items = "".join(
        f'<item id="i{at}" href="text/{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="i{at}"/>' for at in range(len(chapters)))
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": (
                '<container xmlns="c"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles>'
                "</container>"
            ),
            "OEBPS/book.opf": (
                f'<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="{DC}">'
                f"{metadata}</metadata><manifest>{items}"
                '<item id="nav" href="nav.xhtml" properties="nav" '
                'media-type="application/xhtml+xml"/></manifest>'
                f'<spine><itemref idref="nav"/>{order}</spine></package>'
            ),
            "OEBPS/nav.xhtml": (
                '<html xmlns="h" xmlns:epub="e"><body><nav epub:type="toc"><ol>'
                f"{contents}</ol></nav></body></html>"
            ),
            **{
                f"OEBPS/text/{name}": (
                    '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
                    f"<head><title>T</title></head><body>{body}</body></html>"
                )
                for name, body in chapters.items()
            },
            **(parts or {}),
        }
    )


def shape(text: str, placeholder: str | None = None) -> str:
    """A shape of PresentationML with a paragraph for each line of ``text``."""
    kind = f' type="{placeholder}"' if placeholder else ""
    mark = f"<p:ph{kind}/>" if placeholder is not None else ""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="s"/><p:cNvSpPr/><p:nvPr>{mark}</p:nvPr></p:nvSpPr>'
        f"<p:txBody>{lines}</p:txBody></p:sp>"
    )


def pptx(
    slides: list[str], notes: Mapping[int, str] | None = None, order: list[int] | None = None,
    **said: str,
) -> bytes:  # fmt: skip
    def tree(kind: str, shapes: str) -> str:
        return (
            f'<?xml version="1.0"?><p:{kind} xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}" '
            f'xmlns:mc="{MC}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{kind}>'
        )

    listed = "".join(
        f'<p:sldId id="{256 + at}" r:id="s{at}"/>' for at in order or range(1, len(slides) + 1)
    )
    parts: dict[str, str] = {
        "_rels/.rels": related(
            ("a", "officeDocument", "ppt/presentation.xml"),
            ("b", "core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": core(**said),
        "ppt/presentation.xml": (
            f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{listed}</p:sldIdLst>'
            "</p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": related(
            *((f"s{at}", "slide", f"slides/slide{at}.xml") for at in range(1, len(slides) + 1))
        ),
    }
    for at, shapes in enumerate(slides, 1):
        parts[f"ppt/slides/slide{at}.xml"] = tree("sld", shapes)
        if notes and at in notes:
            parts[f"ppt/slides/_rels/slide{at}.xml.rels"] = related(
                ("n", "notesSlide", f"../notesSlides/n{at}.xml")
            )
            parts[f"ppt/notesSlides/n{at}.xml"] = tree("notes", notes[at])
    return zipped(parts)
