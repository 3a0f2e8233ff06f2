"""Reports leave an index: by id, by the file or folder they came from, or by what they say."""

import math
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator

from searcher.catalogue import Catalogue
from searcher.errors import NotFound
from searcher.index import DEFAULT, Index
from searcher.ingesting._ledger import Ledger
from searcher.ingesting._rehearsal import Rehearsal
from searcher.ingesting._scan import below
from searcher.model import Outcome

__all__ = ["remove"]


def remove(
    targets: Iterable[str | os.PathLike[str]] = (),
    *,
    query: str | None = None,
    index: str | os.PathLike[str] = DEFAULT,
    dry_run: bool = False,
    wait: float = 0.0,
) -> Iterator[Outcome]:
    """Take reports out of an index and yield an outcome for each file they came from.

    `targets` are ids of reports, files or folders; `query` takes away the reports with a paragraph that it finds, and
    their copies. What is removed stays away while its file does not change; `ingest` brings it back where the file is
    named, and a copy that is left takes its place. `dry_run`: tell what would go. Raises `NotFound` where the index
    knows no such report or file.
    """
    with Index.open(index) as opened, Rehearsal() if dry_run else opened.writer(wait) as writer:
        opened.refresh()
        catalogue = opened.catalogue()
        chosen: dict[str, set[str]] = defaultdict(set)
        whole: set[str] = set()  # files that go as such, not for their reports
        known = _Known(catalogue)
        for target in targets:
            for path, report_ids in known.named(os.fspath(target)):
                chosen[path].update(report_ids)
                if os.fspath(target) not in report_ids:
                    whole.add(path)
        if query is not None:
            found = opened.reports_matching(query)
            for path, report in known.reports:
                if report.id in found or report.copy_of in found:
                    chosen[path].add(report.id)
        for path in sorted(chosen):
            yield Outcome(path, "removed", tuple(sorted(chosen[path])))
        # Copies of what goes are read again with the next run: this one does not know how they were read.
        ledger = Ledger(writer, catalogue, opened, here=frozenset(), missing={}, link=True, commit_every=math.inf)
        ledger.withdraw(chosen, whole)
        ledger.commit()


class _Known:
    """The reports of a catalogue, as a target names them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.reports = [(file.path, report) for file in catalogue.files.values() for report in file.reports]
        self._files = [file for file in catalogue.files.values() if file.standing == "indexed" or file.reports]
        self._by_id = {report.id: path for path, report in self.reports if report.copy_of}
        self._by_id |= catalogue.owners()  # a copy may have the id of what it is a copy of

    def named(self, target: str) -> list[tuple[str, set[str]]]:
        """Return the files and the ids of their reports that a target names: an id, a file, or a folder."""
        found = [(self._by_id[target], {target})] if target in self._by_id else []
        folder, name = os.path.split(os.path.abspath(target))
        for key in (os.path.join(os.path.realpath(folder), name), os.path.realpath(target)):  # links are followed
            files = [] if found else [file for file in self._files if below(file.path, key)]
            found += [(file.path, {report.id for report in file.reports}) for file in files]
        if not found:
            raise NotFound(
                f"The index knows no report, file or folder {target}: `searcher show` and `searcher search` tell ids"
            )
        return found
