# cython: language_level=3
"""Below which score need a search for any of some terms look at nothing?"""

import cython

if cython.compiled:
    from cython.cimports.searchkit.kernels.best import keep
    from cython.cimports.searchkit.kernels.cursors import Cursor, open_cursor, seek, tf_at
    from cython.cimports.searchkit.kernels.inlined import is_deleted, length_of, saturation
else:
    from searchkit.kernels.best import keep
    from searchkit.kernels.cursors import Cursor, open_cursor, seek, tf_at
    from searchkit.kernels.inlined import is_deleted, length_of, saturation


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def first_threshold(
    data: cython.p_uchar,
    size: cython.longlong,
    c: cython.pointer(Cursor),
    terms: cython.Py_ssize_t,
    weights: cython.p_double,
    lengths: cython.p_uchar,
    width: cython.longlong,
    docs: cython.longlong,
    deleted: cython.p_uchar,
    has_deleted: cython.bint,
    table: cython.p_double,
    limit: cython.Py_ssize_t,
    scores: cython.p_double,
    found: cython.p_longlong,
) -> cython.double:
    """A score below which no document comes in, from a look at some that have the rarest term; -1
    if there is none. Uses the heap, and leaves the cursors open anew.

    Without it, windows before the first good documents would score everything.
    """
    t: cython.Py_ssize_t
    rarest: cython.Py_ssize_t = -1
    total: cython.longlong = 0
    for t in range(terms):
        total += c[t].df
        if c[t].df >= limit and (rarest < 0 or c[t].df < c[rarest].df):
            rarest = t
    if rarest < 0 or terms < 2 or total < 4 * c[rarest].df or limit > 128:
        return -1.0
    held: cython.Py_ssize_t = 0
    looked: cython.longlong = 0
    score: cython.double
    doc: cython.longlong = c[rarest].doc
    while doc < docs and looked < 64:
        looked += 1
        if not is_deleted(deleted, has_deleted, doc):
            score = 0.0
            for t in range(terms):
                if seek(data, c, t, doc) == doc:
                    score += weights[t] * saturation(
                        table, tf_at(data, c, t, c[t].index), length_of(lengths, width, doc)
                    )
            if held < limit or score > scores[0]:
                held = keep(scores, found, held, limit, score, doc)
        doc = seek(data, c, rarest, doc + 1)
    for t in range(terms):
        open_cursor(data, size, c, t)
    # Just below, so that the worst of these comes in again.
    return scores[0] * (1.0 - 2.0**-50) if held == limit else -1.0
