"""`searcher watch`: follow folders, and index what arrives."""

import signal
from pathlib import Path
from threading import Event
from typing import Any

import click

from searcher.cli._common import Seconds, index_option
from searcher.cli.index import ingest_options, told
from searcher.rendering import as_json
from searcher.watching import watch

__all__ = ["command"]


@click.command("watch")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@index_option
@ingest_options
@click.option(
    "--debounce",
    type=Seconds(min=0.01, max=3600),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="Changes this close together are taken together.",
)
@click.option("--json", "json_", is_flag=True, help="Print one JSON document a line.")
def command(paths: tuple[Path, ...], folder: Path, *, json_: bool, **options: Any) -> None:  # noqa: ANN401 - as `watch`
    """Follow folders: bring the index up to date now, and whenever something changes in them.

    Ctrl-C or SIGTERM stops it when the run under way is committed; a second one breaks that off.

    \b
    Example:
      searcher watch reports/
    """
    stop = Event()

    def end(_signal: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    click.echo(f"Following {', '.join(map(str, paths))} → {folder}; Ctrl-C stops", err=True)
    for outcome in watch(paths, index=folder, stop=stop, **options):
        click.echo(as_json(outcome) if json_ else told(outcome))
    click.echo("Stopped: the index is as its last commit left it", err=True)
