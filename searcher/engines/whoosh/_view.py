"""What is true of all segments of a commit at once: live counts and lengths, and term statistics."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain

import numpy as np

from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._remembered import remembered
from searcher.engines.whoosh._segment import PLACES, Shard
from searcher.schema import TOKEN_FIELDS

__all__ = ["View"]

_KEPT = 1 << 13  # terms
_FEW = 1 << 10  # paragraphs whose reports are put in order without putting all in order


class View:
    """The open segments of one commit."""

    def __init__(self, shards: Sequence[Shard], generation: int) -> None:
        self.shards = tuple(shards)
        self.generation = generation
        self.idf = remembered(self._idf, _KEPT)

    @cached_property
    def size(self) -> int:
        """The number of paragraphs."""
        return sum(shard.size if shard.live is None else int(shard.live.sum()) for shard in self.shards)

    @cached_property
    def average_lengths(self) -> Array:
        """The average number of tokens of a paragraph, for each field."""
        totals = [sum(_total(shard.text.lengths[field], shard.live) for shard in self.shards) for field in TOKEN_FIELDS]
        averages = np.array(totals) / max(self.size, 1)
        return np.where(averages > 0, averages, 1.0)

    @cached_property
    def average_context_lengths(self) -> Array:
        """The average number of tokens of a context, for each field and each of `PLACES`."""
        totals, counts = np.zeros((len(TOKEN_FIELDS), len(PLACES))), np.zeros(len(PLACES))
        for shard in self.shards:
            live = slice(None) if shard.live_contexts is None else shard.live_contexts
            places = shard.context_place[live]
            counts += np.bincount(places, minlength=len(PLACES))
            for number, field in enumerate(TOKEN_FIELDS):
                totals[number] += np.bincount(places, shard.contexts.lengths[field][live], len(PLACES))
        averages = totals / np.maximum(counts, 1)
        return np.where(averages > 0, averages, 1.0)

    @cached_property
    def report_lengths(self) -> dict[str, list[Array]]:
        """The number of tokens of each report and what stands over it, per field and segment."""
        return {
            field: [
                np.bincount(shard.report_of, shard.text.lengths[field], shard.reports)
                + np.bincount(shard.context_report, shard.contexts.lengths[field], shard.reports)
                for shard in self.shards
            ]
            for field in TOKEN_FIELDS
        }

    @cached_property
    def average_report_lengths(self) -> dict[str, float]:
        """Their averages over the reports that are there, per field."""
        live = np.concatenate([shard.live_reports for shard in self.shards])
        return {
            field: float(np.concatenate(lengths)[live].mean()) or 1.0 for field, lengths in self.report_lengths.items()
        }

    @cached_property
    def slopes(self) -> Array:
        """By what the length of a paragraph counts, for each field."""
        return _bm25.slopes(self.average_lengths)

    @cached_property
    def context_slopes(self) -> Array:
        """By what the length of a context counts, for each field and each of `PLACES`."""
        return _bm25.slopes(self.average_context_lengths)

    @cached_property
    def bounds(self) -> dict[Shard, Array]:
        """What a kept bound of 1 allows at most, for each field, in each segment."""
        return {shard: _bm25.exceeding(shard.text.bounds_made_with, self.average_lengths) for shard in self.shards}

    def report_numbers(self, shard: int, rows: Array) -> Array:
        """Return reports of a segment as numbers through all segments."""
        return rows + self._firsts[shard]

    def places(self, reports: Array) -> Array:
        """Return the places of reports, by number, in the order of ids: among each other, or among all."""
        if len(reports) > _FEW:
            return self._places[reports]
        numbers = sorted(set(reports.tolist()))
        order = sorted(range(len(numbers)), key=[self._id(number) for number in numbers].__getitem__)
        return _inverse(order)[np.searchsorted(numbers, reports)]

    @cached_property
    def years(self) -> Array:
        """The year of each report, less than any where nobody knows it."""
        return np.concatenate([shard.years for shard in self.shards]).astype(np.int64)

    @cached_property
    def _places(self) -> Array:
        """The place of each report in the order of ids."""
        runs = [shard.order + first for shard, first in zip(self.shards, self._firsts, strict=True)]
        if len(runs) == 1:
            return _inverse(runs[0])
        ids = [name for shard in self.shards for name in shard.ids.between(0, shard.reports)]
        return _inverse(sorted(chain.from_iterable(run.tolist() for run in runs), key=ids.__getitem__))

    @cached_property
    def _firsts(self) -> list[int]:
        """The number of the first report of each segment."""
        return list(accumulate((shard.reports for shard in self.shards[:-1]), initial=0))

    def _id(self, number: int) -> bytes:
        shard = bisect_right(self._firsts, number) - 1
        return self.shards[shard].ids[number - self._firsts[shard]]

    def df(self, field: str, term: str | tuple[str, str]) -> int:
        """Return in how many paragraphs a term stands."""
        return sum(text for text, _ in self._dfs(field, term))

    def frequency(self, field: str, term: str | tuple[str, str]) -> int:
        """Return in how many paragraphs and contexts a term stands."""
        return sum(map(sum, self._dfs(field, term)))

    def _dfs(self, field: str, term: str | tuple[str, str]) -> Iterator[tuple[int, int]]:
        """Yield in how many paragraphs and in how many contexts of each segment a term stands."""
        for shard in self.shards:
            number = shard.term(field, term)
            if number is not None:
                yield shard.dfs(number)

    def _idf(self, field: str, term: str | tuple[str, str]) -> float:
        """Return how telling a term is among the paragraphs."""
        df = self.df(field, term)
        return math.log(1 + (self.size - df + 0.5) / (df + 0.5))


def _total(lengths: Array, live: Array | None) -> int:
    return int((lengths if live is None else lengths[live]).sum(dtype=np.int64))


def _inverse(order: Sequence[int] | Array) -> Array:
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places
