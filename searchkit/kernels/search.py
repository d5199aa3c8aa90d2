# cython: language_level=3
"""Which documents of one field are best, and where do posting lists meet?

Cursors walk posting lists where they lie (layout: ``codec/postings.py``): inside a block any
posting can be read by itself, so a cursor searches rather than decodes. On them stand the three
rankings of terms: of documents that have any of them (``any_of``), all of them (``all_of``), or
all of them in a row (``phrase``).

``any_of`` is MaxScore (Turtle and Flood 1995) with bounds from blocks (Chakrabarti, Chaudhuri and
Ganti 2011), decided anew for each window of documents: terms whose bounds together cannot reach the
threshold are only looked up for documents that the others bring.

One module, though long, because Cython inlines only within one.

Contributions are doubles, each ``weight * saturation``; a score is their sum in the order of the
clauses, whatever the order in which they were found. A bound is raised by ``SLACK``, so that no
rounding can make it too low. Of equal scores the lower docnum wins: documents come in order, and a
later one must be better to come in.
"""

import cython

SLACK = cython.declare(cython.double, 1.0 + 2.0**-40)
BLOCK_IMPACTS = cython.declare(cython.longlong, 6)
LIST_IMPACTS = cython.declare(cython.longlong, 16)
NO_DOC = cython.declare(cython.longlong, 2147483647)
"""Higher than any docnum."""

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
    ahead=cython.longlong,
)

CURSOR_BYTES = 8 * 24
"""The room that a kernel needs for each term."""


# Bytes


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def load(data: cython.p_uchar, at: cython.longlong) -> cython.ulonglong:
    if cython.compiled:
        return cython.cast(cython.pointer(cython.ulonglong), cython.address(data[at]))[0]
    return int.from_bytes(data[at : at + 8], "little")


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def get32(data: cython.p_uchar, at: cython.longlong) -> cython.longlong:
    if cython.compiled:
        return cython.cast(cython.pointer(cython.uint), cython.address(data[at]))[0]
    return int.from_bytes(data[at : at + 4], "little")


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def unpack(
    data: cython.p_uchar, at: cython.longlong, index: cython.longlong, width: cython.longlong
) -> cython.longlong:
    """The ``index``-th of the numbers of ``width`` bits (at most 32) that begin at ``at``."""
    bit: cython.longlong = index * width
    mask: cython.ulonglong = 1
    mask = (mask << width) - 1
    return cython.cast(cython.longlong, (load(data, at + (bit >> 3)) >> (bit & 7)) & mask)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def length_of(
    lengths: cython.p_uchar, width: cython.longlong, doc: cython.longlong
) -> cython.longlong:
    if width == 1:
        return lengths[doc]
    if width == 2:
        low: cython.longlong = lengths[2 * doc]
        high: cython.longlong = lengths[2 * doc + 1]
        return low | (high << 8)
    return get32(lengths, 4 * doc)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def lowest_bit(word: cython.ulonglong) -> cython.longlong:
    """The number of zeros below the lowest one of ``word``, which is not 0."""
    at: cython.longlong = 0
    low: cython.ulonglong = 1
    low = (low << 32) - 1
    if word & low == 0:
        word >>= 32
        at = 32
    if word & 65535 == 0:
        word >>= 16
        at += 16
    if word & 255 == 0:
        word >>= 8
        at += 8
    if word & 15 == 0:
        word >>= 4
        at += 4
    if word & 3 == 0:
        word >>= 2
        at += 2
    return at + 1 - cython.cast(cython.longlong, word & 1)


# Scores


