"""How is a sorted list of terms packed, and found again, without building objects?

The bytes are those that ``searchkit.codec.terms`` draws. Here they are written, checked, searched,
matched, and unpacked. ``table`` is the index's three columns, one after the other, each of
blocks + 1 64-bit numbers: offsets of blocks in ``section``, bases of their runs of postings, bases
of their runs of positions. Whoever calls has put ``table`` through ``check_table`` once; everything
inside ``section`` is checked here, always, so that no damage makes a kernel read or write out of
bounds.

Longer than modules should be: inlined C functions do not cross modules without a header file, and
each of the five loops over a block's terms reads the lengths itself to keep them in registers.
"""

import cython

BLOCK = cython.declare(cython.Py_ssize_t, 32)
LONGEST = cython.declare(cython.Py_ssize_t, 65535)
SLACK = cython.declare(cython.Py_ssize_t, 48)  # most bytes that a term takes besides its text
MOST_AHEAD = cython.declare(cython.Py_ssize_t, 4)
"""Code points that ``walk_fuzzy`` works out of what must follow: more cost more than they save."""


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def put(
    out: cython.uchar[::1], at: cython.Py_ssize_t, value: cython.ulonglong
) -> cython.Py_ssize_t:
    """Write a varint (seven bits a byte, low bits first); where it ends."""
    while value >= 128:
        out[at] = cython.cast(cython.uchar, (value & 127) | 128)
        value >>= 7
        at += 1
    out[at] = cython.cast(cython.uchar, value)
    return at + 1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def after(
    data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Where the varint at ``at`` ends; -1 if not before ``end`` or longer than 9 bytes."""
    if at < end and data[at] < 128:
        return at + 1
    limit: cython.Py_ssize_t = at + 9 if at + 9 < end else end
    while at < limit:
        if data[at] < 128:
            return at + 1
        at += 1
    return -1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def number(
    data: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.ulonglong:
    """The varint that lies from ``at`` to ``end``: below 2**63, since ``after`` allows 9 bytes."""
    end -= 1
    value: cython.ulonglong = data[end]
    while end > at:
        end -= 1
        value = (value << 7) | (data[end] & 127)
    return value


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def names_end(
    section: cython.const[cython.uchar][::1], at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.Py_ssize_t:
    """Where the names of the block from ``at`` to ``end`` stop; -1 if not inside it."""
    if at + 4 > end:
        return -1
    size: cython.Py_ssize_t = section[at + 3]
    size = (size << 8) | section[at + 2]
    size = (size << 8) | section[at + 1]
    size = (size << 8) | section[at]
    if size > end - at - 4:
        return -1
    return at + 4 + size


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def compare_first(
    section: cython.const[cython.uchar][::1],
    at: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    term: cython.const[cython.uchar][::1],
    term_size: cython.Py_ssize_t,
) -> cython.int:
    """-1, 0, 1: the first term of the block is below, equal to, above the first ``term_size`` bytes
    of ``term``; 2: damaged.
    """
    stop: cython.Py_ssize_t = names_end(section, at, end)
    size: cython.Py_ssize_t
    after_size: cython.Py_ssize_t
    i: cython.Py_ssize_t
    if stop < 0 or at + 4 >= stop or section[at + 4] > 15:
        return 2
    size = section[at + 4]
    at += 5
    if size == 15:
        after_size = after(section, at, stop)
        if after_size < 0 or after_size - at > 3:
            return 2
        size += cython.cast(cython.Py_ssize_t, number(section, at, after_size))
        at = after_size
    if size > stop - at:
        return 2
    for i in range(size):
        if i == term_size:
            return 1
        if section[at + i] != term[i]:
            return -1 if section[at + i] < term[i] else 1
    return 0 if size == term_size else -1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def next_numbers(
    section: cython.const[cython.uchar][::1],
    at: cython.Py_ssize_t,
    end: cython.Py_ssize_t,
    numbers: cython.p_ulonglong,
) -> cython.Py_ssize_t:
    """Move ``numbers`` (df, cf, offset and length of the postings, of the positions) on to the next
    term of a block, whose numbers are at ``at``; where they end, -1 if they are damaged.
    """
    following: cython.Py_ssize_t = after(section, at, end)
    if following < 0:
        return -1
    numbers[2] += numbers[3]
    numbers[4] += numbers[5]
    numbers[0] = number(section, at, following)
    at = after(section, following, end)
    if at < 0:
        return -1
    numbers[1] = numbers[0] + number(section, following, at)
    following = after(section, at, end)
    if following < 0:
        return -1
    numbers[3] = number(section, at, following)
    at = after(section, following, end)
    if at < 0:
        return -1
    numbers[5] = number(section, following, at)
    return at


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def encode_blocks(
    text: cython.const[cython.uchar][::1],
    ends: cython.const[cython.uint][::1],
    df: cython.const[cython.uint][::1],
    cf: cython.const[cython.ulonglong][::1],
    postings_lengths: cython.const[cython.ulonglong][::1],
    positions_lengths: cython.const[cython.ulonglong][::1],
    first: cython.Py_ssize_t,
    out: cython.uchar[::1],
    table: cython.ulonglong[::1],
    longest: cython.uint[::1],
) -> cython.Py_ssize_t:
    """Pack whole blocks, from term ``first`` on, into ``out`` for as long as they surely fit.

    Fills ``table`` (its entry of the block of ``first`` is there already) and raises ``longest[0]``
    to the length of the longest term. Returns the number of the next term; -1 - i if term i is not
    above the one before it, is too long, or has numbers that cannot be.
    """
    count: cython.Py_ssize_t = len(ends)
    columns: cython.Py_ssize_t = len(table) // 3
    block: cython.Py_ssize_t = first // BLOCK
    used: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t = first
    stop: cython.Py_ssize_t
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    start: cython.Py_ssize_t
    size: cython.Py_ssize_t
    shared: cython.Py_ssize_t
    begin: cython.Py_ssize_t = ends[first - 1] if first else 0
    end: cython.Py_ssize_t
    before: cython.Py_ssize_t = 0
    before_size: cython.Py_ssize_t = -1  # below 0: there is no term before
    postings: cython.ulonglong
    positions: cython.ulonglong
    top: cython.ulonglong = 1
    top <<= 62
    if first:
        before = ends[first - 2] if first > 1 else 0
        before_size = begin - before
    with cython.nogil:
        while i < count:
            stop = i + BLOCK if i + BLOCK < count else count
            if ends[stop - 1] > len(text) or ends[stop - 1] < begin:
                return -1 - i
            if used + (ends[stop - 1] - begin) + SLACK * BLOCK > len(out):
                break
            start = used
            used += 4
            for j in range(i, stop):
                end = ends[j]
                size = end - begin
                if size < 0 or size > LONGEST or end > ends[stop - 1]:
                    return -1 - j
                shared = 0
                while shared < size and shared < before_size:
                    if text[begin + shared] != text[before + shared]:
                        break
                    shared += 1
                if before_size >= 0 and (
                    shared == size
                    or (shared < before_size and text[begin + shared] < text[before + shared])
                ):
                    return -1 - j
                if j == i:
                    shared = 0
                if size > longest[0]:
                    longest[0] = cython.cast(cython.uint, size)
                size -= shared
                out[used] = cython.cast(
                    cython.uchar,
                    ((shared if shared < 15 else 15) << 4) | (size if size < 15 else 15),
                )
                used += 1
                if shared >= 15:
                    used = put(out, used, shared - 15)
                if size >= 15:
                    used = put(out, used, size - 15)
                for k in range(size):
                    out[used + k] = text[begin + shared + k]
                used += size
                before = begin
                before_size = end - begin
                begin = end
            size = used - start - 4
            for k in range(4):
                out[start + k] = cython.cast(cython.uchar, (size >> (8 * k)) & 255)
            postings = table[columns + block]
            positions = table[2 * columns + block]
            for j in range(i, stop):
                if cf[j] < df[j] or cf[j] >= top:
                    return -1 - j
                if postings_lengths[j] >= top - postings or positions_lengths[j] >= top - positions:
                    return -1 - j
                used = put(out, used, df[j])
                used = put(out, used, cf[j] - df[j])
                used = put(out, used, postings_lengths[j])
                used = put(out, used, positions_lengths[j])
                postings += postings_lengths[j]
                positions += positions_lengths[j]
            block += 1
            table[block] = table[block - 1] + (used - start)
            table[columns + block] = postings
            table[2 * columns + block] = positions
            i = stop
    return i


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def check_table(
    table: cython.const[cython.ulonglong][::1],
    section_bytes: cython.ulonglong,
    postings_bytes: cython.ulonglong,
    positions_bytes: cython.ulonglong,
) -> cython.bint:
    """Whether each column starts at 0, never falls, and ends at the length of what it divides."""
    columns: cython.Py_ssize_t = len(table) // 3
    i: cython.Py_ssize_t
    column: cython.Py_ssize_t
    with cython.nogil:
        for column in range(3):
            if table[column * columns] != 0:
                return False
            for i in range(column * columns + 1, (column + 1) * columns):
                if table[i] < table[i - 1]:
                    return False
    return (
        table[columns - 1] == section_bytes
        and table[2 * columns - 1] == postings_bytes
        and table[3 * columns - 1] == positions_bytes
    )


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def lookup(
    section: cython.const[cython.uchar][::1],
    table: cython.const[cython.ulonglong][::1],
    seen: cython.const[cython.uchar][::1],
    terms: cython.Py_ssize_t,
    term: cython.const[cython.uchar][::1],
) -> tuple:
    """Find ``term``: binary search over the blocks' first terms, then a scan of one block.

    ``seen[block]`` says that a block has been verified. Returns

        (ordinal, df, cf, postings offset and length, positions offset and length)   if it is there
        (-1, ordinal of the first term above it)                                     if it is not
        (-2, block)         if that block must be verified first
        (-3,)               if the bytes are damaged

    That the blocks before and after the place are sound is enough: in what the writer wrote the
    place is where first(block) <= term < first(block + 1), whatever led the search there. Keeps
    the GIL: to give it up and win it back can take longer than the search.
    """
    blocks: cython.Py_ssize_t = len(seen)
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = blocks
    middle: cython.Py_ssize_t
    order: cython.int
    i: cython.Py_ssize_t
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    following: cython.Py_ssize_t
    shared: cython.Py_ssize_t
    size: cython.Py_ssize_t
    k: cython.Py_ssize_t
    matched: cython.Py_ssize_t = 0  # so many bytes of term the last term looked at begins with
    wanted: cython.Py_ssize_t = len(term)
    count: cython.Py_ssize_t
    numbers: cython.ulonglong[6]
    if not cython.compiled:
        numbers = [0] * 6
    while low < high:
        middle = (low + high) >> 1
        order = compare_first(
            section,
            cython.cast(cython.Py_ssize_t, table[middle]),
            cython.cast(cython.Py_ssize_t, table[middle + 1]),
            term,
            wanted,
        )
        if order == 2:
            return (-3,)
        if order <= 0:
            low = middle + 1
        else:
            high = middle
    if low < blocks and not seen[low]:
        return (-2, low)
    if low == 0:
        return (-1, 0)
    low -= 1
    if not seen[low]:
        return (-2, low)
    at = cython.cast(cython.Py_ssize_t, table[low])
    end = cython.cast(cython.Py_ssize_t, table[low + 1])
    stop = names_end(section, at, end)
    if stop < 0:
        return (-3,)
    at += 4
    count = terms - low * BLOCK if terms - low * BLOCK < BLOCK else BLOCK
    i = 0
    while True:
        if i == count:
            return (-1, low * BLOCK + i)
        if at >= stop:
            return (-3,)
        shared = section[at] >> 4
        size = section[at] & 15
        at += 1
        if shared == 15:
            following = after(section, at, stop)
            if following < 0 or following - at > 3:
                return (-3,)
            shared += cython.cast(cython.Py_ssize_t, number(section, at, following))
            at = following
        if size == 15:
            following = after(section, at, stop)
            if following < 0 or following - at > 3:
                return (-3,)
            size += cython.cast(cython.Py_ssize_t, number(section, at, following))
            at = following
        if size > stop - at:
            return (-3,)
        if shared < matched:  # it left the common beginning, so it is above the term
            return (-1, low * BLOCK + i)
        if shared == matched:
            k = 0
            while k < size and matched < wanted and section[at + k] == term[matched]:
                k += 1
                matched += 1
            if k == size:
                if matched == wanted:
                    break
            elif matched == wanted or section[at + k] > term[matched]:
                return (-1, low * BLOCK + i)
        at += size
        i += 1
    numbers[2], numbers[3] = table[blocks + 1 + low], 0
    numbers[4], numbers[5] = table[2 * (blocks + 1) + low], 0
    at = stop
    for _ in range(i + 1):
        at = next_numbers(section, at, end, numbers)
        if at < 0:
            return (-3,)
    return (
        low * BLOCK + i,
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
    )


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def decode_blocks(
    section: cython.const[cython.uchar][::1],
    table: cython.const[cython.ulonglong][::1],
    terms: cython.Py_ssize_t,
    longest: cython.Py_ssize_t,
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    text: cython.uchar[::1],
    used: cython.Py_ssize_t,
    row: cython.Py_ssize_t,
    ends: cython.uint[::1],
    df: cython.uint[::1],
    cf: cython.ulonglong[::1],
    postings_offsets: cython.ulonglong[::1],
    postings_lengths: cython.ulonglong[::1],
    positions_offsets: cython.ulonglong[::1],
    positions_lengths: cython.ulonglong[::1],
) -> cython.Py_ssize_t:
    """Unpack blocks ``first`` to ``last`` (not included), as far as ``text`` surely has room.

    Terms go to ``text`` from ``used`` on, their numbers to the columns from ``row`` on: the end
    in ``text``, the rest by name. Checks all that a writer warrants: order, lengths, that the lists
    fill their runs without gaps, that nothing is left over. Returns the first block not unpacked;
    -1 - block if that block is damaged.
    """
    columns: cython.Py_ssize_t = len(table) // 3
    block: cython.Py_ssize_t
    count: cython.Py_ssize_t
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    following: cython.Py_ssize_t
    shared: cython.Py_ssize_t
    size: cython.Py_ssize_t
    before: cython.Py_ssize_t = used
    before_size: cython.Py_ssize_t = -1  # below 0: there is no term before
    value: cython.ulonglong
    postings: cython.ulonglong
    positions: cython.ulonglong
    limit: cython.ulonglong = 0xFFFFFFFF
    if first < 0 or last >= columns or used < 0 or row < 0 or row > len(ends):
        return -1 - first
    if row:
        before = ends[row - 2] if row > 1 else 0
        before_size = ends[row - 1] - before
    with cython.nogil:
        for block in range(first, last):
            if len(text) - used < BLOCK * longest:
                return block
            at = cython.cast(cython.Py_ssize_t, table[block])
            end = cython.cast(cython.Py_ssize_t, table[block + 1])
            count = terms - block * BLOCK if terms - block * BLOCK < BLOCK else BLOCK
            stop = names_end(section, at, end)
            if stop < 0 or row + count > len(ends):
                return -1 - block
            at += 4
            for i in range(count):
                if at >= stop:
                    return -1 - block
                shared = section[at] >> 4
                size = section[at] & 15
                at += 1
                if shared == 15:
                    following = after(section, at, stop)
                    if following < 0 or following - at > 3:
                        return -1 - block
                    shared += cython.cast(cython.Py_ssize_t, number(section, at, following))
                    at = following
                if size == 15:
                    following = after(section, at, stop)
                    if following < 0 or following - at > 3:
                        return -1 - block
                    size += cython.cast(cython.Py_ssize_t, number(section, at, following))
                    at = following
                if size > stop - at or shared + size > longest:
                    return -1 - block
                if i == 0:
                    if shared:
                        return -1 - block
                    k = 0  # the last term of the block before shares what it shares, uncoded
                    while k < size and k < before_size and section[at + k] == text[before + k]:
                        k += 1
                    if before_size >= 0 and (
                        k == size or (k < before_size and section[at + k] < text[before + k])
                    ):
                        return -1 - block
                elif (
                    shared > before_size
                    or size == 0
                    or (shared < before_size and section[at] <= text[before + shared])
                ):
                    return -1 - block
                for k in range(shared):
                    text[used + k] = text[before + k]
                for k in range(size):
                    text[used + shared + k] = section[at + k]
                at += size
                before = used
                before_size = shared + size
                used += before_size
                ends[row + i] = cython.cast(cython.uint, used)
            if at != stop:
                return -1 - block
            postings = table[columns + block]
            positions = table[2 * columns + block]
            for i in range(row, row + count):
                following = after(section, at, end)
                if following < 0:
                    return -1 - block
                value = number(section, at, following)
                if value > limit:
                    return -1 - block
                df[i] = cython.cast(cython.uint, value)
                at = after(section, following, end)
                if at < 0:
                    return -1 - block
                cf[i] = value + number(section, following, at)
                following = after(section, at, end)
                if following < 0:
                    return -1 - block
                value = number(section, at, following)
                if value > table[columns + block + 1] - postings:
                    return -1 - block
                postings_offsets[i] = postings
                postings_lengths[i] = value
                postings += value
                at = after(section, following, end)
                if at < 0:
                    return -1 - block
                value = number(section, following, at)
                if value > table[2 * columns + block + 1] - positions:
                    return -1 - block
                positions_offsets[i] = positions
                positions_lengths[i] = value
                positions += value
            if (
                at != end
                or postings != table[columns + block + 1]
                or positions != table[2 * columns + block + 1]
            ):
                return -1 - block
            row += count
    return last


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def walk_wildcard(
    section: cython.const[cython.uchar][::1],
    table: cython.const[cython.ulonglong][::1],
    seen: cython.const[cython.uchar][::1],
    terms: cython.Py_ssize_t,
    skip: cython.Py_ssize_t,
    moves: cython.const[cython.ulonglong][::1],
    accept: cython.ulonglong,
    last: cython.Py_ssize_t,
    place: cython.Py_ssize_t[::1],
    here: cython.uchar[::1],
    states: cython.ulonglong[::1],
    text: cython.uchar[::1],
    found: cython.ulonglong[::1],
) -> cython.Py_ssize_t:
    """Find those of the terms ``place[0]`` to ``place[1]`` (not included) that a pattern matches.
    The first ``skip`` bytes are the same in all of them, and the pattern is of what follows.

    It is an automaton of at most 64 states, simulated all at once in the bits of a word (shift-and:
    Baeza-Yates and Gonnet, "A new approach to text searching", 1992): byte b leads from state i to
    i + 1 if bit i of ``moves[b]`` is set, and to i itself if bit i of ``moves[256 + b]`` is.
    ``accept`` has the bit of the last state. A match ends with byte ``last``, unless that is below
    0: most terms need not be looked at any further.

    Scratch: ``here`` and ``states``, longer than the longest term. ``place``: the term to go on
    from, the one to stop at, how many were found. ``text``, ``found``, and what is returned: as
    ``walk_fuzzy``.
    """
    blocks: cython.Py_ssize_t = len(seen)
    ordinal: cython.Py_ssize_t = place[0]
    high: cython.Py_ssize_t = place[1]
    block: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    used: cython.Py_ssize_t = 0
    result: cython.Py_ssize_t = -1
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    numbers_at: cython.Py_ssize_t
    numbered: cython.Py_ssize_t
    following: cython.Py_ssize_t
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    shared: cython.Py_ssize_t
    more: cython.Py_ssize_t
    size: cython.Py_ssize_t = 0
    known: cython.Py_ssize_t  # states[skip] to states[known] are those of `here`
    state: cython.ulonglong
    going: cython.bint = True
    numbers: cython.ulonglong[6]
    if (
        len(table) != 3 * (blocks + 1)
        or ordinal < 0
        or high > terms
        or terms > BLOCK * blocks
        or skip < 0
        or skip >= len(states)
        or len(moves) < 512
        or len(place) < 3
    ):
        return -4
    if not cython.compiled:
        numbers = [0] * 6
    states[skip] = 1
    with cython.nogil:
        while going and ordinal < high:
            block = ordinal // BLOCK
            if not seen[block]:
                result = block
                break
            at = cython.cast(cython.Py_ssize_t, table[block])
            end = cython.cast(cython.Py_ssize_t, table[block + 1])
            stop = names_end(section, at, end)
            at += 4
            numbers_at = stop
            numbered = 0
            numbers[2], numbers[3] = table[blocks + 1 + block], 0
            numbers[4], numbers[5] = table[2 * (blocks + 1) + block], 0
            size = 0
            known = skip
            for i in range(BLOCK if high - block * BLOCK > BLOCK else high - block * BLOCK):
                if at >= stop:
                    result, going = -3, False
                    break
                shared = section[at] >> 4
                more = section[at] & 15
                at += 1
                if shared == 15:
                    following = after(section, at, stop)
                    if following < 0 or following - at > 3:
                        result, going = -3, False
                        break
                    shared += cython.cast(cython.Py_ssize_t, number(section, at, following))
                    at = following
                if more == 15:
                    following = after(section, at, stop)
                    if following < 0 or following - at > 3:
                        result, going = -3, False
                        break
                    more += cython.cast(cython.Py_ssize_t, number(section, at, following))
                    at = following
                if shared > size or more > stop - at or shared + more >= len(states):
                    result, going = -3, False
                    break
                size = shared + more
                if size > len(here):
                    result, going = -3, False
                    break
                for k in range(more):
                    here[shared + k] = section[at + k]
                at += more
                if shared < known:
                    known = shared if shared > skip else skip
                if block * BLOCK + i < ordinal or size < skip:
                    continue
                if last >= 0 and size and here[size - 1] != last:
                    continue
                state = states[known]
                while state and known < size:
                    k = here[known]
                    state = ((state & moves[k]) << 1) | (state & moves[256 + k])
                    known += 1
                    states[known] = state
                if not state & accept:
                    continue
                if used + size > len(text) or 8 * count + 8 > len(found):
                    result, going = -2, False
                    ordinal = block * BLOCK + i
                    break
                while numbered <= i and numbers_at >= 0:
                    numbers_at = next_numbers(section, numbers_at, end, numbers)
                    numbered += 1
                if numbers_at < 0:
                    result, going = -3, False
                    break
                for k in range(size):
                    text[used + k] = here[k]
                used += size
                found[8 * count] = used
                found[8 * count + 1] = block * BLOCK + i
                for k in range(6):
                    found[8 * count + 2 + k] = numbers[k]
                count += 1
            if going:
                ordinal = (block + 1) * BLOCK
    place[0] = ordinal
    place[2] = count
    return result


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def point_at(
    text: cython.p_uchar, at: cython.Py_ssize_t, end: cython.Py_ssize_t
) -> cython.longlong:
    """The code point at ``at``, surrogates allowed; -1 if there is none as UTF-8 has it."""
    lead: cython.longlong = text[at]
    if lead < 0x80:
        return lead
    length: cython.Py_ssize_t = 2 if lead < 0xE0 else (3 if lead < 0xF0 else 4)
    point: cython.longlong = lead & (0xFF >> (length + 1))
    k: cython.Py_ssize_t
    if lead < 0xC2 or lead > 0xF4 or length > end - at:
        return -1
    for k in range(1, length):
        if (text[at + k] & 0xC0) != 0x80:
            return -1
        point = (point << 6) | (text[at + k] & 0x3F)
    if length == 3 and point < 0x800:
        return -1
    if length == 4 and (point < 0x10000 or point > 0x10FFFF):
        return -1
    return point


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def point_bytes(point: cython.longlong) -> cython.Py_ssize_t:
    """How many bytes the code point takes as UTF-8."""
    if point < 0x80:
        return 1
    return 2 if point < 0x800 else (3 if point < 0x10000 else 4)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def put_point(
    text: cython.p_uchar, at: cython.Py_ssize_t, point: cython.longlong
) -> cython.Py_ssize_t:
    """Write a code point as UTF-8; where it ends."""
    more: cython.Py_ssize_t = point_bytes(point) - 1
    lead: cython.longlong = 0 if more == 0 else (0xFF00 >> (more + 1)) & 0xFF
    k: cython.Py_ssize_t
    for k in range(more, 0, -1):
        text[at + k] = cython.cast(cython.uchar, 0x80 | (point & 0x3F))
        point >>= 6
    text[at] = cython.cast(cython.uchar, lead | point)
    return at + more + 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def fill_row(
    word: cython.p_uint,
    wanted: cython.Py_ssize_t,
    distance: cython.Py_ssize_t,
    transpositions: cython.bint,
    points: cython.p_uint,
    rows: cython.p_uchar,
    depth: cython.Py_ssize_t,
) -> cython.Py_ssize_t:
    """Compute row ``depth`` (from 1) of the table of ``walk_fuzzy``; its least cell."""
    width: cython.Py_ssize_t = 2 * distance + 1
    cap: cython.Py_ssize_t = distance + 1
    least: cython.Py_ssize_t = cap
    row: cython.Py_ssize_t = depth * width
    above: cython.Py_ssize_t = row - width
    point: cython.uint = points[depth]
    # Cells from `first` to `stop` are those of word[:j], 0 <= j <= wanted.
    first: cython.Py_ssize_t = distance - depth if depth < distance else 0
    stop: cython.Py_ssize_t = wanted - depth + distance + 1
    if stop > width:
        stop = width
    elif stop < 0:
        stop = 0
    cell: cython.Py_ssize_t = cap
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for k in range(first):
        rows[row + k] = cython.cast(cython.uchar, cap)
    for k in range(stop, width):
        rows[row + k] = cython.cast(cython.uchar, cap)
    if depth <= distance:
        cell = least = depth
        rows[row + first] = cython.cast(cython.uchar, cell)
        first += 1
    for k in range(first, stop):
        j = depth - distance + k
        if word[j - 1] == point:
            cell = rows[above + k]
        else:
            if rows[above + k] < cell:
                cell = rows[above + k]
            if k + 1 < width and rows[above + k + 1] < cell:
                cell = rows[above + k + 1]
            if (
                transpositions
                and j > 1
                and depth > 1
                and word[j - 2] == point
                and word[j - 1] == points[depth - 1]
                and rows[above - width + k] < cell
            ):
                cell = rows[above - width + k]
            if cell < cap:
                cell += 1
        if cell < least:
            least = cell
        rows[row + k] = cython.cast(cython.uchar, cell)
    return least


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def least_point_above(
    word: cython.p_uint,
    wanted: cython.Py_ssize_t,
    distance: cython.Py_ssize_t,
    transpositions: cython.bint,
    points: cython.p_uint,
    rows: cython.p_uchar,
    depth: cython.Py_ssize_t,
    point: cython.longlong,
) -> cython.longlong:
    """The least code point above ``point`` that can follow row ``depth``, none of whose cells is
    below the distance; -1 if there is none.

    There is no edit left, so it is a letter of the word, or the first half of a transposition
    whose second half counted as a replacement.
    """
    width: cython.Py_ssize_t = 2 * distance + 1
    row: cython.Py_ssize_t = depth * width
    best: cython.longlong = -1
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    for k in range(width):
        j = depth - distance + k
        if (
            rows[row + k] == distance
            and j < wanted
            and word[j] > point
            and (best < 0 or word[j] < best)
        ):
            best = word[j]
        # The cell above is that of word[: j - 1].
        if (
            transpositions
            and depth
            and j < wanted
            and rows[row - width + k] < distance
            and word[j] == points[depth]
            and word[j - 1] > point
            and (best < 0 or word[j - 1] < best)
        ):
            best = word[j - 1]
    return best


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def walk_fuzzy(
    section: cython.const[cython.uchar][::1],
    table: cython.const[cython.ulonglong][::1],
    seen: cython.const[cython.uchar][::1],
    terms: cython.Py_ssize_t,
    skip: cython.Py_ssize_t,
    word: cython.const[cython.uint][::1],
    distance: cython.Py_ssize_t,
    transpositions: cython.bint,
    place: cython.Py_ssize_t[::1],
    here: cython.uchar[::1],
    starts: cython.uint[::1],
    points: cython.uint[::1],
    leasts: cython.uchar[::1],
    rows: cython.uchar[::1],
    text: cython.uchar[::1],
    found: cython.ulonglong[::1],
) -> cython.Py_ssize_t:
    """Find the terms that begin with the ``skip`` bytes of ``here`` and go on near ``word``.

    Near: at most ``distance`` (0 to 200) code points inserted, deleted, replaced and, if
    ``transpositions``, swapped with their neighbour (no code point edited twice). The table of
    Wagner and Fischer, "The string-to-string correction problem" (1974), cut to the band of
    Ukkonen, "Algorithms for approximate string matching" (1985): of row i, which is of the first i
    code points of a term, only the 2 x distance + 1 cells around the diagonal, each at most
    distance + 1. A row without a cell within the distance is dead: no term that begins so is near.

    The walk leaps, as Schulz and Mihov do, "Fast string correction with Levenshtein automata"
    (2002): all near terms below ``here`` have been found. A term that is not below it takes its
    place, and gets rows from where the two part. If they die, ``here`` becomes the least string
    above the term that may be near: its beginning up to the last row that a higher code point can
    follow, that code point, and what must follow while no edit is left. Blocks that end below it
    are not touched. Terms that are not UTF-8 are passed over, one by one.

    Scratch, with n = len(word) + distance + 2: ``starts``, ``points``, ``leasts`` n each, ``rows``
    n x (2 x distance + 1), with row 0 filled in and ``starts[0]`` = ``skip``; ``here`` at least
    ``skip`` + 4 x n. ``place``: bytes of ``here``, its last row, the block to look from, all 0 but
    the first at first; then how many terms were found. These lie in ``text``, with eight numbers
    each in ``found``: where it ends, ordinal, df, cf, offset and length of the postings and of the
    positions. Returns the block that must be verified next; -1 at the end; -2 if there is no room
    for one more; -3 if the bytes are damaged; -4 if the arrays do not fit together.
    """
    blocks: cython.Py_ssize_t = len(seen)
    wanted: cython.Py_ssize_t = len(word)
    width: cython.Py_ssize_t = 2 * distance + 1
    n: cython.Py_ssize_t = wanted + distance + 2
    size: cython.Py_ssize_t = place[0]
    depth: cython.Py_ssize_t = place[1]
    block: cython.Py_ssize_t = place[2]
    count: cython.Py_ssize_t = 0
    used: cython.Py_ssize_t = 0
    result: cython.Py_ssize_t = -1
    low: cython.Py_ssize_t
    high: cython.Py_ssize_t
    middle: cython.Py_ssize_t
    step: cython.Py_ssize_t
    order: cython.int
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    numbers_at: cython.Py_ssize_t
    numbered: cython.Py_ssize_t
    following: cython.Py_ssize_t
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    shared: cython.Py_ssize_t
    more: cython.Py_ssize_t
    matched: cython.Py_ssize_t
    point: cython.longlong
    higher: cython.longlong
    dead: cython.bint
    going: cython.bint = True
    before: cython.uchar[4]
    numbers: cython.ulonglong[6]
    word_: cython.p_uint
    points_: cython.p_uint
    rows_: cython.p_uchar
    here_: cython.p_uchar
    if (
        skip < 0
        or distance < 0
        or distance > 200
        or len(table) != 3 * (blocks + 1)
        or len(starts) < n
        or len(points) < n
        or len(leasts) < n
        or len(rows) < n * width
        or len(here) < skip + 4 * n
        or len(place) < 4
        or size < skip
        or size > len(here)
        or depth < 0
        or depth >= n
        or block < 0
    ):
        return -4
    if cython.compiled:
        points_ = cython.address(points[0])
        word_ = cython.cast(cython.p_uint, cython.address(word[0])) if wanted else points_
        rows_ = cython.address(rows[0])
        here_ = cython.address(here[0])
    else:
        word_, points_, rows_, here_ = word, points, rows, here
        before, numbers = [0] * 4, [0] * 6
    with cython.nogil:
        while going and block < blocks:
            # On to the last block whose first term is not above `here`, or the next. It is sound
            # before it is used, so all that was passed over is lower, whatever led the search.
            low = block + 1
            high = low
            step = 1
            order = 0
            while high < blocks:
                order = compare_first(
                    section,
                    cython.cast(cython.Py_ssize_t, table[high]),
                    cython.cast(cython.Py_ssize_t, table[high + 1]),
                    here,
                    size,
                )
                if order > 0:
                    break
                low = high + 1
                high += step
                step <<= 1
            if high > blocks:
                high = blocks
            while order != 2 and low < high:
                middle = (low + high) >> 1
                order = compare_first(
                    section,
                    cython.cast(cython.Py_ssize_t, table[middle]),
                    cython.cast(cython.Py_ssize_t, table[middle + 1]),
                    here,
                    size,
                )
                if order <= 0:
                    low = middle + 1
                else:
                    high = middle
            if order == 2:
                result = -3
                break
            block = low - 1
            if not seen[block]:
                result = block
                break
            at = cython.cast(cython.Py_ssize_t, table[block])
            end = cython.cast(cython.Py_ssize_t, table[block + 1])
            stop = names_end(section, at, end)
            at += 4
            numbers_at = stop
            numbered = 0
            numbers[2], numbers[3] = table[blocks + 1 + block], 0
            numbers[4], numbers[5] = table[2 * (blocks + 1) + block], 0
            matched = 0  # so many bytes the last term looked at, below `here`, shares with it
            for i in range(terms - block * BLOCK if terms - block * BLOCK < BLOCK else BLOCK):
                if at >= stop:
                    result, going = -3, False
                    break
                shared = section[at] >> 4
                more = section[at] & 15
                at += 1
                if shared == 15:
                    following = after(section, at, stop)
                    if following < 0 or following - at > 3:
                        result, going = -3, False
                        break
                    shared += cython.cast(cython.Py_ssize_t, number(section, at, following))
                    at = following
                if more == 15:
                    following = after(section, at, stop)
                    if following < 0 or following - at > 3:
                        result, going = -3, False
                        break
                    more += cython.cast(cython.Py_ssize_t, number(section, at, following))
                    at = following
                if more > stop - at:
                    result, going = -3, False
                    break
                k = at
                at += more
                if shared > matched:
                    continue
                if shared < matched:
                    matched = shared
                else:
                    while k < at and matched < size and section[k] == here[matched]:
                        k += 1
                        matched += 1
                    if matched < size and (k == at or section[k] < here[matched]):
                        continue
                # Not below `here`: the term takes its place.
                size = shared + more
                if size > len(here):
                    result, going = -3, False
                    break
                for k in range(matched, size):
                    here[k] = section[at - size + k]
                if matched < skip:
                    going = False
                    break
                while starts[depth] > matched:
                    depth -= 1
                dead = False
                point = 0
                while starts[depth] < size:
                    point = point_at(here_, starts[depth], size)
                    if point < 0:
                        break
                    depth += 1
                    points[depth] = cython.cast(cython.uint, point)
                    k = fill_row(word_, wanted, distance, transpositions, points_, rows_, depth)
                    if k > distance:
                        depth -= 1
                        dead = True
                        break
                    leasts[depth] = cython.cast(cython.uchar, k)
                    starts[depth] = starts[depth - 1] + point_bytes(point)
                if not dead:
                    k = wanted - depth + distance
                    if point >= 0 and 0 <= k < width and rows[depth * width + k] <= distance:
                        if used + size > len(text) or 8 * count + 8 > len(found):
                            result, going = -2, False
                            break
                        while numbered <= i and numbers_at >= 0:
                            numbers_at = next_numbers(section, numbers_at, end, numbers)
                            numbered += 1
                        if numbers_at < 0:
                            result, going = -3, False
                            break
                        for k in range(size):
                            text[used + k] = here[k]
                        used += size
                        found[8 * count] = used
                        found[8 * count + 1] = block * BLOCK + i
                        for k in range(6):
                            found[8 * count + 2 + k] = numbers[k]
                        count += 1
                    matched = size
                    continue
                # Up to where a higher code point leads on.
                while True:
                    if leasts[depth] < distance:
                        higher = point + 1 if point < 0x10FFFF else -1
                    else:
                        higher = least_point_above(
                            word_, wanted, distance, transpositions, points_, rows_, depth, point
                        )
                    if higher >= 0 or depth == 0:
                        break
                    point = points[depth]
                    depth -= 1
                if higher < 0:
                    going = False
                    break
                matched = starts[depth]
                put_point(before, 0, point)
                put_point(here_, matched, higher)
                k = 0
                while before[k] == here[matched]:
                    k += 1
                    matched += 1
                for _ in range(MOST_AHEAD):
                    starts[depth + 1] = put_point(here_, starts[depth], higher)
                    depth += 1
                    points[depth] = cython.cast(cython.uint, higher)
                    leasts[depth] = fill_row(
                        word_, wanted, distance, transpositions, points_, rows_, depth
                    )
                    k = wanted - depth + distance
                    if leasts[depth] < distance or (
                        0 <= k < width and rows[depth * width + k] <= distance
                    ):
                        break
                    higher = least_point_above(
                        word_, wanted, distance, transpositions, points_, rows_, depth, -1
                    )
                size = starts[depth]
            if going:
                block += 1
    place[0] = size
    place[1] = depth
    place[2] = block
    place[3] = count
    return result
