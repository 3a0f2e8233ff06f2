"""Counts of field values over the matches."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._segment import UNKNOWN_YEAR, Shard
from searcher.errors import UsageError
from searcher.model import Facet
from searcher.schema import FACETS

__all__ = ["count_facets"]


def count_facets(
    fields: Sequence[str], matches: Sequence[tuple[Shard, Array]], *, in_units: bool = False
) -> dict[str, Facet]:
    """Return for each field its values among the matching paragraphs: most first, then by value, unknown last.

    With `in_units` the units of the paragraphs' texts are counted, not the paragraphs.
    """
    return {field: _count(field, matches, in_units=in_units) for field in fields}


def _count(field: str, matches: Sequence[tuple[Shard, Array]], *, in_units: bool) -> Facet:
    if field not in FACETS:
        raise UsageError(f"There are no facets of {field!r}; there are of {', '.join(FACETS)}.")
    counts: Counter[str | int | None] = Counter()
    for shard, docs in matches:
        if not len(docs):
            continue
        weights = shard.text.lengths["unigrams"][docs] if in_units else None
        if field == "zone":
            values, codes = shard.keywords(field)
            numbers = np.bincount(codes[docs], weights, minlength=len(values)).tolist()
            counts.update({value: int(number) for value, number in zip(values, numbers, strict=True) if number})
            continue
        per_report = np.bincount(shard.report_of[docs], weights, minlength=shard.reports)
        rows = np.flatnonzero(per_report)
        if field == "year":
            for row, number in zip(shard.years[rows].tolist(), per_report[rows].tolist(), strict=True):
                counts[None if row == UNKNOWN_YEAR else row] += int(number)
        else:
            values, codes = shard.keywords(field)
            sums = np.bincount(codes[rows], weights=per_report[rows], minlength=len(values))
            counts.update({value: int(number) for value, number in zip(values, sums.tolist(), strict=True) if number})
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0])))