@cython.cfunc
@cython.inline
@cython.nogil
@cython.cdivision(True)
@cython.exceptval(check=False)
def saturation(
    table: cython.p_double, tf: cython.longlong, length: cython.longlong
) -> cython.double:
    """What a frequency in a document of some length is worth.

    ``table`` holds k1, b and the average length, then the values for the frequencies 1 to 8 and the
    lengths 0 to 1023.
    """
    if tf <= 8 and length < 1024:
        return table[3 + ((tf - 1) << 10) + length]
    norm: cython.double = 1 - table[1] + table[1] * length / table[2]
    if norm < 1e-9:
        norm = 1e-9
    normalised: cython.double = tf / norm
    return normalised / (table[0] + normalised)


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def fill_table(
    table: cython.double[::1], k1: cython.double, b: cython.double, average: cython.double
) -> cython.void:
    """Fill the table of ``saturation``: 3 + 8 * 1024 doubles."""
    tf: cython.Py_ssize_t
    length: cython.Py_ssize_t
    norm: cython.double
    normalised: cython.double
    table[0] = k1
    table[1] = b
    table[2] = average
    for tf in range(1, 9):
        for length in range(1024):
            norm = 1 - b + b * length / average
            if norm < 1e-9:
                norm = 1e-9
            normalised = tf / norm
            table[3 + (tf - 1) * 1024 + length] = normalised / (k1 + normalised)


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
        return weight * SLACK
    for i in range(count):
        if data[at + 1 + i] == 255 or data[at + 1 + i] == 0:
            return weight * SLACK
        length = data[at + 1 + room + 2 * i]
        length |= cython.cast(cython.longlong, data[at + 2 + room + 2 * i]) << 8
        bound = saturation(table, data[at + 1 + i], length)
        if bound > best:
            best = bound
    return weight * best * SLACK


# Cursors


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def enter(
    data: cython.p_uchar, c: cython.pointer(Cursor), r: cython.Py_ssize_t, block: cython.longlong
) -> cython.bint:
    """Put the cursor on the first posting of a block of a long list. False if it is damaged."""
    at: cython.longlong = c[r].entries + block * 30
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
    c[r].ahead = 0
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
    c[r].payload = c[r].entries + 30 * c[r].blocks
    if c[r].payload > end:
        return False
    return enter(data, c, r, 0)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def tf_at(
    data: cython.p_uchar, c: cython.pointer(Cursor), r: cython.Py_ssize_t, index: cython.longlong
) -> cython.longlong:
    return 1 + unpack(data, c[r].tfs_at, index, c[r].tf_bits)


@cython.cfunc
@cython.inline
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
        # Often the next one, or near.
        step = 1
        while low + step < high and unpack(data, c[r].docs_at, low + step, c[r].doc_bits) < wanted:
            low += step + 1
            step <<= 1
        if low + step + 1 < high:
            high = low + step + 1
        while low < high:
            middle = (low + high) >> 1
            if unpack(data, c[r].docs_at, middle, c[r].doc_bits) < wanted:
                low = middle + 1
            else:
                high = middle
        if low < c[r].count:
            c[r].index = low
            c[r].doc = c[r].base + unpack(data, c[r].docs_at, low, c[r].doc_bits)
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
                return weight * SLACK
            bound = saturation(table, tf_at(data, c, r, i), length_of(lengths, width, doc))
            if bound > best:
                best = bound
        return weight * best * SLACK
    return impacts_bound(data, c[r].start, LIST_IMPACTS, table, weight)


@cython.cfunc
@cython.inline
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
    """The bound of a block of a long list."""
    return impacts_bound(data, c[r].entries + block * 30 + 11, BLOCK_IMPACTS, table, weight)


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
        at = c[r].entries + c[r].block * 30 + 11
        if 1 <= data[at] <= BLOCK_IMPACTS:
            i = data[at]
    while least < 9:
        if i > 0:
            while i > 1 and data[at + i] < least:
                i -= 1
            shortest = data[at + 5 + 2 * i]
            shortest |= cython.cast(cython.longlong, data[at + 6 + 2 * i]) << 8
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


