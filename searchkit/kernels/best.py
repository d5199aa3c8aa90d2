# cython: language_level=3
"""Which are the best so far?

A heap of pairs (score, docnum), the worst on top. Of equal scores the lower docnum wins: documents
come in order, and a later one must be better to come in.
"""

import cython


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_worse(
    scores: cython.p_double,
    docs: cython.p_longlong,
    one: cython.Py_ssize_t,
    other: cython.Py_ssize_t,
) -> cython.bint:
    return scores[one] < scores[other] or (scores[one] == scores[other] and docs[one] > docs[other])


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def keep(
    scores: cython.p_double,
    docs: cython.p_longlong,
    held: cython.Py_ssize_t,
    limit: cython.Py_ssize_t,
    score: cython.double,
    doc: cython.longlong,
) -> cython.Py_ssize_t:
    """Take a document in that is better than the worst, or for which there is room; returns how
    many are held.
    """
    at: cython.Py_ssize_t
    child: cython.Py_ssize_t
    other_score: cython.double
    other_doc: cython.longlong
    if held < limit:
        at = held
        held += 1
        scores[at] = score
        docs[at] = doc
        while at > 0 and is_worse(scores, docs, at, (at - 1) >> 1):
            child = at
            at = (at - 1) >> 1
            other_score = scores[at]
            other_doc = docs[at]
            scores[at] = scores[child]
            docs[at] = docs[child]
            scores[child] = other_score
            docs[child] = other_doc
        return held
    scores[0] = score
    docs[0] = doc
    at = 0
    while True:
        child = 2 * at + 1
        if child >= held:
            return held
        if child + 1 < held and is_worse(scores, docs, child + 1, child):
            child += 1
        if not is_worse(scores, docs, child, at):
            return held
        other_score = scores[at]
        other_doc = docs[at]
        scores[at] = scores[child]
        docs[at] = docs[child]
        scores[child] = other_score
        docs[child] = other_doc
        at = child


@cython.ccall
@cython.boundscheck(False)
@cython.wraparound(False)
def best_of(
    docs: cython.const[cython.uint][::1],
    values: cython.const[cython.double][::1],
    limit: cython.Py_ssize_t,
    last_score: cython.double,
    last_doc: cython.longlong,
    best_scores: cython.double[::1],
    best_docs: cython.longlong[::1],
) -> cython.Py_ssize_t:
    """Fill the heap with the best of a set of scored documents, which are in order, that come after
    a last one: with a lower score, or the same and a higher number; how many.
    """
    held: cython.Py_ssize_t = 0
    i: cython.Py_ssize_t
    top_scores: cython.p_double
    top_docs: cython.p_longlong
    if limit == 0 or len(docs) == 0:
        return 0
    if cython.compiled:
        top_scores = cython.address(best_scores[0])
        top_docs = cython.address(best_docs[0])
    else:
        top_scores, top_docs = best_scores, best_docs
    with cython.nogil:
        for i in range(len(docs)):
            if values[i] > last_score or (values[i] == last_score and docs[i] <= last_doc):
                continue
            if held < limit or values[i] > top_scores[0]:
                held = keep(top_scores, top_docs, held, limit, values[i], docs[i])
    return held
