"""Here is a folder; make it findable: paths into an index, through processes that read, with one outcome per file."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from searcher.catalogue import Catalogue
from searcher.errors import IndexMissing, UsageError
from searcher.index import DEFAULT, Index
from searcher.ingesting._crew import Crew
from searcher.ingesting._ledger import Ledger
from searcher.ingesting._plan import foretell, make_plan, settled
from searcher.ingesting._reading import Item, Part, Task, read_task
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
    `dry_run`: tell what would happen, and write nothing. `rebuild`: build anew; the old index is there until the end.
    `duplicates`: "link" indexes a text once, "keep" as often as it comes. `timeout`: seconds a file may take without
    giving anything, 0 for ever. `commit_every`: seconds after which what is done is committed; an iteration that is
    broken off leaves the index as of the last commit, and the next one goes on from there. `wait`: seconds to wait for
    another process that writes. `progress` is called after each outcome.

    Raises `UsageError` where a path does not exist or is in the folder of the index, `IndexLocked` where another
    process still writes.
    """
    if not all(number >= 0 for number in (jobs, timeout, commit_every, wait)):  # nan is not, either
        raise UsageError("jobs, timeout, commit_every and wait are numbers, and cannot be negative")
    if duplicates not in ("link", "keep"):
        raise UsageError(f"duplicates is one of link, keep, not {duplicates!r}")
    found = scan(paths, index=index)
    limit = min(timeout, _LONGEST)
    options = _Options(Path(index), jobs, columns, checksum, keep_missing, duplicates, limit, commit_every, wait)
    if dry_run:
        outcomes = _foretell(found, options, Catalogue() if rebuild else _known(options.index))
    else:
        outcomes = _rebuild(found, options) if rebuild else _update(found, options)
    return _counted(outcomes, found, progress)


def _counted(
    outcomes: Iterable[Outcome], found: Scan, progress: Callable[[Progress], None] | None
) -> Iterator[Outcome]:
    sizes = {file.path: file.size for file in found.files.values()}
    of_files, of_bytes = len(sizes) + len(found.refused), sum(sizes.values())
    files = done = paragraphs = 0
    for outcome in outcomes:
        files, paragraphs = files + 1, paragraphs + outcome.paragraphs
        done += sizes.pop(outcome.path, 0)
        if progress:
            progress(Progress(files, max(of_files, files), done, of_bytes, paragraphs))
        yield outcome


def _foretell(found: Scan, options: _Options, catalogue: Catalogue) -> Iterator[Outcome]:
    yield from found.refused
    plan = make_plan(found, catalogue, checksum=options.checksum, keep_missing=options.keep_missing)
    yield from starmap(settled, plan.settled)
    yield from foretell(plan, catalogue)


def _known(folder: Path) -> Catalogue:
    try:
        with Index.open(folder) as index:
            return index.catalogue()
    except IndexMissing:
        return Catalogue()


def _update(found: Scan, options: _Options) -> Iterator[Outcome]:
    yield from found.refused
    with Index.create(options.index) as index, index.writer(options.wait) as writer:
        index.refresh()  # what was committed while it was waited for
        catalogue = index.catalogue()
        plan = make_plan(found, catalogue, checksum=options.checksum, keep_missing=options.keep_missing)
        yield from starmap(settled, plan.settled)
        if not (plan.items or plan.missing):
            return

        ledger = Ledger(
            writer,
            catalogue,
            index,
            missing=plan.missing,
            link=options.duplicates == "link",
            commit_every=options.commit_every,
        )
        yield from _fill(ledger, plan.items, options)


def _rebuild(found: Scan, options: _Options) -> Iterator[Outcome]:
    yield from found.refused
    with Index.rebuilding(options.index, options.wait) as writer:
        catalogue = Catalogue()
        link = options.duplicates == "link"
        ledger = Ledger(writer, catalogue, None, missing=(), link=link, commit_every=math.inf)
        yield from _fill(ledger, make_plan(found, catalogue).items, options)


def _fill(ledger: Ledger, items: list[Item], options: _Options) -> Iterator[Outcome]:
    """Read files, write what they give, take away what is gone, and commit. `items` are let go as they are read."""
    with ExitStack() as held:
        crew = held.enter_context(Crew(options.jobs)) if options.jobs else None
        read = crew.run if crew else _here
        yield from _taken(ledger, read(_tasks(items, options)))
        yield from ledger.remove_missing()
        while ledger.again:
            again = list({item.key: item for item in ledger.again}.values())
            ledger.again = []
            yield from _taken(ledger, read(_tasks(again, options)))
        ledger.commit()


def _here(tasks: Iterable[Task]) -> Iterator[Part]:
    """Do tasks in this process."""
    return (part for task in tasks for part in read_task(task))


def _taken(ledger: Ledger, parts: Iterable[Part]) -> Iterator[Outcome]:
    for part in parts:
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
