"""Phrases and proximity, from the positions of bigrams.

The rarest bigrams of a phrase tell which documents may hold it; only there positions are read, of as many bigrams as it
takes to tell every unit. Each gives the places where the phrase would have to start, at most one each: where all agree,
it stands. Where a phrase of Han characters stands as a word, it stands: no position is read there.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from searcher.analysis import BREAK, is_han
from searcher.engines.whoosh._bits import Subset, blocks_of, docs_of, heads, nothing, of_docs, of_mask
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._segment import Shard, Space
from searcher.errors import UsageError
from searcher.query.terms import Near

__all__ = ["least_df", "near", "phrase", "reads_positions", "term_of"]

_POSITION = (1 << 32) - 1
_PAIR = 2  # units of a bigram
_FEW = 32  # blocks in which positions are read at once
_TELLING = 3  # bigrams that are asked where they stand at all; more seldom leave out anything


def phrase(units: Sequence[str], shard: Shard, space: Space, among: Subset | None = None) -> Array:
    """Return the documents in which units stand one after the other; of some, where only these matter."""
    _check(units)
    blocks = None if among is None else among.blocks
    if units[0] == "" and len(units) == 1:
        return of_mask(space.lengths["unigrams"] > 0)
    standing = term_of(units)
    if standing is not None:
        term = shard.term(*standing)
        return nothing(space.blocks) if term is None else space.postings.bits(term, blocks)
    word = shard.term("words", "".join(units)) if all(map(is_han, units)) else None
    known = None if word is None else space.postings.bits(word, blocks)
    others = of_docs(_distinct(_occurrences(units, shard, space, among, known) >> 32), space.blocks)
    return others if known is None else known | others


def term_of(units: Sequence[str]) -> tuple[str, str | tuple[str, str]] | None:
    """Return the field and the term that stand just where units do, if there is one."""
    if len(units) == 1 and units[0] not in {"", BREAK}:
        return "unigrams", units[0]
    if len(units) == _PAIR and all(units):
        return "bigrams", (units[0], units[1])
    return None


def reads_positions(units: Sequence[str]) -> bool:
    """Tell whether it takes positions to find units."""
    return len(units) > 1 and term_of(units) is None


def least_df(units: Sequence[str], shard: Shard, space: Space) -> int:
    """Return in how many documents a phrase stands at most."""
    known: list[tuple[str, str | tuple[str, str]]] = [("unigrams", unit) for unit in units if unit not in {"", BREAK}]
    known += [("bigrams", pair) for pair in pairwise(units) if all(pair)]
    terms = [shard.term(field, term) for field, term in known]
    return min((0 if term is None else space.postings.df(term) for term in terms), default=space.size)


def near(leaf: Near, shard: Shard, space: Space, among: Subset | None = None) -> Array:
    """Return the documents in which phrases stand close together; of some, where only these matter."""
    for wanted in leaf.phrases:
        _check(wanted.units)
    found: list[Array] = []
    bits = nothing(space.blocks)
    for wanted in leaf.phrases:
        found.append(_occurrences(wanted.units, shard, space, among))
        bits = of_docs(_distinct(found[-1] >> 32), space.blocks)
        if among is not None:
            bits &= among.bits
        among = Subset.of(bits)
    sizes = [len(wanted.units) for wanted in leaf.phrases]
    kept = []
    for doc in docs_of(bits).tolist():
        starts = []
        for stands in found:
            low, high = np.searchsorted(stands, (doc << 32, (doc + 1) << 32))
            starts.append((stands[low:high] & _POSITION).tolist())
        if _close(starts, sizes, leaf.within):
            kept.append(doc)
    return of_docs(np.array(kept, np.int64), space.blocks)


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


def _occurrences(
    units: Sequence[str], shard: Shard, space: Space, among: Subset | None, known: Array | None = None
) -> Array:
    """Return where units stand one after the other, in order: document << 32 | position of the first.

    Documents that are `known` to hold them are left out.
    """
    if len(units) == 1:
        return _single(units[0], shard, space)
    pairs = {at: shard.pairs(*pair) for at, pair in enumerate(pairwise(units)) if any(pair)}
    extents = {at: [e for e in map(space.postings.extent, terms) if e.df] for at, terms in pairs.items()}
    if not all(extents.values()):
        return _nothing()
    rarest = sorted(extents, key=lambda at: sum(extent.df for extent in extents[at]))
    bits, blocks = (None, None) if among is None else among
    for at in [at for at in rarest if len(pairs[at]) == 1][:_TELLING]:
        if blocks is not None and len(blocks) <= _FEW:
            break
        told = space.postings.bits(pairs[at][0], blocks)
        bits = told if bits is None else bits & told
        blocks = blocks_of(bits)
    if bits is None:
        bits = of_mask(space.lengths["bigrams"] >= len(units) - 1)
    if known is not None:
        bits = bits & ~known
    read, untold = [], set(range(len(units)))
    for at in rarest:
        if {at, at + 1} & untold:
            untold -= {at, at + 1}
            read.append((at, extents[at]))
    # `""` with no other unit beside it
    read += [
        (min(at, len(units) - 2), [e for e in map(space.postings.extent, shard.pairs("", "")) if e.df])
        for at in sorted(untold)
    ]
    offsets = np.repeat([at for at, _ in read], [len(some) for _, some in read])
    which, stands = space.postings.occurrences_in([extent for _, some in read for extent in some], docs_of(bits))
    offset = offsets[which]
    starts = (stands - offset)[(stands & _POSITION) >= offset]
    starts.sort()
    last = len(read) - 1
    found: Array = starts[last:][starts[last:] == starts[: len(starts) - last]] if len(starts) > last else _nothing()
    return found


def _single(unit: str, shard: Shard, space: Space) -> Array:
    """Return where one unit stands: it opens a bigram, closes the last, or is all there is."""
    postings = space.postings
    opening = [postings.occurrences(term) for term in shard.pairs(unit, None)]
    closing = [postings.occurrences(term) + 1 for term in shard.pairs(None, unit)]
    alone = docs_of(phrase((unit,), shard, space))
    alone = alone[space.lengths["bigrams"][alone] == 0] << 32
    return np.unique(np.concatenate([alone, *opening, *closing]))


def _distinct(numbers: Array) -> Array:
    """Return numbers in order, each once."""
    return numbers[heads(numbers)]


def _nothing() -> Array:
    return np.zeros(0, np.int64)
