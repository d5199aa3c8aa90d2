"""Does what another package's reader gives keep the contract?

A fault of such a reader is the file's, and named as that package's. What does not hold would end
the run where it is written, or take the place of another file's document.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from searchkit.document import Block, Document
from searchkit.readers.contract import Reader, Source, UnreadableError

_TEXTS = ("key", "title", "text", "media_type", "published", "language")
_SCALARS = (str, int, float, bool)


def guarded(module: str, reader: Reader, source: Source) -> Iterator[Document]:
    """What ``reader``, of the module ``module``, gives.

    Raises ``UnreadableError`` for all that goes wrong in it.
    """
    try:
        for document in reader(source):
            if fault := _fault(document, source.key):
                raise UnreadableError(f"the reader of {module} failed (it gave {fault})")
            yield document
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(f"the reader of {module} failed ({named(error)})") from error


def named(error: Exception) -> str:
    """An error that nobody foresaw, in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _fault(document: object, key: str) -> str:
    """What is wrong with a document of the file ``key``, or ""."""
    if not isinstance(document, Document):
        return f"a {type(document).__name__}, not a Document"
    for name in _TEXTS:
        # A subclass of str, such as bs4's, cannot be sent from process to process.
        if type(value := getattr(document, name)) is not str:
            return f"a {type(value).__name__} for the {name}, not a str"
    if document.key != key and not document.key.startswith(f"{key}/"):
        return f"the key {document.key[:80]!r}, which is not the file's"
    if not document.title:
        return "no title"
    if type(document.modified) not in (int, float) or not math.isfinite(document.modified):
        return "a time that is no number"
    for name in ("authors", "tags"):
        if not _are_all(getattr(document, name), str):
            return f"{name} that are no texts"
    if not isinstance(document.fields, Mapping) or not all(
        type(name) is str and _is_value(value) for name, value in document.fields.items()
    ):
        return "fields that are no texts, numbers or lists of them"
    if not _are_in_order(document):
        return "blocks, lines or places that are not in order"
    return ""


def _is_value(value: object) -> bool:
    return type(value) in _SCALARS or (type(value) is list and _are_all(value, *_SCALARS))


def _are_all(values: object, *kinds: type) -> bool:
    return isinstance(values, (tuple, list)) and all(type(value) in kinds for value in values)


def _are_in_order(document: Document) -> bool:
    last = 0
    for block in document.blocks:
        if not (
            isinstance(block, Block) and last <= block.start <= block.end <= len(document.text)
        ):
            return False
        last = block.end
    return _are_pairs(document.lines, int) and _are_pairs(document.places, str)


def _are_pairs(pairs: Iterable[tuple[int, object]], kind: type) -> bool:
    last = 0
    for offset, value in pairs:
        if type(offset) is not int or offset < last or type(value) is not kind:
            return False
        last = offset
    return True
