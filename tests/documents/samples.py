"""Which small files stand for what a format can hold?

By name, whose suffix is the format's. ``tests/golden/documents.json`` has what is read from them.
"""

from __future__ import annotations

from tests.documents.pdf import lines, pdf
from tests.documents.zipped import docx, epub, notes, odt, p, pptx, run, shape, table

PROSE = "A paragraph that says something, at some length, and ends with a full stop."

DOCX = {
    "headings": docx(
        p("The Report", "Titel") + p("First", "berschrift1") + p(PROSE) + p("Deeper", "berschrift2")
        + p("By outline", "", '<w:outlineLvl w:val="3"/>') + p("Own style", "Kapitel")
    ),
    "lists": docx(
        p("Buy:") + p("milk", "Aufz") + p("bread", "", '<w:numPr><w:numId w:val="2"/></w:numPr>')
        + p("Not listed", "Aufz", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    ),
    "table": docx(
        table((p("Name"), p("Age")), (p("Ada") + p("Lovelace"), p("36")), (p(""), p("7")))
    ),
    "layout table": docx(table((p("Head", "berschrift1") + p(PROSE), p("Beside")))),
    "nested table": docx(table((p("out") + table((p("in"), p("side"))), p("end")))),
    "code": docx(p("def f():", "Quelltext") + p("    return 1", "Quelltext") + p("Done.")),
    "notes": docx(
        f'<w:p>{run("Text")}<w:r><w:footnoteReference w:id="2"/></w:r>{run(" goes on.")}'
        '<w:r><w:commentReference w:id="5"/></w:r></w:p>'
        f'<w:p>{run("Again")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
        {
            "word/footnotes.xml": notes("footnote", i2="A note."),
            "word/comments.xml": notes("comment", i5="Really?"),
        },
    ),
    "changes": docx(
        f'<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins>{run("new")}</w:ins>'
        f'{run(" word")}</w:p><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run("One ")}</w:p>'
        f"<w:p>{run('paragraph.')}</w:p>"
    ),
    "text box": docx(
        f'<w:p>{run("Beside a box")}<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>'
        f"{p('In the box')}</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<w:txbxContent>{p('In the box')}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    ),
    "fields": docx(
        f'<w:p><w:hyperlink r:id="x">{run("A link")}</w:hyperlink><w:r><w:instrText>PAGE'
        f"</w:instrText></w:r><w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t><w:noBreakHyphen/>"
        f"<w:t>on</w:t><w:softHyphen/></w:r><w:sdt><w:sdtContent>{run(' control')}</w:sdtContent>"
        "</w:sdt></w:p>" + p("Contents 3", "TOC1")
    ),
    "drop cap": docx(p("O", "", '<w:framePr w:dropCap="drop"/>') + p("nce upon a time.")),
    "properties": docx(
        p(PROSE), title="Trees", creator="Ada Lovelace; Alan Turing", created="2020-05-01T10:00:00Z",
        keywords="oak, ash; elm", language="de_AT", subject="Woods",
    ),
    "made-up properties": docx(
        p("Real", "berschrift1"), title="Microsoft Word - draft3.doc", creator="Unknown",
        created="1601-01-01T00:00:00Z", language="x-none",
    ),
    "only a header": docx("", {"word/header.xml": f'<w:hdr xmlns:w="{"w"}">{p("Up here")}</w:hdr>'}),
}  # fmt: skip

_ODT_STYLES = (
    '<style:style style:name="Preformatted_20_Text" style:family="paragraph"/>'
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_2"/>'
)
ODT = {
    "headings": odt(
        '<text:h text:outline-level="1">One</text:h><text:h text:outline-level="9">Nine</text:h>'
        '<text:p text:style-name="P1">Styled</text:p><text:p text:style-name="Title">Top</text:p>',
        styles=_ODT_STYLES,
    ),
    "white space": odt("<text:p>a<text:s text:c='99999999'/>b<text:tab/>c<text:line-break/>d</text:p>"),
    "lists": odt(
        "<text:list><text:list-header><text:p>Buy</text:p></text:list-header><text:list-item>"
        "<text:p>milk</text:p><text:list><text:list-item><text:p>whole</text:p></text:list-item>"
        "</text:list></text:list-item></text:list>"
    ),
    "table": odt(
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>k</text:p>"
        "</table:table-cell><table:table-cell><text:p>v</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row table:number-rows-repeated='9999999'>"
        "<table:table-cell table:number-columns-repeated='9999999'><text:p>1</text:p>"
        "</table:table-cell><table:covered-table-cell/></table:table-row></table:table>"
    ),
    "code": odt(
        '<text:p text:style-name="Preformatted_20_Text">x = 1</text:p>'
        '<text:p text:style-name="Preformatted_20_Text">y = 2</text:p>',
        styles=_ODT_STYLES,
    ),
    "notes": odt(
        "<text:p>Text<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>"
        "A note.</text:p></text:note-body></text:note> goes on<office:annotation><text:p>Why?"
        "</text:p></office:annotation>.</text:p>"
    ),
    "changes": odt(
        "<text:tracked-changes><text:changed-region><text:p>deleted</text:p></text:changed-region>"
        "</text:tracked-changes><text:p>kept</text:p>"
    ),
    "box": odt(
        "<text:p>Beside<draw:frame><draw:text-box><text:p>In the box</text:p></draw:text-box>"
        "</draw:frame></text:p>"
    ),
    "section": odt("<text:section><text:p>Inside</text:p></text:section>"),
    "contents": odt(
        "<text:table-of-content><text:index-body><text:p>One 1</text:p></text:index-body>"
        "</text:table-of-content><text:p>Text</text:p>"
    ),
    "inline": odt(
        "<text:p>A <text:a>link</text:a> and <text:span>a <text:span>word</text:span></text:span>"
        ", <text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>かん</text:ruby-text>"
        "</text:ruby></text:p>"
    ),
    "properties": odt(
        "<text:p>Text</text:p>",
        "<dc:title>Trees</dc:title><meta:initial-creator>Ada</meta:initial-creator>"
        "<dc:creator>Bob</dc:creator><meta:creation-date>2015-03-01T17:26:12.5</meta:creation-date>"
        "<meta:keyword>oak</meta:keyword><meta:keyword>ash</meta:keyword><dc:language>fr</dc:language>"
        "<dc:description>On trees</dc:description>",
    ),
}  # fmt: skip

_OPF = (
    '<dc:title>The Whale</dc:title><dc:creator>H. Melville</dc:creator><dc:date>1851</dc:date>'
    "<dc:language>en</dc:language><dc:subject>Whales</dc:subject><dc:publisher>Harper</dc:publisher>"
)  # fmt: skip
EPUB = {
    "chapters": epub(
        {"a.xhtml": f"<h1>Loomings</h1><p>{PROSE}</p>", "b.xhtml": "<h1>Storm</h1><p>Rain.</p>"},
        _OPF,
        '<li><a href="text/a.xhtml">Loomings</a></li><li><a href="text/b.xhtml">The Storm</a></li>',
    ),
    "anchors": epub(
        {"a.xhtml": "<p>Before</p><h2 id='x'>One</h2><p>1</p><section id='y'><h2>Two</h2></section>"},
        contents='<li><a href="text/a.xhtml#x">Chapter 1: One</a></li>'
        '<li><a href="text/a.xhtml#y">Two</a></li>',
    ),
    "no contents": epub({"a.xhtml": "<p>Only text</p>", "empty.xhtml": "", "c.xhtml": "<p>More</p>"}),
    "furniture is text": epub(
        {"a.xhtml": "<header><h1>T</h1></header><aside class='comments'><p>A note</p></aside>"
                    "<nav><ul><li><a href='#'>Index entry</a></li></ul></nav>"}
    ),
    "lists and code": epub(
        {"a.xhtml": "<ul><li>one</li><li><p>two</p></li></ul><dl><dt>term</dt><dd>meaning</dd></dl>"
                    "<pre>x = 1\n  y = 2</pre>"}
    ),
    "table": epub({"a.xhtml": "<table><tr><th>k</th><th>v</th></tr><tr><td>1</td><td>2</td></tr></table>"}),
    "notes": epub({"a.xhtml": "<p>word<sup><a href='#n'>1</a></sup> and H<sub>2</sub>O</p>"}),
    "breaks": epub({"a.xhtml": "<div>one<br/>two<p>three</p>four</div>"}),
    "pictures": epub(
        {"a.xhtml": "<p><img alt='A whale at sea'/> <img alt='cover.jpg'/> text</p><svg><text>x</text></svg>"}
    ),
    "ruby": epub({"a.xhtml": "<p><ruby>漢<rt>かん</rt></ruby>字</p>"}),
    "entities": epub({"a.xhtml": "<p>caf&eacute;&nbsp;&amp;&#8212;</p>"}),
    "old contents": epub(
        {"a.xhtml": "<p>Text</p>"},
        parts={
            "OEBPS/nav.xhtml": '<html xmlns="h"><body/></html>',
            "OEBPS/book.opf": (
                '<package xmlns="o"><metadata/><manifest><item id="i" href="text/a.xhtml" '
                'media-type="application/xhtml+xml"/><item id="n" href="toc.ncx" '
                'media-type="application/x-dtbncx+xml"/></manifest>'
                '<spine toc="n"><itemref idref="i"/><itemref idref="i"/></spine></package>'
            ),
            "OEBPS/toc.ncx": (
                '<!DOCTYPE ncx PUBLIC "x" "http://localhost:1/ncx.dtd"><ncx><navMap><navPoint>'
                '<navLabel><text>Old style</text></navLabel><content src="text/a.xhtml"/></navPoint>'
                "</navMap></ncx>"
            ),
        },
    ),
}  # fmt: skip

PPTX = {
    "bullets": pptx([shape("milk\nbread", "") + shape("Buy", "title")]),
    "one line": pptx([shape("T", "ctrTitle") + shape("Sub", "subTitle")]),
    "notes": pptx([shape("T", "title")], {1: shape("Say this", "body") + shape("1", "sldNum")}),
    "order": pptx([shape("first"), shape("second")], order=[2, 1]),
    "the same slide again": pptx([shape("once")], order=[1, 1, 1, 1]),
    "footers": pptx([shape("text") + shape("2020", "dt") + shape("foot", "ftr")]),
    "group": pptx([f"<p:grpSp><p:grpSpPr/>{shape('inner')}</p:grpSp>"]),
    "table": pptx(
        ["<p:graphicFrame><a:graphic><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>k</a:t></a:r></a:p>"
         "</a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>v</a:t></a:r></a:p></a:txBody></a:tc>"
         "</a:tr></a:tbl></a:graphic></p:graphicFrame>"]
    ),
    "alternatives": pptx(
        [f"<mc:AlternateContent><mc:Choice>{shape('new')}</mc:Choice><mc:Fallback>{shape('old')}"
         "</mc:Fallback></mc:AlternateContent>"]
    ),
    "breaks": pptx(
        ["<p:sp><p:txBody><a:p><a:r><a:t>one</a:t></a:r><a:br/><a:r><a:t>two</a:t></a:r></a:p>"
         "</p:txBody></p:sp>"]
    ),
    "picture": pptx(["<p:pic><p:nvPicPr><p:cNvPr descr='A dog in snow'/></p:nvPicPr></p:pic>" + shape("x")]),
    "properties": pptx(
        [shape("The talk", "title")], title="PowerPoint Presentation", creator="Ada",
        created="2021-02-03T04:05:06Z", keywords="a; b",
    ),
}  # fmt: skip

_RTF_STYLES = r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2\outlinelevel1 Own;}}"


