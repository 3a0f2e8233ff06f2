"""`searcher stats`: what the index holds."""

from pathlib import Path

import click

from searcher.cli._common import echo_json, index_option, json_option
from searcher.index import Index

__all__ = ["command"]

_SHOWN = 15  # institutions on a terminal; --json has all


@click.command("stats")
@index_option
@json_option
def command(folder: Path, *, json_: bool) -> None:
    """Show what the index holds: reports, paragraphs, years, institutions, size."""
    with Index.open(folder) as index:
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
