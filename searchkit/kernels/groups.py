# cython: language_level=3
"""Which documents are best that have some words, each of which is any of several terms (BM25F)?

What a document has of a word is added up before it saturates, so a group of lists, one for a term
in a field, stands where ``any_of`` has a list. The rest is the same: MaxScore by windows of
documents, with the bound of a group from the bounds of its lists, added up and saturated. Scores
are those of ``search/evaluate.py`` to the last bit: what terms have is added in their order, what
groups have in the order of the clauses.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.best import keep
    from cython.cimports.searchkit.kernels.bounds import block_bound, list_bound, window_bound
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
        is_deleted,
        length_of,
        lowest_bit,
        saturation,
        unpack,
    )
else:
    from searchkit.kernels.best import keep
    from searchkit.kernels.bounds import block_bound, list_bound, window_bound
    from searchkit.kernels.cursors import Cursor, index_of, open_cursor, seek, tf_at
    from searchkit.kernels.inlined import (
        NO_DOC,
        SLACK,
        is_deleted,
        length_of,
        lowest_bit,
        saturation,
        unpack,
    )


@cython.cfunc
@cython.nogil
@cython.cdivision(True)
@cython.exceptval(check=False)
def add_field(
    data: cython.p_uchar,
    c: cython.pointer(Cursor),
    r: cython.Py_ssize_t,
    low: cython.longlong,
    high: cython.longlong,
    table: cython.p_double,
    lengths: cython.p_uchar,
    width: cython.longlong,
    rows: cython.p_double,
    row: cython.longlong,
    used: cython.p_ulonglong,
    k1: cython.double,
    idf: cython.double,
    others: cython.double,
    rest: cython.double,
    threshold: cython.double,
) -> cython.bint:
    """Add what one list has of a word in the documents from ``low`` to below ``high`` to their
    places in ``rows``, from ``row`` on, and set their bits in ``used``. False for damage.

    Blocks are passed over that cannot bring a document above the threshold, even if the other
    lists add ``others`` before it saturates, and other words ``rest``: what a document lacks of
    them only makes its score lower still.
    """
    i: cython.longlong
    stop: cython.longlong
    slot: cython.longlong
    tf: cython.longlong
    base: cython.longlong
    doc_bits: cython.longlong
    docs_at: cython.longlong
    span: cython.longlong = high - low
    one: cython.ulonglong = 1
    most: cython.double
    doc: cython.longlong = seek(data, c, r, low)
    while doc < high:
        if c[r].blocks > 1:
            most = block_bound(data, c, r, c[r].block, table, 1.0) + others
            if (idf * (most / (k1 + most)) * SLACK + rest) * SLACK <= threshold:
                stop = (c[r].last if c[r].last > doc else doc) + 1
                doc = seek(data, c, r, stop if stop < high else high)
                continue
        base = c[r].base - low
        doc_bits = c[r].doc_bits
        docs_at = c[r].docs_at
        stop = index_of(data, c, r, high)
        for i in range(c[r].index, stop):
            slot = base + unpack(data, docs_at, i, doc_bits)
            if slot < 0 or slot >= span:
                return False
            tf = tf_at(data, c, r, i)
            rows[row + slot] += saturation(table, tf, length_of(lengths, width, low + slot))
            used[slot >> 6] |= one << (slot & 63)
        if stop < c[r].count:
            break
        doc = seek(data, c, r, (c[r].last if c[r].last > doc else doc) + 1)
    seek(data, c, r, high)
    return True


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def groups_of(
    postings: list,
    lengths: list,
    widths: cython.const[cython.longlong][::1],
    tables: list,
    lists: cython.const[cython.longlong][::1],
    idfs: cython.const[cython.double][::1],
    k1: cython.double,
    needs_all: cython.bint,
    docs: cython.Py_ssize_t,
    deleted: cython.const[cython.uchar][::1],
    first_docnum: cython.longlong,
    limit: cython.Py_ssize_t,
    best_scores: cython.double[::1],
    best_docs: cython.longlong[::1],
    held: cython.Py_ssize_t,
    room: cython.uchar[::1],
    window: cython.double[::1],
) -> cython.Py_ssize_t:
    """Take the best documents that have any of the words, or all of them, into the heap ``best_*``.

    ``postings``, ``lengths``, ``widths`` and ``tables`` have an entry for each field and weight,
    at most 16: the bytes of the lists, those of the lengths, how many bytes a length takes, and the
    table of what a frequency in it is worth before it saturates (``fill_table`` with a ``k1`` below
    0). ``lists`` has for each list, at most 192, group by group and in the order of the group's
    terms: the number of the group, that of the field, where the list begins and ends, its number
    of postings. Each of the groups, at most 64, has a list at the least. The rest is as in
    ``any_of``; ``window`` are 2048 doubles for each group, all 0 before and after.
    """
    count: cython.Py_ssize_t = len(lists) // 5
    words: cython.Py_ssize_t = len(idfs)
    fields: cython.Py_ssize_t = len(postings)
    has_deleted: cython.bint = len(deleted) > 0
    p: cython.p_uchar[16]
    lens: cython.p_uchar[16]
    tab: cython.p_double[16]
    sizes: cython.longlong[16]
    c: cython.pointer(Cursor)
    gone: cython.p_uchar
    rows: cython.p_double
    top_scores: cython.p_double
    top_docs: cython.p_longlong
    view: cython.const[cython.uchar][::1]
    numbers: cython.double[::1]
    f: cython.Py_ssize_t
    g: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    r: cython.Py_ssize_t
    # For each list: its bound, and that in the window. For each word: where its lists begin, its
    # bound in the window, how many postings it has, what a document has of it. Then the words by
    # their bounds, and the sums of the bounds of the first of them.
    whole: cython.double[192]
    normal: cython.double[192]
    begins: cython.Py_ssize_t[65]
    bounds: cython.double[64]
    postings_of: cython.longlong[64]
    mine: cython.double[64]
    order: cython.Py_ssize_t[64]
    sums: cython.double[65]
    used: cython.ulonglong[32]
    if words == 0 or count == 0 or docs == 0 or limit == 0:
        return held
    if (
        words > 64
        or count > 192
        or fields > 16
        or len(room) < 256 * count
        or len(window) < 2048 * words
        or (has_deleted and 8 * len(deleted) < docs)
    ):
        raise ValueError("arrays that do not fit together")
    for r in range(count):
        if not (0 <= lists[5 * r] < words and 0 <= lists[5 * r + 1] < fields):
            raise ValueError("arrays that do not fit together")
    for f in range(fields):
        if len(lengths[f]) < docs * widths[f] or len(tables[f]) < 5 + 8 * 1024:
            raise ValueError("arrays that do not fit together")
    if not cython.compiled:
        p, lens, tab, gone = postings, lengths, tables, deleted
        rows = window
        sizes = [len(one) for one in postings]
        c = [Cursor() for _ in range(count)]
        top_scores, top_docs = best_scores, best_docs
        whole, normal, begins = [0.0] * 192, [0.0] * 192, [0] * 65
        bounds, postings_of, mine = [0.0] * 64, [0] * 64, [0.0] * 64
        order, sums, used = [0] * 64, [0.0] * 65, [0] * 32
    else:
        for f in range(fields):
            view = postings[f]
            p[f] = cython.cast(cython.p_uchar, cython.address(view[0]))
            sizes[f] = len(view)
            view = lengths[f]
            lens[f] = cython.cast(cython.p_uchar, cython.address(view[0]))
            numbers = tables[f]
            tab[f] = cython.address(numbers[0])
        c = cython.cast(cython.pointer(Cursor), cython.address(room[0]))
        gone = cython.cast(cython.p_uchar, cython.address(deleted[0])) if has_deleted else p[0]
        rows = cython.address(window[0])
        top_scores = cython.address(best_scores[0])
        top_docs = cython.address(best_docs[0])
    word: cython.ulonglong
    low: cython.longlong
    high: cython.longlong
    span: cython.longlong = 64
    doc: cython.longlong
    slot: cython.longlong
    first: cython.Py_ssize_t
    threshold: cython.double
    score: cython.double
    value: cython.double
    others: cython.double
    rest: cython.double
    possible: cython.bint
    ok: cython.bint = True
    with cython.nogil:
        for i in range(32):
            used[i] = 0
        for g in range(words):
            postings_of[g] = 0
        for r in range(count - 1, -1, -1):
            begins[lists[5 * r]] = r
        begins[words] = count
        for r in range(count):
            g = lists[5 * r]
            f = lists[5 * r + 1]
            c[r].start = lists[5 * r + 2]
            c[r].end = lists[5 * r + 3]
            c[r].df = lists[5 * r + 4]
            c[r].positions_start = 0
            postings_of[g] += c[r].df
            if not open_cursor(p[f], sizes[f], c, r):
                ok = False
                break
            whole[r] = list_bound(p[f], c, r, lens[f], widths[f], docs, tab[f], 1.0)
        threshold = top_scores[0] if held == limit else -1.0
        # The rarest word brings the documents that have all.
        for g in range(words):
            j = g
            while j > 0 and postings_of[order[j - 1]] < postings_of[g]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = g
        while ok:
            low = -1 if needs_all else NO_DOC
            for g in range(words):
                doc = NO_DOC
                for r in range(begins[g], begins[g + 1]):
                    if c[r].doc < doc:
                        doc = c[r].doc
                if (doc > low) if needs_all else (doc < low):
                    low = doc
            if low >= docs:
                break
            high = low + span
            if high > docs:
                high = docs
            # Until there is a threshold every document of a window is scored.
            if span < 2048:
                span = 2048 if threshold >= 0.0 else 2 * span
            possible = True
            for g in range(words):
                value = 0.0
                for r in range(begins[g], begins[g + 1]):
                    f = lists[5 * r + 1]
                    normal[r] = window_bound(p[f], c, r, low, high, tab[f], 1.0, whole[r])
                    value += normal[r]
                bounds[g] = idfs[g] * (value / (k1 + value)) * SLACK if value > 0.0 else 0.0
                if needs_all:
                    possible = possible and value > 0.0
                    continue
                j = g
                while j > 0 and bounds[order[j - 1]] > bounds[g]:
                    order[j] = order[j - 1]
                    j -= 1
                order[j] = g
            sums[0] = 0.0
            first = 0
            for j in range(words):
                sums[j + 1] = (sums[j] + bounds[order[j]]) * SLACK
                if sums[j + 1] <= threshold:
                    first = j + 1
            if first == words or not possible:
                for r in range(count):
                    if c[r].doc < high:
                        seek(p[lists[5 * r + 1]], c, r, high)
                continue
            if needs_all:
                first = words - 1
            for j in range(first, words):
                g = order[j]
                rest = sums[first]
                for i in range(first, words):
                    if i != j:
                        rest = (rest + bounds[order[i]]) * SLACK
                for r in range(begins[g], begins[g + 1]):
                    others = 0.0
                    for i in range(begins[g], begins[g + 1]):
                        if i != r:
                            others += normal[i]
                    f = lists[5 * r + 1]
                    ok = ok and add_field(
                        p[f], c, r, low, high, tab[f], lens[f], widths[f], rows, 2048 * g, used,
                        k1, idfs[g], others, rest, threshold,
                    )  # fmt: skip
            if not ok:
                break
            for i in range((high - low + 63) >> 6):
                word = used[i]
                used[i] = 0
                while word:
                    slot = (i << 6) + lowest_bit(word)
                    word &= word - 1
                    doc = low + slot
                    score = 0.0
                    for j in range(first, words):
                        g = order[j]
                        value = rows[2048 * g + slot]
                        rows[2048 * g + slot] = 0.0
                        mine[g] = idfs[g] * (value / (k1 + value)) if value > 0.0 else 0.0
                        score += mine[g]
                    possible = (score + sums[first]) * SLACK > threshold
                    for j in range(first - 1, -1, -1):
                        if not possible:
                            break
                        g = order[j]
                        value = 0.0
                        for r in range(begins[g], begins[g + 1]):
                            f = lists[5 * r + 1]
                            if seek(p[f], c, r, doc) == doc:
                                value += saturation(
                                    tab[f],
                                    tf_at(p[f], c, r, c[r].index),
                                    length_of(lens[f], widths[f], doc),
                                )
                        mine[g] = idfs[g] * (value / (k1 + value)) if value > 0.0 else 0.0
                        score += mine[g]
                        possible = (score + sums[j]) * SLACK > threshold and (
                            value > 0.0 or not needs_all
                        )
                    if not possible:
                        continue
                    score = 0.0
                    for g in range(words):
                        score += mine[g]
                    if score > threshold and not is_deleted(gone, has_deleted, doc):
                        held = keep(top_scores, top_docs, held, limit, score, first_docnum + doc)
                        if held == limit:
                            threshold = top_scores[0]
            if first > 0:
                # Those that were only looked up may stand anywhere in the window.
                for r in range(count):
                    if c[r].doc < high:
                        seek(p[lists[5 * r + 1]], c, r, high)
    return held if ok else -1
