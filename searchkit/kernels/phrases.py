# cython: language_level=3
"""How often do the terms of a phrase stand in a row in one document?"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.cursors import Cursor, tf_at
    from cython.cimports.searchkit.kernels.inlined import unpack
else:
    from searchkit.kernels.cursors import Cursor, tf_at
    from searchkit.kernels.inlined import unpack


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def first_position(
    data: cython.p_uchar, c: cython.pointer(Cursor), r: cython.Py_ssize_t
) -> cython.longlong:
    """How many positions of the block stand before those of the current posting."""
    i: cython.longlong
    total: cython.longlong = c[r].sum
    if c[r].tf_bits == 0:
        return c[r].index
    for i in range(c[r].summed, c[r].index):
        total += tf_at(data, c, r, i)
    c[r].summed = c[r].index
    c[r].sum = total
    return total


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def claim(
    size: cython.longlong,
    c: cython.pointer(Cursor),
    r: cython.Py_ssize_t,
    first: cython.longlong,
    tf: cython.longlong,
) -> cython.bint:
    """Whether the current posting can have ``tf`` positions, after the ``first`` of its block,
    where it says, in ``size`` bytes of all; no list has them outside of these.

    A list has at most df + 8 * bytes of them (``codec/postings.py``), and each is claimed at most
    twice: a cursor only moves on, and asks once in ``meet`` and once in ``phrase_frequency``. In a
    damaged list all blocks may claim the same ones: without the bound, a phrase would take as long
    as the square of what the list takes.
    """
    bits: cython.longlong = c[r].position_bits
    end: cython.longlong
    if not 0 <= c[r].positions_start <= c[r].positions_end <= size - 8:
        return False
    end = c[r].positions_at + (((first + tf) * bits + 7) >> 3)
    c[r].claimed += tf
    return (
        bits <= 32
        and (bits > 0 or c[r].tf_bits == 0)
        and end <= c[r].positions_end
        and c[r].claimed <= 2 * (c[r].df + 8 * (c[r].positions_end - c[r].positions_start))
    )


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def phrase_frequency(
    data: cython.p_uchar,
    positions: cython.p_uchar,
    positions_size: cython.longlong,
    c: cython.pointer(Cursor),
    terms: cython.Py_ssize_t,
    slop: cython.longlong,
    offsets: cython.p_longlong,
    failed: cython.p_longlong,
) -> cython.longlong:
    """At how many places a row of the terms begins in the document that all cursors are on, or -1
    for damage.
    """
    t: cython.Py_ssize_t
    at: cython.longlong
    tf: cython.longlong
    first: cython.longlong
    i: cython.longlong
    before: cython.longlong = -1
    found: cython.longlong = 0
    for t in range(terms):
        failed[t] = 0
        tf = tf_at(data, c, t, c[t].index)
        first = first_position(data, c, t)
        if not claim(positions_size, c, t, first, tf):
            return -1
    tf = tf_at(data, c, 0, c[0].index)
    first = c[0].sum if c[0].tf_bits > 0 else c[0].index
    for i in range(tf):
        at = unpack(positions, c[0].positions_at, first + i, c[0].position_bits)
        # One position may have a term twice, which makes no second row.
        if at != before and row_from(data, positions, c, terms, 1, at, slop, offsets, failed):
            found += 1
        before = at
    return found


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def meet(
    data: cython.p_uchar,
    positions: cython.p_uchar,
    positions_size: cython.longlong,
    c: cython.pointer(Cursor),
    t: cython.Py_ssize_t,
    shift: cython.longlong,
    is_first: cython.bint,
    rows: cython.p_ulonglong,
) -> cython.longlong:
    """Keep of ``rows``, 256 bits, those of places in the document where a row can begin for the
    sake of term ``t``, which stands ``shift`` positions after it; of all places if ``is_first``.

    1 if any is left, 0 if not; -2 if the document is too long for so few bits, -1 for damage. Takes
    a tenth of the branches of a search for each position.
    """
    mine: cython.ulonglong[4]
    if not cython.compiled:
        mine = [0] * 4
    one: cython.ulonglong = 1
    i: cython.longlong
    at: cython.longlong
    tf: cython.longlong = tf_at(data, c, t, c[t].index)
    first: cython.longlong = first_position(data, c, t)
    bits: cython.longlong = c[t].position_bits
    start: cython.longlong = c[t].positions_at
    if not claim(positions_size, c, t, first, tf):
        return -1
    mine[0] = mine[1] = mine[2] = mine[3] = 0
    for i in range(first, first + tf):
        at = unpack(positions, start, i, bits) - shift
        if at >= 256:
            return -2
        if at >= 0:
            mine[at >> 6] |= one << (at & 63)
    if is_first:
        rows[0], rows[1], rows[2], rows[3] = mine[0], mine[1], mine[2], mine[3]
    else:
        rows[0] &= mine[0]
        rows[1] &= mine[1]
        rows[2] &= mine[2]
        rows[3] &= mine[3]
    return 1 if rows[0] | rows[1] | rows[2] | rows[3] else 0


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def row_from(
    data: cython.p_uchar,
    positions: cython.p_uchar,
    c: cython.pointer(Cursor),
    terms: cython.Py_ssize_t,
    t: cython.Py_ssize_t,
    before: cython.longlong,
    slop: cython.longlong,
    offsets: cython.p_longlong,
    failed: cython.p_longlong,
) -> cython.bint:
    """Whether term ``t`` and those after it follow the position ``before`` in a row.

    Positions are in order within a posting, and asked for in order: below ``failed[t]`` no position
    of term ``t`` that could be asked for again leads to a row, so that none is tried twice.
    """
    tf: cython.longlong
    first: cython.longlong
    low: cython.longlong
    high: cython.longlong
    middle: cython.longlong
    at: cython.longlong
    least: cython.longlong
    most: cython.longlong
    if t == terms:
        return True
    tf = tf_at(data, c, t, c[t].index)
    first = c[t].sum if c[t].tf_bits > 0 else c[t].index
    least = before + offsets[t]
    most = least + slop - 1
    low = 0
    high = tf
    while low < high:
        middle = (low + high) >> 1
        if unpack(positions, c[t].positions_at, first + middle, c[t].position_bits) < least:
            low = middle + 1
        else:
            high = middle
    if low < failed[t]:
        low = failed[t]
    while low < tf:
        at = unpack(positions, c[t].positions_at, first + low, c[t].position_bits)
        if at > most:
            return False
        if row_from(data, positions, c, terms, t + 1, at, slop, offsets, failed):
            return True
        low += 1
        failed[t] = low
    return False
