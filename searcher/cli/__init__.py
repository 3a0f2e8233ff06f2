"""How is it asked for? The command line: a command parses, calls one library function, and prints."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from searcher._version import __version__
from searcher.errors import SearcherError

__all__ = ["main", "run"]

_COMMANDS = (
    *("index", "watch", "remove", "export"),
    *("search", "show", "outline", "analyze", "stats", "doctor", "serve"),
)
_MANY = 50_000  # objects after which to look for garbage: most of what a command makes stays as long as it runs
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class _Closed(Exception):
    """The reader has seen enough. Click would make of a broken pipe the exit code that says nothing was found."""


class _Lazy(click.Group):
    """A group that imports a command's module when it is called, so that none pays for another."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"searcher.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _Closed from error


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="searcher")
def cli() -> None:
    """Search Chinese government reports, paragraph by paragraph.

    \b
    Example:
      searcher index reports/
      searcher search 校长竞聘上岗 --year 2004..2008
    """


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line. Exit code 0: found or done; 1: nothing found; 2: error; 130: interrupted."""
    gc.set_threshold(_MANY)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # whatever the locale says
    try:
        code = cli.main(args, prog_name="searcher", standalone_mode=False) or 0
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SearcherError as error:
        click.echo(f"Error: {error}", err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: the index is as its last commit left it", err=True)
        code = _INTERRUPTED
    except (_Closed, BrokenPipeError):
        _close_output()
        code = 0
    except OSError as error:
        _close_output()
        room = "" if error.filename else "; is there room where the output goes?"
        click.echo(f"Error: {error}{room}", err=True)
        code = 2
    sys.exit(code)


def run() -> NoReturn:
    """Run the command line as the process it is, and end at once: memory is not given back piece by piece before."""
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 2)


def _close_output() -> None:
    """Let go of what cannot be written, or it would be tried again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
