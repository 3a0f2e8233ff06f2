"""Phrases and proximity, from the positions of bigrams.

The rarest bigrams of a phrase tell which documents may hold it; only there positions are read, of as many bigrams as it
takes to tell every unit. Each gives the places where the phrase would have to start, at most one each: where all agree,
it stands. Where a phrase of Han characters stands as a word, it stands: no position is read there.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from searcher.analysis import BREAK, is_han
from searcher.engines.whoosh._bits import Subset, blocks_of, docs_of, heads, nothing, of_docs, of_mask
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._segment import Shard, Space
from searcher.errors import UsageError
from searcher.query.terms import MAX_PHRASES, Near

__all__ = ["close", "least_df", "near", "phrase", "reads_positions", "term_of"]

_POSITION = (1 << 32) - 1
_PAIR = 2  # units of a bigram
_FEW = 32  # blocks in which positions are read at once
_ONE = np.uint64(1)
_OPENINGS = 1 << 16  # places that are tried at once
_FURTHEST = 1 << 31  # no document has so many units
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


def near(
    leaf: Near, shard: Shard, space: Space, among: Subset | None = None, in_time: Callable[[], None] = lambda: None
) -> Array:
    """Return the documents in which phrases stand close together; of some, where only these matter.

    `in_time` is asked over and over; it raises where it is too late.
    """
    if len(leaf.phrases) > MAX_PHRASES:
        raise UsageError(f"At most {MAX_PHRASES} phrases can stand near each other; this has {len(leaf.phrases)}.")
    for wanted in leaf.phrases:
        _check(wanted.units)
    found: dict[tuple[str, ...], Array] = {}
    bits = nothing(space.blocks)
    for units in dict.fromkeys(wanted.units for wanted in leaf.phrases):
        in_time()
        found[units] = _occurrences(units, shard, space, among)
        bits = of_docs(_distinct(found[units] >> 32), space.blocks)
        if among is not None:
            bits &= among.bits
        among = Subset.of(bits)
    for units, stands in found.items():
        docs = stands >> 32
        found[units] = stands[(bits[docs >> 6] >> (docs & 63).astype(np.uint64) & _ONE).astype(np.bool_)]
    return of_docs(close(found, [wanted.units for wanted in leaf.phrases], leaf.within, in_time), space.blocks)


def close(
    found: Mapping[tuple[str, ...], Array],
    phrases: Sequence[tuple[str, ...]],
    within: int,
    in_time: Callable[[], None] = lambda: None,
) -> Array:
    """Return the documents in which phrases stand without overlap, at most `within` units between them.

    `found` tells of each where it stands: document << 32 | position, in order. Whichever phrase opens, each other one
    must end in the room that is left; where each can stand first after the opening is enough, if these places do not
    overlap. Only where they do, other places have to be tried.
    """
    if within < 0:
        return _nothing()
    room = min(within + sum(map(len, phrases)), _FURTHEST)
    near: list[Array] = []
    for opening in dict.fromkeys(phrases):
        others = list(phrases)
        others.remove(opening)
        stands = found[opening]
        for low in range(0, len(stands), _OPENINGS):
            in_time()
            starts, ends = _earliest(stands[low : low + _OPENINGS], len(opening), others, found, room)
            order = starts[1:].argsort(0)
            firsts, lasts = (np.take_along_axis(some[1:], order, 0) for some in (starts, ends))
            apart = (lasts[:-1] <= firsts[1:]).all(0)
            known = set((starts[0, apart] >> 32).tolist())
            for start in starts[0, ~apart].tolist():
                in_time()
                if start >> 32 not in known and _arranged(start, len(opening), others, found, room):
                    known.add(start >> 32)
            near.append(np.array(sorted(known), np.int64))
    return np.unique(np.concatenate([_nothing(), *near]))


def _earliest(
    starts: Array, size: int, others: Sequence[tuple[str, ...]], found: Mapping[tuple[str, ...], Array], room: int
) -> tuple[Array, Array]:
    """Return of some openings, and of each other phrase after them, where it first stands, and where it ends there.

    Openings that have not room for all are left out.
    """
    columns = [starts], [starts + size]
    for other in others:
        stands = found[other]
        at = stands.searchsorted(columns[1][0])
        kept = at < len(stands)
        first = stands[at[kept]]
        fits = first + len(other) <= columns[0][0][kept] + room  # of another document, it is beyond any room
        kept[kept] = fits
        for column in columns:
            column[:] = [held[kept] for held in column]
        columns[0].append(first[fits])
        columns[1].append(first[fits] + len(other))
    return np.stack(columns[0]), np.stack(columns[1])


def _arranged(
    start: int, size: int, others: Sequence[tuple[str, ...]], found: Mapping[tuple[str, ...], Array], room: int
) -> bool:
    """Tell whether all other phrases can stand after an opening, in some order and without overlap, in the room.

    The earliest end of every set of phrases is found from those of the smaller sets. Of equal phrases the first stands
    first.
    """
    choices = []
    for number, other in enumerate(others):
        low, high = found[other].searchsorted((start + size, start + room - len(other) + 1))
        before = sum(1 << at for at in range(number) if others[at] == other)
        choices.append((number, len(other), found[other][low:high].tolist(), before))
    everything = (1 << len(others)) - 1
    ends = {0: start + size}
    for chosen in range(everything):
        end = ends.get(chosen)
        if end is None:
            continue
        for number, length, stands, before in choices:
            if chosen >> number & 1 or chosen & before != before:
                continue
            at = bisect_left(stands, end)
            if at < len(stands):
                grown, reached = chosen | 1 << number, stands[at] + length
                ends[grown] = min(reached, ends.get(grown, reached))
    return everything in ends


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
