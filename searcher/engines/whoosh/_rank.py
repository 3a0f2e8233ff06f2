"""From matches to a page of ids: scores, order, ties, and the best few of each report."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher.engines._protocol import ParagraphId, Request
from searcher.engines.whoosh._bits import docs_of, ranges
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._scoring import Scorer
from searcher.engines.whoosh._segment import Shard
from searcher.engines.whoosh._topk import top
from searcher.engines.whoosh._view import View
from searcher.engines.whoosh._whole import whole_scores

__all__ = ["page"]

_HANDFUL = 32  # candidates up to which arrays take longer than lists
_FEW = 1000  # hits up to which only the best are scored


class _Candidates(NamedTuple):
    """Paragraphs that may stand on the page: their segments, their numbers there, their scores."""

    shards: Array
    docs: Array
    scores: Array


def page(
    view: View, request: Request, matches: Sequence[tuple[Shard, Array]]
) -> tuple[tuple[ParagraphId, ...], tuple[float, ...]]:
    """Return the ids and scores of the page that was asked for."""
    wanted = request.offset + request.limit
    if not wanted or not matches:
        return (), ()
    terms = [(term, term.weight * view.idf(term.field, term.term)) for term in request.scoring]
    whole = request.sort == "score" and request.per_report is not None  # which counts titles, once
    scorers = [Scorer(view, shard, terms, titled=not whole) for shard, _ in matches]
    best = request.sort == "score" and request.per_report is None and wanted <= _FEW and bool(terms)
    found = [
        top(scorer, bits, wanted) if best else _all(scorer, docs_of(bits), scored=request.sort == "score")
        for scorer, (_, bits) in zip(scorers, matches, strict=True)
    ]
    if whole:
        found = [
            (docs, np.round(scores + whole_scores(view, number, terms)[view.shards[number].report_of[docs]], 6))
            for number, (docs, scores) in enumerate(found)
        ]
    candidates = _Candidates(
        np.repeat(np.arange(len(found)), [len(docs) for docs, _ in found]),
        np.concatenate([np.zeros(0, np.int64), *(docs for docs, _ in found)]),
        np.concatenate([np.zeros(0), *(scores for _, scores in found)]),
    )
    order = _ordered(view, request, candidates)[request.offset : wanted]
    shards, docs = candidates.shards[order], candidates.docs[order]
    scores = candidates.scores[order]
    if request.sort != "score":
        for number, scorer in enumerate(scorers):
            here = np.flatnonzero(shards == number)
            here = here[np.argsort(docs[here])]
            scores[here] = scorer.score(docs[here])
    ids = tuple(view.shards[number].id_of(doc) for number, doc in zip(shards.tolist(), docs.tolist(), strict=True))
    return ids, tuple(scores.tolist())


def _all(scorer: Scorer, docs: Array, *, scored: bool) -> tuple[Array, Array]:
    return docs, scorer.score(docs) if scored else np.zeros(len(docs))


def _ordered(view: View, request: Request, found: _Candidates) -> Array:
    """Return the candidates in the order asked for; of each report, the first few."""
    if len(found.docs) <= _HANDFUL and request.per_report is None:
        return np.array(_ordered_by_hand(view, request, found), np.int64)
    reports = np.zeros(len(found.docs), np.int64)
    for number, shard in enumerate(view.shards):
        here = found.shards == number
        reports[here] = view.report_numbers(number, shard.report_of[found.docs[here]])
    newest_first = -view.years[reports]
    keys = {"position": (), "year": (newest_first,), "score": (newest_first, -found.scores)}[request.sort]
    order: Array = np.lexsort((found.docs, view.places(reports), *keys))
    if request.per_report is None:
        return order
    owners = reports[order]
    grouped = np.argsort(owners, kind="stable")
    _, sizes = np.unique(owners, return_counts=True)
    return order[np.sort(grouped[ranges(np.zeros_like(sizes), sizes) < request.per_report])]


def _ordered_by_hand(view: View, request: Request, found: _Candidates) -> list[int]:
    """Return the candidates in the order asked for, one by one the same as `_ordered` has them all at once."""
    keys = []
    for number, doc, score in zip(found.shards.tolist(), found.docs.tolist(), found.scores.tolist(), strict=True):
        shard = view.shards[number]
        row = int(shard.report_of[doc])
        newest_first = -int(shard.years[row])
        first = {"position": (), "year": (newest_first,), "score": (-score, newest_first)}[request.sort]
        keys.append((*first, shard.ids[row], doc))
    return sorted(range(len(keys)), key=keys.__getitem__)
