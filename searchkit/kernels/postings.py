# cython: language_level=3
"""How do runs of tokens become posting lists, and how are two lists joined?

The byte layout is drawn in ``codec/postings.py``. Numbers are packed with a fixed width for each
block of 128, so that any one of them can be read where it lies.
"""

import cython

BLOCK_IMPACTS = cython.declare(cython.Py_ssize_t, 6)
LIST_IMPACTS = cython.declare(cython.Py_ssize_t, 16)
NO_LENGTH = cython.declare(cython.uint, 65536)


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
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def get32(data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t) -> cython.ulonglong:
    low: cython.uint = data[at]
    second: cython.uint = data[at + 1]
    third: cython.uint = data[at + 2]
    high: cython.uint = data[at + 3]
    return low | (second << 8) | (third << 16) | (high << 24)


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
@cython.cdivision(True)
def impacts_of(
    shortest: cython.p_uint,
    most: cython.uint,
    room: cython.Py_ssize_t,
    tfs: cython.p_uint,
    lengths: cython.p_uint,
) -> cython.Py_ssize_t:
    """Fill in at most ``room`` pairs, from the highest frequency on, such that each posting has,
    for one of them, no higher frequency and no shorter length; returns how many.

    Where there are too many, the two neighbours are joined that differ least (by the ratio of
    their frequencies, or of their lengths): the joined pair has the higher frequency and the
    shorter length.
    """
    count: cython.Py_ssize_t = 0
    least: cython.uint = NO_LENGTH
    tf: cython.uint = 255 if most > 255 else most
    i: cython.Py_ssize_t
    joined: cython.Py_ssize_t
    ratio: cython.double
    other: cython.double
    best: cython.double
    while tf > 0:
        if shortest[tf] < least:
            least = shortest[tf]
            tfs[count] = tf
            lengths[count] = least
            count += 1
        tf -= 1
    while count > room:
        joined = 0
        best = 1e300
        for i in range(count - 1):
            ratio = (tfs[i] + 0.0) / tfs[i + 1]
            other = (lengths[i] + 1.0) / (lengths[i + 1] + 1.0)
            if other < ratio:
                ratio = other
            if ratio < best:
                best = ratio
                joined = i
        lengths[joined] = lengths[joined + 1]
        count -= 1
        for i in range(joined + 1, count):
            tfs[i] = tfs[i + 1]
            lengths[i] = lengths[i + 1]
    return count


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def put_impacts(
    tfs: cython.p_uint,
    lengths: cython.p_uint,
    count: cython.Py_ssize_t,
    room: cython.Py_ssize_t,
    out: cython.uchar[::1],
    at: cython.Py_ssize_t,
) -> cython.void:
    i: cython.Py_ssize_t
    out[at] = cython.cast(cython.uchar, count)
    for i in range(room):
        out[at + 1 + i] = cython.cast(cython.uchar, tfs[i] if i < count else 0)
        out[at + 1 + room + 2 * i] = cython.cast(cython.uchar, lengths[i] & 255 if i < count else 0)
        out[at + 2 + room + 2 * i] = cython.cast(cython.uchar, lengths[i] >> 8 if i < count else 0)


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
    at = entry + 30 * blocks
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
        entry += 30
    impacts = impacts_of(list_shortest, list_most, LIST_IMPACTS, impact_tfs, impact_lengths)
    put_impacts(impact_tfs, impact_lengths, impacts, LIST_IMPACTS, out, list_at)
    ends[0] = at
    ends[1] = positions_at


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def to_ranks(terms: cython.uint[::1], rank: cython.const[cython.uint][::1]) -> cython.void:
    """Replace each term id of the stream by its rank in the order of terms."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(terms)):
            terms[i] = rank[terms[i]]


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def count(terms: cython.const[cython.uint][::1], counts: cython.uint[::1]) -> cython.void:
    """Add up how often each rank occurs in the stream."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(terms)):
            counts[terms[i]] += 1


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def scatter(
    terms: cython.const[cython.uint][::1],
    low: cython.uint,
    high: cython.uint,
    slots: cython.uint[::1],
    tokens: cython.uint[::1],
) -> cython.void:
    """Sort the places in the stream of the ranks from ``low`` to below ``high`` by rank, in one
    counting pass.

    ``slots`` is where each of the ranks begins in ``tokens``, and is moved on.
    """
    i: cython.Py_ssize_t
    term: cython.uint
    slot: cython.uint
    with cython.nogil:
        for i in range(len(terms)):
            term = terms[i]
            if term >= low and term < high:
                slot = slots[term - low]
                slots[term - low] = slot + 1
                tokens[slot] = cython.cast(cython.uint, i)


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def locate(doc_ends: cython.const[cython.uint][::1], landmarks: cython.uint[::1]) -> cython.void:
    """Fill in the document of each 64th token of a stream; ``doc_ends`` is where each document's
    tokens end in it, the last one's at the stream's end.
    """
    doc: cython.uint = 0
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(landmarks)):
            while doc < len(doc_ends) and doc_ends[doc] <= 64 * i:
                doc += 1
            landmarks[i] = doc


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


