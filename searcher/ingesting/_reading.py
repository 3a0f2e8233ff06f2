"""What becomes of some files in one process: read, analysed, and hashed for comparison."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from searcher.analysis import analyzer
from searcher.catalogue import Standing
from searcher.engines import Batch, make_batch
from searcher.errors import ReadError, SearcherError, UnsupportedFormat
from searcher.ingesting._likeness import Likeness, likeness
from searcher.model import Origin, Report
from searcher.reading import load, reports

__all__ = ["Item", "Part", "Posted", "Read", "Task", "no_limit", "nothing", "read_task"]

_FULL = 300_000  # characters that are analysed and handed over together
_NO_REPORTS = ("readme", "license", "licence", "changelog", "contributing")  # stems of files about a folder


class Item(NamedTuple):
    """A file to read."""

    path: str
    key: str
    root: str
    name: str  # what its ids are made of
    size: int  # when it was found
    mtime_ns: int
    sha256: str = ""  # as it was last read: if it still is, there is nothing to do
    beside: tuple[str, ...] | None = None  # its sidecars, the nearest first; None where nobody has looked
    named: bool = False  # by the user itself: what was removed of it comes back


class Task(NamedTuple):
    """Some files to read together."""

    items: tuple[Item, ...]
    columns: Mapping[str, str] | None = None
    timeout: float = 0.0  # seconds a file may take before it gives anything; 0 is no limit


@dataclass(frozen=True)  # it travels: with slots, pickling asks for the fields each time
class Read:
    """What became of a file."""

    item: Item
    standing: Standing
    reason: str = ""
    origin: Origin | None = None  # None where nobody could load it
    same: bool = False  # it is what it was; it was not read


@dataclass(frozen=True, slots=True)
class Part:
    """Some reports, of which file each is, and the files that end with them."""

    batch: Batch
    items: tuple[Item, ...]  # of each report
    likenesses: tuple[Likeness, ...]
    ended: tuple[Read, ...]

    def posted(self, task: Task) -> "Posted":
        """Return this part as it goes to the one who gave the task, and has its items."""
        at = {item.key: number for number, item in enumerate(task.items)}
        ended = tuple((at[read.item.key], read.standing, read.reason, read.origin, read.same) for read in self.ended)
        return Posted(self.batch, tuple(at[item.key] for item in self.items), self.likenesses, ended)


class Posted(NamedTuple):
    """A part on its way between processes, its items told by their place in the task."""

    batch: Batch
    items: tuple[int, ...]
    likenesses: tuple[Likeness, ...]
    ended: tuple[tuple[int, Standing, str, Origin | None, bool], ...]

    def opened(self, task: Task) -> Part:
        """Return the part."""
        ended = tuple(
            Read(task.items[at], standing, reason, origin, same) for at, standing, reason, origin, same in self.ended
        )
        return Part(self.batch, tuple(task.items[at] for at in self.items), self.likenesses, ended)


def no_limit(_seconds: float) -> None:
    """Let a file take as long as it takes."""


def read_task(task: Task, limit: Callable[[float], None] = no_limit) -> Iterator[Part]:
    """Read the files of a task, in order. `limit` is told before each step how long it may take."""
    gathered: list[_Step] = []
    ended: list[Read] = []
    characters = 0
    for item in task.items:
        limit(task.timeout)
        for step in _read(item, task.columns):
            if isinstance(step, Read):
                ended.append(step)
                continue
            gathered.append(step)
            characters += sum(len(paragraph.text) for paragraph in step.report.paragraphs)
            if characters > _FULL:
                yield _part(gathered, ended)
                limit(task.timeout)
                gathered, ended, characters = [], [], 0
    yield _part(gathered, ended)
    limit(0)


def nothing(read: Read) -> Part:
    """Return the part of a file that gave nothing."""
    return _part([], [read])


class _Step(NamedTuple):
    """A report of a file."""

    item: Item
    report: Report
    exported: bool


def _part(gathered: list[_Step], ended: list[Read]) -> Part:
    return Part(
        batch=make_batch([step.report for step in gathered], analyzer()),
        items=tuple(step.item for step in gathered),
        likenesses=tuple(likeness(step.report, told_apart=step.exported) for step in gathered),
        ended=tuple(ended),
    )


def _read(item: Item, columns: Mapping[str, str] | None) -> Iterator[_Step | Read]:
    """Yield the reports of a file, and how it fared. What comes before a fault is kept."""
    origin, empty = None, True
    try:
        loaded = load(item.key, root=item.root, beside=item.beside)
        origin = loaded.origin
        if origin.sha256 == item.sha256:
            yield Read(item, "indexed", origin=origin, same=True)
            return
        if _stem(item.path).lower() in _NO_REPORTS:
            yield Read(item, "skipped", "a file about its folder, not a report", origin)
            return
        for report in reports(loaded, name=item.name, columns=columns):
            if report.paragraphs:
                empty = False
                yield _Step(item, report, loaded.exported)
    except ReadError as error:
        standing: Standing = "skipped" if isinstance(error, UnsupportedFormat) else "failed"
        yield Read(item, standing, _reason(item, error), origin)
    except MemoryError:
        yield Read(item, "failed", "needs more memory than there is; split it into smaller files", origin)
    except SearcherError:
        raise  # it is not the file that is at fault
    except Exception as error:  # noqa: BLE001 - whatever a reader does costs its own file only
        reason = f"a fault of the reader ({type(error).__name__}: {error}); please report it"
        yield Read(item, "failed", reason, origin)
    else:
        reason = "no paragraph in it" if empty else ""
        yield Read(item, "skipped" if empty else "indexed", reason, origin)


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _reason(item: Item, error: ReadError) -> str:
    return str(error).removeprefix(f"{item.key}: ")
