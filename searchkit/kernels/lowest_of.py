# cython: language_level=3
"""Which are the first documents that have any of many terms?"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.cursors import Cursor, enter, open_cursor
    from cython.cimports.searchkit.kernels.inlined import is_deleted, load, lowest_bit, unpack
else:
    from searchkit.kernels.cursors import Cursor, enter, open_cursor
    from searchkit.kernels.inlined import is_deleted, load, lowest_bit, unpack


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def lowest_of(
    postings: cython.const[cython.uchar][::1],
    lists: cython.const[cython.longlong][::1],
    docs: cython.longlong,
    deleted: cython.const[cython.uchar][::1],
    first_docnum: cython.uint,
    limit: cython.Py_ssize_t,
    bits: cython.uchar[::1],
    room: cython.uchar[::1],
    found: cython.uint[::1],
) -> cython.Py_ssize_t:
    """Write the ``limit`` lowest live documents that are in any of the lists to ``found``; how
    many. -1 if a list is damaged, -2 if the arrays do not fit together.

    ``lists`` has three numbers for each: where it begins and ends, its number of postings. ``bits``
    is a bit for each of ``docs`` documents, all 0, in words of 8 bytes. Once ``limit`` documents
    are marked, the highest of them bounds what is worth reading of a list, and makes way for each
    lower one. It only ever falls: to find the next takes one pass over ``bits`` in all.
    """
    has_deleted: cython.bint = len(deleted) > 0
    size: cython.longlong = len(postings)
    bound: cython.longlong = docs
    highest: cython.longlong = -1
    held: cython.Py_ssize_t = 0
    count: cython.Py_ssize_t = 0
    ok: cython.bint = True
    t: cython.Py_ssize_t
    i: cython.longlong
    doc: cython.longlong
    before: cython.longlong
    word: cython.ulonglong
    p: cython.p_uchar
    b: cython.p_uchar
    gone: cython.p_uchar
    c: cython.pointer(Cursor)
    if limit == 0 or docs == 0 or len(lists) == 0:
        return 0
    if (
        len(bits) & 7
        or 8 * len(bits) < docs
        or len(room) < 256
        or (has_deleted and 8 * len(deleted) < docs)
    ):
        return -2
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        b = cython.address(bits[0])
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
        gone = cython.cast(cython.p_uchar, cython.address(deleted[0])) if has_deleted else p
    else:
        p, b, gone = postings, bits, deleted
        c = [Cursor()]
    with cython.nogil:
        for t in range(len(lists) // 3):
            c[0].start = lists[3 * t]
            c[0].end = lists[3 * t + 1]
            c[0].df = lists[3 * t + 2]
            c[0].positions_start = 0
            ok = open_cursor(p, size, c, 0)
            before = -1
            doc = -1
            while ok and doc < bound:
                for i in range(c[0].count):
                    doc = c[0].base + unpack(p, c[0].docs_at, i, c[0].doc_bits)
                    if doc <= before or doc >= docs:
                        ok = False
                        break
                    if doc >= bound:
                        break
                    before = doc
                    if (b[doc >> 3] >> (doc & 7)) & 1 or is_deleted(gone, has_deleted, doc):
                        continue
                    b[doc >> 3] |= cython.cast(cython.uchar, 1 << (doc & 7))
                    held += 1
                    if doc > highest:
                        highest = doc
                    if held > limit:
                        b[highest >> 3] &= cython.cast(cython.uchar, 255 - (1 << (highest & 7)))
                        held -= 1
                        while b[highest >> 3] == 0:
                            highest -= 8
                        highest |= 7
                        while not (b[highest >> 3] >> (highest & 7)) & 1:
                            highest -= 1
                    if held == limit:
                        bound = highest
                if c[0].block + 1 >= c[0].blocks:
                    break
                if ok and doc < bound:
                    ok = enter(p, c, 0, c[0].block + 1)
            if not ok:
                break
        for i in range(0, len(bits) if ok else 0, 8):
            if count == held or count == len(found):
                break
            word = load(b, i)
            while word and count < len(found):
                found[count] = cython.cast(cython.uint, first_docnum + 8 * i + lowest_bit(word))
                count += 1
                word &= word - 1
    return count if ok else -1
