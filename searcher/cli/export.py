"""`searcher export`: what the index holds, as lines it can be built from again."""

import sys
from pathlib import Path
from typing import IO

import click

from searcher.cli._common import index_option
from searcher.exporting import export

__all__ = ["command"]


@click.command("export")
@index_option
@click.option(
    "--output",
    "-o",
    type=click.File("w", encoding="utf-8", atomic=True),
    metavar="FILE",
    help="[default: the terminal]",
)
def command(folder: Path, output: IO[str] | None) -> None:
    """Write every report, a line of JSON each: metadata, outline and paragraphs.

    `searcher index` reads the file back as it was: searches give the same.

    \b
    Example:
      searcher export -o reports.jsonl
      searcher index reports.jsonl --index another
    """
    for line in export(folder):
        print(line, file=output or sys.stdout)
