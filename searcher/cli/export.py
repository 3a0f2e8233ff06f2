"""`searcher export`: what the index holds, as lines it can be built from again."""

import os
import secrets
import sys
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import IO

import click

from searcher.cli._common import index_option
from searcher.durable import DRAFT, replacing
from searcher.exporting import export

__all__ = ["command"]


@click.command("export")
@index_option
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    metavar="FILE",
    help="[default: the terminal]",
)
def command(folder: Path, output: Path | None) -> None:
    """Write every report, a line of JSON each: metadata, outline and paragraphs.

    `searcher index` reads the file back as it was: searches give the same.

    \b
    Example:
      searcher export -o reports.jsonl
      searcher index reports.jsonl --index another
    """
    with ExitStack() as held:
        file = None
        if output is not None and output != Path("-"):
            try:
                file = held.enter_context(_opened(output))
            except OSError as error:
                raise click.BadParameter(f"{output}: {error.strerror}", param_hint="--output") from error
        for line in export(folder):
            if file:
                file.write(f"{line}\n".encode())
            else:
                sys.stdout.write(f"{line}\n")


def _opened(output: Path) -> AbstractContextManager[IO[bytes]]:
    """Return a file that takes the place of the one there is when it is whole; a device is written to as it is."""
    if output.exists() and not output.is_file():
        return output.open("wb")
    place = Path(os.path.realpath(output))
    return replacing(place, place.with_name(f".{place.name}.{secrets.token_hex(4)}{DRAFT}"))
