"""Does a passage have the words of a query as they were typed?

Stems and folded accents bring what means the same; of passages that are otherwise equal, the one
that says "résumé" answers "résumé" better than one that says "resume" or "resumed", and the other
way round. Words as written are in twin fields, without lengths:

    exactness = sum of idf(word) * tf / (k1 + tf), of the words' own forms; the idf is the form's
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from searchkit.index import Snapshot
from searchkit.kernels import search as kernel
from searchkit.schema import word_field
from searchkit.search.bm25 import BM25
from searchkit.search.candidates import FieldWord
from searchkit.search.explanation import Explanation, summed
from searchkit.search.room import damaged, scratch
from searchkit.tree import encoded

Written = Mapping[str, Sequence[str]]
"""For the terms of a query, which words of it they come from, as these are written."""


def exactness(
    snapshot: Snapshot,
    field: str,
    words: Sequence[FieldWord],
    written: Written,
    docnums: array[int],
    bm25: BM25,
) -> array[float]:
    """How exactly each of the ascending ``docnums``, an ``array("q")``, has ``words`` in ``field``;
    0 if the index does not have its words as written.
    """
    number = len(docnums)
    twin = word_field(field)
    if not written or twin not in snapshot.schema.fields:
        return array("d", bytes(8 * number))
    tfs, ones = array("d", bytes(8 * len(words) * number)), array("d", bytes(8 * number))
    ends = array("q", [docnum + 1 for docnum in docnums])
    forms = [_forms(word, written) for word in words]
    for segment, reader in snapshot.field(twin).parts:
        if docnums[0] >= segment.base + segment.docs or docnums[-1] < segment.base:
            continue
        lists = array("q")
        for at, some in enumerate(forms):
            for form in some:
                where = reader.list_of(form, positions=False)
                if where is not None:
                    lists.extend((at, *where[:3]))
        if lists and not kernel.add_runs(
            reader.postings,
            lists,
            array("d", [1.0]) * (len(lists) // 4),
            len(words),
            reader.length_bytes,
            reader.length_width,
            segment.docs,
            segment.base,
            docnums,
            ends,
            tfs,
            ones,
            scratch.cursors,
        ):
            raise damaged(snapshot)
    scores = array("d", bytes(8 * number))
    idfs = array(
        "d", [_idf(snapshot, twin, *both, bm25) for both in zip(words, forms, strict=True)]
    )
    kernel.score_runs(docnums, tfs, ones, idfs, bm25.k1, 0.0, 1.0, scores)
    return scores


def explain_exactness(
    snapshot: Snapshot,
    field: str,
    words: Sequence[FieldWord],
    written: Written,
    docnum: int,
    bm25: BM25,
) -> Explanation:
    """What :func:`exactness` gives for one document, and why."""
    twin = word_field(field)
    details = []
    for word in words if twin in snapshot.schema.fields else ():
        tf = 0.0
        forms = _forms(word, written)
        for form in forms:
            tf += snapshot.field(twin).posting(form, docnum, positions=False)[0]
        if tf > 0:
            name = forms[0].decode("utf-8", "surrogateescape")
            value = _idf(snapshot, twin, word, forms, bm25) * (tf / (bm25.k1 + tf))
            details.append(Explanation(value, f'"{name}" as it is written: {tf:g} times'))
    return summed("words as they are written", details)


def _idf(
    snapshot: Snapshot, twin: str, word: FieldWord, forms: Sequence[bytes], bm25: BM25
) -> float:
    """How much it tells that a passage has a word as it is written: more than its stem does, if few
    of those with the stem have it (*Davies* among many a *Davis*).
    """
    df = snapshot.df(tuple((twin, form) for form in forms)) if forms else 0
    return max(word.idf, bm25.idf(df, snapshot.live_docs)) if df else word.idf


def _forms(word: FieldWord, written: Written) -> list[bytes]:
    found = {
        encoded(form): None
        for term, _ in word.terms
        for form in written.get(term.decode("utf-8", "surrogateescape"), ())
    }
    return list(found)
