"""How is a sorted list of terms packed, and found again, without building objects?

The bytes are those that ``searchkit.codec.terms`` draws. Here they are written, checked, searched,
and unpacked. ``table`` is the index's three columns, one after the other, each of
blocks + 1 64-bit numbers: offsets of blocks in ``section``, bases of their runs of postings, bases
of their runs of positions. Whoever calls has put ``table`` through ``check_table`` once; everything
inside ``section`` is checked here, always, so that no damage makes a kernel read or write out of
bounds.

Each of the loops over a block's terms, here and in ``walk_fuzzy.py`` and ``walk_wildcard.py``,
reads the lengths itself, to keep them in registers.
"""

import cython

BLOCK = cython.declare(cython.Py_ssize_t, 32)
LONGEST = cython.declare(cython.Py_ssize_t, 65535)
SLACK = cython.declare(cython.Py_ssize_t, 48)  # most bytes that a term takes besides its text


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
