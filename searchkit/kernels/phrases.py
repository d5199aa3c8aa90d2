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
@cython.inline
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
def phrase_frequency(
    data: cython.p_uchar,
    positions: cython.p_uchar,
    positions_size: cython.longlong,
    c: cython.pointer(Cursor),
    terms: cython.Py_ssize_t,
    slop: cython.longlong,
    offsets: cython.p_longlong,
    order: cython.p_longlong,
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
        at = c[t].positions_at + (((first + tf) * c[t].position_bits + 7) >> 3)
        if c[t].position_bits > 32 or at > c[t].positions_end or at + 8 > positions_size:
            return -1
    if slop == 1:
        found = rows_in_bits(data, positions, c, terms, offsets, order)
        if found >= 0:
            return found
        found = 0
    tf = tf_at(data, c, 0, c[0].index)
    first = c[0].sum if c[0].tf_bits > 0 else c[0].index
    for i in range(tf):
        at = unpack(positions, c[0].positions_at, first + i, c[0].position_bits)
        if at != before and row_from(data, positions, c, terms, 1, at, slop, offsets, failed):
            found += 1
        before = at
    return found


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def rows_in_bits(
    data: cython.p_uchar,
    positions: cython.p_uchar,
    c: cython.pointer(Cursor),
    terms: cython.Py_ssize_t,
    offsets: cython.p_longlong,
    order: cython.p_longlong,
) -> cython.longlong:
    """``phrase_frequency`` without slop, for documents whose positions fit into 256 bits: a bit
    for each place where the row would begin, for the sake of one term; all terms must agree. -1
    if they do not fit. A tenth of the branches that a search for each position takes.
    """
    rows: cython.ulonglong[4]
    mine: cython.ulonglong[4]
    if not cython.compiled:
        rows, mine = [0] * 4, [0] * 4
    one: cython.ulonglong = 1
    word: cython.ulonglong
    j: cython.Py_ssize_t
    t: cython.Py_ssize_t
    i: cython.Py_ssize_t
    k: cython.longlong
    at: cython.longlong
    tf: cython.longlong
    first: cython.longlong
    shift: cython.longlong
    found: cython.longlong = 0
    for j in range(terms):
        t = order[j]
        shift = 0
        for i in range(1, t + 1):
            shift += offsets[i]
        tf = tf_at(data, c, t, c[t].index)
        first = c[t].sum if c[t].tf_bits > 0 else c[t].index
        mine[0] = mine[1] = mine[2] = mine[3] = 0
        for k in range(first, first + tf):
            at = unpack(positions, c[t].positions_at, k, c[t].position_bits) - shift
            if at >= 256:
                return -1
            if at >= 0:
                mine[at >> 6] |= one << (at & 63)
        if j == 0:
            rows[0], rows[1], rows[2], rows[3] = mine[0], mine[1], mine[2], mine[3]
            continue
        rows[0] &= mine[0]
        rows[1] &= mine[1]
        rows[2] &= mine[2]
        rows[3] &= mine[3]
        if rows[0] | rows[1] | rows[2] | rows[3] == 0:
            return 0
    for i in range(4):
        word = rows[i]
        while word:
            word &= word - 1
            found += 1
    return found


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
        if c[t].position_bits == 0:
            return False
    return False
