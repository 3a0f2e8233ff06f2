"""BM25 over the fields of a segment: of the paragraphs' text, and, boosted, of the contexts that stand over them."""

from collections.abc import Sequence

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import ramp
from searcher.engines.whoosh._segment import PLACES, Shard
from searcher.engines.whoosh._view import View
from searcher.query.terms import Weighted
from searcher.schema import BY_NAME

__all__ = ["score"]

K1 = 1.2
B = 0.75


def score(view: View, shard: Shard, terms: Sequence[tuple[Weighted, float]], docs: Array) -> Array:
    """Return the scores of some paragraphs by terms and their weights (boost × idf), rounded to 1e-6."""
    found = np.zeros(shard.size)
    for term, weight in terms:
        at = shard.term(term.field, term.term)
        if at is not None:
            postings = shard.text.fields[term.field]
            stands = postings.docs(at)
            lengths = shard.text.lengths[term.field][stands]
            found[stands] += weight * saturation(postings.frequencies(at), lengths, view.average_lengths[term.field])
    if len(shard.context_place):
        _add_contexts(view, shard, terms, found)
    rounded: Array = np.round(found[docs], 6)
    return rounded


def saturation(frequencies: Array, lengths: Array, average: float | Array) -> Array:
    """Return BM25's part that depends on the document."""
    norms: Array = K1 * (1 - B + B * lengths / average)
    result: Array = frequencies * (K1 + 1) / (frequencies + norms)
    return result


def _add_contexts(view: View, shard: Shard, terms: Sequence[tuple[Weighted, float]], found: Array) -> None:
    """Add what titles and their like give; of the headings on a path, the best one."""
    gains = np.zeros(len(shard.context_place))
    for term, weight in terms:
        at = shard.term(term.field, term.term)
        if at is not None:
            postings = shard.contexts.fields[term.field]
            stands = postings.docs(at)
            averages = view.average_context_lengths[term.field][shard.context_place[stands]]
            lengths = shard.contexts.lengths[term.field][stands]
            gains[stands] += weight * saturation(postings.frequencies(at), lengths, averages)
    for number, place in enumerate(PLACES):
        contexts = np.flatnonzero((shard.context_place == number) & (gains > 0))
        if not len(contexts):
            continue
        contexts = contexts[np.argsort(gains[contexts], kind="stable")]  # the best is written last
        starts = shard.context_start[contexts]
        sizes = shard.context_end[contexts] - starts
        gain = np.zeros(shard.size)
        gain[np.repeat(starts, sizes) + ramp(sizes)] = np.repeat(gains[contexts], sizes)
        found += BY_NAME[place].boost * gain
