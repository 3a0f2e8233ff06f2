"""The default engine: a view of one commit of a folder, and the way to the next."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from searcher.engines._protocol import ParagraphId, Request, Response
from searcher.engines.whoosh._bits import count, docs_of
from searcher.engines.whoosh._commits import Commit, newest_generation, read_commit, write_commit
from searcher.engines.whoosh._container import Array, ArrayFile
from searcher.engines.whoosh._evaluate import matches
from searcher.engines.whoosh._facets import count_facets
from searcher.engines.whoosh._lock import Lock
from searcher.engines.whoosh._merge import worn
from searcher.engines.whoosh._rank import page
from searcher.engines.whoosh._segment import Shard
from searcher.engines.whoosh._view import View
from searcher.engines.whoosh._writer import ArrayWriter
from searcher.errors import NotFound, UsageError
from searcher.model import Paragraph, Report

__all__ = ["ArrayEngine"]

_PATIENCE = 10  # a commit may take files away between reading its predecessor's table of contents and opening them


class ArrayEngine:
    """One commit of an index of arrays. Safe to use from several threads."""

    policy = staticmethod(worn)

    def __init__(self, folder: Path, view: View) -> None:
        self._folder = folder
        self._view = view

    @classmethod
    def create(cls, folder: Path) -> "ArrayEngine":
        """Make an empty index in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        lock = Lock(folder)
        try:
            write_commit(folder, Commit(0, ()))
        finally:
            lock.release()
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> "ArrayEngine":
        """Open the newest commit of a folder."""
        return cls(folder, _open(folder, {}))

    @property
    def generation(self) -> int:
        """The number of the commit."""
        return self._view.generation

    def search(self, request: Request) -> Response:
        """Answer a request."""
        if request.offset < 0 or request.limit < 0 or (request.per_report is not None and request.per_report < 1):
            raise UsageError("The offset and the limit cannot be negative, nor can a report have less than one hit.")
        view = self._view
        found = [(shard, matches(request.tree, shard, request.deadline)) for shard in view.shards]
        ids, scores = page(view, request, found)
        total = sum(count(bits) for _, bits in found)
        total_reports, shown = 0, total
        if request.per_report is not None:
            sizes = np.concatenate(
                [np.zeros(0, np.int64), *(_per_report(shard, docs_of(bits)) for shard, bits in found)]
            )
            total_reports, shown = len(sizes), int(np.minimum(sizes, request.per_report).sum())
        facets = (
            count_facets(request.facets, [(shard, docs_of(bits)) for shard, bits in found]) if request.facets else {}
        )
        return Response(ids, scores, total, total_reports, shown, facets, view.generation)

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """Return in how many paragraphs and contexts each term of the field `words` stands."""
        found = []
        for word in words:
            rows = [(shard, shard.term("words", word)) for shard in self._view.shards]
            found.append(sum(_standing(shard, row) for shard, row in rows if row is not None))
        return found

    def words(self, prefix: str, suffix: str, limit: int) -> list[str]:
        """Return the words that begin and end so, most frequent first, then by code point."""
        counts: Counter[str] = Counter()
        for shard in self._view.shards:
            for at, word in shard.words(prefix, suffix):
                number = _standing(shard, at)
                if number:
                    counts[word] += number
        return sorted(counts, key=lambda word: (-counts[word], word))[:limit]

    def paragraphs(self, ids: Sequence[ParagraphId]) -> list[Paragraph]:
        """Return paragraphs in the order asked for."""
        found = []
        for report_id, ordinal in ids:
            shard, row = self._row(report_id)
            if not 0 <= ordinal < int(shard.report_bounds[row + 1] - shard.report_bounds[row]):
                raise NotFound(f"There is no paragraph {report_id}#{ordinal} in the index.")
            found.append(shard.paragraph(row, ordinal))
        return found

    def report(self, report_id: str) -> Report:
        """Return a report's record, without its paragraphs."""
        shard, row = self._row(report_id)
        return shard.report(row)

    def reports(self) -> Iterator[Report]:
        """Yield every record, by report id."""
        rows = [
            (shard.ids.text(row), shard, row)
            for shard in self._view.shards
            for row in np.flatnonzero(shard.live_reports).tolist()
        ]
        for _, shard, row in sorted(rows, key=lambda item: item[0]):
            yield shard.report(row)

    def paragraph_count(self, report_id: str | None = None) -> int:
        """Return how many paragraphs there are, or a report has."""
        if report_id is None:
            return self._view.size
        shard, row = self._row(report_id)
        return int(shard.report_bounds[row + 1] - shard.report_bounds[row])

    def refresh(self) -> "ArrayEngine":
        """Return a view of the newest commit: this one, if it still is."""
        if newest_generation(self._folder) == self.generation:
            return self
        files = {shard.segment.segment_id(): shard.file for shard in self._view.shards}
        return type(self)(self._folder, _open(self._folder, files))

    def writer(self) -> ArrayWriter:
        """Return the one writer."""
        return ArrayWriter(self._folder, self.policy)

    def verify(self) -> None:
        """Read everything and compare it with its checksums; raise `IndexProblem`."""
        for shard in self._view.shards:
            shard.file.verify()

    def close(self) -> None:
        """Let the files go."""
        self._view = View((), self.generation)

    def _row(self, report_id: str) -> tuple[Shard, int]:
        for shard in self._view.shards:
            row = shard.row(report_id)
            if row is not None:
                return shard, row
        raise NotFound(f"There is no report {report_id} in the index.")


def _per_report(shard: Shard, docs: Array) -> Array:
    """Return how many of the documents each report has, of those that have any."""
    rows = shard.report_of[docs]
    heads = np.flatnonzero(np.diff(rows, prepend=-1))
    return np.diff(np.append(heads, len(rows)))


def _standing(shard: Shard, word: int) -> int:
    found = 0
    for space, live in ((shard.text, shard.live), (shard.contexts, shard.live_contexts)):
        found += space.postings.df(word) if live is None else int(live[space.postings.docs(word)].sum())
    return found


def _open(folder: Path, files: dict[str, ArrayFile]) -> View:
    for attempt in range(_PATIENCE):
        try:
            commit = read_commit(folder)
            shards = [
                Shard(files.get(segment.segment_id()) or ArrayFile(segment.path(folder)), segment)
                for segment in commit.segments
            ]
            return View(shards, commit.generation)
        except FileNotFoundError:
            if attempt == _PATIENCE - 1:
                raise
            time.sleep(0.01 * attempt)
    raise AssertionError
