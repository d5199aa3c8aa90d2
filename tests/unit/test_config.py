"""Where settings and index are found."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from searchkit.config import find_config, find_index, find_project, synonyms_of
from searchkit.errors import UsageError
from searchkit.passage_index import passage_writer


def test_without_a_configuration_the_folder_is_the_project(tmp_path: Path) -> None:
    assert find_config(tmp_path) is None
    project = find_project(tmp_path)
    assert project.index == tmp_path / ".searchkit"
    assert project.sources == (tmp_path,)


def test_seeds_are_the_sources_where_there_are_any(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    assert find_project(tmp_path).sources == (tmp_path / "seeds",)


def test_configured_sources_come_first(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "searchkit.toml").write_text('sources = ["notes", "more/notes"]')
    project = find_project(tmp_path)
    assert project.sources == (tmp_path / "notes", tmp_path / "more" / "notes")


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "searchkit.toml").write_text('sources = ["outer"]')
    assert find_project(inner).sources == (tmp_path / "outer",)
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.searchkit]\nsources = ["inner"]')
    assert find_project(inner).sources == (tmp_path / "a" / "inner",)
    assert find_project(inner).index == tmp_path / "a" / ".searchkit"


def test_a_pyproject_of_something_else_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"')
    assert find_config(tmp_path) is None


def test_a_source_cannot_lead_outside(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "secret").mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    for source in ("..", "/etc", "notes/../../secret", "link"):
        (folder / "searchkit.toml").write_text(f"sources = [{source!r}]")
        with pytest.raises(UsageError, match="lies outside"):
            find_project(folder)


def test_a_byte_order_mark_is_no_part_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "searchkit.toml").write_bytes(b'\xef\xbb\xbfsources = ["notes"]')
    assert find_project(tmp_path).sources == (tmp_path / "notes",)


@pytest.mark.parametrize(
    "text",
    [
        'sources = ["a\\u0000b"]',
        "sources = [1]",
        "tool = 1",
        "\ufffe",
        "sources = " + "[" * 5000,
        "#" * 1_000_001,
    ],
)
def test_nonsense_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "searchkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"searchkit\.toml"):
        find_config(tmp_path)


def test_a_pyproject_whose_tool_is_no_table(tmp_path: Path) -> None:
    for text in ("tool = 1", "[tool]\nsearchkit = 1"):
        (tmp_path / "pyproject.toml").write_text(text)
        with pytest.raises(UsageError, match="table"):
            find_config(tmp_path)


def test_the_index_is_found_upwards(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_index(inner) is None
    passage_writer(tmp_path / ".searchkit").commit()
    (inner / ".searchkit").mkdir()
    assert find_index(inner) == tmp_path / ".searchkit"
    passage_writer(inner / ".searchkit").commit()
    assert find_index(inner) == inner / ".searchkit"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_configuration_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "searchkit.toml").write_text("")
    (tmp_path / "searchkit.toml").chmod(0)
    with pytest.raises(UsageError):
        find_config(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")
def test_a_pipe_is_no_file_of_synonyms(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "searchkit.toml").write_text('synonyms = "pipe"')
    with pytest.raises(UsageError, match="not a regular file"):
        synonyms_of(tmp_path)
    os.mkfifo(tmp_path / "other")
    (tmp_path / "searchkit.toml").unlink()
    (tmp_path / "other").rename(tmp_path / "searchkit.toml")
    assert synonyms_of(tmp_path) == (None, "")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('"mecab"', "there is no dictionary 'mecab'; there is \"icu\""),
        ("true", 'dictionary must be the name of one, "icu"'),
        ('["icu"]', 'dictionary must be the name of one, "icu"'),
    ],
)
def test_a_dictionary_must_be_one_that_there_is(tmp_path: Path, setting: str, message: str) -> None:
    file = tmp_path / "searchkit.toml"
    file.write_text(f"dictionary = {setting}")
    with pytest.raises(UsageError) as caught:
        find_config(tmp_path)
    assert str(caught.value) == f"{file}: {message}"
    file.write_text('dictionary = "icu"')
    config = find_config(tmp_path)
    assert config is not None and config.dictionary == "icu"
