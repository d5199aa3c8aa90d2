"""What does opening an index of passages do to the folder?"""

from __future__ import annotations

from pathlib import Path

import pytest

from searchkit.passage_index import passage_writer


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_in_the_place_of_gitignore_is_not_followed(tmp_path: Path, is_there: bool) -> None:
    precious = tmp_path / "precious.txt"
    if is_there:
        precious.write_text("mine")
    folder = tmp_path / ".searchkit"
    folder.mkdir()
    (folder / ".gitignore").symlink_to(Path("..") / "precious.txt")
    passage_writer(folder).commit()
    assert precious.exists() == is_there
    assert not is_there or precious.read_text() == "mine"


def test_a_gitignore_of_the_users_own_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.seg\n")
    passage_writer(tmp_path).commit()
    assert (tmp_path / ".gitignore").read_text() == "*.seg\n"
