"""An index from before there was metadata is brought up to date by the next sync."""

from __future__ import annotations

from pathlib import Path

import searchkit
from searchkit.index import Writer
from searchkit.passage_index import SCHEMA
from searchkit.schema import Schema
from searchkit.storage.disk import DiskDirectory


def test_an_old_index_is_brought_up_to_date(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "a.md").write_text("# One\n\nalpha beta")
    (tmp_path / "out" / "b.txt").write_text("alpha gamma")
    index = tmp_path / ".searchkit"
    with searchkit.open(tmp_path) as collection:
        collection.sync(tmp_path)
        snapshot = collection._snapshot
        kept = Schema(SCHEMA.fields, SCHEMA.columns, SCHEMA.extra)
        old = [
            (
                snapshot.key(doc),
                snapshot.stored(doc),
                {name: snapshot.column_value(name, doc) for name in SCHEMA.columns},
            )
            for doc in snapshot.live()
        ]
    for file in index.iterdir():
        file.unlink()
    with Writer(DiskDirectory(index), kept) as writer:
        for key, stored, columns in old:
            texts = {"text": stored["text"], "title": stored["title"]}
            known = {name: one for name, one in columns.items() if one is not None}
            plain = {name: one for name, one in stored.items() if name != "media_type"}
            writer.add(key, texts=texts, stored=plain, columns=known)  # type: ignore[arg-type]
    with searchkit.open(tmp_path) as collection:
        # It is searched as it is, and says that it has no such field.
        assert collection.search("alpha").total == 2
        assert "no field" in collection.search("type:md alpha").notices[0].message
        report = collection.sync(tmp_path / "in")
        (note,) = report.notes
        assert "earlier version" in note
        assert "2 documents" in note
        assert report.documents == 2
        assert collection.search("type:md alpha").total == 1
        assert collection.search("path:out alpha").total == 1
        assert collection.document("in/a.md").media_type == "text/markdown"
        # What was not read in that run is read in the next, once.
        again = collection.sync(tmp_path)
        assert again.notes == []
        assert again.changed == 1
        assert collection.sync(tmp_path).unchanged == 2
