"""How does an index change?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from whoosh import index as whoosh_index
from whoosh.index import LockError

from searchkit.analysis import open_analyzer
from searchkit.document import Document, Passage
from searchkit.errors import IndexCorruptError, IndexLockedError, StorageError, UsageError
from searchkit.index.layout import DOCUMENT, PASSAGE, length_column, whoosh_schema
from searchkit.index.manifest import FORMAT, Manifest, is_index
from searchkit.index.record import DocumentRecord
from searchkit.schema import FIELDS, HEADINGS, TEXT, TITLE

DEFAULT_ANALYZER = "english"


class Writer:
    """The one writer of an index; a context manager that commits, or cancels after an error.

    Creates the index if ``directory`` holds none. Raises ``IndexLockedError`` while another
    writer is open, ``UsageError`` if ``directory`` holds something else than an index, and
    ``StorageError``s for an index that cannot be used.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        try:
            manifest = _open_or_create(directory)
            self._analyzer = open_analyzer(manifest.analyzer)
            opened = whoosh_index.open_dir(str(directory), schema=whoosh_schema())
            self._whoosh = opened.writer(limitmb=256)
            self._changed = False
        except (StorageError, UsageError):
            raise
        except LockError:
            raise IndexLockedError(directory) from None
        except OSError as error:
            raise StorageError(f"cannot write an index at {directory}: {error}", directory) from (
                error
            )
        except Exception as error:  # Whoosh lets through whatever damaged bytes cause.
            raise IndexCorruptError(directory, str(error)) from error

    def put(self, document: Document, passages: Sequence[Passage], record: DocumentRecord) -> None:
        """Index a document with its passages, in place of the one with its key, if any."""
        self.delete(document.key)
        self._changed = True
        self._whoosh.add_document(
            kind=DOCUMENT,
            key=document.key,
            stored=(
                record.key,
                record.title,
                record.size_bytes,
                record.modified_ns,
                record.digest,
                record.indexed_ns,
                record.passages,
                record.tail,
            ),
        )
        end = 0
        for passage in passages:
            self._put_passage(passage, gap=document.text[end : passage.start])
            end = passage.end

    def _put_passage(self, passage: Passage, gap: str) -> None:
        values: dict[str, object] = {}
        for field, terms in self._terms(passage).items():
            if terms:
                values[field] = terms
            values[length_column(field)] = len(terms)
        self._whoosh.add_document(
            kind=PASSAGE,
            key=passage.key,
            stored=(
                passage.key,
                passage.ordinal,
                passage.title,
                passage.headings,
                passage.start,
                passage.end,
                passage.line,
                gap,
                passage.text,
                passage.modified,
            ),
            **values,
        )

    def _terms(self, passage: Passage) -> dict[str, list[str]]:
        texts = {
            TEXT: (passage.text,),
            TITLE: (passage.title,),
            HEADINGS: passage.headings,
        }
        return {
            field: [term for text in texts[field] for term in self._analyzer.terms(text)]
            for field in FIELDS
        }

    def delete(self, key: str) -> None:
        """Remove the document with ``key``, if there is one."""
        self._changed |= self._whoosh.delete_by_term("key", key) > 0

    def commit(self) -> None:
        """Make every change visible, and close the writer."""
        if self._changed:
            self._whoosh.commit()
        else:
            self._whoosh.cancel()

    def cancel(self) -> None:
        """Forget every change, and close the writer."""
        self._whoosh.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self.cancel()


def _open_or_create(directory: Path) -> Manifest:
    if is_index(directory):
        return Manifest.read(directory)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(
            f"{directory} is neither an index nor an empty folder; name another place for the index"
        )
    directory.mkdir(parents=True, exist_ok=True)
    # An index is derived from the documents beside it: version control should not see it.
    (directory / ".gitignore").write_text("*\n", encoding="utf-8")
    whoosh_index.create_in(str(directory), whoosh_schema())
    manifest = Manifest(format=FORMAT, analyzer=DEFAULT_ANALYZER)
    manifest.write(directory)
    return manifest
