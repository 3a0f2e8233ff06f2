"""The default engine: a view of one commit of a folder, and the way to the next."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar

import numpy as np

from searcher.engines._protocol import ParagraphId, Request, Response
from searcher.engines.whoosh._bits import count, docs_of, heads
from searcher.engines.whoosh._commits import (
    Commit,
    Kept,
    generations,
    newest_generation,
    open_newest,
    write_commit,
)
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._evaluate import Answers
from searcher.engines.whoosh._facets import count_facets
from searcher.engines.whoosh._lock import Lock
from searcher.engines.whoosh._merge import worn
from searcher.engines.whoosh._rank import page
from searcher.engines.whoosh._segment import Shard
from searcher.engines.whoosh._view import View
from searcher.errors import NotFound, SearcherError, UsageError
from searcher.model import Metadata, Paragraph, Report

if TYPE_CHECKING:
    from searcher.engines.whoosh._writer import ArrayWriter  # a search does without it

__all__ = ["ArrayEngine"]

P = ParamSpec("P")
T = TypeVar("T")


def _examined(
    read: Callable[Concatenate["ArrayEngine", P], T],
) -> Callable[Concatenate["ArrayEngine", P], T]:
    """Where reading fails as it never should, see whether a file is damaged, and say so."""

    @wraps(read)
    def reading(self: "ArrayEngine", /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(self, *args, **kwargs)
        except (SearcherError, TimeoutError):
            raise
        except Exception:
            self.verify()
            raise

    return reading


class _Held(NamedTuple):
    """What is held open of a commit, and what was asked of each segment lately."""

    view: View
    answers: list[Answers]


class ArrayEngine:
    """One commit of an index of arrays. Safe to use from several threads."""

    policy = staticmethod(worn)

    def __init__(self, folder: Path, view: View, catalogue: Kept) -> None:
        self._folder = folder
        self._generation = view.generation
        self._held: _Held | None = _Held(view, [Answers(shard) for shard in view.shards])
        self._catalogue = catalogue

    @classmethod
    def create(cls, folder: Path, describe: Callable[[], None] | None = None) -> "ArrayEngine":
        """Make an empty index in a folder, or open the one that is there; `describe` is called under the lock."""
        folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(folder)
        try:
            if describe:
                describe()
            if not generations(folder):
                write_commit(folder, Commit(0, ()))
        finally:
            lock.release()
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> "ArrayEngine":
        """Open the newest commit of a folder."""
        commit, shards = open_newest(folder)
        return cls(folder, View(shards, commit.generation), commit.catalogue)

    @property
    def generation(self) -> int:
        """The number of the commit."""
        return self._generation

    @_examined
    def search(self, request: Request) -> Response:
        """Answer a request."""
        if request.offset < 0 or request.limit < 0 or (request.per_report is not None and request.per_report < 1):
            raise UsageError("The offset and the limit cannot be negative, nor can a report have less than one hit.")
        view, kept = self._reading
        found = [(answers.shard, answers.matches(request.tree, request.deadline)) for answers in kept]
        ids, scores = page(view, request, found)
        total = sum(count(bits) for _, bits in found)
        total_reports, shown = 0, total
        counted = request.per_report is not None or request.facets
        docs = [(shard, docs_of(bits)) for shard, bits in found] if counted else []
        if request.per_report is not None:
            sizes = np.concatenate([np.zeros(0, np.int64), *(_per_report(shard, those) for shard, those in docs)])
            total_reports, shown = len(sizes), int(np.minimum(sizes, request.per_report).sum())
        facets = count_facets(request.facets, docs, in_units=request.facets_in == "units")
        return Response(ids, scores, total, total_reports, shown, facets, view.generation)

    @_examined
    def frequency(self, field: str, term: str | tuple[str, str]) -> int:
        """Return in how many paragraphs and contexts a term stands."""
        return self._view.frequency(field, term)

    @_examined
    def words(self, prefix: str, suffix: str, limit: int) -> list[str]:
        """Return the words that begin and end so, most frequent first, then by code point."""
        counts: Counter[str] = Counter()
        for shard in self._view.shards:
            for at, word in shard.words(prefix, suffix):
                number = sum(shard.dfs(at))
                if number:
                    counts[word] += number
        return sorted(counts, key=lambda word: (-counts[word], word))[:limit]

    @_examined
    def paragraphs(self, ids: Sequence[ParagraphId]) -> list[Paragraph]:
        """Return paragraphs in the order asked for."""
        found = []
        for report_id, ordinal in ids:
            shard, row = self._row(report_id)
            if not 0 <= ordinal < int(shard.report_bounds[row + 1] - shard.report_bounds[row]):
                raise NotFound(f"There is no paragraph {report_id}#{ordinal} in the index.")
            found.append(shard.paragraph(row, ordinal))
        return found

    @_examined
    def report(self, report_id: str) -> Report:
        """Return a report's record, without its paragraphs."""
        shard, row = self._row(report_id)
        return shard.report(row)

    @_examined
    def metadata(self, report_id: str) -> Metadata:
        """Return what is known of a report."""
        shard, row = self._row(report_id)
        return shard.metadata(row)

    def reports(self) -> Iterator[Report]:
        """Yield every record, by report id."""
        for shard, row in self._rows():
            yield self._record(shard, row)

    @_examined
    def paragraph_count(self, report_id: str | None = None) -> int:
        """Return how many paragraphs there are, or a report has."""
        if report_id is None:
            return self._view.size
        shard, row = self._row(report_id)
        return int(shard.report_bounds[row + 1] - shard.report_bounds[row])

    def catalogue(self) -> bytes:
        """Return what was kept with the commit."""
        return self._catalogue.read()

    def refresh(self) -> "ArrayEngine":
        """Return a view of the newest commit: this one, if it still is."""
        view = self._view
        if newest_generation(self._folder) == view.generation:
            return self
        files = {shard.segment.name: shard.file for shard in view.shards}
        commit, shards = open_newest(self._folder, files)
        return type(self)(self._folder, View(shards, commit.generation), commit.catalogue)

    def writer(self, wait: float = 0.0) -> "ArrayWriter":
        """Return the one writer."""
        from searcher.engines.whoosh._writer import ArrayWriter  # noqa: PLC0415 - a search does without it

        return ArrayWriter.begin(self._folder, self.policy, wait)

    @classmethod
    def rebuild(cls, folder: Path, wait: float = 0.0) -> "ArrayWriter":
        """Return a writer whose first commit takes the place of everything in a folder, readable or not."""
        from searcher.engines.whoosh._writer import ArrayWriter  # noqa: PLC0415 - likewise

        return ArrayWriter.begin_anew(folder, cls.policy, wait)

    def verify(self) -> None:
        """Read everything and compare it with its checksums; raise `IndexDamaged`."""
        for shard in self._view.shards:
            shard.file.verify()

    def close(self) -> None:
        """Let the files go: what is asked later raises `UsageError`."""
        self._held = None

    @property
    def _reading(self) -> _Held:
        held = self._held
        if held is None:
            raise UsageError(f"The index in {self._folder} was closed here. Open it again.")
        return held

    @property
    def _view(self) -> View:
        return self._reading.view

    @_examined
    def _rows(self) -> list[tuple[Shard, int]]:
        """Return where the reports stand, by report id."""
        rows = [
            (shard.ids.text(row), shard, row)
            for shard in self._view.shards
            for row in np.flatnonzero(shard.live_reports).tolist()
        ]
        return [(shard, row) for _, shard, row in sorted(rows, key=lambda item: item[0])]

    @_examined
    def _record(self, shard: Shard, row: int) -> Report:
        return shard.report(row)

    def _row(self, report_id: str) -> tuple[Shard, int]:
        for shard in self._view.shards:
            row = shard.row(report_id)
            if row is not None:
                return shard, row
        for shard in self._view.shards:
            shard.file.verify("report.ids", "report.order")  # it may only look as if there were none
        raise NotFound(f"There is no report {report_id} in the index.")


def _per_report(shard: Shard, docs: Array) -> Array:
    """Return how many of the documents each report has, of those that have any."""
    rows = shard.report_of[docs]
    return np.diff(np.append(heads(rows).nonzero()[0], len(rows)))
