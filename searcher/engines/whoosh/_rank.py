"""From matches to a page of ids: scores, order, ties, and the best few of each report."""

from collections.abc import Sequence

import numpy as np

from searcher.engines._protocol import ParagraphId, Request
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import ramp
from searcher.engines.whoosh._scoring import score
from searcher.engines.whoosh._segment import Shard
from searcher.engines.whoosh._view import View

__all__ = ["page"]


def page(
    view: View, request: Request, matches: Sequence[tuple[Shard, Array]]
) -> tuple[tuple[ParagraphId, ...], tuple[float, ...]]:
    """Return the ids and scores of the page that was asked for."""
    if not any(len(docs) for _, docs in matches):
        return (), ()
    terms = [(term, term.weight * view.idf(term)) for term in request.scoring]
    number = np.repeat(np.arange(len(matches)), [len(docs) for _, docs in matches])
    docs = np.concatenate([docs for _, docs in matches])
    scores = np.concatenate([score(view, shard, terms, docs) for shard, docs in matches])
    numbers = [view.report_numbers(index, shard.report_of[docs]) for index, (shard, docs) in enumerate(matches)]
    reports = np.concatenate(numbers)
    if request.sort == "position":
        order = np.lexsort((docs, view.by_id[reports]))
    elif request.sort == "year":
        order = np.lexsort((docs, view.by_year[reports]))
    else:
        order = np.lexsort((docs, view.by_year[reports], -scores))
    if request.per_report is not None:
        order = _first_of_each(order, reports, request.per_report)
    order = order[request.offset : request.offset + request.limit]
    ids = []
    for shard_number, doc in zip(number[order].tolist(), docs[order].tolist(), strict=True):
        shard = view.shards[shard_number]
        row = int(shard.report_of[doc])
        ids.append((shard.ids.text(row), doc - int(shard.report_bounds[row])))
    return tuple(ids), tuple(scores[order].tolist())


def _first_of_each(order: Array, reports: Array, count: int) -> Array:
    """Keep the first few of each report, in the order given."""
    owners = reports[order]
    grouped = np.argsort(owners, kind="stable")
    _, sizes = np.unique(owners, return_counts=True)
    return order[np.sort(grouped[ramp(sizes) < count])]
