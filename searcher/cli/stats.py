"""`searcher stats`: what the index holds."""

from pathlib import Path

import click

from searcher.catalogue import Copy
from searcher.cli._common import echo_json, index_option, json_option, shown
from searcher.index import Index

__all__ = ["command"]

_SHOWN = 15  # institutions on a terminal; --json has all


@click.command("stats")
@index_option
@click.option("--duplicates", is_flag=True, help="List the reports that are left out, since others have their texts.")
@json_option
def command(folder: Path, *, duplicates: bool, json_: bool) -> None:
    """Show what the index holds: reports, paragraphs, years, institutions, size."""
    with Index.open(folder) as index:
        if duplicates:
            _show_copies(list(index.catalogue().copies()), json_=json_)
            return
        statistics = index.statistics()
    if json_:
        echo_json(statistics)
        return
    years = f"{statistics.years[0]}–{statistics.years[1]}" if statistics.years else "–"
    rows = {
        "reports": f"{statistics.reports:,}",
        "paragraphs": f"{statistics.paragraphs:,}",
        "years": years,
        "size": f"{statistics.bytes / 1e6:,.1f} MB",
        "analysis": statistics.analysis,
    }
    for name, value in rows.items():
        click.echo(f"{name:<12} {value}")
    for name, count in statistics.institutions[:_SHOWN]:
        click.echo(f"{'':<12} {count:>5}  {name}")
    if len(statistics.institutions) > _SHOWN:
        click.echo(f"{'':<12}        and {len(statistics.institutions) - _SHOWN} institutions more")


def _show_copies(copies: list[Copy], *, json_: bool) -> None:
    if json_:
        echo_json([copy._asdict() for copy in copies])
        return
    for copy in copies:
        click.echo(shown(f"{copy.id} ({copy.path}) has the text of {copy.copy_of}"))
    click.echo(f"{len(copies)} reports are left out as copies", err=True)
