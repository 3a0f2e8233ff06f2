"""Folders that are followed: what arrives, changes or goes is in the index a moment later."""

import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

from watchfiles import Change
from watchfiles import watch as changes_in

from searcher.index import DEFAULT
from searcher.ingesting import ingest
from searcher.model import Outcome

__all__ = ["watch"]

_LOOK = 500  # milliseconds between two looks at whether to stop


def watch(
    paths: Iterable[str | os.PathLike[str]],
    *,
    index: str | os.PathLike[str] = DEFAULT,
    debounce: float = 2.0,
    stop: Event | None = None,
    **options: Any,  # noqa: ANN401 - as `ingest` has them
) -> Iterator[Outcome]:
    """Bring an index up to date with files and folders, and again whenever something changes in them.

    Yields the outcomes of files that are not as they were. Changes that come within `debounce` seconds of each other
    are taken together. Ends when `stop` is set; an iteration that is broken off leaves the index as of its last
    commit. The options are those of `ingest`; another process that writes is waited for.
    """
    followed = [os.fspath(path) for path in paths]
    own = os.path.realpath(index) + os.sep

    def concerns(_change: Change, path: str) -> bool:
        return not path.startswith(own) and not Path(path).name.startswith(".")

    looks = changes_in(
        *followed,
        watch_filter=concerns,
        debounce=int(debounce * 1000),
        step=max(int(debounce * 1000) // 4, 1),
        stop_event=stop,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    first = True  # the watcher is awake before the first run begins: nothing falls between the two
    for changes in looks:
        if first or changes:
            first = False
            for outcome in ingest(followed, index=index, wait=math.inf, **options):
                if outcome.status not in ("unchanged", "skipped"):
                    yield outcome
