"""Here is a folder; make it findable: paths into an index, through processes that read, with one outcome per file."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from searcher.catalogue import Catalogue
from searcher.engines import Writer
from searcher.errors import IndexMissing, UsageError
from searcher.index import DEFAULT, Index
from searcher.ingesting._crew import Crew
from searcher.ingesting._ledger import Ledger
from searcher.ingesting._plan import Plan, make_plan, settled
from searcher.ingesting._reading import Item, Part, Task, read_task
from searcher.ingesting._rehearsal import Rehearsal
from searcher.ingesting._removal import remove
from searcher.ingesting._scan import Scan, scan
from searcher.model import Outcome

__all__ = ["Duplicates", "Progress", "ingest", "remove"]

Duplicates: TypeAlias = Literal["link", "keep"]
"""What becomes of a report whose text is there already: it is linked to the one that has it, or indexed beside it."""

_TASK_BYTES = 1_000_000  # of files that are read together
_TASK_FILES = 100
_LONGEST = 1e8  # seconds, three years: timers do not take more


class Progress(NamedTuple):
    """How far a run has come."""

    files: int
    of_files: int
    bytes: int
    of_bytes: int
    paragraphs: int


@dataclass(frozen=True, slots=True)
class _Options:
    """How to ingest; `ingest` describes each."""

    index: Path
    jobs: int
    columns: Mapping[str, str] | None
    checksum: bool
    keep_missing: bool
    dry_run: bool
    rebuild: bool
    duplicates: Duplicates
    timeout: float
    commit_every: float
    wait: float


def ingest(
    paths: Iterable[str | os.PathLike[str]],
    *,
    index: str | os.PathLike[str] = DEFAULT,
    jobs: int = 0,
    columns: Mapping[str, str] | None = None,
    checksum: bool = False,
    keep_missing: bool = False,
    dry_run: bool = False,
    rebuild: bool = False,
    duplicates: Duplicates = "link",
    timeout: float = 120.0,
    commit_every: float = 60.0,
    wait: float = 0.0,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[Outcome]:
    """Bring an index up to date with the files and folders named, and yield one outcome per file.

    New files and files whose content has changed are read; files that are gone leave the index, as far as they stood
    below the folders named. `docs/indexing.md` describes what happens to whom.

    `jobs`: how many processes read; with 0 files are read in this process, where neither the time limit holds nor
    anything keeps a reader that crashes from taking the run with it. `columns` is as in `read`. `checksum`: compare
    the content of files whose size and time have not changed. `keep_missing`: leave what is gone in the index.
    `dry_run`: read, tell what would happen, and write nothing. `rebuild`: build anew; until the end the old index is
    there. `duplicates`: "link" indexes a text once, "keep" as often as it comes. `timeout`: seconds a file may take
    without giving anything, 0 for ever. `commit_every`: seconds after which what is done is committed; an iteration
    that is broken off leaves the index as of the last commit, and the next one goes on from there. `wait`: seconds to
    wait for another process that writes. `progress` is called for each file that is done.

    Raises `UsageError` where a path does not exist or is the folder of the index, `IndexLocked` where another process
    still writes.
    """
    if not all(number >= 0 for number in (jobs, timeout, commit_every, wait)):  # nan is not, either
        raise UsageError("jobs, timeout, commit_every and wait are numbers, and cannot be negative")
    if duplicates not in ("link", "keep"):
        raise UsageError(f"duplicates is one of link, keep, not {duplicates!r}")
    found = scan(paths, index=index)
    limit = min(timeout, _LONGEST)
    options = _Options(
        Path(index), jobs, columns, checksum, keep_missing, dry_run, rebuild, duplicates, limit, commit_every, wait
    )
    return _run(found, options, _Count(progress, found))


class _Count:
    """How far a run has come: files that are settled or read, whenever they are told of, and bytes of those read."""

    def __init__(self, show: Callable[[Progress], None] | None, found: Scan) -> None:
        self._show = show
        self._of_files = len(found.files) + len(found.refused)
        self._sizes: dict[str, int] = {}
        self._of_bytes = 0
        self._files = self._bytes = self._paragraphs = 0

    def expect(self, items: Iterable[Item]) -> None:
        """Take note of the files that will be read."""
        self._sizes = {item.key: item.size for item in items}
        self._of_bytes = sum(self._sizes.values())

    def each(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Pass on outcomes of files that are not read."""
        for outcome in outcomes:
            self.file()
            yield outcome

    def part(self, part: Part) -> None:
        """Count what was read; what is read once more is not more."""
        for report, item in zip(part.batch.reports, part.items, strict=True):
            self._paragraphs += len(report.paragraphs) if item.key in self._sizes else 0
        for read in part.ended:
            size = self._sizes.pop(read.item.key, None)
            if size is not None:
                self._bytes += size
                self.file()

    def file(self) -> None:
        """Count a file."""
        self._files += 1
        if self._show:
            of_files = max(self._of_files, self._files)
            self._show(Progress(self._files, of_files, self._bytes, self._of_bytes, self._paragraphs))


