"""`searcher outline`: how a file is read, without indexing it."""

from pathlib import Path

import click

from searcher.cli._common import echo_json, json_option
from searcher.errors import ReadError
from searcher.model import Report
from searcher.reading import read

__all__ = ["command"]


@click.command("outline")
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@json_option
def command(files: tuple[Path, ...], *, json_: bool) -> None:
    """Show how files are read: metadata, headings, paragraphs, and what was left out.

    \b
    Example:
      searcher outline 工作总结.txt
    """
    reports: list[Report] = []
    failed = False
    for file in files:
        try:
            reports += read(file)
        except ReadError as error:
            failed = True
            click.echo(f"Error: {error}", err=True)
    if json_:
        if reports:
            echo_json(reports[0] if len(reports) == 1 else reports)
    else:
        from searcher.cli._render import show_report  # noqa: PLC0415 - only people need it

        for report in reports:
            show_report(report, outline_only=True)
    if failed:
        click.get_current_context().exit(2)
