"""`searcher index`: make a folder findable."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from searcher.cli._common import Seconds, echo_json, index_option, json_option, shown, wait_option
from searcher.ingesting import Progress, ingest
from searcher.model import Outcome
from searcher.rendering import as_json

__all__ = ["command", "ingest_options", "told"]

_QUIET = ("unchanged",)  # outcomes that are only counted
_TELLING = 0.01  # of all bytes, before which nobody can say how long it will take
_AT_LAST = "writing the index"  # after the last file: what was read is put together
_PAUSE = 5.0  # seconds between two lines of progress where nobody draws a bar


def _columns(_context: click.Context, _parameter: click.Parameter, value: str | None) -> dict[str, str] | None:
    """Parse `text=正文,title=标题`."""
    if value is None:
        return None
    pairs = [pair.partition("=") for pair in value.split(",")]
    if not all(name.strip() and column.strip() for name, _, column in pairs):
        raise click.BadParameter("write NAME=COLUMN, several separated by commas: text=正文,title=标题")
    return {name.strip(): column.strip() for name, _, column in pairs}


def ingest_options(command: Any) -> Any:  # noqa: ANN401 - a decorator of decorators
    """Add the options that `index` and `watch` share."""
    for option in reversed(
        (
            click.option(
                "--jobs",
                type=click.IntRange(min=1),
                default=os.cpu_count() or 1,
                help="Processes. [default: all cores]",
            ),
            click.option("--columns", callback=_columns, metavar="NAME=COLUMN,…", help="Which columns hold what."),
            click.option("--keep-missing", is_flag=True, help="Leave what is gone in the index."),
            click.option(
                "--duplicates",
                type=click.Choice(["link", "keep"]),
                default="link",
                show_default=True,
                help="Index a text once and link its copies, or index it as often as it comes.",
            ),
            click.option(
                "--timeout",
                type=Seconds(min=0),
                default=120.0,
                show_default=True,
                metavar="SECONDS",
                help="How long a file may take before it is given up; 0: for ever.",
            ),
            click.option(
                "--commit-every",
                type=Seconds(min=0),
                default=60.0,
                show_default=True,
                metavar="SECONDS",
                help="After how long what is done is committed.",
            ),
        )
    ):
        command = option(command)
    return command


@click.command("index")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@index_option
@ingest_options
@click.option("--checksum", is_flag=True, help="Compare the content of files whose size and time have not changed.")
@click.option("--rebuild", is_flag=True, help="Build the index anew; the old one answers until the end.")
@click.option("--dry-run", is_flag=True, help="Read, say what would happen, and write nothing.")
@click.option(
    "--report",
    type=click.File("w", encoding="utf-8", errors="backslashreplace", lazy=False),
    metavar="FILE",
    help="Write an outcome a line, as JSON.",
)
@click.option("--verbose", "-v", is_flag=True, help="Name every file, not only those that need a look.")
@wait_option
@json_option
def command(
    paths: tuple[Path, ...],
    folder: Path,
    *,
    report: IO[str] | None,
    verbose: bool,
    json_: bool,
    **options: Any,  # noqa: ANN401 - as `ingest` has them
) -> None:
    """Bring the index up to date with report files and folders.

    New and changed files are read; files that are gone from the folders leave the index. Files that cannot be read are
    named with the reason; the rest is indexed, and the exit code is 2. What is interrupted goes on with the next run.

    \b
    Example:
      searcher index reports/ extra.jsonl --jobs 4
      searcher index reports/ --dry-run
    """
    started = time.perf_counter()
    counts: Counter[str] = Counter()
    reports = paragraphs = 0
    outcomes = []  # filled where they are asked for: there may be many
    with _progress() as progress, _reporting(report, folder) as write:
        for outcome in ingest(paths, index=folder, progress=progress, **options):
            counts[outcome.status] += 1
            reports, paragraphs = reports + len(outcome.reports), paragraphs + outcome.paragraphs
            if json_:
                outcomes.append(outcome)
            write(outcome)
            if outcome.status in ("failed", "skipped", "duplicate") or (verbose and outcome.status not in _QUIET):
                click.echo(told(outcome), err=True)
    if json_:
        echo_json({"reports": reports, "paragraphs": paragraphs, "counts": counts, "outcomes": outcomes})
    else:
        summary = ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"
        took = time.perf_counter() - started
        dry = "; nothing was written: --dry-run" if options["dry_run"] else ""
        click.echo(
            f"{counts.total()} files: {summary}; {reports} reports, {paragraphs} paragraphs read in {took:.1f} s → "
            f"{folder}{dry}",
            err=True,
        )
    if counts["failed"]:
        click.get_current_context().exit(2)


def told(outcome: Outcome) -> str:
    """Return an outcome as a line."""
    return shown(f"{outcome.status}: {outcome.path}" + (f": {outcome.reason}" if outcome.reason else ""))


@contextmanager
def _reporting(report: IO[str] | None, folder: Path) -> Iterator[Callable[[Outcome], None]]:
    """Give what writes an outcome down; of a run that ends with an error, the last line says what others are worth."""

    def write(outcome: Outcome) -> None:
        if report:
            report.write(as_json(outcome) + "\n")

    try:
        yield write
        if report:
            report.flush()
    except BaseException as error:
        reason = f"what was read since the last commit is not in the index: {str(error) or type(error).__name__}"
        with suppress(OSError):  # where the report cannot be written itself
            write(Outcome(str(folder), "failed", reason=reason))
        raise


@contextmanager
def _progress() -> Iterator[Any]:
    """Give what shows progress: a bar where a person is looking, else a line now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[files]}/{task.fields[of_files]} files"),
        BarColumn(),
        _Figures(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, files=0, of_files=0, paragraphs=0)

        def show(now: Progress) -> None:
            fields: dict[str, Any] = {"files": now.files, "of_files": now.of_files, "paragraphs": now.paragraphs}
            description = _AT_LAST if now.files == now.of_files else ""
            bar.update(task, description=description, completed=now.bytes, total=now.of_bytes, **fields)

        yield show


class _Figures(ProgressColumn):
    """How much was read, and how fast."""

    def render(self, task: Task) -> str:
        """Return the column's text."""
        speed = f" {decimal(int(task.speed))}/s" if task.speed else ""
        return f"{task.fields['paragraphs']:,} paragraphs {decimal(int(task.completed))}{speed}"


class _Lines:
    """Plain lines of progress, a few seconds apart, and one of what comes at last."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._ended = False

    def __call__(self, now: Progress) -> None:
        moment = time.monotonic()
        if now.files == now.of_files and moment - self._started >= _PAUSE and not self._ended:
            self._ended = True
            click.echo(f"{now.files} files, {now.paragraphs} paragraphs; {_AT_LAST}", err=True)
        elif moment - self._last >= _PAUSE:
            self._last = moment
            passed = moment - self._started
            done = now.bytes / now.of_bytes if now.of_bytes else 1
            left = f", about {passed * (1 - done) / done:.0f} s left" if done >= _TELLING else ""
            click.echo(
                f"{now.files}/{now.of_files} files, {now.paragraphs} paragraphs, {decimal(now.bytes)}, "
                f"{decimal(int(now.bytes / passed))}/s{left}",
                err=True,
            )
