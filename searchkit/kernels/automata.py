"""Which terms of a sorted list does a pattern, or a misspelt word, match?

Both scans walk unpacked terms: ``text`` holds them one after the other, ``ends`` where each ends,
``shares`` how many bytes each shares with the one before. Both keep their states per byte of the
last term, so that for the next they start where it departs from it; a beginning that cannot match
any more costs nothing until it changes. Terms are taken for UTF-8; what is not may be chosen or
not, but spoils neither memory nor its neighbours: the caller tells by decoding what was chosen.
All terms scanned must share their first ``skip`` bytes.
"""

import cython


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def scan_wildcard(
    text: cython.const[cython.uchar][::1],
    ends: cython.const[cython.uint][::1],
    shares: cython.const[cython.uint][::1],
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    skip: cython.Py_ssize_t,
    moves: cython.const[cython.ulonglong][::1],
    accept: cython.ulonglong,
    states: cython.ulonglong[::1],
    chosen: cython.uint[::1],
) -> cython.Py_ssize_t:
    """Choose those of terms ``first`` to ``last`` whose bytes after ``skip`` a pattern matches.

    The pattern is an automaton of at most 64 states, simulated all at once in the bits of a word
    (shift-and: Baeza-Yates and Gonnet, "A new approach to text searching", 1992): byte b leads
    from state i to i + 1 if bit i of ``moves[b]`` is set, and to i itself if bit i of
    ``moves[256 + b]`` is. ``accept`` has the bit of the last state. ``states``: scratch, longer
    than the longest term. Writes the numbers of the terms to ``chosen``, returns how many; -1 if
    the arrays do not fit together.
    """
    i: cython.Py_ssize_t
    k: cython.Py_ssize_t
    begin: cython.Py_ssize_t
    size: cython.Py_ssize_t
    found: cython.Py_ssize_t = 0
    known: cython.Py_ssize_t = skip  # states[skip] to states[known] are those of the term before
    state: cython.ulonglong
    byte: cython.Py_ssize_t
    if (
        first < 0
        or last > len(ends)
        or last > len(shares)
        or last - first > len(chosen)
        or len(moves) < 512
        or skip < 0
        or skip >= len(states)
    ):
        return -1
    states[skip] = 1
    with cython.nogil:
        for i in range(first, last):
            begin = ends[i - 1] if i else 0
            size = ends[i] - begin
            if size < skip or size >= len(states) or ends[i] > len(text):
                return -1
            k = shares[i]
            if k > known:
                k = known
            if k < skip or i == first:
                k = skip
            state = states[k]
            while state and k < size:
                byte = text[begin + k]
                state = ((state & moves[byte]) << 1) | (state & moves[256 + byte])
                k += 1
                states[k] = state
            known = k
            if state & accept:
                chosen[found] = cython.cast(cython.uint, i)
                found += 1
    return found


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def scan_fuzzy(
    text: cython.const[cython.uchar][::1],
    ends: cython.const[cython.uint][::1],
    shares: cython.const[cython.uint][::1],
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    skip: cython.Py_ssize_t,
    word: cython.const[cython.uint][::1],
    distance: cython.Py_ssize_t,
    transpositions: cython.bint,
    rows: cython.uchar[::1],
    points: cython.uint[::1],
    depths: cython.uint[::1],
    chosen: cython.uint[::1],
) -> cython.Py_ssize_t:
    """Choose those of terms ``first`` to ``last`` that are, after ``skip`` bytes, near ``word``.

    Near: at most ``distance`` (0 to 200) code points inserted, deleted, replaced and, if
    ``transpositions``, swapped with their neighbour (no code point edited twice). The table of
    Wagner and Fischer, "The string-to-string correction problem" (1974), cut to the band of
    Ukkonen, "Algorithms for approximate string matching" (1985): of row i only the
    2 x distance + 1 cells around the diagonal, each at most distance + 1. A row without a cell
    within the distance ends all terms that begin so.

    Scratch, with n = len(word) + distance + 2: ``rows`` n x (2 x distance + 1), ``points`` n,
    ``depths`` 4 x n. Writes the numbers of the terms to ``chosen``, returns how many; -1 if the
    arrays do not fit together.
    """
    wanted: cython.Py_ssize_t = len(word)
    width: cython.Py_ssize_t = 2 * distance + 1
    n: cython.Py_ssize_t = wanted + distance + 2
    cap: cython.Py_ssize_t = distance + 1
    found: cython.Py_ssize_t = 0
    known: cython.Py_ssize_t = skip  # so many bytes of the term before have rows
    dead: cython.bint = False  # no term that shares all of them matches
    alive: cython.bint
    broken: cython.bint
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    k: cython.Py_ssize_t
    at: cython.Py_ssize_t
    begin: cython.Py_ssize_t
    size: cython.Py_ssize_t
    depth: cython.Py_ssize_t
    row: cython.Py_ssize_t
    length: cython.Py_ssize_t
    cell: cython.Py_ssize_t
    other: cython.Py_ssize_t
    point: cython.uint
    if (
        first < 0
        or last > len(ends)
        or last > len(shares)
        or last - first > len(chosen)
        or skip < 0
        or distance < 0
        or distance > 200
        or len(rows) < n * width
        or len(points) < n
        or len(depths) < 4 * n
    ):
        return -1
    with cython.nogil:
        for k in range(4 * n):
            depths[k] = 0
        for k in range(width):
            j = k - distance
            rows[k] = cython.cast(cython.uchar, j if 0 <= j <= wanted else cap)
        for i in range(first, last):
            begin = ends[i - 1] if i else 0
            size = ends[i] - begin
            if size < skip or ends[i] > len(text):
                return -1
            at = shares[i]
            if at < skip or i == first:
                at = skip
            if at >= known:
                if dead:
                    continue
                at = known
            dead = broken = False
            # Back to where a code point begins, should the terms part inside one.
            while at > skip and at < size and (text[begin + at] & 0xC0) == 0x80:
                at -= 1
            depth = depths[at - skip]
            while at < size:
                point = text[begin + at]
                length = 1
                if point >= 0xC0:
                    length = 2 if point < 0xE0 else (3 if point < 0xF0 else 4)
                    if length > size - at:  # it stops inside a letter; what follows may end it
                        broken = True
                        break
                    for k in range(1, length):
                        point = (point << 6) | (text[begin + at + k] & 0x3F)
                    if length == 2:
                        point &= 0x7FF
                    elif length == 3:
                        point &= 0xFFFF
                    else:
                        point &= 0x1FFFFF
                depth += 1
                if depth >= n:  # only a broken term can start so far down
                    dead = True
                    break
                points[depth] = point
                row = depth * width
                alive = False
                for k in range(width):
                    j = depth - distance + k
                    if j < 0 or j > wanted:
                        rows[row + k] = cython.cast(cython.uchar, cap)
                        continue
                    if j == 0:
                        cell = depth
                    else:
                        cell = rows[row - width + k]
                        if word[j - 1] != point:
                            cell += 1
                            if k and rows[row + k - 1] + 1 < cell:
                                cell = rows[row + k - 1] + 1
                            if k + 1 < width and rows[row - width + k + 1] + 1 < cell:
                                cell = rows[row - width + k + 1] + 1
                            if (
                                transpositions
                                and j > 1
                                and depth > 1
                                and word[j - 2] == point
                                and word[j - 1] == points[depth - 1]
                            ):
                                other = rows[row - 2 * width + k] + 1
                                if other < cell:
                                    cell = other
                    if cell < cap:
                        alive = True
                    else:
                        cell = cap
                    rows[row + k] = cython.cast(cython.uchar, cell)
                # All bytes of the code point get the depth after it: a broken term that starts
                # inside it then writes to rows below those that whole terms may still need.
                for _ in range(length):
                    at += 1
                    depths[at - skip] = cython.cast(cython.uint, depth)
                if not alive:
                    dead = True
                    break
            known = at
            j = wanted - depth + distance
            if not dead and not broken and 0 <= j < width and rows[depth * width + j] < cap:
                chosen[found] = cython.cast(cython.uint, i)
                found += 1
    return found