# The best so far: a heap of pairs (score, docnum), the worst on top.


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def is_worse(
    scores: cython.p_double,
    docs: cython.p_longlong,
    one: cython.Py_ssize_t,
    other: cython.Py_ssize_t,
) -> cython.bint:
    return scores[one] < scores[other] or (scores[one] == scores[other] and docs[one] > docs[other])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def keep(
    scores: cython.p_double,
    docs: cython.p_longlong,
    held: cython.Py_ssize_t,
    limit: cython.Py_ssize_t,
    score: cython.double,
    doc: cython.longlong,
) -> cython.Py_ssize_t:
    """Take a document in that is better than the worst, or for which there is room; returns how
    many are held.
    """
    at: cython.Py_ssize_t
    child: cython.Py_ssize_t
    other_score: cython.double
    other_doc: cython.longlong
    if held < limit:
        at = held
        held += 1
        scores[at] = score
        docs[at] = doc
        while at > 0 and is_worse(scores, docs, at, (at - 1) >> 1):
            child = at
            at = (at - 1) >> 1
            other_score = scores[at]
            other_doc = docs[at]
            scores[at] = scores[child]
            docs[at] = docs[child]
            scores[child] = other_score
            docs[child] = other_doc
        return held
    scores[0] = score
    docs[0] = doc
    at = 0
    while True:
        child = 2 * at + 1
        if child >= held:
            return held
        if child + 1 < held and is_worse(scores, docs, child + 1, child):
            child += 1
        if not is_worse(scores, docs, child, at):
            return held
        other_score = scores[at]
        other_doc = docs[at]
        scores[at] = scores[child]
        docs[at] = docs[child]
        scores[child] = other_score
        docs[child] = other_doc
        at = child


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def is_deleted(
    deleted: cython.p_uchar, has_deleted: cython.bint, doc: cython.longlong
) -> cython.bint:
    return has_deleted and (deleted[doc >> 3] >> (doc & 7)) & 1


