"""Which terms of a dictionary does a pattern match?

The bytes, and ``table``, are those of ``terms.py``.
"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.terms import after, names_end, next_numbers, number
else:
    from searchkit.kernels.terms import after, names_end, next_numbers, number

BLOCK = cython.declare(cython.Py_ssize_t, 32)


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
