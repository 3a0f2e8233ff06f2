"""Phrases and proximity, from the positions of bigrams."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from searcher.analysis import BREAK
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import Postings, among
from searcher.engines.whoosh._segment import Shard, Space
from searcher.engines.whoosh._sets import Standing, distinct, intersect
from searcher.errors import UsageError
from searcher.query.terms import Near

__all__ = ["near", "phrase"]

_POSITION = (1 << 32) - 1


def phrase(units: Sequence[str], shard: Shard, space: Space) -> Array:
    """Return the documents in which units stand one after the other."""
    _check(units)
    if len(units) > 1:
        return distinct(_occurrences(units, shard, space) >> 32)
    if units[0] == "":
        return np.flatnonzero(space.lengths["unigrams"])
    at = shard.term("unigrams", units[0])
    return _nothing() if at is None else space.fields["unigrams"].docs(at)


def near(leaf: Near, shard: Shard, space: Space) -> Array:
    """Return the documents in which phrases stand close together."""
    found = []
    for wanted in leaf.phrases:
        _check(wanted.units)
        found.append(_occurrences(wanted.units, shard, space))
    docs = distinct(found[0] >> 32) if found else _nothing()
    for stands in found[1:]:
        docs = np.intersect1d(docs, stands >> 32)
    sizes = [len(wanted.units) for wanted in leaf.phrases]
    kept = []
    for doc in docs.tolist():
        starts = []
        for stands in found:
            low, high = np.searchsorted(stands, (doc << 32, (doc + 1) << 32))
            starts.append((stands[low:high] & _POSITION).tolist())
        if _close(starts, sizes, leaf.within):
            kept.append(doc)
    return np.array(kept, np.int64)


def _close(starts: Sequence[Sequence[int]], sizes: Sequence[int], within: int) -> bool:
    """Tell whether one start of each, in some order and without overlap, leaves at most `within` units between them.

    From each first start, the earliest end of every set of phrases is found from those of the smaller sets.
    """
    everything = (1 << len(sizes)) - 1
    for opening, size in enumerate(sizes):
        for start in starts[opening]:
            ends = {1 << opening: start + size}
            for chosen in range(1, everything):
                end = ends.get(chosen)
                if end is None:
                    continue
                for other, stands in enumerate(starts):
                    at = bisect_left(stands, end)
                    if not chosen >> other & 1 and at < len(stands):
                        grown, reached = chosen | 1 << other, stands[at] + sizes[other]
                        ends[grown] = min(reached, ends.get(grown, reached))
            if everything in ends and ends[everything] - start - sum(sizes) <= within:
                return True
    return False


def _check(units: Sequence[str]) -> None:
    if not units or tuple(units) == (BREAK,):
        raise UsageError("A phrase needs at least one unit that is no break.")


def _occurrences(units: Sequence[str], shard: Shard, space: Space) -> Array:
    """Return where units stand one after the other, in order: document << 32 | position of the first."""
    if len(units) == 1:
        return _single(units[0], shard, space)
    postings = space.fields["bigrams"]
    pairs = [shard.pairs(*units[at : at + 2]) if any(units[at : at + 2]) else None for at in range(len(units) - 1)]
    if [] in pairs:
        return _nothing()
    costs = sorted((sum(map(postings.df, pair)), at) for at, pair in enumerate(pairs) if pair is not None)
    single = [pair[0] for _, at in costs if len(pair := pairs[at] or []) == 1][:2]
    size = len(space.lengths["words"])
    docs = intersect([Standing(postings, term, size) for term in single]).docs if single else None
    untold = set(range(len(units)))
    found: Array | None = None
    for _, at in costs:  # the rarest first, until every unit is told; positions are read where the rest stands
        if {at, at + 1} & untold:
            untold -= {at, at + 1}
            found = _where(found, at, _stands(pairs[at] or [], postings, docs))
            docs = distinct(found >> 32)
            if not len(docs):
                return found
    for at in sorted(untold):  # `""` with no other unit beside it
        found = _where(found, min(at, len(units) - 2), _stands(shard.pairs("", ""), postings, docs))
    return _nothing() if found is None else found


def _stands(terms: Sequence[int], postings: Postings, docs: Array | None) -> Array:
    """Return where any of some bigrams stands; `docs` are all that matter, if they are known."""
    found = [postings.occurrences(term) if docs is None else postings.occurrences_in(term, docs) for term in terms]
    return found[0] if len(found) == 1 else np.sort(np.concatenate([_nothing(), *found]))


def _where(found: Array | None, at: int, here: Array) -> Array:
    """Keep those of `found` that have something `here`, `at` units further on; None is all."""
    if found is None:
        return here[(here & _POSITION) >= at] - at
    return found[among(found + at, here)]


def _single(unit: str, shard: Shard, space: Space) -> Array:
    """Return where one unit stands: it opens a bigram, closes the last, or is all there is."""
    postings = space.fields["bigrams"]
    opening = [postings.occurrences(term) for term in shard.pairs(unit, None)]
    closing = [postings.occurrences(term) + 1 for term in shard.pairs(None, unit)]
    alone = phrase((unit,), shard, space)
    alone = alone[space.lengths["bigrams"][alone] == 0] << 32
    return np.unique(np.concatenate([alone, *opening, *closing]))


def _nothing() -> Array:
    return np.zeros(0, np.int64)
