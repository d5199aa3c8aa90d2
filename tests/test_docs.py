"""The documentation tells of every command, option, setting and error, and its examples run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from searchkit import config, errors
from searchkit.cli.command import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = README + "".join(
    file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").glob("*.md"))
)


def options() -> Iterator[tuple[str, str]]:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for option in (*parameter.opts, *parameter.secondary_opts):
                    yield name, option


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"searchkit {name}" in README


@pytest.mark.parametrize(("command", "option"), list(options()))
def test_every_option_is_documented(command: str, option: str) -> None:
    section = DOCS.split(f"## `searchkit {command}", 1)[1].split("\n## ", 1)[0]
    assert re.search(rf"`{re.escape(option)}\b", section), f"{command} {option}"


def test_every_option_has_help() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None and command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"


def test_every_setting_is_documented() -> None:
    for setting in config.SETTINGS:
        assert f"`{setting}`" in DOCS
    for variable in ("SEARCHKIT_INDEX", "NO_COLOR", "FORCE_COLOR"):
        assert f"`{variable}`" in DOCS


def test_every_error_is_documented() -> None:
    for name, thing in vars(errors).items():
        if isinstance(thing, type) and issubclass(thing, Exception):
            assert name in (errors.__doc__ or ""), f"{name} is not in the tree of errors.py"
            assert f"`{name}`" in DOCS, f"{name} is not in docs/"


@pytest.fixture
def seeded(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return tmp_path


def without_seconds(text: str) -> str:
    return re.sub(r"\d+\.\d seconds", "N seconds", text)


def test_the_session_of_the_readme_is_what_a_terminal_shows(seeded: Path) -> None:
    (session,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    (seeded / "bin").mkdir()
    command = seeded / "bin" / "searchkit"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m searchkit "$@"\n')
    command.chmod(0o755)
    for step in session.split("$ ")[1:]:
        line, shown = step.split("\n", 1)
        done = subprocess.run(
            line,
            shell=True,
            cwd=seeded,
            env={**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        assert without_seconds(done.stdout) == without_seconds(shown), line


@pytest.mark.parametrize("document", [README, (ROOT / "docs" / "python.md").read_text("utf-8")])
def test_the_python_examples_run(
    document: str, seeded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(seeded / "seeds", seeded / "notes")
    monkeypatch.chdir(seeded)
    (code,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    exec(code, {})
    assert "Zelensky Seeks" in capsys.readouterr().out


def test_the_whoosh_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "indexdir").mkdir()
    monkeypatch.chdir(tmp_path)
    document = (ROOT / "docs" / "whoosh.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    exec(code, {})
    assert ">quick<" in capsys.readouterr().out


def test_links_between_documents_lead_somewhere() -> None:
    for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"
