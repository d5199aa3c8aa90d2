# cython: language_level=3
"""How are sets of scored documents combined?

A set is an array of docnums (u32, ascending) and one of values (f64). Each function reads two sets
and writes a third, in one pass.
"""

import cython


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def normalise(
    docs: cython.const[cython.uint][::1],
    tfs: cython.const[cython.uint][::1],
    base: cython.uint,
    lengths: cython.const[cython.uchar][::1],
    width: cython.Py_ssize_t,
    b: cython.double,
    average: cython.double,
    weight: cython.double,
    out: cython.double[::1],
) -> cython.bint:
    """Write ``weight * tf / (1 - b + b * length / average)`` for each document.

    ``docs`` count from ``base``; ``lengths`` has a number of ``width`` bytes for each of them.
    False if a document has no length.
    """
    i: cython.Py_ssize_t
    at: cython.Py_ssize_t
    length: cython.longlong
    have: cython.longlong = len(lengths)
    norm: cython.double
    ok: cython.bint = True
    with cython.nogil:
        for i in range(len(docs)):
            if docs[i] < base:
                ok = False
                break
            at = (docs[i] - base) * width
            if at + width > have:
                ok = False
                break
            length = lengths[at]
            if width > 1:
                length |= cython.cast(cython.longlong, lengths[at + 1]) << 8
            if width > 2:
                length |= cython.cast(cython.longlong, lengths[at + 2]) << 16
                length |= cython.cast(cython.longlong, lengths[at + 3]) << 24
            norm = 1 - b + b * length / average
            if norm < 1e-9:
                norm = 1e-9
            out[i] = weight * (tfs[i] / norm)
    return ok


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
@cython.cdivision(True)
def saturate(values: cython.double[::1], k1: cython.double, weight: cython.double) -> cython.void:
    """Replace each value by ``weight * (value / (k1 + value))``."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(values)):
            values[i] = weight * (values[i] / (k1 + values[i]))


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def scale(values: cython.double[::1], factor: cython.double) -> cython.void:
    """Multiply each value."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(values)):
            values[i] = values[i] * factor


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def unite(
    docs: cython.const[cython.uint][::1],
    values: cython.const[cython.double][::1],
    other_docs: cython.const[cython.uint][::1],
    other_values: cython.const[cython.double][::1],
    is_maximum: cython.bint,
    docs_out: cython.uint[::1],
    values_out: cython.double[::1],
) -> cython.Py_ssize_t:
    """The documents of either set, with the sum (or the maximum) of their values; how many."""
    i: cython.Py_ssize_t = 0
    j: cython.Py_ssize_t = 0
    n: cython.Py_ssize_t = 0
    ends: cython.Py_ssize_t = len(docs)
    other_ends: cython.Py_ssize_t = len(other_docs)
    with cython.nogil:
        while i < ends and j < other_ends:
            if docs[i] < other_docs[j]:
                docs_out[n] = docs[i]
                values_out[n] = values[i]
                i += 1
            elif docs[i] > other_docs[j]:
                docs_out[n] = other_docs[j]
                values_out[n] = other_values[j]
                j += 1
            else:
                docs_out[n] = docs[i]
                if not is_maximum:
                    values_out[n] = values[i] + other_values[j]
                elif values[i] > other_values[j]:
                    values_out[n] = values[i]
                else:
                    values_out[n] = other_values[j]
                i += 1
                j += 1
            n += 1
        while i < ends:
            docs_out[n] = docs[i]
            values_out[n] = values[i]
            i += 1
            n += 1
        while j < other_ends:
            docs_out[n] = other_docs[j]
            values_out[n] = other_values[j]
            j += 1
            n += 1
    return n


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
@cython.boundscheck(False)
@cython.wraparound(False)
def gallop(
    docs: cython.const[cython.uint][::1], at: cython.Py_ssize_t, wanted: cython.uint
) -> cython.Py_ssize_t:
    """The first place from ``at`` on that is not below ``wanted``."""
    ends: cython.Py_ssize_t = len(docs)
    step: cython.Py_ssize_t = 1
    high: cython.Py_ssize_t = at
    middle: cython.Py_ssize_t
    while high < ends and docs[high] < wanted:
        at = high + 1
        high += step
        step <<= 1
    if high > ends:
        high = ends
    while at < high:
        middle = (at + high) >> 1
        if docs[middle] < wanted:
            at = middle + 1
        else:
            high = middle
    return at


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def intersect(
    docs: cython.const[cython.uint][::1],
    values: cython.const[cython.double][::1],
    other_docs: cython.const[cython.uint][::1],
    other_values: cython.const[cython.double][::1],
    docs_out: cython.uint[::1],
    values_out: cython.double[::1],
) -> cython.Py_ssize_t:
    """The documents of both sets, with the sum of their values; how many."""
    i: cython.Py_ssize_t = 0
    j: cython.Py_ssize_t = 0
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        while i < len(docs) and j < len(other_docs):
            if docs[i] < other_docs[j]:
                i = gallop(docs, i, other_docs[j])
            elif docs[i] > other_docs[j]:
                j = gallop(other_docs, j, docs[i])
            else:
                docs_out[n] = docs[i]
                values_out[n] = values[i] + other_values[j]
                i += 1
                j += 1
                n += 1
    return n


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def subtract(
    docs: cython.const[cython.uint][::1],
    values: cython.const[cython.double][::1],
    other_docs: cython.const[cython.uint][::1],
    docs_out: cython.uint[::1],
    values_out: cython.double[::1],
) -> cython.Py_ssize_t:
    """The documents of the first set that are not in the second; how many."""
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t = 0
    n: cython.Py_ssize_t = 0
    with cython.nogil:
        for i in range(len(docs)):
            if j < len(other_docs) and other_docs[j] < docs[i]:
                j = gallop(other_docs, j, docs[i])
            if j < len(other_docs) and other_docs[j] == docs[i]:
                continue
            docs_out[n] = docs[i]
            values_out[n] = values[i]
            n += 1
    return n


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def add_where(
    docs: cython.const[cython.uint][::1],
    values: cython.double[::1],
    other_docs: cython.const[cython.uint][::1],
    other_values: cython.const[cython.double][::1],
) -> cython.void:
    """Add to the values of the first set those that the second has for the same documents."""
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t = 0
    with cython.nogil:
        for i in range(len(docs)):
            if j < len(other_docs) and other_docs[j] < docs[i]:
                j = gallop(other_docs, j, docs[i])
            if j >= len(other_docs):
                break
            if other_docs[j] == docs[i]:
                values[i] = values[i] + other_values[j]
