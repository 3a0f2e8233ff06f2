"""`searcher remove`: reports leave the index."""

from pathlib import Path

import click

from searcher.cli._common import NOTHING_FOUND, echo_json, index_option, json_option, shown, wait_option
from searcher.ingesting import remove

__all__ = ["command"]


@click.command("remove")
@click.argument("targets", metavar="[ID|PATH]…", nargs=-1)
@click.option("--query", "-q", metavar="QUERY", help="Remove the reports with a paragraph that it finds.")
@index_option
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and write nothing.")
@wait_option
@json_option
def command(
    targets: tuple[str, ...], query: str | None, folder: Path, *, dry_run: bool, wait: float, json_: bool
) -> None:
    """Remove reports from the index, by id, by file or folder, or by what they say.

    What is removed stays away while its file does not change; name the file to `searcher index` to have it back. Exit
    code 1: the query finds nothing.

    \b
    Example:
      searcher remove k3f9a2xq reports/2006
      searcher remove --query 'year:2006 民政局' --dry-run
    """
    if not targets and query is None:
        raise click.UsageError("Say what to remove: ids, files, folders, or --query")
    outcomes = list(remove(targets, query=query, index=folder, dry_run=dry_run, wait=wait))
    if json_:
        echo_json(outcomes)
    else:
        verb = "would be removed" if dry_run else "removed"
        for outcome in outcomes:
            click.echo(shown(f"{verb}: {', '.join(outcome.reports)} ({outcome.path})"))
        click.echo(f"{sum(len(outcome.reports) for outcome in outcomes)} reports {verb}", err=True)
    if not outcomes:
        click.get_current_context().exit(NOTHING_FOUND)