# Rankings


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def first_threshold(
    data: cython.p_uchar,
    size: cython.longlong,
    c: cython.pointer(Cursor),
    terms: cython.Py_ssize_t,
    weights: cython.p_double,
    lengths: cython.p_uchar,
    width: cython.longlong,
    docs: cython.longlong,
    deleted: cython.p_uchar,
    has_deleted: cython.bint,
    table: cython.p_double,
    limit: cython.Py_ssize_t,
    scores: cython.p_double,
    found: cython.p_longlong,
) -> cython.double:
    """A score below which no document comes in, from a look at some that have the rarest term; -1
    if there is none. Uses the heap, and leaves the cursors open anew.

    Without it, windows before the first good documents would score everything.
    """
    t: cython.Py_ssize_t
    rarest: cython.Py_ssize_t = -1
    total: cython.longlong = 0
    for t in range(terms):
        total += c[t].df
        if c[t].df >= limit and (rarest < 0 or c[t].df < c[rarest].df):
            rarest = t
    if rarest < 0 or terms < 2 or total < 8 * c[rarest].df or limit > 128:
        return -1.0
    held: cython.Py_ssize_t = 0
    looked: cython.longlong = 0
    score: cython.double
    doc: cython.longlong = c[rarest].doc
    while doc < docs and looked < 256:
        looked += 1
        if not is_deleted(deleted, has_deleted, doc):
            score = 0.0
            for t in range(terms):
                if seek(data, c, t, doc) == doc:
                    score += weights[t] * saturation(
                        table, tf_at(data, c, t, c[t].index), length_of(lengths, width, doc)
                    )
            if held < limit or score > scores[0]:
                held = keep(scores, found, held, limit, score, doc)
        doc = seek(data, c, rarest, doc + 1)
    for t in range(terms):
        open_cursor(data, size, c, t)
    # Just below, so that the worst of these comes in again.
    return scores[0] * (1.0 - 2.0**-50) if held == limit else -1.0


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def any_of(
    postings: cython.const[cython.uchar][::1],
    lists: cython.const[cython.longlong][::1],
    weights: cython.const[cython.double][::1],
    lengths: cython.const[cython.uchar][::1],
    length_width: cython.Py_ssize_t,
    docs: cython.Py_ssize_t,
    deleted: cython.const[cython.uchar][::1],
    table: cython.const[cython.double][::1],
    first_docnum: cython.longlong,
    limit: cython.Py_ssize_t,
    best_scores: cython.double[::1],
    best_docs: cython.longlong[::1],
    held: cython.Py_ssize_t,
    room: cython.uchar[::1],
    window: cython.double[::1],
    frequencies: cython.uchar[::1],
) -> cython.Py_ssize_t:
    """Take the best documents that have any of the terms into the heap ``best_*``.

    ``lists`` has for each term, in the order of the clauses: where its list begins and ends in
    ``postings``, and its number of postings; ``weights`` what its saturation is multiplied with.
    ``lengths`` has a number of ``length_width`` bytes for each of the ``docs`` documents.
    ``deleted`` is a bitmap, or empty. The heap has room for ``limit`` and holds ``held``; its
    docnums are counted from ``first_docnum``. ``room`` are 256 bytes for each term and 256 more;
    ``window`` are 2048 doubles and ``frequencies`` 2048 bytes for each term, all 0 before and
    after. Returns how many the heap holds then, or -1 for damaged lists.
    """
    terms: cython.Py_ssize_t = len(weights)
    t: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    has_deleted: cython.bint = len(deleted) > 0
    size: cython.longlong = len(postings)
    width: cython.longlong = length_width
    p: cython.p_uchar
    c: cython.pointer(Cursor)
    lens: cython.p_uchar
    gone: cython.p_uchar
    tab: cython.p_double
    wins: cython.p_double
    rows: cython.p_uchar
    wts: cython.p_double
    top_scores: cython.p_double
    top_docs: cython.p_longlong
    if terms == 0 or docs == 0 or limit == 0:
        return held
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
        lens = cython.cast(cython.p_uchar, cython.address(lengths[0]))
        gone = cython.cast(cython.p_uchar, cython.address(deleted[0])) if has_deleted else p
        tab = cython.cast(cython.p_double, cython.address(table[0]))
        wins = cython.address(window[0])
        rows = cython.address(frequencies[0])
        wts = cython.cast(cython.p_double, cython.address(weights[0]))
        top_scores = cython.address(best_scores[0])
        top_docs = cython.address(best_docs[0])
    else:
        p, lens, gone, tab, wins, wts = postings, lengths, deleted, table, window, weights
        rows = frequencies
        c = [Cursor() for _ in range(terms + 1)]
        top_scores, top_docs = best_scores, best_docs
    # For each term: its bound in the list, its bound in the window; then the terms by that bound,
    # and the sums of the bounds of the first of them.
    whole: cython.double[64]
    bounds: cython.double[64]
    sums: cython.double[65]
    order: cython.Py_ssize_t[64]
    mine: cython.double[64]
    touched: cython.ulonglong[32]
    if not cython.compiled:
        bounds, sums, order, mine = [0.0] * 64, [0.0] * 65, [0] * 64, [0.0] * 64
        whole, touched = [0.0] * 64, [0] * 32
    one: cython.ulonglong = 1
    word: cython.ulonglong
    threshold: cython.double
    low: cython.longlong = 0
    high: cython.longlong
    span: cython.longlong = 64
    doc: cython.longlong
    tf: cython.longlong
    least_tf: cython.longlong
    score: cython.double
    rest: cython.double
    weight: cython.double
    slot: cython.longlong
    first: cython.Py_ssize_t
    stop: cython.longlong
    base: cython.longlong
    doc_bits: cython.longlong
    tf_bits: cython.longlong
    docs_at: cython.longlong
    tfs_at: cython.longlong
    row: cython.longlong
    cut: cython.double
    groups: cython.ulonglong = 0
    ok: cython.bint = True
    with cython.nogil:
        for i in range(32):
            touched[i] = 0
        for t in range(terms):
            c[t].start = lists[3 * t]
            c[t].end = lists[3 * t + 1]
            c[t].df = lists[3 * t + 2]
            c[t].positions_start = 0
            if not open_cursor(p, size, c, t):
                ok = False
                break
            whole[t] = list_bound(p, c, t, lens, width, docs, tab, weights[t])
        threshold = -1.0
        if held == limit:
            threshold = top_scores[0]
        elif ok and held == 0:
            threshold = first_threshold(
                p, size, c, terms, wts, lens, width, docs, gone, has_deleted, tab, limit,
                top_scores, top_docs,
            )  # fmt: skip
        while ok and low < docs:
            # Which terms can, by themselves, bring a document of this window to the threshold?
            high = docs
            for t in range(terms):
                if c[t].doc < high:
                    high = c[t].doc
            if high > low:
                low = high
            if low >= docs:
                break
            high = low + span
            if high > docs:
                high = docs
            # Until there is a threshold every document of a window is scored.
            if span < 2048:
                span = 2048 if threshold >= 0.0 else 2 * span
            for t in range(terms):
                bounds[t] = window_bound(p, c, t, low, high, tab, weights[t], whole[t])
                j = t
                while j > 0 and bounds[order[j - 1]] > bounds[t]:
                    order[j] = order[j - 1]
                    j -= 1
                order[j] = t
            sums[0] = 0.0
            first = 0
            for j in range(terms):
                sums[j + 1] = (sums[j] + bounds[order[j]]) * SLACK
                if sums[j + 1] <= threshold:
                    first = j + 1
            if first == terms:
                for t in range(terms):
                    if c[t].doc < high:
                        seek(p, c, t, high)
                low = high
                continue
            rest = sums[first]
            if first == terms - 1:
                # One term alone brings the documents; blocks and frequencies too low are skipped.
                t = order[first]
                weight = weights[t]
                doc = seek(p, c, t, low)
                while doc < high:
                    # Another window may want what is too little in this one.
                    if c[t].blocks > 1 and (
                        (block_bound(p, c, t, c[t].block, tab, weight) + rest) * SLACK <= threshold
                    ):
                        stop = (c[t].last if c[t].last > doc else doc) + 1
                        doc = seek(p, c, t, stop if stop < high else high)
                        continue
                    least_tf = least_frequency(p, c, t, tab, weight, rest, threshold)
                    base = c[t].base
                    doc_bits = c[t].doc_bits
                    tf_bits = c[t].tf_bits
                    docs_at = c[t].docs_at
                    tfs_at = c[t].tfs_at
                    stop = index_of(p, c, t, high)
                    for i in range(c[t].index, stop):
                        tf = 1 + unpack(p, tfs_at, i, tf_bits)
                        if tf < least_tf:
                            continue
                        doc = base + unpack(p, docs_at, i, doc_bits)
                        if doc >= high:
                            # Only in a damaged list.
                            ok = False
                            break
                        score = weight * saturation(tab, tf, length_of(lens, width, doc))
                        if (score + rest) * SLACK > threshold:
                            mine[t] = score
                            for j in range(first - 1, -1, -1):
                                k = order[j]
                                mine[k] = 0.0
                                if (score + sums[j + 1]) * SLACK <= threshold:
                                    score = -1.0
                                    break
                                if seek(p, c, k, doc) == doc:
                                    mine[k] = weights[k] * saturation(
                                        tab, tf_at(p, c, k, c[k].index), length_of(lens, width, doc)
                                    )
                                    score += mine[k]
                            if score >= 0.0:
                                score = 0.0
                                for k in range(terms):
                                    score += mine[k]
                                if score > threshold and not is_deleted(gone, has_deleted, doc):
                                    held = keep(
                                        top_scores, top_docs, held, limit, score, first_docnum + doc
                                    )
                                    if held == limit:
                                        threshold = top_scores[0]
                    if not ok or stop < c[t].count:
                        break
                    doc = seek(p, c, t, (c[t].last if c[t].last > c[t].doc else c[t].doc) + 1)
                seek(p, c, t, high)
            else:
                # Several bring documents: their contributions are added up, in any order, to see
                # which documents could come in; those are scored in the order of the clauses, from
                # the frequencies that each term wrote into its row.
                cut = threshold * (2.0 - SLACK) - rest * SLACK if threshold >= 0.0 else -1.0
                for j in range(first, terms):
                    t = order[j]
                    weight = weights[t]
                    row = t * 2048
                    doc = seek(p, c, t, low)
                    while doc < high:
                        base = c[t].base - low
                        doc_bits = c[t].doc_bits
                        tf_bits = c[t].tf_bits
                        docs_at = c[t].docs_at
                        tfs_at = c[t].tfs_at
                        stop = index_of(p, c, t, high)
                        for i in range(c[t].index, stop):
                            slot = base + unpack(p, docs_at, i, doc_bits)
                            if slot < 0 or slot >= high - low:
                                ok = False
                                break
                            tf = 1 + unpack(p, tfs_at, i, tf_bits)
                            score = weight * saturation(tab, tf, length_of(lens, width, low + slot))
                            score += wins[slot]
                            wins[slot] = score
                            rows[row + slot] = cython.cast(cython.uchar, tf if tf < 255 else 255)
                            groups |= one << (slot >> 6)
                            if score > cut:
                                touched[slot >> 6] |= one << (slot & 63)
                        if not ok or stop < c[t].count:
                            break
                        doc = seek(p, c, t, (c[t].last if c[t].last > doc else doc) + 1)
                    seek(p, c, t, high)
                while groups:
                    i = lowest_bit(groups)
                    groups &= groups - 1
                    word = touched[i]
                    touched[i] = 0
                    while word:
                        slot = (i << 6) + lowest_bit(word)
                        word &= word - 1
                        doc = low + slot
                        score = wins[slot]
                        for j in range(first - 1, -1, -1):
                            if (score + sums[j + 1]) * SLACK <= threshold:
                                score = -1.0
                                break
                            k = order[j]
                            if seek(p, c, k, doc) == doc:
                                mine[k] = weights[k] * saturation(
                                    tab, tf_at(p, c, k, c[k].index), length_of(lens, width, doc)
                                )
                                score += mine[k]
                            else:
                                mine[k] = 0.0
                        if score < 0.0:
                            continue
                        for j in range(first, terms):
                            k = order[j]
                            mine[k] = 0.0
                            tf = rows[k * 2048 + slot]
                            if tf == 255:
                                tf = frequency_in(p, size, c, k, terms, doc)
                            if tf > 0:
                                mine[k] = weights[k] * saturation(
                                    tab, tf, length_of(lens, width, doc)
                                )
                        score = 0.0
                        for k in range(terms):
                            score += mine[k]
                        if score > threshold and not is_deleted(gone, has_deleted, doc):
                            held = keep(
                                top_scores, top_docs, held, limit, score, first_docnum + doc
                            )
                            if held == limit:
                                threshold = top_scores[0]
                    for j in range(first, terms):
                        row = order[j] * 2048 + 64 * i
                        for slot in range(64):
                            rows[row + slot] = 0
                    row = 64 * i
                    for slot in range(64):
                        wins[row + slot] = 0.0
            low = high
    return held if ok else -1


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
    offsets: cython.const[cython.longlong][::1],
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
    found: cython.longlong = 0
    for t in range(terms):
        failed[t] = 0
        tf = tf_at(data, c, t, c[t].index)
        first = first_position(data, c, t)
        at = c[t].positions_at + (((first + tf) * c[t].position_bits + 7) >> 3)
        if c[t].position_bits > 32 or at > c[t].positions_end or at + 8 > positions_size:
            return -1
    tf = tf_at(data, c, 0, c[0].index)
    first = c[0].sum if c[0].tf_bits > 0 else c[0].index
    if c[0].position_bits == 0:
        # All at 0: one says for all of them.
        return tf if row_from(data, positions, c, terms, 1, 0, slop, offsets, failed) else 0
    for i in range(tf):
        at = unpack(positions, c[0].positions_at, first + i, c[0].position_bits)
        if row_from(data, positions, c, terms, 1, at, slop, offsets, failed):
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
    offsets: cython.const[cython.longlong][::1],
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


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def all_of(
    postings: cython.const[cython.uchar][::1],
    positions: cython.const[cython.uchar][::1],
    lists: cython.const[cython.longlong][::1],
    offsets: cython.const[cython.longlong][::1],
    slop: cython.longlong,
    weights: cython.const[cython.double][::1],
    order: cython.const[cython.longlong][::1],
    lengths: cython.const[cython.uchar][::1],
    length_width: cython.Py_ssize_t,
    docs: cython.Py_ssize_t,
    deleted: cython.const[cython.uchar][::1],
    table: cython.const[cython.double][::1],
    first_docnum: cython.longlong,
    limit: cython.Py_ssize_t,
    best_scores: cython.double[::1],
    best_docs: cython.longlong[::1],
    held: cython.Py_ssize_t,
    room: cython.uchar[::1],
) -> cython.Py_ssize_t:
    """Take the best documents that have all of the terms into the heap; as ``any_of``, but:

    ``lists`` has five numbers for each term, the last two where its positions begin and end in
    ``positions``. ``order`` are the terms from the rarest on. If ``offsets`` is not empty, the
    terms must stand in a row: term t from ``offsets[t]`` to ``offsets[t] + slop - 1`` positions
    after term t - 1; the row is then scored as one term, with the first of ``weights`` (the score
    of a document is that weight times the saturation of the number of rows).
    """
    terms: cython.Py_ssize_t = len(order)
    has_deleted: cython.bint = len(deleted) > 0
    is_phrase: cython.bint = len(offsets) > 0
    size: cython.longlong = len(postings)
    positions_size: cython.longlong = len(positions)
    width: cython.longlong = length_width
    p: cython.p_uchar
    q: cython.p_uchar
    c: cython.pointer(Cursor)
    lens: cython.p_uchar
    gone: cython.p_uchar
    tab: cython.p_double
    top_scores: cython.p_double
    top_docs: cython.p_longlong
    whole: cython.double[64]
    failed: cython.longlong[64]
    if terms == 0 or docs == 0 or limit == 0:
        return held
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        q = cython.cast(cython.p_uchar, cython.address(positions[0])) if positions_size else p
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
        lens = cython.cast(cython.p_uchar, cython.address(lengths[0]))
        gone = cython.cast(cython.p_uchar, cython.address(deleted[0])) if has_deleted else p
        tab = cython.cast(cython.p_double, cython.address(table[0]))
        top_scores = cython.address(best_scores[0])
        top_docs = cython.address(best_docs[0])
    else:
        p, q, lens, gone, tab = postings, positions, lengths, deleted, table
        c = [Cursor() for _ in range(terms)]
        top_scores, top_docs = best_scores, best_docs
        whole, failed = [0.0] * 64, [0] * 64
    t: cython.Py_ssize_t
    j: cython.Py_ssize_t
    lead: cython.Py_ssize_t = order[0]
    i: cython.longlong
    doc: cython.longlong
    high: cython.longlong
    stop: cython.longlong
    other: cython.longlong
    length: cython.longlong
    tf: cython.longlong
    least_tf: cython.longlong
    most: cython.longlong
    counts: cython.bint
    weight: cython.double
    score: cython.double
    bound: cython.double
    rest: cython.double
    threshold: cython.double
    ok: cython.bint = True
    with cython.nogil:
        for t in range(terms):
            c[t].start = lists[5 * t]
            c[t].end = lists[5 * t + 1]
            c[t].df = lists[5 * t + 2]
            c[t].positions_start = lists[5 * t + 3]
            c[t].positions_end = lists[5 * t + 4]
            if not open_cursor(p, size, c, t):
                ok = False
                break
            if is_phrase:
                whole[t] = list_bound(p, c, t, lens, width, docs, tab, weights[0])
            else:
                whole[t] = list_bound(p, c, t, lens, width, docs, tab, weights[t])
        threshold = top_scores[0] if held == limit else -1.0
        weight = weights[0] if is_phrase else weights[lead]
        # Rows that leave room may share all their terms but the first.
        counts = not is_phrase or slop == 1 or lead == 0
        doc = c[lead].doc if ok else NO_DOC
        while ok and doc < docs:
            # One block of the rarest term at a time: what can the others add to it?
            high = c[lead].last + 1
            if high > docs or high <= doc:
                high = docs
            if not counts:
                bound = weight * SLACK
            elif c[lead].blocks == 1:
                bound = whole[lead]
            else:
                bound = block_bound(p, c, lead, c[lead].block, tab, weight)
            rest = 0.0
            for t in range(terms):
                if t == lead:
                    continue
                score = whole[t]
                if c[t].blocks <= 64 * c[lead].blocks:
                    score = window_bound(
                        p, c, t, doc, high, tab, weights[0] if is_phrase else weights[t], whole[t]
                    )
                if not is_phrase:
                    rest += score
                elif (slop == 1 or t == 0) and score < bound:
                    bound = score
            if (bound + rest) * SLACK <= threshold:
                doc = seek(p, c, lead, high)
                continue
            least_tf = 1
            if counts:
                least_tf = least_frequency(p, c, lead, tab, weight, rest, threshold)
            stop = index_of(p, c, lead, high)
            other = doc
            for i in range(c[lead].index, stop):
                tf = tf_at(p, c, lead, i)
                if tf < least_tf:
                    continue
                doc = c[lead].base + unpack(p, c[lead].docs_at, i, c[lead].doc_bits)
                if doc < other:
                    continue
                if doc >= high:
                    # Only in a damaged list.
                    ok = False
                    break
                length = length_of(lens, width, doc)
                if counts and ((weight * saturation(tab, tf, length) + rest) * SLACK <= threshold):
                    continue
                # The others, from the rarest on, must be there too.
                c[lead].index = i
                c[lead].doc = doc
                other = doc
                most = tf
                for j in range(1, terms):
                    t = order[j]
                    other = seek(p, c, t, doc)
                    if other != doc:
                        break
                    if is_phrase and (slop == 1 or t == 0):
                        tf = tf_at(p, c, t, c[t].index)
                        if tf < most or not counts:
                            most = tf
                if other != doc:
                    if other >= high:
                        break
                    continue
                if is_phrase:
                    score = weight * saturation(tab, most, length)
                    if score * SLACK <= threshold:
                        continue
                    tf = phrase_frequency(p, q, positions_size, c, terms, slop, offsets, failed)
                    if tf < 0:
                        ok = False
                        break
                    score = weight * saturation(tab, tf, length) if tf > 0 else -1.0
                else:
                    score = 0.0
                    for t in range(terms):
                        score += weights[t] * saturation(tab, tf_at(p, c, t, c[t].index), length)
                if score > threshold and not is_deleted(gone, has_deleted, doc):
                    held = keep(top_scores, top_docs, held, limit, score, first_docnum + doc)
                    if held == limit:
                        threshold = top_scores[0]
            doc = seek(p, c, lead, other if other > high else high)
    return held if ok else -1


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def best_of(
    docs: cython.const[cython.uint][::1],
    values: cython.const[cython.double][::1],
    limit: cython.Py_ssize_t,
    best_scores: cython.double[::1],
    best_docs: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Fill the heap with the best of a set of scored documents, which are in order; how many."""
    held: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    top_scores: cython.p_double
    top_docs: cython.p_longlong
    if limit == 0 or len(docs) == 0:
        return 0
    if cython.compiled:
        top_scores = cython.address(best_scores[0])
        top_docs = cython.address(best_docs[0])
    else:
        top_scores, top_docs = best_scores, best_docs
    with cython.nogil:
        for i in range(len(docs)):
            if held < limit or values[i] > top_scores[0]:
                held = keep(top_scores, top_docs, held, limit, values[i], docs[i])
    return held


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
        or len(room) < CURSOR_BYTES
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
