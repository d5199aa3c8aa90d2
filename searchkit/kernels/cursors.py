# cython: language_level=3
"""Where in a posting list are we?

Cursors walk posting lists where they lie (layout: ``codec/postings.py``): inside a block any
posting can be read by itself, so a cursor searches rather than decodes. A damaged list ends a
cursor, and never makes it read outside the list.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.inlined import (
        BLOCK_ENTRY,
        LIST_IMPACTS,
        NO_DOC,
        below,
        get32,
        unpack,
    )
else:
    from searchkit.kernels.inlined import BLOCK_ENTRY, LIST_IMPACTS, NO_DOC, below, get32, unpack

if not cython.compiled:
    Cursor = cython.struct(
        start=cython.longlong,
        end=cython.longlong,
        df=cython.longlong,
        positions_start=cython.longlong,
        positions_end=cython.longlong,
        blocks=cython.longlong,
        lasts=cython.longlong,
        entries=cython.longlong,
        payload=cython.longlong,
        block=cython.longlong,
        count=cython.longlong,
        index=cython.longlong,
        base=cython.longlong,
        doc_bits=cython.longlong,
        tf_bits=cython.longlong,
        docs_at=cython.longlong,
        tfs_at=cython.longlong,
        doc=cython.longlong,
        last=cython.longlong,
        position_bits=cython.longlong,
        positions_at=cython.longlong,
        summed=cython.longlong,
        sum=cython.longlong,
        claimed=cython.longlong,
        ahead=cython.longlong,
        bounded=cython.longlong,
        bound=cython.double,
    )

    def tf_at(data, c, r, index):
        """The frequency of the ``index``-th posting of the cursor's block."""
        return 1 + unpack(data, c[r].tfs_at, index, c[r].tf_bits)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def enter(
    data: cython.p_uchar, c: cython.pointer(Cursor), r: cython.Py_ssize_t, block: cython.longlong
) -> cython.bint:
    """Put the cursor on the first posting of a block of a long list. False if it is damaged."""
    at: cython.longlong = c[r].entries + block * BLOCK_ENTRY
    last_at: cython.longlong = c[r].lasts + block * 4
    count: cython.longlong = c[r].df - block * 128
    if count > 128:
        count = 128
    doc_bits: cython.longlong = data[at + 8]
    tf_bits: cython.longlong = data[at + 9]
    docs_at: cython.longlong = c[r].payload + get32(data, at)
    tfs_at: cython.longlong = docs_at + ((count * doc_bits + 7) >> 3)
    if doc_bits > 32 or tf_bits > 32 or tfs_at + ((count * tf_bits + 7) >> 3) > c[r].end:
        return False
    base: cython.longlong = 0
    if block > 0:
        base = get32(data, last_at - 4) + 1
    if get32(data, last_at) < base:
        return False
    c[r].block = block
    c[r].count = count
    c[r].index = 0
    c[r].base = base
    c[r].doc_bits = doc_bits
    c[r].tf_bits = tf_bits
    c[r].docs_at = docs_at
    c[r].tfs_at = tfs_at
    c[r].last = get32(data, last_at)
    c[r].position_bits = data[at + 10]
    c[r].positions_at = c[r].positions_start + get32(data, at + 4)
    c[r].summed = 0
    c[r].sum = 0
    c[r].doc = base + unpack(data, docs_at, 0, doc_bits)
    return True


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def open_cursor(
    data: cython.p_uchar, size: cython.longlong, c: cython.pointer(Cursor), r: cython.Py_ssize_t
) -> cython.bint:
    """Put the cursor, of which START, END, DF, PSTART and PEND are set, on its first posting.

    False if the list is damaged. ``size`` are the bytes of ``data``, of which the last 8 belong to
    no list, so that a number may be read with what follows it.
    """
    start: cython.longlong = c[r].start
    end: cython.longlong = c[r].end
    df: cython.longlong = c[r].df
    if start < 0 or end < start + 7 or end > size - 8 or df < 1:
        return False
    c[r].claimed = 0
    c[r].ahead = 0
    c[r].bounded = -1
    if df <= 128:
        c[r].blocks = 1
        c[r].block = 0
        c[r].count = df
        c[r].index = 0
        c[r].doc_bits = data[start]
        c[r].tf_bits = data[start + 1]
        c[r].position_bits = data[start + 2]
        c[r].base = get32(data, start + 3)
        c[r].docs_at = start + 7
        c[r].tfs_at = start + 7 + ((df * c[r].doc_bits + 7) >> 3)
        c[r].positions_at = c[r].positions_start
        c[r].summed = 0
        c[r].sum = 0
        if c[r].doc_bits > 32 or c[r].tf_bits > 32:
            return False
        if c[r].tfs_at + ((df * c[r].tf_bits + 7) >> 3) > end:
            return False
        c[r].doc = c[r].base + unpack(data, c[r].docs_at, 0, c[r].doc_bits)
        c[r].last = c[r].base + unpack(data, c[r].docs_at, df - 1, c[r].doc_bits)
        return True
    c[r].blocks = (df + 127) >> 7
    c[r].lasts = start + 1 + 3 * LIST_IMPACTS
    c[r].entries = c[r].lasts + 4 * c[r].blocks
    c[r].payload = c[r].entries + BLOCK_ENTRY * c[r].blocks
    if c[r].payload > end:
        return False
    return enter(data, c, r, 0)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def index_of(
    data: cython.p_uchar, c: cython.pointer(Cursor), r: cython.Py_ssize_t, target: cython.longlong
) -> cython.longlong:
    """The first posting of the block, from the current one on, at or after document ``target``;
    how many the block has if there is none.
    """
    low: cython.longlong = c[r].index
    high: cython.longlong = c[r].count
    middle: cython.longlong
    if c[r].last < target:
        return high
    while low < high:
        middle = (low + high) >> 1
        if c[r].base + unpack(data, c[r].docs_at, middle, c[r].doc_bits) < target:
            low = middle + 1
        else:
            high = middle
    return low


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def rank_of(
    data: cython.p_uchar, at: cython.longlong, width: cython.longlong, limit: cython.longlong
) -> cython.longlong:
    """How many of 128 ascending numbers (as in ``unpack``), the last aside, are below ``limit``.

    In three steps, whose probes do not wait for each other, and without a branch: where the limit
    lies cannot be foretold, and a branch foretold wrongly costs more than some probes in vain.
    """
    low: cython.longlong
    low = 16 * (
        below(data, at, 15, width, limit)
        + below(data, at, 31, width, limit)
        + below(data, at, 47, width, limit)
        + below(data, at, 63, width, limit)
        + below(data, at, 79, width, limit)
        + below(data, at, 95, width, limit)
        + below(data, at, 111, width, limit)
    )
    low += 4 * (
        below(data, at, low + 3, width, limit)
        + below(data, at, low + 7, width, limit)
        + below(data, at, low + 11, width, limit)
    )
    low += (
        below(data, at, low, width, limit)
        + below(data, at, low + 1, width, limit)
        + below(data, at, low + 2, width, limit)
    )
    return low


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def seek(
    data: cython.p_uchar, c: cython.pointer(Cursor), r: cython.Py_ssize_t, target: cython.longlong
) -> cython.longlong:
    """Move to the first posting at or after document ``target``; its document, or NO_DOC."""
    low: cython.longlong
    high: cython.longlong
    middle: cython.longlong
    step: cython.longlong
    wanted: cython.longlong
    if c[r].doc >= target:
        return c[r].doc
    while True:
        if c[r].last < target:
            low = c[r].block + 1
            if low >= c[r].blocks:
                c[r].doc = NO_DOC
                c[r].index = c[r].count
                return NO_DOC
            # Gallop over the last documents of blocks, then halve.
            step = 1
            high = low
            while high < c[r].blocks and get32(data, c[r].lasts + high * 4) < target:
                low = high + 1
                high += step
                step <<= 1
            if high > c[r].blocks:
                high = c[r].blocks
            while low < high:
                middle = (low + high) >> 1
                if get32(data, c[r].lasts + middle * 4) < target:
                    low = middle + 1
                else:
                    high = middle
            if low >= c[r].blocks or not enter(data, c, r, low):
                c[r].block = c[r].blocks
                c[r].last = -1
                c[r].doc = NO_DOC
                c[r].index = c[r].count
                return NO_DOC
            if c[r].doc >= target:
                return c[r].doc
        wanted = target - c[r].base
        low = c[r].index + 1
        high = c[r].count
        if high == 128 and low <= 120:
            if below(data, c[r].docs_at, low + 7, c[r].doc_bits, wanted):
                low = rank_of(data, c[r].docs_at, c[r].doc_bits, wanted)
            else:
                low += 4 * below(data, c[r].docs_at, low + 3, c[r].doc_bits, wanted)
                low += (
                    below(data, c[r].docs_at, low, c[r].doc_bits, wanted)
                    + below(data, c[r].docs_at, low + 1, c[r].doc_bits, wanted)
                    + below(data, c[r].docs_at, low + 2, c[r].doc_bits, wanted)
                )
        else:
            # Often the next one, or near.
            step = 1
            while low + step < high and below(
                data, c[r].docs_at, low + step, c[r].doc_bits, wanted
            ):
                low += step + 1
                step <<= 1
            if low + step + 1 < high:
                high = low + step + 1
            while low < high:
                middle = (low + high) >> 1
                if below(data, c[r].docs_at, middle, c[r].doc_bits, wanted):
                    low = middle + 1
                else:
                    high = middle
        if low < c[r].count:
            c[r].index = low
            c[r].doc = c[r].base + unpack(data, c[r].docs_at, low, c[r].doc_bits)
            if c[r].doc >= target:
                return c[r].doc
        # Only in a damaged list is nothing found before the last one.
        c[r].index = c[r].count
        c[r].last = -1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def frequency_in(
    data: cython.p_uchar,
    size: cython.longlong,
    c: cython.pointer(Cursor),
    r: cython.Py_ssize_t,
    spare: cython.Py_ssize_t,
    doc: cython.longlong,
) -> cython.longlong:
    """The frequency in document ``doc`` of the term of cursor ``r``, by means of another cursor; 0
    if it has none.
    """
    c[spare].start = c[r].start
    c[spare].end = c[r].end
    c[spare].df = c[r].df
    c[spare].positions_start = 0
    if not open_cursor(data, size, c, spare) or seek(data, c, spare, doc) != doc:
        return 0
    return tf_at(data, c, spare, c[spare].index)
