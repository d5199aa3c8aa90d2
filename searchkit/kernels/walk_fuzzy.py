"""Which terms of a dictionary are near a word?

The bytes, and ``table``, are those of ``terms.py``.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.terms import (
        after,
        compare_first,
        names_end,
        next_numbers,
        number,
    )
else:
    from searchkit.kernels.terms import after, compare_first, names_end, next_numbers, number

BLOCK = cython.declare(cython.Py_ssize_t, 32)
MOST_AHEAD = cython.declare(cython.Py_ssize_t, 4)
"""Code points that ``walk_fuzzy`` works out of what must follow: more cost more than they save."""


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
