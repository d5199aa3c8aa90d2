# cython: language_level=3
"""Which documents of one field are best that have any of some terms?

MaxScore (Turtle and Flood 1995) with bounds from blocks (Chakrabarti, Chaudhuri and Ganti 2011),
decided anew for each window of documents: terms whose bounds together cannot reach the threshold
are only looked up for documents that the others bring.

Contributions are doubles, each ``weight * saturation``; a score is their sum in the order of the
clauses, whatever the order in which they were found.

One module, though long: what the loops call, the compiler inlines only within one.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.best import keep
    from cython.cimports.searchkit.kernels.bounds import (
        block_bound,
        least_frequency,
        list_bound,
        window_bound,
    )
    from cython.cimports.searchkit.kernels.cursors import (
        Cursor,
        frequency_in,
        index_of,
        open_cursor,
        seek,
        tf_at,
    )
    from cython.cimports.searchkit.kernels.first_threshold import first_threshold
    from cython.cimports.searchkit.kernels.inlined import (
        HITS,
        SLACK,
        is_deleted,
        length_of,
        lowest_bit,
        saturation,
        unpack,
    )
else:
    from searchkit.kernels.best import keep
    from searchkit.kernels.bounds import block_bound, least_frequency, list_bound, window_bound
    from searchkit.kernels.cursors import Cursor, frequency_in, index_of, open_cursor, seek, tf_at
    from searchkit.kernels.first_threshold import first_threshold
    from searchkit.kernels.inlined import (
        HITS,
        SLACK,
        is_deleted,
        length_of,
        lowest_bit,
        saturation,
        unpack,
    )


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def accumulate(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    t: cython.Py_ssize_t,
    low: cython.longlong,
    high: cython.longlong,
    weight: cython.double,
    cut: cython.double,
    table: cython.p_double,
    lengths: cython.p_uchar,
    width: cython.longlong,
    sums: cython.p_double,
    hits: cython.p_uint,
    above: cython.p_ulonglong,
) -> cython.longlong:
    """Add what term ``t`` contributes to the documents from ``low`` to below ``high``.

    ``sums`` has a place for each of them. The postings go into the term's part of ``hits``: the
    place, and 65,536 times the frequency (65,535 for higher ones). Sets the bit in ``above`` of the
    documents whose sum is above ``cut``. Returns the number of postings, or -1 for damage.
    """
    i: cython.longlong
    count: cython.longlong
    slot: cython.longlong
    tf: cython.longlong
    base: cython.longlong
    doc_bits: cython.longlong
    tf_bits: cython.longlong
    docs_at: cython.longlong
    tfs_at: cython.longlong
    start: cython.longlong = HITS * t
    at: cython.longlong = start
    span: cython.longlong = high - low
    score: cython.double
    doc: cython.longlong = seek(data, c, t, low)
    while doc < high:
        if at > start + 4096:
            # Only in a damaged list do so many stand in so few documents.
            return -1
        base = c[t].base - low
        doc_bits = c[t].doc_bits
        tf_bits = c[t].tf_bits
        docs_at = c[t].docs_at
        tfs_at = c[t].tfs_at
        count = c[t].count
        i = c[t].index
        while i < count:
            slot = base + unpack(data, docs_at, i, doc_bits)
            if slot < 0:
                return -1
            if slot >= span:
                c[t].index = i
                c[t].doc = low + slot
                return at - start
            tf = 1 + unpack(data, tfs_at, i, tf_bits)
            score = weight * saturation(table, tf, length_of(lengths, width, low + slot))
            score += sums[slot]
            sums[slot] = score
            hits[at] = cython.cast(cython.uint, slot | (tf if tf < 65535 else 65535) << 16)
            at += 1
            # Without a branch, which would often be foretold wrongly.
            above[slot >> 6] |= cython.cast(cython.ulonglong, score > cut) << (slot & 63)
            i += 1
        doc = seek(data, c, t, (c[t].last if c[t].last > doc else doc) + 1)
    return at - start


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def frequency_at(
    hits: cython.p_uint, t: cython.Py_ssize_t, count: cython.longlong, slot: cython.longlong
) -> cython.longlong:
    """The frequency of term ``t``, of which the window has ``count`` postings, in the document of
    a place; 0 if it has none.
    """
    low: cython.longlong = HITS * t
    high: cython.longlong = low + count
    end: cython.longlong = high
    middle: cython.longlong
    while low < high:
        middle = (low + high) >> 1
        if (hits[middle] & 0xFFFF) < slot:
            low = middle + 1
        else:
            high = middle
    return hits[low] >> 16 if low < end and (hits[low] & 0xFFFF) == slot else 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def complete(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    doc: cython.longlong,
    length: cython.longlong,
    score: cython.double,
    count: cython.Py_ssize_t,
    order: cython.pointer(cython.Py_ssize_t),
    bounds: cython.p_double,
    threshold: cython.double,
    weights: cython.p_double,
    table: cython.p_double,
    mine: cython.p_double,
) -> cython.bint:
    """Look up what the first ``count`` terms of ``order`` contribute to a document, from the last
    of them on, as long as it can come above the threshold; whether it can.

    ``score`` is what it has of the others; ``bounds[j]`` what the first j can add at most.
    """
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for j in range(count - 1, -1, -1):
        if (score + bounds[j + 1]) * SLACK <= threshold:
            return False
        k = order[j]
        mine[k] = 0.0
        if seek(data, c, k, doc) == doc:
            mine[k] = weights[k] * saturation(table, tf_at(data, c, k, c[k].index), length)
            score += mine[k]
    return score * SLACK > threshold


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def alone(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    t: cython.Py_ssize_t,
    low: cython.longlong,
    high: cython.longlong,
    rest: cython.double,
    weights: cython.p_double,
    table: cython.p_double,
    lengths: cython.p_uchar,
    width: cython.longlong,
    deleted: cython.p_uchar,
    has_deleted: cython.bint,
    count: cython.Py_ssize_t,
    order: cython.pointer(cython.Py_ssize_t),
    bounds: cython.p_double,
    mine: cython.p_double,
    terms: cython.Py_ssize_t,
    threshold: cython.double,
    limit: cython.Py_ssize_t,
    scores: cython.p_double,
    found: cython.p_longlong,
    held: cython.Py_ssize_t,
    first_docnum: cython.longlong,
) -> cython.Py_ssize_t:
    """Take the best documents from ``low`` to below ``high`` that have term ``t`` into the heap:
    how many it holds then, or -1 for damage.

    The others, the first ``count`` of ``order``, can add ``rest`` at most. Blocks and frequencies
    too low even with that are passed over; another window may want them.
    """
    i: cython.longlong
    k: cython.Py_ssize_t
    stop: cython.longlong
    tf: cython.longlong
    least_tf: cython.longlong
    length: cython.longlong
    base: cython.longlong
    doc_bits: cython.longlong
    tf_bits: cython.longlong
    docs_at: cython.longlong
    tfs_at: cython.longlong
    score: cython.double
    weight: cython.double = weights[t]
    doc: cython.longlong = seek(data, c, t, low)
    while doc < high:
        if c[t].blocks > 1 and (
            (block_bound(data, c, t, c[t].block, table, weight) + rest) * SLACK <= threshold
        ):
            stop = (c[t].last if c[t].last > doc else doc) + 1
            doc = seek(data, c, t, stop if stop < high else high)
            continue
        least_tf = least_frequency(data, c, t, table, weight, rest, threshold)
        base = c[t].base
        doc_bits = c[t].doc_bits
        tf_bits = c[t].tf_bits
        docs_at = c[t].docs_at
        tfs_at = c[t].tfs_at
        stop = index_of(data, c, t, high)
        for i in range(c[t].index, stop):
            tf = 1 + unpack(data, tfs_at, i, tf_bits)
            if tf < least_tf:
                continue
            doc = base + unpack(data, docs_at, i, doc_bits)
            if doc >= high:
                # Only in a damaged list.
                return -1
            length = length_of(lengths, width, doc)
            score = weight * saturation(table, tf, length)
            if (score + rest) * SLACK <= threshold:
                continue
            mine[t] = score
            if not complete(
                data, c, doc, length, score, count, order, bounds, threshold, weights, table, mine
            ):
                continue
            score = 0.0
            for k in range(terms):
                score += mine[k]
            if score > threshold and not is_deleted(deleted, has_deleted, doc):
                held = keep(scores, found, held, limit, score, first_docnum + doc)
                if held == limit:
                    threshold = scores[0]
        if stop < c[t].count:
            break
        doc = seek(data, c, t, (c[t].last if c[t].last > c[t].doc else c[t].doc) + 1)
    seek(data, c, t, high)
    return held


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def together(
    data: cython.p_uchar,
    size: cython.longlong,
    c: cython.pointer(Cursor),
    terms: cython.Py_ssize_t,
    low: cython.longlong,
    high: cython.longlong,
    weights: cython.p_double,
    table: cython.p_double,
    lengths: cython.p_uchar,
    width: cython.longlong,
    deleted: cython.p_uchar,
    has_deleted: cython.bint,
    first: cython.Py_ssize_t,
    order: cython.pointer(cython.Py_ssize_t),
    bounds: cython.p_double,
    mine: cython.p_double,
    threshold: cython.double,
    limit: cython.Py_ssize_t,
    scores: cython.p_double,
    found: cython.p_longlong,
    held: cython.Py_ssize_t,
    first_docnum: cython.longlong,
    sums: cython.p_double,
    hits: cython.p_uint,
    above: cython.p_ulonglong,
) -> cython.Py_ssize_t:
    """Take the best documents from ``low`` to below ``high`` that have one of the terms of
    ``order`` from the ``first`` on into the heap: how many it holds then, or -1 for damage.

    What these contribute is added up, in any order, to see which documents could come in; those are
    scored in the order of the clauses. ``above`` is all 0 before and after, as ``sums`` is.
    """
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    at: cython.longlong
    slot: cython.longlong
    doc: cython.longlong
    tf: cython.longlong
    length: cython.longlong
    score: cython.double
    word: cython.ulonglong
    counts: cython.longlong[64]
    if not cython.compiled:
        counts = [0] * 64
    cut: cython.double = -1.0
    if threshold >= 0.0:
        cut = threshold * (2.0 - SLACK) - bounds[first] * SLACK
    for j in range(first, terms):
        k = order[j]
        counts[k] = accumulate(
            data, c, k, low, high, weights[k], cut, table, lengths, width, sums, hits, above
        )
        if counts[k] < 0:
            return -1
    for i in range(64):
        word = above[i]
        above[i] = 0
        while word:
            slot = (i << 6) + lowest_bit(word)
            word &= word - 1
            doc = low + slot
            length = length_of(lengths, width, doc)
            if not complete(
                data, c, doc, length, sums[slot], first, order, bounds, threshold, weights, table,
                mine,
            ):  # fmt: skip
                continue
            for j in range(first, terms):
                k = order[j]
                mine[k] = 0.0
                tf = frequency_at(hits, k, counts[k], slot)
                if tf == 65535:
                    tf = frequency_in(data, size, c, k, terms, doc)
                if tf > 0:
                    mine[k] = weights[k] * saturation(table, tf, length)
            score = 0.0
            for k in range(terms):
                score += mine[k]
            if score > threshold and not is_deleted(deleted, has_deleted, doc):
                held = keep(scores, found, held, limit, score, first_docnum + doc)
                if held == limit:
                    threshold = scores[0]
    # Few of the places are used: quicker than to clear them all.
    for j in range(first, terms):
        k = order[j]
        for at in range(HITS * k, HITS * k + counts[k]):
            sums[hits[at] & 0xFFFF] = 0.0
    return held


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
    postings_met: cython.uint[::1],
) -> cython.Py_ssize_t:
    """Take the best documents that have any of the terms into the heap ``best_*``.

    ``lists`` has for each term, in the order of the clauses: where its list begins and ends in
    ``postings``, and its number of postings; ``weights`` what its saturation is multiplied with.
    ``lengths`` has a number of ``length_width`` bytes for each of the ``docs`` documents.
    ``deleted`` is a bitmap, or empty. The heap has room for ``limit`` and holds ``held``; its
    docnums are counted from ``first_docnum``. ``room`` are 256 bytes for each term and 256 more;
    ``window`` are 4096 doubles, all 0 before and after; ``postings_met`` are 4224 numbers for each
    term. Returns how many the heap holds then, or -1 for damaged lists.
    """
    terms: cython.Py_ssize_t = len(weights)
    t: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    has_deleted: cython.bint = len(deleted) > 0
    size: cython.longlong = len(postings)
    width: cython.longlong = length_width
    p: cython.p_uchar
    c: cython.pointer(Cursor)
    lens: cython.p_uchar
    gone: cython.p_uchar
    tab: cython.p_double
    wins: cython.p_double
    hits: cython.p_uint
    wts: cython.p_double
    top_scores: cython.p_double
    top_docs: cython.p_longlong
    if terms == 0 or docs == 0 or limit == 0:
        return held
    if (
        terms > 64
        or len(lists) != 3 * terms
        or len(room) < 256 * (terms + 1)
        or len(lengths) < docs * length_width
        or len(table) < 5 + 8 * 1024
        or len(window) < 4096
        or len(postings_met) < HITS * terms
        or (has_deleted and 8 * len(deleted) < docs)
    ):
        raise ValueError("arrays that do not fit together")
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
        lens = cython.cast(cython.p_uchar, cython.address(lengths[0]))
        gone = cython.cast(cython.p_uchar, cython.address(deleted[0])) if has_deleted else p
        tab = cython.cast(cython.p_double, cython.address(table[0]))
        wins = cython.address(window[0])
        hits = cython.address(postings_met[0])
        wts = cython.cast(cython.p_double, cython.address(weights[0]))
        top_scores = cython.address(best_scores[0])
        top_docs = cython.address(best_docs[0])
    else:
        p, lens, gone, tab, wins, wts = postings, lengths, deleted, table, window, weights
        hits = postings_met
        c = [Cursor() for _ in range(terms + 1)]
        top_scores, top_docs = best_scores, best_docs
    # For each term: its bound in the list, its bound in the window; then the terms by that bound,
    # and the sums of the bounds of the first of them.
    whole: cython.double[64]
    bounds: cython.double[64]
    sums: cython.double[65]
    order: cython.Py_ssize_t[64]
    mine: cython.double[64]
    above: cython.ulonglong[64]
    if not cython.compiled:
        bounds, sums, order, mine = [0.0] * 64, [0.0] * 65, [0] * 64, [0.0] * 64
        whole, above = [0.0] * 64, [0] * 64
    threshold: cython.double
    low: cython.longlong = 0
    high: cython.longlong
    span: cython.longlong = 64
    rest: cython.double
    first: cython.Py_ssize_t
    ok: cython.bint = True
    with cython.nogil:
        for i in range(64):
            above[i] = 0
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
            # One term skips blocks by itself.
            if high > docs or terms == 1:
                high = docs
            # Until there is a threshold every document of a window is scored.
            if span < 4096:
                span = 4096 if threshold >= 0.0 else 2 * span
            for t in range(terms):
                # Of a term that a quarter of the documents have, the highest of the many blocks
                # in a window is seldom much lower than that of the list, and to bound each took
                # long. (Of two terms one alone often brings the documents, and skips more if the
                # bound of the other is tight.)
                if terms > 2 and c[t].blocks > 1 and 4 * c[t].df > docs:
                    bounds[t] = whole[t]
                else:
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
                # One term alone brings the documents.
                held = alone(
                    p, c, order[first], low, high, rest, wts, tab, lens, width, gone, has_deleted,
                    first, order, sums, mine, terms, threshold, limit, top_scores, top_docs, held,
                    first_docnum,
                )  # fmt: skip
            else:
                held = together(
                    p, size, c, terms, low, high, wts, tab, lens, width, gone, has_deleted, first,
                    order, sums, mine, threshold, limit, top_scores, top_docs, held, first_docnum,
                    wins, hits, above,
                )  # fmt: skip
            if held < 0:
                ok = False
                break
            if held == limit:
                threshold = top_scores[0]
            low = high
    return held if ok else -1
