"""BM25 of whole reports: what a report gives beside its best paragraph, where hits are collapsed per report.

A report is the bag of the tokens of its paragraphs and of what stands over them. The best paragraph and the whole
together rank better than either alone; `docs/decisions.md` has the figures.
"""

from collections.abc import Sequence

import numpy as np

from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._segment import Shard, Space
from searcher.engines.whoosh._view import View
from searcher.query.terms import Weighted

__all__ = ["whole_scores"]


def whole_scores(view: View, number: int, terms: Sequence[tuple[Weighted, float]]) -> Array:
    """Return the score of each report of a segment by terms and their weights (boost × idf)."""
    shard = view.shards[number]
    found = np.zeros(shard.reports)
    for term, weight in terms:
        at = shard.term(term.field, term.term)
        if at is None:
            continue
        frequencies = np.zeros(shard.reports)
        frequencies += _per_report(shard, shard.text, shard.report_of, at)
        frequencies += _per_report(shard, shard.contexts, shard.context_report, at)
        rows = np.flatnonzero(frequencies)
        slope = _bm25.slopes(view.average_report_lengths[term.field])
        lengths = view.report_lengths[term.field][number][rows]
        found[rows] += weight * _bm25.gains(frequencies[rows], slope * lengths)
    return found


def _per_report(shard: Shard, space: Space, owners: Array, term: int) -> Array:
    postings = space.postings
    return np.bincount(owners[postings.docs(term)], postings.frequencies(term), shard.reports)
