"""The documentation tells of every command, option, setting and error, and its examples run."""

from __future__ import annotations

import re
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


def test_links_between_documents_lead_somewhere() -> None:
    for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"
