# cython: boundscheck=False, wraparound=False
"""In which order are strings of bytes, and which of them are equal?

Strings lie one after the other in ``text``; ``ends`` says where each ends. A merge sort, since it
is stable, has no worst case, and takes what is in order already as it is. Most comparisons are of
the first 8 bytes, which lie together in an array, as numbers.
"""

import cython


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def begin_of(ends: cython.const[cython.uint][::1], at: cython.Py_ssize_t) -> cython.Py_ssize_t:
    return ends[at - 1] if at > 0 else 0


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def compare(
    text: cython.const[cython.uchar][::1], ends: cython.const[cython.uint][::1],
    heads: cython.const[cython.ulonglong][::1], one: cython.Py_ssize_t, other: cython.Py_ssize_t,
) -> cython.int:  # fmt: skip
    """-1, 0 or 1: whether the string at ``one`` is less than, equal to or greater than another."""
    if heads[one] != heads[other]:
        return -1 if heads[one] < heads[other] else 1
    at: cython.Py_ssize_t = begin_of(ends, one)
    to: cython.Py_ssize_t = begin_of(ends, other)
    size: cython.Py_ssize_t = ends[one] - at
    other_size: cython.Py_ssize_t = ends[other] - to
    least: cython.Py_ssize_t = size if size < other_size else other_size
    i: cython.Py_ssize_t = 8
    while i < least:
        if text[at + i] != text[to + i]:
            return -1 if text[at + i] < text[to + i] else 1
        i += 1
    # Heads are filled up with zeros, which a string may have too.
    return (size > other_size) - (size < other_size)


@cython.ccall
def sort(
    text: cython.const[cython.uchar][::1], ends: cython.const[cython.uint][::1],
    heads: cython.ulonglong[::1], places: cython.uint[::1], room: cython.uint[::1],
) -> cython.void:  # fmt: skip
    """Fills ``places`` with those of the strings, in their order; equal ones as they come.

    ``heads``, ``places`` and ``room`` have an item for each string; the first and last are room
    to work in. ``ends`` ascend, up to the length of ``text``.
    """
    count: cython.Py_ssize_t = len(ends)
    width: cython.Py_ssize_t = 1
    low: cython.Py_ssize_t
    middle: cython.Py_ssize_t
    high: cython.Py_ssize_t
    one: cython.Py_ssize_t
    other: cython.Py_ssize_t
    i: cython.Py_ssize_t
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    head: cython.ulonglong
    if len(heads) < count or len(places) < count or len(room) < count:
        raise ValueError("an item for each string, please")
    at = 0
    for i in range(count):
        if ends[i] < at or ends[i] > len(text):
            raise ValueError("the ends do not ascend in the text")
        at = ends[i]
    with cython.nogil:
        for i in range(count):
            at = begin_of(ends, i)
            end = at + 8
            head = 0
            while at < end:
                head <<= 8
                if at < ends[i]:
                    head |= text[at]
                at += 1
            heads[i] = head
            places[i] = cython.cast(cython.uint, i)
        while width < count:
            low = 0
            while low + width < count:
                middle = low + width
                high = middle + width
                if high > count:
                    high = count
                if compare(text, ends, heads, places[middle - 1], places[middle]) > 0:
                    # The first of the two runs moves away, to be merged back.
                    for i in range(low, middle):
                        room[i] = places[i]
                    one = low
                    other = middle
                    i = low
                    while one < middle and other < high:
                        if compare(text, ends, heads, room[one], places[other]) <= 0:
                            places[i] = room[one]
                            one += 1
                        else:
                            places[i] = places[other]
                            other += 1
                        i += 1
                    while one < middle:
                        places[i] = room[one]
                        one += 1
                        i += 1
                low = high
            width *= 2


@cython.ccall
def lay_out(
    text: cython.const[cython.uchar][::1], ends: cython.const[cython.uint][::1],
    heads: cython.const[cython.ulonglong][::1], places: cython.const[cython.uint][::1],
    out: cython.uchar[::1], out_ends: cython.uint[::1], ranks: cython.uint[::1],
) -> cython.Py_ssize_t:  # fmt: skip
    """Writes the strings, sorted by :func:`sort` to ``places``, each once; how many there are.

    ``out`` receives their bytes, ``out_ends`` where each ends there, ``ranks`` of each of the given
    strings its place in this order. All have as much room as what is given.
    """
    count: cython.Py_ssize_t = len(ends)
    filled: cython.Py_ssize_t = 0
    distinct: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    place: cython.Py_ssize_t
    at: cython.Py_ssize_t
    if len(out) < len(text) or len(out_ends) < count or len(ranks) < count or len(places) < count:
        raise ValueError("room for each string, please")
    with cython.nogil:
        for i in range(count):
            place = places[i]
            if i == 0 or compare(text, ends, heads, places[i - 1], place) != 0:
                at = begin_of(ends, place)
                while at < ends[place]:
                    out[filled] = text[at]
                    filled += 1
                    at += 1
                out_ends[distinct] = cython.cast(cython.uint, filled)
                distinct += 1
            ranks[place] = cython.cast(cython.uint, distinct - 1)
    return distinct