def _run(found: Scan, options: _Options, count: _Count) -> Iterator[Outcome]:
    with _opened(options) as (index, writer):
        catalogue = index.catalogue() if index else Catalogue()
        plan = make_plan(found, catalogue, checksum=options.checksum, keep_missing=options.keep_missing)
        count.expect(plan.items)
        yield from count.each(outcome for key, outcome in found.refused.items() if key not in plan.missing)
        refused = any(file.refused for file, _ in plan.settled)  # an id may be free since
        if not (plan.items or plan.missing or options.rebuild or refused):
            yield from count.each(starmap(settled, plan.settled))
            return
        ledger = Ledger(
            writer,
            catalogue,
            index,
            here=plan.here,
            missing=plan.missing,
            link=options.duplicates == "link",
            commit_every=math.inf if options.rebuild or options.dry_run else options.commit_every,
        )
        yield from _fill(ledger, plan, options, count)


@contextmanager
def _opened(options: _Options) -> Iterator[tuple[Index | None, Writer]]:
    """Give the index that a run goes on from, and what writes the next one."""
    if options.dry_run:
        with ExitStack() as held:
            index = None
            if not options.rebuild:
                with suppress(IndexMissing):
                    index = held.enter_context(Index.open(options.index))
            yield index, Rehearsal()
    elif options.rebuild:
        with Index.rebuilding(options.index, options.wait) as writer:
            yield None, writer
    else:
        with Index.create(options.index) as index, index.writer(options.wait) as writer:
            index.refresh()  # what was committed while it was waited for
            yield index, writer


def _fill(ledger: Ledger, plan: Plan, options: _Options, count: _Count) -> Iterator[Outcome]:
    """Read files, write what they give, take away what is gone, and commit. Items are let go as they are read."""
    for file, path in plan.settled:
        count.file()
        yield from ledger.settle(file, path)
    with ExitStack() as held:
        crew = held.enter_context(Crew(options.jobs)) if options.jobs else None
        read = crew.run if crew else _here
        yield from _taken(ledger, read(_tasks(plan.items, options)), count)
        yield from count.each(ledger.remove_missing())
        while again := ledger.again():
            yield from _taken(ledger, read(_tasks(again, options)), count)
        yield from ledger.end()


def _here(tasks: Iterable[Task]) -> Iterator[Part]:
    """Do tasks in this process."""
    return (part for task in tasks for part in read_task(task))


def _taken(ledger: Ledger, parts: Iterable[Part], count: _Count) -> Iterator[Outcome]:
    for part in parts:
        count.part(part)
        yield from ledger.take(part)


def _tasks(items: list[Item], options: _Options) -> Iterator[Task]:
    together: list[Item] = []
    size = 0
    items.reverse()
    while items:
        item = items.pop()
        if together and (size + item.size > _TASK_BYTES or len(together) >= _TASK_FILES):
            yield Task(tuple(together), options.columns, options.timeout)
            together, size = [], 0
        together.append(item)
        size += max(item.size, 0)
    if together:
        yield Task(tuple(together), options.columns, options.timeout)
