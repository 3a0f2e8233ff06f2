"""`searcher show`: one paragraph, or a whole report."""

from pathlib import Path

import click

from searcher.cli._common import echo_json, index_option, json_option
from searcher.errors import NotFound
from searcher.index import Index
from searcher.model import Report

__all__ = ["command"]


@click.command("show")
@click.argument("id_", metavar="ID")
@index_option
@click.option(
    "-C", "--context", "around", type=click.IntRange(min=0), default=0, help="Paragraphs before and after it."
)
@json_option
def command(id_: str, folder: Path, around: int, *, json_: bool) -> None:
    """Show a paragraph (report#7), or a whole report.

    \b
    Example:
      searcher show k3f9a2xq#12 -C 2
      searcher show k3f9a2xq
    """
    with Index.open(folder) as index:
        if "#" not in id_:
            report = _report(index, id_)
            if json_:
                echo_json(report)
            else:
                from searcher.cli._render import show_report  # noqa: PLC0415 - only people need it

                show_report(report)
            return
        paragraphs = index.context(id_, around)
        about = index.metadata(paragraphs[0].report_id)
    if json_:
        echo_json(paragraphs if around else paragraphs[0])
    else:
        from searcher.cli._render import show_paragraphs  # noqa: PLC0415 - likewise

        show_paragraphs(about, paragraphs, id_ if around else None)


def _report(index: Index, report_id: str) -> Report:
    """Return a report; of one that is left out as a copy, say whose text it has."""
    try:
        return index.report(report_id)
    except NotFound:
        for copy in index.catalogue().copies():
            if copy.id == report_id:
                raise NotFound(f"{report_id} ({copy.path}) has the text of {copy.copy_of}: show that") from None
        raise
