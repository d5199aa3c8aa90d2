# cython: language_level=3
"""How many words has a text?

Words as ``tokenize`` finds them, where scripts that part words by spaces are concerned; characters
of others part words here, and are counted apart.
"""

import cython

if cython.compiled:
    from cython.cimports.cpython.unicode import PyUnicode_DATA, PyUnicode_KIND

COMPILED: bool = cython.compiled

UNSPACED = 8
"""A bit of ``classes`` beside those of ``tokenize``: the character is of a script without spaces
between words. It has no other."""

CLASSES_LENGTH = 0x40000

Char = cython.fused_type(cython.uchar, cython.ushort, cython.uint)


@cython.cfunc
@cython.exceptval(check=False)
def walk(
    data: cython.pointer(cython.const[Char]), length: cython.Py_ssize_t,
    classes: cython.p_const_uchar,
) -> cython.longlong:  # fmt: skip
    """The number of words, and 2 ** 32 times that of unspaced characters."""
    at: cython.Py_ssize_t
    char: cython.uint
    kind: cython.int
    words: cython.longlong = 0
    unspaced: cython.longlong = 0
    is_in: cython.bint = False
    may_join: cython.bint = False  # An apostrophe stands behind a word.
    for at in range(length):
        char = data[at]
        # So far up there are neither letters nor digits, and the only marks are these.
        kind = classes[char] if char < 0x40000 else 2 * (0xE0100 <= char <= 0xE01EF)
        if kind & 1:
            words += not (is_in or may_join)
            is_in = True
            may_join = False
        elif not (kind & 2 and is_in):
            may_join = is_in and kind & 4 != 0
            is_in = False
            unspaced += kind >> 3
    return words + (unspaced << 32)


@cython.ccall
def count(text: str, classes: bytes) -> tuple:
    """How many words ``text`` has, and how many characters of scripts without spaces; ``classes``
    has bits as in ``tokenize``, or ``UNSPACED``, for each character below ``CLASSES_LENGTH``.
    """
    found: cython.longlong
    kind: cython.int
    data: cython.p_void
    letters: cython.p_const_uchar
    if text is None or classes is None or len(classes) != 0x40000 or len(text) >> 31:
        raise ValueError("a text below 2 GB, please, and as many classes as characters are classed")
    letters = classes
    if cython.compiled:
        kind = PyUnicode_KIND(text)
        data = PyUnicode_DATA(text)
        if kind == 1:
            found = walk(
                cython.cast(cython.pointer(cython.const[cython.uchar]), data), len(text), letters
            )
        elif kind == 2:
            found = walk(
                cython.cast(cython.pointer(cython.const[cython.ushort]), data), len(text), letters
            )
        else:
            found = walk(
                cython.cast(cython.pointer(cython.const[cython.uint]), data), len(text), letters
            )
    else:
        found = walk(list(map(ord, text)), len(text), classes)
    return found & 0xFFFFFFFF, found >> 32
