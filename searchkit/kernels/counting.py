# cython: language_level=3
"""How many documents have some words, each of which is any of several terms?"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.cursors import Cursor, enter, open_cursor
    from cython.cimports.searchkit.kernels.inlined import bits_in, unpack
else:
    from searchkit.kernels.cursors import Cursor, enter, open_cursor
    from searchkit.kernels.inlined import bits_in, unpack


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def mark(
    data: cython.p_uchar,
    size: cython.longlong,
    c: cython.pointer(Cursor),
    docs: cython.longlong,
    marks: cython.p_ulonglong,
) -> cython.bint:
    """Set the bit of each document of the list of the first cursor. False for damage."""
    block: cython.longlong
    i: cython.longlong
    doc: cython.longlong
    one: cython.ulonglong = 1
    if not open_cursor(data, size, c, 0):
        return False
    for block in range(c[0].blocks):
        if block > 0 and not enter(data, c, 0, block):
            return False
        for i in range(c[0].count):
            doc = c[0].base + unpack(data, c[0].docs_at, i, c[0].doc_bits)
            if doc >= docs:
                return False
            marks[doc >> 6] |= one << (doc & 63)
    return True


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def count_groups(
    postings: list,
    lists: cython.const[cython.longlong][::1],
    needs_all: cython.bint,
    docs: cython.Py_ssize_t,
    deleted: cython.const[cython.uchar][::1],
    room: cython.uchar[::1],
    marks: cython.ulonglong[::1],
) -> cython.longlong:
    """How many live documents have any of the words, or all of them; -1 for damage.

    ``postings`` and ``lists`` as in ``groups_of``, for any number of words and fields. ``marks``
    has a bit for each document, all 0, and with ``needs_all`` as many again.
    """
    view: cython.const[cython.uchar][::1]
    p: cython.p_uchar
    c: cython.pointer(Cursor)
    bits: cython.p_ulonglong
    total: cython.p_ulonglong
    r: cython.Py_ssize_t
    i: cython.Py_ssize_t
    at: cython.Py_ssize_t
    size: cython.longlong
    words: cython.Py_ssize_t = (docs + 63) >> 6
    found: cython.longlong = 0
    is_first: cython.bint = True
    word: cython.ulonglong
    ends: cython.ulonglong
    if len(lists) == 0 or docs == 0:
        return 0
    if len(marks) < (2 * words if needs_all else words):
        raise ValueError("too few marks")
    if len(room) < 256:
        raise ValueError("too little room")
    for r in range(len(lists) // 5):
        if not 0 <= lists[5 * r + 1] < len(postings):
            raise ValueError("a list of no field")
    if cython.compiled:
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
        bits = total = cython.address(marks[0])
        if needs_all:
            bits = cython.address(marks[words])
    else:
        c = [Cursor()]
        total = memoryview(marks)
        bits = total[words:] if needs_all else total
    for r in range(len(lists) // 5):
        view = postings[lists[5 * r + 1]]
        size = len(view)
        p = cython.cast(cython.p_uchar, cython.address(view[0])) if cython.compiled else view
        c[0].start = lists[5 * r + 2]
        c[0].end = lists[5 * r + 3]
        c[0].df = lists[5 * r + 4]
        c[0].positions_start = 0
        with cython.nogil:
            if not mark(p, size, c, docs, bits):
                return -1
            if needs_all and (5 * r + 5 == len(lists) or lists[5 * r + 5] != lists[5 * r]):
                # The last list of a word.
                for i in range(words):
                    total[i] = bits[i] if is_first else total[i] & bits[i]
                    bits[i] = 0
                is_first = False
    with cython.nogil:
        for i in range(words):
            word = total[i]
            for at in range(8 * i, min(8 * i + 8, len(deleted))):
                ends = deleted[at]
                word &= ~(ends << (8 * (at & 7)))
            found += bits_in(word)
    return found
