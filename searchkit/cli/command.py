"""Which commands are there, and how does a run end?"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from searchkit.cli.terminal import complain
from searchkit.errors import SearchkitError

_COMMANDS = {
    "index": "Index files and folders, or bring their index in step with them.",
    "query": "Print the passages that answer a query, best first.",
    "similar": "Print the passages most like one.",
    "get": "Print the text of a document, of some of its lines, or of a passage.",
    "verify": "Tell which citations still hold.",
    "watch": "Keep the index in step with folders as they change.",
    "status": "Tell what the index holds and where it lies.",
    "eval": "Measure how good the answers are, by queries and judgments.",
    "check": "Verify every byte of the index, and say what is damaged.",
}
"""Each command with its line in the help; its module has its name."""


class _Commands(click.Group):
    """Imports a command's module only when it is asked for: start-up time is a feature."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"searchkit.cli.{name}")
        gc.freeze()
        gc.enable()
        command: click.Command = module.command
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="searchkit", message="searchkit %(version)s")
def cli() -> None:
    """Full-text search for your own documents."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line with ``arguments`` (without the program's name). Returns the exit code:
    0 done, 1 nothing found or something skipped, 2 wrong usage, 3 no usable index or no place for
    the output, 130 interrupted.
    """
    # If stdout is closed, whatever is written to it must fail.
    sys.stdout = sys.stdout or open(os.open(os.devnull, os.O_RDONLY), "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character must not end the answer.
            stream.reconfigure(errors="backslashreplace")
    try:
        return cli.main(args=arguments, prog_name="searchkit", standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        hint = f" (see {context.command_path} --help)" if context else ""
        if isinstance(error, click.NoSuchOption) and context:
            hint = f"{_dashes(context.command)}{hint}"
        complain(f"{' '.join(error.format_message().split()).rstrip('.')}{hint}")
        return error.exit_code
    except SearchkitError as error:
        complain(str(error))
        return error.exit_code
    except OSError as error:
        # The output cannot be written, or the current folder has gone.
        _discard_output()
        complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return 3
    except click.Abort as error:
        complain(str(error) or "interrupted")
        return 130


def _dashes(command: click.Command) -> str:
    """What to do if it was no option, but a word that begins with a dash."""
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            what = (parameter.metavar or "").strip("[].").partition("[")[0].lower()
            return f"; if that is no option, put -- before the {what}"
    return ""


def _discard_output() -> None:
    """Let what is still in the buffer of stdout go nowhere: writing it failed once."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
