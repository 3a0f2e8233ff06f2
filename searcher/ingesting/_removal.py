"""Reports leave an index: by id, by the file or folder they came from, or by what they say."""

import math
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator

from searcher.catalogue import Catalogue
from searcher.errors import NotFound
from searcher.index import DEFAULT, Index
from searcher.ingesting._ledger import Ledger
from searcher.ingesting._scan import below
from searcher.model import Outcome

__all__ = ["remove"]

_MOST = 100_000  # reports that a query takes away at once


def remove(
    targets: Iterable[str | os.PathLike[str]] = (),
    *,
    query: str | None = None,
    index: str | os.PathLike[str] = DEFAULT,
    dry_run: bool = False,
    wait: float = 0.0,
) -> Iterator[Outcome]:
    """Take reports out of an index and yield an outcome for each file they came from.

    `targets` are ids of reports, files or folders; `query` takes away the reports with a paragraph that it finds. What
    is removed stays away while its file does not change; `ingest` brings it back where the file is named. `dry_run`:
    tell what would go. Raises `NotFound` where the index knows no such report or file.
    """
    with Index.open(index) as opened, opened.writer(wait) as writer:
        opened.refresh()
        catalogue = opened.catalogue()
        chosen: dict[str, set[str]] = defaultdict(set)
        for target in targets:
            for path, report_id in _named(os.fspath(target), catalogue):
                chosen[path].add(report_id)
        if query is not None:
            found = {hit.report_id for hit in opened.search(query, match="all", per_report=1, limit=_MOST).hits}
            for report_id, path in catalogue.owners().items():
                if report_id in found:
                    chosen[path].add(report_id)
        ledger = Ledger(writer, catalogue, opened, missing=(), link=True, commit_every=math.inf)
        for path in sorted(chosen):
            yield Outcome(path, "removed", tuple(sorted(chosen[path])))
            ledger.withdraw(path, chosen[path])
        if dry_run:
            writer.cancel()
        else:
            ledger.commit()


def _named(target: str, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the files and ids of the reports that a target names."""
    reports = [(file.path, report.id) for file in catalogue.files.values() for report in file.reports]
    found = [(path, report_id) for path, report_id in reports if report_id == target]
    if not found:
        folder, name = os.path.split(os.path.abspath(target))
        key = os.path.join(os.path.realpath(folder), name)
        found = [(path, report_id) for path, report_id in reports if below(path, key)]
    if not found:
        raise NotFound(
            f"The index knows no report, file or folder {target}: `searcher show` and `searcher search` tell ids"
        )
    yield from found
