# cython: language_level=3
"""How is a posting list written?

The byte layout is drawn in ``codec/postings.py``, with the reasons for it.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.impacts import NO_LENGTH, impacts_of, put_impacts
    from cython.cimports.searchkit.kernels.inlined import BLOCK_ENTRY, BLOCK_IMPACTS, LIST_IMPACTS
else:
    from searchkit.kernels.impacts import NO_LENGTH, impacts_of, put_impacts
    from searchkit.kernels.inlined import BLOCK_ENTRY, BLOCK_IMPACTS, LIST_IMPACTS


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def bits_of(value: cython.ulonglong) -> cython.int:
    """How many bits ``value``, of at most 32, takes."""
    bits: cython.int = 0
    while value >= 256:
        bits += 8
        value >>= 8
    while value:
        bits += 1
        value >>= 1
    return bits


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def put32(out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.ulonglong) -> cython.void:
    out[at] = cython.cast(cython.uchar, value & 255)
    out[at + 1] = cython.cast(cython.uchar, (value >> 8) & 255)
    out[at + 2] = cython.cast(cython.uchar, (value >> 16) & 255)
    out[at + 3] = cython.cast(cython.uchar, (value >> 24) & 255)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def pack(
    values: cython.const[cython.uint][::1],
    first: cython.Py_ssize_t,
    count: cython.Py_ssize_t,
    less: cython.ulonglong,
    width: cython.int,
    out: cython.uchar[::1],
    at: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Write ``values[first : first + count] - less``, each in ``width`` bits; returns the end."""
    word: cython.ulonglong = 0
    held: cython.int = 0
    i: cython.Py_ssize_t
    if width == 0:
        return at
    for i in range(first, first + count):
        word |= (values[i] - less) << held
        held += width
        if held >= 32:
            put32(out, at, word)
            at += 4
            word >>= 32
            held -= 32
    while held > 0:
        out[at] = cython.cast(cython.uchar, word & 255)
        at += 1
        word >>= 8
        held -= 8
    return at


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def widest(
    values: cython.const[cython.uint][::1], first: cython.Py_ssize_t, count: cython.Py_ssize_t
) -> cython.uint:
    most: cython.uint = 0
    i: cython.Py_ssize_t
    for i in range(first, first + count):
        if values[i] > most:
            most = values[i]
    return most


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def bits_of_positions(
    positions: cython.const[cython.uint][::1],
    first: cython.Py_ssize_t,
    count: cython.Py_ssize_t,
    tf_bits: cython.int,
) -> cython.int:
    """How many bits each position of a block takes: at least one, unless each of its postings has
    only one.

    So no list has more positions than postings and bits of positions, whatever its frequencies say.
    """
    bits: cython.int = bits_of(widest(positions, first, count))
    return 1 if bits == 0 and tf_bits > 0 else bits


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def encode(
    docs: cython.const[cython.uint][::1],
    tfs: cython.const[cython.uint][::1],
    df: cython.Py_ssize_t,
    positions: cython.const[cython.uint][::1],
    first_position: cython.Py_ssize_t,
    cf: cython.Py_ssize_t,
    has_positions: cython.bint,
    lengths: cython.const[cython.uint][::1],
    out: cython.uchar[::1],
    at: cython.Py_ssize_t,
    positions_out: cython.uchar[::1],
    positions_at: cython.Py_ssize_t,
    ends: cython.Py_ssize_t[::1],
) -> cython.void:
    """Write one list. ``ends`` receives where its postings and its positions end."""
    doc_bits: cython.int
    tf_bits: cython.int
    position_bits: cython.int = 0
    positions_start: cython.Py_ssize_t = positions_at
    if df <= 128:
        doc_bits = bits_of(docs[df - 1] - docs[0])
        tf_bits = bits_of(widest(tfs, 0, df) - 1)
        if has_positions:
            position_bits = bits_of_positions(positions, first_position, cf, tf_bits)
        out[at] = cython.cast(cython.uchar, doc_bits)
        out[at + 1] = cython.cast(cython.uchar, tf_bits)
        out[at + 2] = cython.cast(cython.uchar, position_bits)
        put32(out, at + 3, docs[0])
        at = pack(docs, 0, df, docs[0], doc_bits, out, at + 7)
        at = pack(tfs, 0, df, 1, tf_bits, out, at)
        if has_positions:
            positions_at = pack(
                positions, first_position, cf, 0, position_bits, positions_out, positions_at
            )
        ends[0] = at
        ends[1] = positions_at
        return
    blocks: cython.Py_ssize_t = (df + 127) // 128
    # For each frequency (255 for all from there on) the shortest length with it, in the list and in
    # a block; then the impacts of either.
    list_shortest: cython.uint[256]
    shortest: cython.uint[256]
    impact_tfs: cython.uint[256]
    impact_lengths: cython.uint[256]
    i: cython.Py_ssize_t
    impacts: cython.Py_ssize_t
    length: cython.uint
    tf: cython.uint
    if not cython.compiled:
        list_shortest, shortest = [0] * 256, [0] * 256
        impact_tfs, impact_lengths = [0] * 256, [0] * 256
    for i in range(256):
        list_shortest[i] = NO_LENGTH
        shortest[i] = NO_LENGTH
    list_at: cython.Py_ssize_t = at
    at += 1 + 3 * LIST_IMPACTS
    lasts: cython.Py_ssize_t = at
    entry: cython.Py_ssize_t = lasts + 4 * blocks
    at = entry + BLOCK_ENTRY * blocks
    payload: cython.Py_ssize_t = at
    count: cython.Py_ssize_t
    first: cython.Py_ssize_t = 0
    base: cython.uint = 0
    most: cython.uint
    list_most: cython.uint = 0
    held: cython.Py_ssize_t
    while first < df:
        count = df - first if df - first < 128 else 128
        most = 0
        held = 0
        for i in range(first, first + count):
            tf = tfs[i]
            held += tf
            if tf > most:
                most = tf
            length = lengths[docs[i]]
            if length > 65535:
                length = 65535
            if tf > 255:
                tf = 255
            if length < shortest[tf]:
                shortest[tf] = length
        if most > list_most:
            list_most = most
        for i in range(1, 256 if most > 255 else most + 1):
            if shortest[i] < list_shortest[i]:
                list_shortest[i] = shortest[i]
        impacts = impacts_of(shortest, most, BLOCK_IMPACTS, impact_tfs, impact_lengths)
        for i in range(1, 256 if most > 255 else most + 1):
            shortest[i] = NO_LENGTH
        doc_bits = bits_of(docs[first + count - 1] - base)
        tf_bits = bits_of(most - 1)
        position_bits = 0
        if has_positions:
            position_bits = bits_of_positions(positions, first_position, held, tf_bits)
        put32(out, lasts, docs[first + count - 1])
        put32(out, entry, at - payload)
        put32(out, entry + 4, positions_at - positions_start)
        out[entry + 8] = cython.cast(cython.uchar, doc_bits)
        out[entry + 9] = cython.cast(cython.uchar, tf_bits)
        out[entry + 10] = cython.cast(cython.uchar, position_bits)
        put_impacts(impact_tfs, impact_lengths, impacts, BLOCK_IMPACTS, out, entry + 11)
        at = pack(docs, first, count, base, doc_bits, out, at)
        at = pack(tfs, first, count, 1, tf_bits, out, at)
        if has_positions:
            positions_at = pack(
                positions, first_position, held, 0, position_bits, positions_out, positions_at
            )
        first_position += held
        base = docs[first + count - 1] + 1
        first += count
        lasts += 4
        entry += BLOCK_ENTRY
    impacts = impacts_of(list_shortest, list_most, LIST_IMPACTS, impact_tfs, impact_lengths)
    put_impacts(impact_tfs, impact_lengths, impacts, LIST_IMPACTS, out, list_at)
    ends[0] = at
    ends[1] = positions_at


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def encode_runs(
    tokens: cython.const[cython.uint][::1],
    run_ends: cython.const[cython.uint][::1],
    first: cython.Py_ssize_t,
    doc_ends: cython.const[cython.uint][::1],
    landmarks: cython.const[cython.uint][::1],
    positions: cython.const[cython.uint][::1],
    has_frequencies: cython.bint,
    has_positions: cython.bint,
    lengths: cython.const[cython.uint][::1],
    docs: cython.uint[::1],
    tfs: cython.uint[::1],
    places: cython.uint[::1],
    out: cython.uchar[::1],
    positions_out: cython.uchar[::1],
    dfs: cython.uint[::1],
    postings_lengths: cython.ulonglong[::1],
    positions_lengths: cython.ulonglong[::1],
    ends: cython.Py_ssize_t[::1],
) -> cython.Py_ssize_t:
    """Encode the lists of sorted tokens, from run ``first`` on, until an output may be too small.

    Run ``i`` are the tokens (places in the stream, ascending) up to ``run_ends[i]``.
    ``doc_ends`` and ``landmarks`` as in :func:`locate`. ``positions`` are the positions of the
    stream's tokens, or empty: then they count from 0 in each document. ``docs``, ``tfs`` and
    ``places`` are room to work in, as long as the longest run. Fills ``dfs``, ``postings_lengths``
    and ``positions_lengths`` of each run done; ``ends`` receives how much of both outputs is
    filled or, if no run is done, how much of either it takes. Returns the first run not done.
    """
    at: cython.Py_ssize_t = 0
    positions_at: cython.Py_ssize_t = 0
    need: cython.Py_ssize_t = 0
    positions_need: cython.Py_ssize_t = 0
    start: cython.Py_ssize_t = run_ends[first - 1] if first > 0 else 0
    i: cython.Py_ssize_t
    run: cython.Py_ssize_t
    df: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    cf: cython.Py_ssize_t
    token: cython.uint
    doc: cython.uint
    doc_start: cython.uint
    doc_end: cython.uint
    explicit: cython.bint = len(positions) > 0
    run = first
    with cython.nogil:
        while run < len(run_ends):
            stop = run_ends[run]
            cf = stop - start
            need = cf * 8 + (cf // 128 + 1) * 40 + 256
            positions_need = cf * 4 + (cf // 128 + 1) + 64 if has_positions else 0
            if at + need > len(out) or positions_at + positions_need > len(positions_out):
                break
            df = 0
            doc = 0
            doc_start = 0
            doc_end = 0
            for i in range(start, stop):
                token = tokens[i]
                if token >= doc_end:
                    if landmarks[token >> 6] > doc:
                        doc = landmarks[token >> 6]
                    while doc_ends[doc] <= token:
                        doc += 1
                    doc_start = doc_ends[doc - 1] if doc > 0 else 0
                    doc_end = doc_ends[doc]
                    docs[df] = doc
                    tfs[df] = 1
                    df += 1
                elif has_frequencies:
                    tfs[df - 1] += 1
                if has_positions:
                    places[i - start] = positions[token] if explicit else token - doc_start
            if df > 0:
                encode(
                    docs, tfs, df, places, 0, cf, has_positions, lengths,
                    out, at, positions_out, positions_at, ends,
                )  # fmt: skip
                postings_lengths[run] = ends[0] - at
                positions_lengths[run] = ends[1] - positions_at
                at = ends[0]
                positions_at = ends[1]
            dfs[run] = cython.cast(cython.uint, df)
            start = stop
            run += 1
    ends[0] = at if run > first else need
    ends[1] = positions_at if run > first else positions_need
    return run


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def encode_gathered(
    docs: cython.const[cython.uint][::1],
    tfs: cython.const[cython.uint][::1],
    positions: cython.const[cython.uint][::1],
    starts: cython.const[cython.uint][::1],
    ends: cython.const[cython.uint][::1],
    position_starts: cython.const[cython.uint][::1],
    position_ends: cython.const[cython.uint][::1],
    first: cython.Py_ssize_t,
    has_positions: cython.bint,
    lengths: cython.const[cython.uint][::1],
    out: cython.uchar[::1],
    positions_out: cython.uchar[::1],
    dfs: cython.uint[::1],
    cfs: cython.ulonglong[::1],
    postings_lengths: cython.ulonglong[::1],
    positions_lengths: cython.ulonglong[::1],
    reached: cython.Py_ssize_t[::1],
) -> cython.Py_ssize_t:
    """Encode gathered lists from ``first`` on, until an output may be too small; as
    ``encode_runs``. A list that has no posting left gets a length of 0.
    """
    at: cython.Py_ssize_t = 0
    positions_at: cython.Py_ssize_t = 0
    need: cython.Py_ssize_t = 0
    positions_need: cython.Py_ssize_t = 0
    run: cython.Py_ssize_t = first
    df: cython.Py_ssize_t
    cf: cython.ulonglong
    i: cython.Py_ssize_t
    start: cython.Py_ssize_t
    with cython.nogil:
        while run < len(starts):
            start = starts[run]
            df = ends[run] - starts[run]
            cf = 0
            for i in range(start, start + df):
                cf += tfs[i]
            need = df * 8 + (df // 128 + 1) * 40 + 256
            positions_need = (
                cython.cast(cython.Py_ssize_t, cf) * 4 + (df // 128 + 1) + 64
                if has_positions
                else 0
            )
            if at + need > len(out) or positions_at + positions_need > len(positions_out):
                break
            postings_lengths[run] = 0
            positions_lengths[run] = 0
            if df > 0:
                encode(
                    docs[start:], tfs[start:], df, positions, position_starts[run], cf,
                    has_positions, lengths, out, at, positions_out, positions_at, reached,
                )  # fmt: skip
                postings_lengths[run] = reached[0] - at
                positions_lengths[run] = reached[1] - positions_at
                at = reached[0]
                positions_at = reached[1]
            dfs[run] = cython.cast(cython.uint, df)
            cfs[run] = cf
            run += 1
    reached[0] = at if run > first else need
    reached[1] = positions_at if run > first else positions_need
    return run
