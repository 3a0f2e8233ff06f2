"""The index as its newest commit has it, and what was answered from that commit."""

import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import cast

from starlette.responses import Response

from searcher._version import __version__
from searcher.engines import generation_in
from searcher.index import Index
from searcher.meta import META

__all__ = ["Cache", "Current"]

_COARSEST = 2_000_000_000  # nanoseconds between two times that a file system can tell apart


class Current:
    """An index folder that is followed: new commits, and another index put in its place. Safe in several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._tag = ""
        self._index: Index | None = None
        self._settled: tuple[tuple[int, int, int], str] | None = None  # a folder as it was, and its tag

    def tag(self) -> str:
        """Return what tells the newest commit from all others: a name is looked at, or a few are; nothing is opened."""
        try:
            folder = self._folder.stat()
            seen = (folder.st_dev, folder.st_ino, folder.st_mtime_ns)
            if self._settled and self._settled[0] == seen:
                return self._settled[1]
            made = (self._folder / META).stat().st_mtime_ns  # written once, when the index is made
        except OSError:
            seen, made = None, 0  # the engine says what is wrong
        tag = f"{__version__}-{made:x}-{generation_in(self._folder)}"
        # A commit renames a file, which the folder's time shows, if no other change has the same time.
        settled = seen is not None and time.time_ns() - seen[2] > _COARSEST
        self._settled = (seen, tag) if seen is not None and settled else None
        return tag

    def index(self) -> tuple[Index, str]:
        """Return the index at its newest commit, and the tag of that; raise `IndexProblem`."""
        with self._lock:
            tag = self.tag()
            if self._index is None or tag.rpartition("-")[0] != self._tag.rpartition("-")[0]:
                self._index = Index.open(self._folder)  # what reads the old one may go on
            elif tag != self._tag:
                self._index.refresh()
            self._tag = tag
            return self._index, tag


class Cache:
    """The last answers given from one commit, within a number of bytes. Used by the event loop alone."""

    def __init__(self, size: int) -> None:
        self._commit = ""
        self._size = self._room = size
        self._kept: OrderedDict[tuple[str, ...], Response] = OrderedDict()

    def begin(self, commit: str) -> None:
        """Forget everything, unless it was given from this commit."""
        if commit != self._commit:
            self._commit = commit
            self._kept.clear()
            self._room = self._size

    def get(self, key: tuple[str, ...]) -> Response | None:
        """Return the answer kept under a key."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: tuple[str, ...], answer: Response) -> None:
        """Keep an answer; those unused for longest make room."""
        size = _cost(key, answer)
        if key in self._kept or size > self._size:
            return
        self._kept[key] = answer
        self._room -= size
        while self._room < 0:
            self._room += _cost(*self._kept.popitem(last=False))


def _cost(key: tuple[str, ...], answer: Response) -> int:
    return len(cast(bytes, answer.body)) + sum(map(len, key)) + 1000  # and what the objects themselves take
