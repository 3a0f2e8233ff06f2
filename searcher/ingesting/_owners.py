"""Who has a report? The file it is of, the files that have copies of it, and the report that has a text."""

import os
from collections.abc import Callable, Container, Iterator
from typing import NamedTuple

from searcher.catalogue import KnownReport
from searcher.index import Index
from searcher.ingesting._likeness import About, Likeness
from searcher.ingesting._twins import Twins

__all__ = ["Owned", "Owners"]


class Owned(NamedTuple):
    """A report that is searched, and the file it is of."""

    path: str
    report: KnownReport


class Owners:
    """The reports that are searched and the copies that are left out for them.

    `index` reads what is committed; None where all is built anew. `here` are the files that were found, `missing` those
    that are gone.
    """

    def __init__(self, index: Index | None, here: Container[str], missing: Container[str]) -> None:
        self._here = here
        self._missing = missing
        self._owned: dict[str, Owned] = {}
        self._twins = Twins(index)
        self._copied: dict[str, set[str]] = {}  # the files with copies of a report

    def __contains__(self, report_id: str) -> bool:
        return report_id in self._owned

    def of(self, report_id: str) -> Owned | None:
        """Return a report that is searched, and its file."""
        return self._owned.get(report_id)

    def note(self, report: KnownReport, path: str, mine: Likeness | None = None) -> None:
        """Note who has a report or a copy, and how it is found by its text."""
        if report.copy_of:
            self._copied.setdefault(report.copy_of, set()).add(path)
        else:
            self._owned[report.id] = Owned(path, report)
            self._twins.add(report, mine)

    def drop(self, report_id: str) -> None:
        """Forget a report that is searched, but not who has copies of it."""
        self._twins.drop(self._owned.pop(report_id).report)

    def drop_copies(self, report_id: str) -> None:
        """Forget who has copies of a report."""
        self._copied.pop(report_id, None)

    def copying(self, report_id: str) -> Iterator[str]:
        """Yield the files that have had copies of a report, in order."""
        yield from sorted(self._copied.get(report_id, ()))

    def is_free(self, report_id: str, path: str) -> bool:
        """Tell whether a file may have an id: nobody has it, or who has it is gone, or the same file by an old name."""
        owned = self._owned.get(report_id)
        if owned is None or owned.path in self._missing or not os.path.lexists(owned.path):
            return True
        if owned.path in self._here:
            return False
        return os.path.exists(owned.path) and os.path.exists(path) and os.path.samefile(owned.path, path)

    def about(self, report_id: str) -> About | None:
        """Return what is known of a report that is searched."""
        return self._twins.about(report_id)

    def twin(self, mine: Likeness, stands: Callable[[Owned], bool]) -> str | None:
        """Return a report with the same text whose file is not gone; `stands` tells of each whether it may be that."""

        def there(report_id: str) -> bool:
            owned = self._owned.get(report_id)
            return owned is not None and owned.path not in self._missing and stands(owned)

        return self._twins.of(mine, there)

    def committed(self) -> None:
        """Let go of what the index can be asked now."""
        self._twins.committed()