def _rtf(body: str) -> bytes:
    return (r"{\rtf1\ansi\ansicpg1252\deff0" + body + "}").encode("latin-1")


RTF = {
    "headings": _rtf(
        _RTF_STYLES + r"\pard\s1 One\par\pard\s2 Two\par\pard Text\par\pard\outlinelevel2 Three\par"
    ),
    "signs": _rtf(
        r"a\emdash b \ldblquote q\rdblquote\~x\_y\-z \{\}\\ caf\'e9 \u8364? \u-10179?\u-8704?\par"
    ),
    "skipped stand-ins": _rtf(r"{\uc0\u233}t\u233\'e9{\uc2\u946 ss}\par"),
    "code pages": _rtf(
        r"{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset128 M;}}{\f1 \'cf\'f0}{\f2 \'93\'fa}\par"
    ),
    "lists": _rtf(
        r"\pard{\listtext\bullet\tab}\ls1 one\par{\listtext\bullet\tab}two\par\pard text\par"
    ),
    "table": _rtf(
        r"\trowd\pard\intbl k\cell v\cell\row\trowd\pard\intbl 1\par 2\cell 3\cell\row\pard after\par"
    ),
    "nested table": _rtf(
        r"\pard\intbl out\par\itap2 in\nestcell{\*\nesttableprops\nestrow}\pard\intbl end\cell\row"
    ),
    "notes": _rtf(
        r"Text{\super\chftn}{\footnote\pard A note.\par} goes on{\*\annotation Why?}.\par"
    ),
    "unseen": _rtf(
        r"{\*\unknown gone}{\pict ffd8}{\v hidden}{\field{\*\fldinst LINK}{\fldrslt seen}}{\header top\par} x\par"
    ),
    "shape": _rtf(r"before{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt in the box\par}}}\par"),
    "binary": _rtf(r"a{\pict\bin5 }}}}}}b\par"),
    "properties": _rtf(
        r"{\info{\title Trees}{\author Ada}{\keywords oak, ash}{\subject Woods}"
        r"{\creatim\yr2003\mo10\dy13\hr19\min55}}\deflang1031 Text\par"
    ),
    "fragment": rb"{\pard One \par}{\pard Two \par}",
}

