"""What do the numbers and words of RTF stand for?

Rich Text Format Specification 1.9.1: character sets of fonts, signs that are written as words, and
groups that hold no text of the document.
"""

from __future__ import annotations

CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
"""``\\fcharset`` of a font: its code page in Python's names; others are the document's."""

CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850", "ansi": "cp1252"}

SIGNS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "softline": "\n",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "column": "\n",
}

SYMBOLS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\", "\t": "\t"}
"""``\\-`` and the like say where a word may be parted: nothing."""

ENDS = frozenset(["par", "sect", "page", "\n", "\r"])
"""What ends a paragraph."""

UNSEEN = frozenset(
    "colortbl pict objdata objclass objname nonshppict fldinst datafield xe tc rxe txe tcn do "
    "listtable listoverridetable revtbl rsidtbl generator themedata colorschememapping datastore "
    "latentstyles filetbl template private buptim printim comment version vern nofpages nofwords "
    "nofchars id company manager category hlinkbase operator revtim background ftnsep ftnsepc "
    "ftncn aftnsep aftnsepc aftncn pn pnseclvl pntxta pntxtb bkmkstart bkmkend atnid atnauthor "
    "atntime atndate atnref atnparent atrfstart atrfend sp sn sv ud mmathPr".split()
)
"""Groups whose text is no text of the document."""

STARRED = frozenset(["shpinst", "footnote", "annotation", "shptxt"])
"""Groups marked as ones to pass over where they are not understood, which are."""

ASIDES = frozenset(["footnote", "annotation", "shptxt"])

MARGINS = frozenset("header headerl headerr headerf footer footerl footerr footerf".split())

INFO = frozenset(["title", "author", "subject", "keywords", "doccomm"])
