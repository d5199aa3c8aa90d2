# cython: language_level=3
"""What do the candidates of a ranking have besides their words?

The documents that they are passages of, what these have of the words, and how near to each other
the words stand in the candidates.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.cursors import Cursor, open_cursor, seek, tf_at
    from cython.cimports.searchkit.kernels.inlined import (
        NO_DOC,
        get32,
        is_deleted,
        length_of,
        unpack,
    )
    from cython.cimports.searchkit.kernels.phrases import claim, first_position
else:
    from searchkit.kernels.cursors import Cursor, open_cursor, seek, tf_at
    from searchkit.kernels.inlined import NO_DOC, get32, is_deleted, length_of, unpack
    from searchkit.kernels.phrases import claim, first_position


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def offset_of(
    offsets: cython.p_uchar, width: cython.longlong, index: cython.longlong
) -> cython.longlong:
    """The ``index``-th offset, of 4 or 8 bytes; -1 if it is no place in memory."""
    at: cython.longlong = width * index
    high: cython.longlong = 0
    if width == 8:
        high = get32(offsets, at + 4)
    if high >> 31:
        return -1
    return (high << 32) + get32(offsets, at)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_same(
    keys: cython.p_uchar,
    size: cython.longlong,
    offsets: cython.p_uchar,
    width: cython.longlong,
    doc: cython.longlong,
) -> cython.longlong:
    """Whether document ``doc`` and the next one have one key; -1 for damage."""
    i: cython.longlong
    start: cython.longlong = offset_of(offsets, width, doc)
    middle: cython.longlong = offset_of(offsets, width, doc + 1)
    end: cython.longlong = offset_of(offsets, width, doc + 2)
    if start < 0 or middle < start or end < middle or end > size:
        return -1
    if middle - start != end - middle:
        return 0
    # Keys of one folder begin alike.
    for i in range(middle - start - 1, -1, -1):
        if keys[start + i] != keys[middle + i]:
            return 0
    return 1


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def runs_of(
    keys: cython.const[cython.uchar][::1],
    offsets: cython.const[cython.uchar][::1],
    width: cython.longlong,
    docs: cython.longlong,
    deleted: cython.const[cython.uchar][::1],
    base: cython.longlong,
    candidates: cython.const[cython.longlong][::1],
    lows: cython.longlong[::1],
    highs: cython.longlong[::1],
) -> cython.bint:
    """Which live neighbours of each of the ascending ``candidates`` have its key: from ``lows`` to
    below ``highs``. All are counted from ``base`` below the first of ``docs``. False for damage.

    ``keys`` and ``offsets`` are those of ``codec/keys.py``, these of ``width`` bytes each.
    """
    count: cython.Py_ssize_t = len(candidates)
    size: cython.longlong = len(keys)
    has_deleted: cython.bint = len(deleted) > 0
    i: cython.Py_ssize_t
    doc: cython.longlong
    low: cython.longlong
    high: cython.longlong
    same: cython.longlong = 0
    k: cython.p_uchar
    o: cython.p_uchar
    gone: cython.p_uchar
    if count == 0:
        return True
    if (
        (width != 4 and width != 8)
        or len(offsets) < width * (docs + 1)
        or len(lows) < count
        or len(highs) < count
        or (has_deleted and 8 * len(deleted) < docs)
    ):
        raise ValueError("arrays that do not fit together")
    for i in range(count):
        if candidates[i] < base or candidates[i] - base >= docs:
            raise ValueError("arrays that do not fit together")
    if cython.compiled:
        o = cython.cast(cython.p_uchar, cython.address(offsets[0]))
        k = cython.cast(cython.p_uchar, cython.address(keys[0])) if size else o
        gone = cython.cast(cython.p_uchar, cython.address(deleted[0])) if has_deleted else o
    else:
        k, o, gone = keys, offsets, deleted
    with cython.nogil:
        for i in range(count):
            doc = candidates[i] - base
            if i > 0 and lows[i - 1] <= candidates[i] < highs[i - 1]:
                lows[i] = lows[i - 1]
                highs[i] = highs[i - 1]
                continue
            low = doc
            while low > 0 and not is_deleted(gone, has_deleted, low - 1):
                same = is_same(k, size, o, width, low - 1)
                if same != 1:
                    break
                low -= 1
            if same < 0:
                break
            high = doc + 1
            while high < docs and not is_deleted(gone, has_deleted, high):
                same = is_same(k, size, o, width, high - 1)
                if same != 1:
                    break
                high += 1
            if same < 0:
                break
            lows[i] = base + low
            highs[i] = base + high
    return same >= 0


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def add_runs(
    postings: cython.const[cython.uchar][::1],
    lists: cython.const[cython.longlong][::1],
    weights: cython.const[cython.double][::1],
    words: cython.Py_ssize_t,
    lengths: cython.const[cython.uchar][::1],
    width: cython.longlong,
    docs: cython.longlong,
    base: cython.longlong,
    lows: cython.const[cython.longlong][::1],
    highs: cython.const[cython.longlong][::1],
    tfs: cython.double[::1],
    totals: cython.double[::1],
    room: cython.uchar[::1],
) -> cython.bint:
    """Add up what runs of documents have of some words. False for damage.

    ``lists`` has four numbers for each list: its word, where it begins and ends, its number of
    postings; ``weights`` what a posting's frequency is multiplied by. Each run, in ascending order
    and apart or the same as the one before, goes from ``lows`` to below ``highs``, counted from
    ``base`` below the first of ``docs``; what lies outside of them is left out. To ``tfs``,
    ``words`` for each run, the weighted frequencies are added, list by list; to ``totals`` the
    lengths. A run that is the same as the one before gets nothing.
    """
    count: cython.Py_ssize_t = len(weights)
    number: cython.Py_ssize_t = len(lows)
    size: cython.longlong = len(postings)
    r: cython.Py_ssize_t
    i: cython.Py_ssize_t
    row: cython.Py_ssize_t
    doc: cython.longlong
    low: cython.longlong
    high: cython.longlong
    total: cython.double
    p: cython.p_uchar
    lens: cython.p_uchar
    c: cython.pointer(Cursor)
    ok: cython.bint = True
    if number == 0:
        return True
    if (
        len(highs) != number
        or len(lists) != 4 * count
        or len(lengths) < docs * width
        or len(room) < 256
        or len(totals) < number
        or len(tfs) < words * number
    ):
        raise ValueError("arrays that do not fit together")
    for i in range(number):
        if (
            lows[i] < 0
            or highs[i] <= lows[i]
            or (
                i > 0
                and lows[i] < highs[i - 1]
                and (lows[i] != lows[i - 1] or highs[i] != highs[i - 1])
            )
        ):
            raise ValueError("arrays that do not fit together")
    for r in range(count):
        if not 0 <= lists[4 * r] < words:
            raise ValueError("arrays that do not fit together")
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        lens = cython.cast(cython.p_uchar, cython.address(lengths[0]))
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
    else:
        p, lens, c = postings, lengths, [Cursor()]
    with cython.nogil:
        for i in range(number):
            if i > 0 and lows[i] == lows[i - 1]:
                continue
            low = lows[i] - base if lows[i] > base else 0
            high = highs[i] - base if highs[i] - base < docs else docs
            total = 0.0
            for doc in range(low, high):
                total += length_of(lens, width, doc)
            totals[i] += total
        for r in range(count):
            c[0].start = lists[4 * r + 1]
            c[0].end = lists[4 * r + 2]
            c[0].df = lists[4 * r + 3]
            c[0].positions_start = 0
            if not open_cursor(p, size, c, 0):
                ok = False
                break
            for i in range(number):
                if i > 0 and lows[i] == lows[i - 1]:
                    continue
                low = lows[i] - base if lows[i] > base else 0
                high = highs[i] - base if highs[i] - base < docs else docs
                if low >= high:
                    continue
                row = words * i + lists[4 * r]
                doc = seek(p, c, 0, low)
                while doc < high:
                    tfs[row] += weights[r] * tf_at(p, c, 0, c[0].index)
                    doc = seek(p, c, 0, doc + 1)
                if doc >= NO_DOC:
                    break
    return ok


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def score_runs(
    lows: cython.const[cython.longlong][::1],
    tfs: cython.const[cython.double][::1],
    totals: cython.const[cython.double][::1],
    idfs: cython.const[cython.double][::1],
    k1: cython.double,
    b: cython.double,
    average: cython.double,
    scores: cython.double[::1],
) -> cython.bint:
    """Write to ``scores`` the BM25 of each run that ``add_runs`` has filled; that of the run before
    if it is the same.
    """
    words: cython.Py_ssize_t = len(idfs)
    i: cython.Py_ssize_t
    w: cython.Py_ssize_t
    norm: cython.double
    tf: cython.double
    score: cython.double
    if len(tfs) < words * len(lows) or len(totals) < len(lows) or len(scores) < len(lows):
        raise ValueError("arrays that do not fit together")
    for i in range(len(lows)):
        if i > 0 and lows[i] == lows[i - 1]:
            scores[i] = scores[i - 1]
            continue
        norm = 1.0 - b + b * totals[i] / average
        if norm < 1e-9:
            norm = 1e-9
        score = 0.0
        for w in range(words):
            tf = tfs[words * i + w] / norm
            if tf > 0.0:
                score += idfs[w] * (tf / (k1 + tf))
        scores[i] = score
    return True


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def nearness_of(
    postings: cython.const[cython.uchar][::1],
    positions: cython.const[cython.uchar][::1],
    lists: cython.const[cython.longlong][::1],
    idfs: cython.const[cython.double][::1],
    lengths: cython.const[cython.uchar][::1],
    width: cython.longlong,
    docs: cython.longlong,
    k1: cython.double,
    b: cython.double,
    average: cython.double,
    base: cython.longlong,
    candidates: cython.const[cython.longlong][::1],
    scores: cython.double[::1],
    room: cython.uchar[::1],
    places: cython.longlong[::1],
) -> cython.bint:
    """Write to ``scores`` how near to each other the words stand in each of the ascending
    ``candidates``, as ``search/nearness.py`` says; they are counted from ``base`` below the first
    of ``docs``. False for damage.

    ``lists`` has six numbers for each list, at most 192: its word, of at most 64, where it begins
    and ends, its number of postings, where its positions begin and end. ``places`` is room for
    twice as many places of a document as are looked at.
    """
    count: cython.Py_ssize_t = len(lists) // 6
    words: cython.Py_ssize_t = len(idfs)
    number: cython.Py_ssize_t = len(candidates)
    most: cython.longlong = len(places) // 2
    size: cython.longlong = len(postings)
    positions_size: cython.longlong = len(positions)
    i: cython.Py_ssize_t
    r: cython.Py_ssize_t
    w: cython.Py_ssize_t
    n: cython.longlong
    tf: cython.longlong
    first: cython.longlong
    held: cython.longlong
    old: cython.longlong
    at: cython.longlong
    place: cython.longlong
    distance: cython.longlong
    one: cython.longlong
    other: cython.longlong
    norm: cython.double
    weight: cython.double
    score: cython.double
    p: cython.p_uchar
    q: cython.p_uchar
    lens: cython.p_uchar
    c: cython.pointer(Cursor)
    sums: cython.double[64]
    ok: cython.bint = True
    if number == 0 or count == 0:
        return True
    if (
        count > 192
        or words > 64
        or len(lists) != 6 * count
        or len(lengths) < docs * width
        or len(scores) < number
        or len(room) < 256 * count
        or most < 1
    ):
        raise ValueError("arrays that do not fit together")
    for i in range(number):
        if candidates[i] < base or candidates[i] - base >= docs:
            raise ValueError("arrays that do not fit together")
    for r in range(count):
        if not 0 <= lists[6 * r] < words:
            raise ValueError("arrays that do not fit together")
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        q = cython.cast(cython.p_uchar, cython.address(positions[0])) if positions_size else p
        lens = cython.cast(cython.p_uchar, cython.address(lengths[0]))
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
    else:
        p, q, lens = postings, positions, lengths
        c = [Cursor() for _ in range(count)]
        sums = [0.0] * 64
    with cython.nogil:
        for r in range(count):
            c[r].start = lists[6 * r + 1]
            c[r].end = lists[6 * r + 2]
            c[r].df = lists[6 * r + 3]
            c[r].positions_start = lists[6 * r + 4]
            c[r].positions_end = lists[6 * r + 5]
            if not open_cursor(p, size, c, r):
                ok = False
                break
        for i in range(number if ok else 0):
            held = 0
            for w in range(words):
                sums[w] = 0.0
            for r in range(count):
                if seek(p, c, r, candidates[i] - base) != candidates[i] - base:
                    continue
                tf = tf_at(p, c, r, c[r].index)
                first = first_position(p, c, r)
                if not claim(positions_size, c, r, first, tf):
                    ok = False
                    break
                # Merged from behind with the places of the lists before, in room above them.
                if tf > most - held:
                    tf = most - held
                old = held
                for n in range(old):
                    places[most + n] = places[n]
                n = 0
                held = 0
                at = 0
                while n < old or at < tf:
                    if at < tf:
                        place = unpack(q, c[r].positions_at, first + at, c[r].position_bits)
                        place = (place << 8) | lists[6 * r]
                    if at >= tf or (n < old and places[most + n] <= place):
                        places[held] = places[most + n]
                        n += 1
                    else:
                        places[held] = place
                        at += 1
                    held += 1
            if not ok:
                break
            for n in range(1, held):
                one = places[n - 1] & 255
                other = places[n] & 255
                distance = (places[n] >> 8) - (places[n - 1] >> 8)
                if one == other or distance < 1:
                    continue
                weight = 1.0 / (cython.cast(cython.double, distance) * distance)
                sums[one] += idfs[other] * weight
                sums[other] += idfs[one] * weight
            norm = 1.0 - b + b * length_of(lens, width, candidates[i] - base) / average
            if norm < 1e-9:
                norm = 1e-9
            score = 0.0
            for w in range(words):
                if sums[w] > 0.0:
                    weight = idfs[w] if idfs[w] < 1.0 else 1.0
                    score += weight * (sums[w] / (sums[w] + k1 * norm))
            scores[i] = score
    return ok
