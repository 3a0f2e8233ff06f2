"""Files and folders that are followed: what arrives, changes or goes is in the index a moment later.

A watcher of the system sees what it was started on, not what takes its place. So it is started anew whenever a followed
path is not what it was, and a run follows: whatever happens in between is found by the one or the other.
"""

import math
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any, TypeAlias

from watchfiles import Change
from watchfiles import watch as changes_in

from searcher.errors import UsageError
from searcher.index import DEFAULT
from searcher.ingesting import ingest
from searcher.model import Outcome

__all__ = ["watch"]

_LOOK = 0.5  # seconds between two looks at whether to stop, and at what the paths are
_GONE = "it is gone: what it gave is still in the index, and it is followed again once it is back"

_Standing: TypeAlias = dict[str, tuple[int, int]]
"""Those of the followed paths that are there: the device and inode of each."""


def watch(
    paths: Iterable[str | os.PathLike[str]],
    *,
    index: str | os.PathLike[str] = DEFAULT,
    debounce: float = 2.0,
    stop: Event | None = None,
    **options: Any,  # noqa: ANN401 - as `ingest` has them
) -> Iterator[Outcome]:
    """Bring an index up to date with files and folders, and again whenever something changes in them.

    Yields the outcomes of files that are not as they were; a failure is told again when it is another one. Changes that
    come within `debounce` seconds of each other are taken together. A path that goes is told as a failure; it is
    followed again once it is back, and the others all the time. Ends when `stop` is set; an iteration that is broken
    off leaves the index as of its last commit. The options are those of `ingest`; another process that writes is waited
    for. Raises `UsageError` where a path does not exist at first, or has a name that is no text.
    """
    followed = [os.fspath(path) for path in paths]
    if not 0 < debounce < math.inf:
        raise UsageError("debounce is a number of seconds above 0")
    for path in followed:
        if not Path(path).exists():
            raise UsageError(f"There is no file or folder {path}: check the path")
        if not _is_text(os.path.realpath(path)):
            raise UsageError(f"{path} cannot be followed, its name is no text: follow a folder above it")

    def bring(there: Iterable[str]) -> Iterator[Outcome]:
        return ingest(there, index=index, wait=math.inf, **options)

    told: dict[str, Outcome] = {}  # what has failed
    for there in _occasions(followed, os.path.realpath(index), debounce, stop or Event()):
        failed: dict[str, Outcome] = {}
        for outcome in _run(followed, there, bring):
            if outcome.status == "failed":
                failed[outcome.path] = outcome
            if outcome.status not in ("unchanged", "skipped") and told.get(outcome.path) != outcome:
                yield outcome
        told = failed


def _run(
    followed: list[str], there: _Standing, bring: Callable[[Iterable[str]], Iterator[Outcome]]
) -> Iterator[Outcome]:
    """Bring the index up to date with those that are there, and name those that are not."""
    places = list(map(os.path.realpath, there))
    for path in followed:
        if path not in there and not any(Path(os.path.realpath(path)).is_relative_to(place) for place in places):
            yield Outcome(path, "failed", reason=_GONE)
    if not there:
        return
    try:
        outcomes = bring(there)
    except UsageError:
        if _standing(followed) == there:
            raise
        return  # it has gone since: the next look finds that
    yield from outcomes


def _occasions(followed: list[str], own: str, debounce: float, stop: Event) -> Iterator[_Standing]:
    """Yield when a run is due, with a watcher awake: at first, after a change, and when a path is not what it was."""
    while not stop.is_set():
        there = _standing(followed)
        if not there:
            yield there
            while not stop.wait(_LOOK) and not _standing(followed):
                pass
            continue
        places = set(map(os.path.realpath, there))
        looks = changes_in(
            *places,
            watch_filter=None,  # what it leaves out is no look
            debounce=max(int(debounce * 1000), 1),
            step=max(int(debounce * 1000) // 4, 1),
            stop_event=stop,
            rust_timeout=int(_LOOK * 1000),
            yield_on_timeout=True,
            raise_interrupt=True,
        )
        due = True
        with closing(looks):
            try:
                for changes in looks:
                    replaced = any(change is Change.deleted and path in places for change, path in changes)
                    if replaced or _standing(followed) != there:  # numbers of inodes are given again
                        break
                    if due or any(path in places or _concerns(path, own) for _, path in changes):
                        due = False
                        yield there
            except FileNotFoundError:  # it went before it could be watched
                stop.wait(_LOOK)
            except RuntimeError as error:
                if "decode" not in str(error):  # else a file has changed whose name is no text: the run finds which
                    raise


def _standing(followed: list[str]) -> _Standing:
    there = {}
    for path in followed:
        try:
            status = Path(path).stat()
        except OSError:
            continue
        there[path] = status.st_dev, status.st_ino
    return there


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _concerns(path: str, own: str) -> bool:
    """Tell whether a change is of a file that may be read: neither a hidden one nor one of the index."""
    folder, name = os.path.split(path)
    return not name.startswith(".") and not Path(os.path.realpath(folder), name).is_relative_to(own)
