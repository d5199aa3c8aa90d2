"""What files say of themselves is not to be believed, and never ends an index or a search."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchkit import collection
from searchkit.cli import query
from tests.fuzz.hostile import HOSTILE

FIELDS = """[fields]
x = "number"
big = "number"
nan = "number"
inf = "number"
a = "date"
b = "keyword"
from = "text"
"""


def test_hostile_metadata_is_indexed_found_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "searchkit.toml").write_text(FIELDS)
    for name, data in HOSTILE.items():
        (tmp_path / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    with collection.open(tmp_path) as documents:
        report = documents.sync([tmp_path], fields=tomllib.loads(FIELDS)["fields"])
        assert report.added > len(HOSTILE) / 2
        for path, reason in report.failures:
            assert "\n" not in reason and "please report" not in reason, (path, reason)
        assert all(isinstance(documents.text(key), str) for key in list(documents.keys()))
    runner = CliRunner()
    for question in ("words", "date:>=0001", "x:>0 OR x:<=0", "type:md OR type:csv OR type:mail"):
        result = runner.invoke(query.command, [question, "--json", "-n", "200"])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        result.stdout_bytes.decode("utf-8")
        # Infinity and NaN are no JSON: whoever reads it may not know them.
        answer = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(name))
        assert answer["hits"]
        assert "\x1b" not in result.stdout and "\u202e" not in result.stdout
