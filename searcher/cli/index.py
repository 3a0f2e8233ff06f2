"""`searcher index`: make a folder findable."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from searcher.cli._common import echo_json, index_option, json_option, wait_option
from searcher.ingesting import ingest_found, scan
from searcher.model import Outcome

__all__ = ["command"]


def _columns(_context: click.Context, _parameter: click.Parameter, value: str | None) -> dict[str, str] | None:
    """Parse `text=正文,title=标题`."""
    if value is None:
        return None
    pairs = [pair.partition("=") for pair in value.split(",")]
    if not all(name.strip() and column.strip() for name, _, column in pairs):
        raise click.BadParameter("write NAME=COLUMN, several separated by commas: text=正文,title=标题")
    return {name.strip(): column.strip() for name, _, column in pairs}


@click.command("index")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@index_option
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Processes. [default: all cores]")
@click.option("--columns", callback=_columns, metavar="NAME=COLUMN,…", help="Which columns of a table hold what.")
@wait_option
@json_option
def command(
    paths: tuple[Path, ...], folder: Path, jobs: int, columns: dict[str, str] | None, *, wait: float, json_: bool
) -> None:
    """Read report files and folders into the index.

    A report that is indexed again replaces itself. Files that cannot be read are named with the reason; the rest is
    indexed, and the exit code is 2.

    \b
    Example:
      searcher index reports/ extra.jsonl --jobs 4
    """
    started = time.perf_counter()
    found = scan(paths)
    total = len(found)
    outcomes = []
    working = ingest_found(found, index=folder, jobs=min(jobs, max(total, 1)), columns=columns, wait=wait)
    for outcome in _watched(working, total):
        outcomes.append(outcome)
        if outcome.status in ("failed", "skipped"):
            click.echo(f"{outcome.status}: {outcome.path}: {outcome.reason}", err=True)
    counts = Counter(outcome.status for outcome in outcomes)
    reports, paragraphs = sum(len(o.reports) for o in outcomes), sum(o.paragraphs for o in outcomes)
    if json_:
        echo_json({"reports": reports, "paragraphs": paragraphs, "counts": counts, "outcomes": outcomes})
    else:
        told = ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"
        took = time.perf_counter() - started
        click.echo(
            f"{total} files: {told}; {reports} reports, {paragraphs} paragraphs in {took:.1f} s → {folder}", err=True
        )
    if counts["failed"]:
        click.get_current_context().exit(2)


def _watched(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """Pass outcomes on, with a progress bar where a person is looking."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Indexing", total=total)
        paragraphs = 0
        for outcome in outcomes:
            yield outcome
            paragraphs += outcome.paragraphs
            progress.update(task, advance=1, description=f"Indexing ({paragraphs} paragraphs)")
