"""The index as its newest commit has it, and what was answered from that commit."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from searcher._version import __version__
from searcher.engines import generation_in
from searcher.index import Index
from searcher.meta import META

__all__ = ["Cache", "Current", "Kept"]


class Current:
    """An index folder that is followed: new commits, and another index put in its place. Safe in several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._tag = ""
        self._index: Index | None = None

    def tag(self) -> str:
        """Return what tells the newest commit from all others: two names are read, nothing is opened."""
        generation = generation_in(self._folder)
        try:
            made = (self._folder / META).stat().st_mtime_ns  # written once, when the index is made
        except OSError:
            made = 0  # opening it will say what is wrong
        return f"{__version__}-{made:x}-{generation}"

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


class Kept(NamedTuple):
    """An answer as it goes out."""

    body: bytes
    headers: dict[str, str]


class Cache:
    """The last answers given from one commit, within a number of bytes. Used by the event loop alone."""

    def __init__(self, size: int) -> None:
        self._commit = ""
        self._size = self._room = size
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()

    def begin(self, commit: str) -> None:
        """Forget everything, unless it was given from this commit."""
        if commit != self._commit:
            self._commit = commit
            self._kept.clear()
            self._room = self._size

    def get(self, key: tuple[str, ...]) -> Kept | None:
        """Return the answer kept under a key."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: tuple[str, ...], answer: Kept) -> None:
        """Keep an answer; those unused for longest make room."""
        size = _cost(key, answer)
        if key in self._kept or size > self._size:
            return
        self._kept[key] = answer
        self._room -= size
        while self._room < 0:
            self._room += _cost(*self._kept.popitem(last=False))


def _cost(key: tuple[str, ...], answer: Kept) -> int:
    return len(answer.body) + sum(map(len, key)) + 1000  # and what the objects themselves take
