# cython: language_level=3
"""What can no document of a list, a block or a window of documents exceed?

From the pairs of frequency and length that each list and block has (layout:
``codec/postings.py``). A bound is raised by ``SLACK``, so that no rounding makes it too low.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.cursors import Cursor, tf_at
    from cython.cimports.searchkit.kernels.inlined import (
        BLOCK_ENTRY,
        BLOCK_IMPACTS,
        LIST_IMPACTS,
        SLACK,
        get32,
        length_of,
        saturation,
        unpack,
    )
else:
    from searchkit.kernels.cursors import Cursor, tf_at
    from searchkit.kernels.inlined import (
        BLOCK_ENTRY,
        BLOCK_IMPACTS,
        LIST_IMPACTS,
        SLACK,
        get32,
        length_of,
        saturation,
        unpack,
    )


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def fill_table(
    table: cython.double[::1],
    k1: cython.double,
    b: cython.double,
    average: cython.double,
    weight: cython.double,
) -> cython.void:
    """Fill the table of ``saturation``: 5 + 8 * 1024 doubles.

    First k1, b, the average length, the field's weight, and what no value exceeds; then for the
    frequencies 1 to 8 and the lengths 0 to 1023 what they are worth: ``n / (k1 + n)`` with
    ``n = weight * (tf / (1 - b + b * length / average))``, or, if ``k1`` is below 0, ``n`` itself.
    """
    tf: cython.Py_ssize_t
    length: cython.Py_ssize_t
    norm: cython.double
    normalised: cython.double
    table[0] = k1
    table[1] = b
    table[2] = average
    table[3] = weight
    table[4] = 1e300 if k1 < 0 else 1.0
    for tf in range(1, 9):
        for length in range(1024):
            norm = 1 - b + b * length / average
            if norm < 1e-9:
                norm = 1e-9
            normalised = weight * (tf / norm)
            if k1 >= 0:
                normalised = normalised / (k1 + normalised)
            table[5 + (tf - 1) * 1024 + length] = normalised


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def impacts_bound(
    data: cython.p_uchar,
    at: cython.longlong,
    room: cython.longlong,
    table: cython.p_double,
    weight: cython.double,
) -> cython.double:
    """No document of a block, or list, with these impacts scores more."""
    count: cython.longlong = data[at]
    i: cython.longlong
    length: cython.longlong
    bound: cython.double
    best: cython.double = 0
    if count < 1 or count > room:
        return weight * table[4] * SLACK
    for i in range(count):
        if data[at + 1 + i] == 255 or data[at + 1 + i] == 0:
            return weight * table[4] * SLACK
        length = data[at + 1 + room + 2 * i]
        length |= cython.cast(cython.longlong, data[at + 2 + room + 2 * i]) << 8
        bound = saturation(table, data[at + 1 + i], length)
        if bound > best:
            best = bound
    return weight * best * SLACK


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def list_bound(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    r: cython.Py_ssize_t,
    lengths: cython.p_uchar,
    width: cython.longlong,
    docs: cython.longlong,
    table: cython.p_double,
    weight: cython.double,
) -> cython.double:
    """No document scores more for the term of this cursor, which has just been opened."""
    best: cython.double = 0
    bound: cython.double
    i: cython.longlong
    doc: cython.longlong
    if c[r].blocks == 1:
        for i in range(c[r].count):
            doc = c[r].base + unpack(data, c[r].docs_at, i, c[r].doc_bits)
            if doc >= docs:
                return weight * table[4] * SLACK
            bound = saturation(table, tf_at(data, c, r, i), length_of(lengths, width, doc))
            if bound > best:
                best = bound
        return weight * best * SLACK
    return impacts_bound(data, c[r].start, LIST_IMPACTS, table, weight)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def block_bound(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    r: cython.Py_ssize_t,
    block: cython.longlong,
    table: cython.p_double,
    weight: cython.double,
) -> cython.double:
    """The bound of a block of a long list. The cursor keeps the last one, since windows that follow
    each other often meet in one block.
    """
    if c[r].bounded != block:
        c[r].bounded = block
        c[r].bound = impacts_bound(
            data, c[r].entries + block * BLOCK_ENTRY + 11, BLOCK_IMPACTS, table, weight
        )
    return c[r].bound


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def least_frequency(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    r: cython.Py_ssize_t,
    table: cython.p_double,
    weight: cython.double,
    rest: cython.double,
    threshold: cython.double,
) -> cython.longlong:
    """The lowest frequency, 9 at most, with which a posting of the block that the cursor is in may
    come above the threshold, if what else its document has is worth ``rest``.
    """
    at: cython.longlong = 0
    i: cython.longlong = 0
    least: cython.longlong = 1
    shortest: cython.longlong = 0
    if c[r].blocks > 1:
        at = c[r].entries + c[r].block * BLOCK_ENTRY + 11
        if 1 <= data[at] <= BLOCK_IMPACTS:
            i = data[at]
    while least < 9:
        if i > 0:
            while i > 1 and data[at + i] < least:
                i -= 1
            shortest = data[at + BLOCK_IMPACTS - 1 + 2 * i]
            shortest |= cython.cast(cython.longlong, data[at + BLOCK_IMPACTS + 2 * i]) << 8
        if (weight * saturation(table, least, shortest) * SLACK + rest) * SLACK > threshold:
            break
        least += 1
    return least


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def window_bound(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    r: cython.Py_ssize_t,
    low: cython.longlong,
    high: cython.longlong,
    table: cython.p_double,
    weight: cython.double,
    whole: cython.double,
) -> cython.double:
    """No document from ``low`` to below ``high`` scores more for the term; 0 if it has none.

    ``whole`` is the bound of the list. Windows must come in order.
    """
    block: cython.longlong
    blocks: cython.longlong = c[r].blocks
    lasts: cython.longlong = c[r].lasts
    best: cython.double = 0
    bound: cython.double
    if blocks == 1:
        return whole if c[r].doc < high and c[r].last >= low else 0
    block = c[r].ahead
    while block < blocks and get32(data, lasts + block * 4) < low:
        block += 1
    c[r].ahead = block
    while block < blocks:
        bound = block_bound(data, c, r, block, table, weight)
        if bound > best:
            best = bound
        if get32(data, lasts + block * 4) >= high - 1:
            break
        block += 1
    return best if best < whole else whole