_COLUMN = "The first lines of a column that goes\non for some lines and then is hyphen-\nated at its end, as columns are."
PDF = {
    "paragraphs": pdf([lines("Some text that fills a line quite well here\nand goes on in the next one.") +
                       lines("Another paragraph after a gap that is wide\nenough to tell.", 700)]),
    "headings by size": pdf([lines("A Title", size=20) + lines(f"{PROSE}\n{PROSE}", 700)
                             + lines("Section", 640, size=14) + lines(PROSE, 600)]),
    "headings by weight": pdf([lines("Bold heading", size=-11) + lines(f"{PROSE}\n{PROSE}\n{PROSE}", 700)]),
    "outline": pdf([lines(f"Methods\n{PROSE}")], outline=[("Methods", 1), ("Absent", 1)]),
    "hyphens": pdf([lines("the well-known information is sepa-\nrated, and well-\nknown words, infor-\nmation, stay whole")]),
    "columns": pdf([lines(_COLUMN, left=50) + lines("second column, which goes on there\nuntil it ends.", left=320)]),
    "heads and feet": pdf(
        [[(72, 800, 9, "The Book of Trees"), *lines(f"What is said of the {tree}.\nIt grows."),
          *lines(f"Height of the {tree}", 500, size=15), (290, 30, 9, f"- {n} -")]
         for n, tree in enumerate(("oak", "elm", "ash", "fir"), 1)]
    ),
    "over the page": pdf([lines("A sentence that goes on to the next", 100),
                          lines("page, where it ends.\nAnother one.", 760)]),
    "items": pdf([lines("Buy:\n\x95 milk, which is\n\x95 bread\n1. First, do this.\n2. Then that.".replace("\x95", "\u2022"))]),
    "cells": pdf([[(72, 700, 11, "Name"), (200, 700, 11, "Age"), (72, 680, 11, "Ada"), (200, 680, 11, "36")]]),
    "language": pdf([lines("upright")], catalog="/Lang(de-DE)"),
    "comment": pdf([lines("Text")], annotations="<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(A comment)>>"),
    "properties": pdf(
        [lines("Text")],
        "/Title(Trees)/Author(Ada; Bob)/Keywords(oak, ash)/CreationDate(D:20200501103000+02'00')/Subject(Woods)",
    ),
    "made-up properties": pdf([lines("Real", size=18) + lines(PROSE, 700)],
                              "/Title(Microsoft Word - x.doc)/CreationDate(D:00000000)"),
}  # fmt: skip

PDF["exercises"] = pdf(
    [lines(f"Exercise {n}", size=18) + lines("Do it." * n, 600) for n in (1, 2, 3, 4)]
)

SAMPLES: dict[str, bytes] = {
    f"{name}.{suffix}": data
    for suffix, made in (
        ("docx", DOCX),
        ("epub", EPUB),
        ("odt", ODT),
        ("pdf", PDF),
        ("pptx", PPTX),
        ("rtf", RTF),
    )
    for name, data in made.items()
}