# Reading whole lists


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def unpack(
    data: cython.const[cython.uchar][::1],
    at: cython.Py_ssize_t,
    index: cython.Py_ssize_t,
    width: cython.int,
) -> cython.uint:
    """The ``index``-th of the numbers of ``width`` bits (at most 32) that begin at ``at``.

    Reads up to 4 bytes beyond the number's own, which every section has after its lists.
    """
    bit: cython.Py_ssize_t = index * width
    byte: cython.Py_ssize_t = at + (bit >> 3)
    mask: cython.ulonglong = 1
    mask = (mask << width) - 1
    word: cython.ulonglong = get32(data, byte)
    above: cython.ulonglong = data[byte + 4]
    word |= above << 32
    return cython.cast(cython.uint, (word >> (bit & 7)) & mask)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def read_list(
    postings: cython.const[cython.uchar][::1],
    positions: cython.const[cython.uchar][::1],
    start: cython.longlong,
    end: cython.longlong,
    df: cython.longlong,
    positions_start: cython.longlong,
    positions_end: cython.longlong,
    has_positions: cython.bint,
    docmap: cython.const[cython.uint][::1],
    docs: cython.uint[::1],
    tfs: cython.uint[::1],
    slot: cython.Py_ssize_t,
    positions_out: cython.uint[::1],
    position_slot: cython.Py_ssize_t,
    position_limit: cython.Py_ssize_t,
    reached: cython.Py_ssize_t[::1],
) -> cython.bint:
    """Append the live postings of one list; False if it is damaged.

    ``docmap`` has the new docnum of each document, or 2**32 - 1 if it is deleted. ``reached``
    receives the slots after the last posting and the last position.
    """
    missing: cython.uint = 0xFFFFFFFF
    blocks: cython.longlong = (df + 127) // 128
    block: cython.longlong
    last: cython.longlong = 0
    entry: cython.longlong = 0
    payload: cython.longlong = 0
    at: cython.longlong
    tfs_at: cython.longlong
    positions_at: cython.longlong
    count: cython.longlong
    base: cython.ulonglong
    doc: cython.ulonglong
    before: cython.longlong = -1
    tf: cython.longlong
    seen: cython.longlong
    i: cython.longlong
    j: cython.longlong
    doc_bits: cython.int
    tf_bits: cython.int
    position_bits: cython.int
    if start < 0 or df < 1 or end > len(postings) - 8 or end - start < 7:
        return False
    if has_positions and (positions_start < 0 or positions_end > len(positions) - 8):
        return False
    if df > 128:
        last = start + 1 + 3 * LIST_IMPACTS
        entry = last + 4 * blocks
        payload = entry + 30 * blocks
        if payload > end:
            return False
    for block in range(blocks):
        count = df - 128 * block
        if count > 128:
            count = 128
        if df <= 128:
            doc_bits = postings[start]
            tf_bits = postings[start + 1]
            position_bits = postings[start + 2]
            base = get32(postings, start + 3)
            at = start + 7
            positions_at = positions_start
        else:
            doc_bits = postings[entry + 8]
            tf_bits = postings[entry + 9]
            position_bits = postings[entry + 10]
            base = 0
            if block > 0:
                base = get32(postings, last - 4) + 1
            at = payload + get32(postings, entry)
            positions_at = positions_start + get32(postings, entry + 4)
            last += 4
            entry += 30
        if doc_bits > 32 or tf_bits > 32 or position_bits > 32:
            return False
        if has_positions and position_bits == 0 and tf_bits > 0:
            return False
        tfs_at = at + (count * doc_bits + 7) // 8
        if tfs_at + (count * tf_bits + 7) // 8 > end:
            return False
        seen = 0
        for i in range(count):
            doc = base + unpack(postings, at, i, doc_bits)
            tf = 1 + cython.cast(cython.longlong, unpack(postings, tfs_at, i, tf_bits))
            if doc >= cython.cast(cython.ulonglong, len(docmap)):
                return False
            if cython.cast(cython.longlong, doc) <= before:
                return False
            before = doc
            if docmap[doc] != missing:
                docs[slot] = docmap[doc]
                tfs[slot] = cython.cast(cython.uint, tf)
                slot += 1
                if has_positions:
                    if (
                        position_slot + tf > position_limit
                        or positions_at + ((seen + tf) * position_bits + 7) // 8 > positions_end
                    ):
                        return False
                    for j in range(tf):
                        positions_out[position_slot] = unpack(
                            positions, positions_at, seen + j, position_bits
                        )
                        position_slot += 1
            seen += tf
    reached[0] = slot
    reached[1] = position_slot
    return True


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def tally(
    targets: cython.const[cython.uint][::1],
    dfs: cython.const[cython.uint][::1],
    cfs: cython.const[cython.ulonglong][::1],
    all_dfs: cython.uint[::1],
    all_cfs: cython.ulonglong[::1],
) -> cython.void:
    """Add up what several rows say of their targets, which are places in ``all_dfs`` and
    ``all_cfs``.
    """
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(targets)):
            all_dfs[targets[i]] += dfs[i]
            all_cfs[targets[i]] += cfs[i]


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def gather(
    postings: cython.const[cython.uchar][::1],
    positions: cython.const[cython.uchar][::1],
    lists: cython.const[cython.longlong][::1],
    targets: cython.const[cython.uint][::1],
    has_positions: cython.bint,
    docmap: cython.const[cython.uint][::1],
    slots: cython.uint[::1],
    slot_limits: cython.const[cython.uint][::1],
    position_slots: cython.uint[::1],
    position_limits: cython.const[cython.uint][::1],
    docs: cython.uint[::1],
    tfs: cython.uint[::1],
    positions_out: cython.uint[::1],
    ends: cython.Py_ssize_t[::1],
) -> cython.bint:
    """Append the live postings of many lists, each where its target has room; False for damage.

    ``lists`` has five numbers for each: where it begins and ends, its number of postings, where its
    positions begin and end. ``targets`` says to which slot each belongs: ``slots`` is where the
    next posting of a target goes, ``position_slots`` the same of positions; both are moved on, up
    to the limits. ``docs`` and ``tfs`` are filled from postings, ``positions_out`` from positions.
    ``ends`` is room for two numbers.
    """
    i: cython.Py_ssize_t
    target: cython.uint
    ok: cython.bint = True
    with cython.nogil:
        for i in range(len(targets)):
            target = targets[i]
            if slots[target] + lists[5 * i + 2] > slot_limits[target]:
                ok = False
                break
            if not read_list(
                postings, positions, lists[5 * i], lists[5 * i + 1], lists[5 * i + 2],
                lists[5 * i + 3], lists[5 * i + 4], has_positions, docmap, docs, tfs,
                slots[target], positions_out, position_slots[target], position_limits[target], ends,
            ):  # fmt: skip
                ok = False
                break
            slots[target] = cython.cast(cython.uint, ends[0])
            position_slots[target] = cython.cast(cython.uint, ends[1])
    return ok


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
