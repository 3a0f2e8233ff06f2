"""Which report has the same text? The one with the same hash, or with a sketch that tells it is worth comparing."""

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from itertools import chain
from typing import Generic, TypeVar

from searcher.catalogue import KnownReport
from searcher.errors import NotFound
from searcher.index import Index
from searcher.ingesting._likeness import About, Likeness, about_of, agree, alike, likeness, parts

__all__ = ["Twins"]

_SIMILAR = 2  # hashes of four: texts that resemble each other by nine tenths have as many in 996 of 1,000 cases
_ALIKE = 16  # reports that are known for a hash of a sketch: of thousands the others cost more than they tell
_EQUAL = 1024  # likewise for a text: so many institutions and years have said the same

Key = TypeVar("Key", bound=Hashable)


class Twins:
    """The reports that are searched, as far as it takes to find the one that has a text.

    `index` reads what is committed; None where all is built anew.
    """

    def __init__(self, index: Index | None) -> None:
        self._index = index
        self._texts: _Several[str] = _Several(_EQUAL)
        self._sketched: _Several[int] = _Several(_ALIKE)
        self._likenesses: dict[str, Likeness] = {}  # of reports that are not committed yet
        self._about: dict[str, About] = {}

    def add(self, report: KnownReport, mine: Likeness | None = None) -> None:
        """Note a report that is searched."""
        self._texts.add(report.text, report.id)
        for part in parts(report.sketch):
            self._sketched.add(part, report.id)
        if mine is not None:
            year, institution = mine.about
            self._about[report.id] = year, sys.intern(institution) if institution else institution
            self._likenesses[report.id] = mine

    def drop(self, report: KnownReport) -> None:
        """Forget a report as it was."""
        self._texts.drop(report.text, report.id)
        for part in parts(report.sketch):
            self._sketched.drop(part, report.id)
        self._about.pop(report.id, None)
        self._likenesses.pop(report.id, None)

    def committed(self) -> None:
        """Let go of what the index can be asked now."""
        if self._index:
            self._likenesses.clear()

    def of(self, mine: Likeness, stands: Callable[[str], bool]) -> str | None:
        """Return a report with the same text as another one; `stands` tells of each whether it may be that."""
        for other in self._texts.of(mine.text):
            if self._agree(mine, other) and stands(other):
                return other
        similar = Counter(chain.from_iterable(map(self._sketched.of, parts(mine.sketch))))
        for other, times in similar.items():
            if times >= _SIMILAR and self._agree(mine, other) and stands(other) and self._alike(mine, other):
                return other
        return None

    def about(self, report_id: str) -> About | None:
        """Return what is known of a report, remembered or read: in a fraction of the time that its text takes."""
        found = self._about.get(report_id)
        if found is None and self._index:
            with suppress(NotFound):  # nothing may be left out for it
                found = self._about[report_id] = about_of(self._index.metadata(report_id))
        return found

    def _agree(self, mine: Likeness, other: str) -> bool:
        about = self.about(other)
        return about is not None and agree(mine.about, about)

    def _alike(self, mine: Likeness, other: str) -> bool:
        known = self._likenesses.get(other)
        if known is None and self._index:
            known = likeness(self._index.report(other))
        return known is not None and alike(mine, known)


class _Several(Generic[Key]):
    """The names that go with a key, most often one: the `most` that came last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._one: dict[Key, str] = {}
        self._more: dict[Key, list[str]] = {}

    def add(self, key: Key, name: str) -> None:
        """Add a name that is not there."""
        if self._one.setdefault(key, name) is not name:
            names = self._more.setdefault(key, [])
            names.append(name)
            if len(names) >= self._most:
                self._one[key] = names.pop(0)

    def drop(self, key: Key, name: str) -> None:
        """Take a name away, if it is there."""
        more = self._more.get(key, [])
        if self._one.get(key) != name:
            if name in more:
                more.remove(name)
        elif more:
            self._one[key] = more.pop(0)
        else:
            del self._one[key]

    def of(self, key: Key) -> Sequence[str]:
        """Return the names that go with a key."""
        if key not in self._one:
            return ()
        return self._one[key], *self._more.get(key, ())
