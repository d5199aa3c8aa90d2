# cython: language_level=3
"""Where in a stream of tokens is each term, and in which document is each token?

Terms are sorted by counting: how often each occurs says where its tokens begin.
"""

import cython


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def to_ranks(terms: cython.uint[::1], rank: cython.const[cython.uint][::1]) -> cython.void:
    """Replace each number by its rank."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(terms)):
            terms[i] = rank[terms[i]]


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def count(terms: cython.const[cython.uint][::1], counts: cython.uint[::1]) -> cython.void:
    """Add up how often each number occurs in the stream."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(terms)):
            counts[terms[i]] += 1


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def regroup(
    counts: cython.const[cython.uint][::1],
    rank: cython.const[cython.uint][::1],
    out: cython.uint[::1],
) -> cython.void:
    """Add the count of each term id to that of its rank."""
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(counts)):
            out[rank[i]] += counts[i]


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def scatter(
    terms: cython.const[cython.uint][::1],
    rank: cython.const[cython.uint][::1],
    low: cython.uint,
    high: cython.uint,
    slots: cython.uint[::1],
    tokens: cython.uint[::1],
) -> cython.void:
    """Sort the places in the stream of the terms whose ``rank`` is from ``low`` to below ``high``
    by rank, in one counting pass.

    ``slots`` is where each of the ranks begins in ``tokens``, and is moved on.
    """
    i: cython.Py_ssize_t
    term: cython.uint
    slot: cython.uint
    with cython.nogil:
        for i in range(len(terms)):
            term = rank[terms[i]]
            if term >= low and term < high:
                slot = slots[term - low]
                slots[term - low] = slot + 1
                tokens[slot] = cython.cast(cython.uint, i)


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def locate(doc_ends: cython.const[cython.uint][::1], landmarks: cython.uint[::1]) -> cython.void:
    """Fill in the document of each 64th token of a stream; ``doc_ends`` is where each document's
    tokens end in it, the last one's at the stream's end.
    """
    doc: cython.uint = 0
    i: cython.Py_ssize_t
    with cython.nogil:
        for i in range(len(landmarks)):
            while doc < len(doc_ends) and doc_ends[doc] <= 64 * i:
                doc += 1
            landmarks[i] = doc
