# cython: language_level=3
"""Which documents of one field are best that have all of some terms, or all of them in a row?"""

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
        index_of,
        open_cursor,
        seek,
        tf_at,
    )
    from cython.cimports.searchkit.kernels.inlined import (
        NO_DOC,
        SLACK,
        bits_in,
        is_deleted,
        length_of,
        saturation,
        unpack,
    )
    from cython.cimports.searchkit.kernels.phrases import meet, phrase_frequency
else:
    from searchkit.kernels.best import keep
    from searchkit.kernels.bounds import block_bound, least_frequency, list_bound, window_bound
    from searchkit.kernels.cursors import Cursor, index_of, open_cursor, seek, tf_at
    from searchkit.kernels.inlined import (
        NO_DOC,
        SLACK,
        bits_in,
        is_deleted,
        length_of,
        saturation,
        unpack,
    )
    from searchkit.kernels.phrases import meet, phrase_frequency


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
    steps: cython.p_longlong
    # For each term: its bound in the list, how far it stands from the beginning of a row; then
    # where rows can begin in a document, a bit for each place.
    whole: cython.double[64]
    shifts: cython.longlong[64]
    failed: cython.longlong[64]
    rows: cython.ulonglong[4]
    if terms == 0 or docs == 0 or limit == 0:
        return held
    if (
        terms > 64
        or len(lists) != 5 * terms
        or len(weights) < (1 if is_phrase else terms)
        or (is_phrase and len(offsets) != terms)
        or len(room) < 256 * terms
        or len(lengths) < docs * length_width
        or len(table) < 5 + 8 * 1024
        or (has_deleted and 8 * len(deleted) < docs)
    ):
        raise ValueError("arrays that do not fit together")
    if cython.compiled:
        p = cython.cast(cython.p_uchar, cython.address(postings[0]))
        q = cython.cast(cython.p_uchar, cython.address(positions[0])) if positions_size else p
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
        lens = cython.cast(cython.p_uchar, cython.address(lengths[0]))
        gone = cython.cast(cython.p_uchar, cython.address(deleted[0])) if has_deleted else p
        tab = cython.cast(cython.p_double, cython.address(table[0]))
        top_scores = cython.address(best_scores[0])
        top_docs = cython.address(best_docs[0])
        steps = top_docs
        if is_phrase:
            steps = cython.cast(cython.p_longlong, cython.address(offsets[0]))
    else:
        p, q, lens, gone, tab = postings, positions, lengths, deleted, table
        steps = offsets
        c = [Cursor() for _ in range(terms)]
        top_scores, top_docs = best_scores, best_docs
        whole, shifts, failed, rows = [0.0] * 64, [0] * 64, [0] * 64, [0] * 4
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
    in_bits: cython.bint
    left: cython.longlong
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
                shifts[t] = shifts[t - 1] + steps[t] if t > 0 else 0
            else:
                whole[t] = list_bound(p, c, t, lens, width, docs, tab, weights[t])
        threshold = top_scores[0] if held == limit else -1.0
        weight = weights[0] if is_phrase else weights[lead]
        # Rows that leave room may share all their terms but the first.
        counts = not is_phrase or slop == 1 or lead == 0
        in_bits = is_phrase and slop == 1 and terms > 1
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
                left = 1 if in_bits else -2
                for j in range(1, terms):
                    t = order[j]
                    other = seek(p, c, t, doc)
                    if other != doc:
                        break
                    if is_phrase and (slop == 1 or t == 0):
                        tf = tf_at(p, c, t, c[t].index)
                        if tf < most or not counts:
                            most = tf
                            if weight * saturation(tab, most, length) * SLACK <= threshold:
                                left = 0
                                break
                    if left == 1:
                        # Most documents have no two of the terms in a row: those are not asked for
                        # the third.
                        if j == 1:
                            left = meet(p, q, positions_size, c, lead, shifts[lead], True, rows)
                        if left == 1:
                            left = meet(p, q, positions_size, c, t, shifts[t], False, rows)
                        if left == 0 or left == -1:
                            break
                if other != doc:
                    if other >= high:
                        break
                    continue
                if left == -1:
                    ok = False
                    break
                if left == 0:
                    continue
                if is_phrase:
                    if left == 1:
                        tf = bits_in(rows[0]) + bits_in(rows[1])
                        tf += bits_in(rows[2]) + bits_in(rows[3])
                    else:
                        tf = phrase_frequency(p, q, positions_size, c, terms, slop, steps, failed)
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
