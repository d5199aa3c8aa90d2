# cython: language_level=3
"""Which documents does a bitmap mark: a bit for each, document d at bit d & 7 of byte d >> 3?"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.inlined import load, lowest_bit
else:
    from searchkit.kernels.inlined import load, lowest_bit


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def mark(
    docs: cython.const[cython.uint][::1], base: cython.uint, bits: cython.uchar[::1]
) -> cython.bint:
    """Mark ``docs``, which count from ``base``. False, and nothing past it, for one that has no
    bit.
    """
    i: cython.Py_ssize_t
    doc: cython.longlong
    room: cython.longlong = 8 * len(bits)
    with cython.nogil:
        for i in range(len(docs)):
            doc = cython.cast(cython.longlong, docs[i]) - base
            if doc < 0 or doc >= room:
                break
            bits[doc >> 3] |= cython.cast(cython.uchar, 1 << (doc & 7))
        else:
            i = len(docs)
    return i == len(docs)


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def mark_integers(
    values: cython.const[cython.longlong][::1],
    present: cython.const[cython.uchar][::1],
    low: cython.longlong,
    high: cython.longlong,
    bits: cython.uchar[::1],
) -> cython.bint:
    """Mark each document that has a value, if it lies from ``low`` to ``high``. ``present`` has a
    bit for each that has one; empty, all have. False, and nothing, if the arrays do not fit.
    """
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = len(values)
    is_partial: cython.bint = len(present) > 0
    if 8 * len(bits) < count or (is_partial and 8 * len(present) < count):
        return False
    with cython.nogil:
        for i in range(count):
            if (
                values[i] >= low
                and values[i] <= high
                and not (is_partial and not (present[i >> 3] >> (i & 7)) & 1)
            ):
                bits[i >> 3] |= cython.cast(cython.uchar, 1 << (i & 7))
    return True


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def mark_reals(
    values: cython.const[cython.double][::1],
    present: cython.const[cython.uchar][::1],
    low: cython.double,
    high: cython.double,
    bits: cython.uchar[::1],
) -> cython.bint:
    """As :func:`mark_integers`. What is no number (NaN) lies nowhere."""
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = len(values)
    is_partial: cython.bint = len(present) > 0
    if 8 * len(bits) < count or (is_partial and 8 * len(present) < count):
        return False
    with cython.nogil:
        for i in range(count):
            if (
                values[i] >= low
                and values[i] <= high
                and not (is_partial and not (present[i >> 3] >> (i & 7)) & 1)
            ):
                bits[i >> 3] |= cython.cast(cython.uchar, 1 << (i & 7))
    return True


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def marked(
    bits: cython.const[cython.uchar][::1], base: cython.uint, found: cython.uint[::1]
) -> cython.Py_ssize_t:
    """Write the marked documents, counted from ``base``, to ``found``, as many as it has room for;
    how many. -1 if ``bits`` are no words of 8 bytes.
    """
    i: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    room: cython.Py_ssize_t = len(found)
    word: cython.ulonglong
    b: cython.p_uchar
    if len(bits) & 7:
        return -1
    if len(bits) == 0 or room == 0:
        return 0
    b = cython.cast(cython.p_uchar, cython.address(bits[0])) if cython.compiled else bits
    with cython.nogil:
        for i in range(0, len(bits), 8):
            word = load(b, i)
            while word and count < room:
                found[count] = cython.cast(cython.uint, base + 8 * i + lowest_bit(word))
                count += 1
                word &= word - 1
            if count == room:
                break
    return count
