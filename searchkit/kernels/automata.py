"""Which terms of a sorted list does a pattern match?

The scan walks unpacked terms: ``text`` holds them one after the other, ``ends`` where each ends,
``shares`` how many bytes each shares with the one before. It keeps its states per byte of the last
term, so that for the next it starts where that departs from it; a beginning that cannot match any
more costs nothing until it changes. Terms are taken for UTF-8; what is not may be chosen or not:
the caller tells by decoding what was chosen. All terms scanned must share their first ``skip``
bytes.
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
