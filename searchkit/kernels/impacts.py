# cython: language_level=3
"""Which few pairs of frequency and length bound the scores of a block, or of a list?

What they are for stands in ``codec/postings.py``.
"""

import cython

if not cython.compiled:
    NO_LENGTH = 65536
    """Longer than any length that is kept."""


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
