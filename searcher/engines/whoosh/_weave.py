"""Segments woven into one, a range of terms at a time: memory is that of a range, and a few numbers a paragraph.

The terms of a field stand in the same order in all segments. So a range of them is read from each, its postings are put
where they go (live documents are numbered through, segment after segment), packed, and written behind those before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from searcher.analysis import NAMED
from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._bits import ranges
from searcher.engines.whoosh._columns import smallest
from searcher.engines.whoosh._container import Array, write_arrays
from searcher.engines.whoosh._invert import Run, pack
from searcher.engines.whoosh._names import common_numbers
from searcher.engines.whoosh._postings import place_of
from searcher.engines.whoosh._postings_out import PostingsOut
from searcher.engines.whoosh._remembered import remembered
from searcher.engines.whoosh._segment import Shard, Space
from searcher.engines.whoosh._spool import Spool, StringSpool
from searcher.engines.whoosh._stored import stored
from searcher.schema import TOKEN_FIELDS

__all__ = ["weave"]

_RANGE = 1 << 19  # postings that are held at once, unless a single term has more
_SHARE = 1 << 14  # of a segment: less of each of many takes longer to ask for than to weave
_SPACES = ("paragraph", "context")
_POSITION = 0xFFFFFFFF


def weave(shards: Sequence[Shard], path: Path) -> int:
    """Write what is live in some segments as the file of one; return how many paragraphs it has."""
    folder = path.parent
    lives = [np.repeat(shard.live_reports, np.diff(shard.report_bounds)) for shard in shards]
    contexts = [shard.live_reports[shard.context_report] for shard in shards]
    arrays = stored(shards, lives, folder)
    units = StringSpool(folder)
    standing = [*map(_standing, shards, lives, contexts)]
    unit_numbers = common_numbers([shard.unit_names for shard in shards], standing, units.add)
    written = _compacted(unit_numbers, standing)
    arrays |= units.arrays("units")
    strands = [
        _Strand(shard, of_units, of_words)
        for shard, of_units, of_words in zip(
            shards, unit_numbers, common_numbers([shard.word_names for shard in shards]), strict=True
        )
    ]
    spaces = {
        "paragraph": _Woven([shard.text for shard in shards], lives, folder),
        "context": _Woven([shard.contexts for shard in shards], contexts, folder),
    }
    terms = 0
    for field in TOKEN_FIELDS:
        names = StringSpool(folder) if field == "words" else None
        keys = Spool(folder, np.uint64)
        for taken in _ranges(strands, field):
            every, occurring = _woven_range(field, strands, taken, spaces, terms)
            terms += len(occurring)
            if names:
                names.add(_names(strands, taken, every[occurring]))
            else:
                keys.add(_renumbered(field, every[occurring], written))
        arrays |= names.arrays("words") if names else {f"{field}.keys": keys}
    paragraphs = int(sum(live.sum() for live in lives))
    facts: dict[str, Any] = {
        "paragraphs": paragraphs,
        "reports": sum(int(shard.live_reports.sum()) for shard in shards),
    }
    for name, space in spaces.items():
        found, told = space.out.arrays(name)
        arrays |= {**found, f"{name}.lengths": space.all_lengths()}
        facts |= told
        facts[f"{name}.bounds"] = _bm25.parameters([space.lengths[field] for field in TOKEN_FIELDS])
    write_arrays(path, arrays, facts)
    return paragraphs


class _Strand:
    """A segment's terms under the numbers that are common to all."""

    def __init__(self, shard: Shard, unit_numbers: Array, word_numbers: Array) -> None:
        self.shard = shard
        self._units = unit_numbers
        self._words = word_numbers

    def keys(self, field: str, low: int, high: int) -> Array:
        """Return what some terms of a field are called in common, in order."""
        if field == "words":
            return self._words[low:high].astype(np.uint64)
        return _renumbered(field, self.shard.keys[field][low:high], self._units)

    def size(self, field: str) -> int:
        """Return how many terms a field has."""
        low, high = self.shard.terms[field]
        return high - low


def _renumbered(field: str, keys: Array, numbers: Array) -> Array:
    """Return keys of a field of units whose names have other numbers."""

    def renumbered(units: Array) -> Array:
        found = units.copy()
        named = np.flatnonzero(found >= NAMED)
        found[named] = NAMED + numbers[(found[named] - np.uint64(NAMED)).astype(np.int64)].astype(np.uint64)
        return found

    if field == "unigrams":
        return renumbered(keys)
    return renumbered(keys >> np.uint64(32)) << np.uint64(32) | renumbered(keys & np.uint64(0xFFFFFFFF))


def _reach(shard: Shard, field: str, low: int, postings: int) -> int:
    """Return how far the terms from `low` on go that have so many postings together; one at least."""
    first, last = shard.terms[field]
    ends = [last - first]
    for space in (shard.text, shard.contexts):
        terms, bounds = space.postings.terms, space.postings.posting_bounds
        at = place_of(terms, first + low)
        end = place_of(bounds, int(bounds[at]) + postings, "right") - 1
        if end < len(terms):
            ends.append(int(terms[end]) - first)
    return min(ends[0], max(min(ends), low + 1))


def _standing(shard: Shard, live: Array, live_contexts: Array) -> Array:
    """Tell of each unit's name whether it stands in a live paragraph or context."""
    keys = shard.keys["unigrams"]
    low = first = int(keys.searchsorted(np.uint64(NAMED)))
    found = np.full(len(keys) - first, shard.live_reports.all())
    while low < len(keys) and not shard.live_reports.all():
        those = _Taken(low, _reach(shard, "unigrams", low, _RANGE), keys[:0])
        for space, mask in ((shard.text, live), (shard.contexts, live_contexts)):
            counts = _live(space, "unigrams", shard.terms["unigrams"][0], those, mask).counts
            found[low - first : those.high - first] |= counts > 0
        low = those.high
    standing = np.zeros(len(shard.unit_names), np.bool_)
    standing[(keys[first:] - np.uint64(NAMED)).astype(np.int64)] = found
    return standing


def _compacted(numbers: Sequence[Array], kept: Sequence[Array]) -> Array:
    """Return what common numbers become where those that nobody keeps are left out."""
    every = np.zeros(max((int(mine[-1]) + 1 for mine in numbers if len(mine)), default=0), np.bool_)
    for mine, mask in zip(numbers, kept, strict=True):
        every[mine[mask]] = True
    return np.cumsum(every, dtype=np.uint32) - every


class _Taken(NamedTuple):
    """Terms of a field of a segment, half-open, and what they are called in common."""

    low: int
    high: int
    keys: Array


def _ranges(strands: Sequence[_Strand], field: str) -> Iterator[list[_Taken]]:
    """Yield ranges of a field's terms, the same of each segment, that hold all terms in order; one at least."""
    lows = [0] * len(strands)
    sizes = [strand.size(field) for strand in strands]
    share = max(_RANGE // len(strands), _SHARE)
    while True:
        highs = [_reach(strand.shard, field, low, share) for strand, low in zip(strands, lows, strict=True)]
        keys = [strand.keys(field, low, high) for strand, low, high in zip(strands, lows, highs, strict=True)]
        limits = [mine[-1] for mine, high, size in zip(keys, highs, sizes, strict=True) if high < size]
        if limits:
            keys = [mine[: mine.searchsorted(min(limits), "right")] for mine in keys]
        highs = [low + len(mine) for low, mine in zip(lows, keys, strict=True)]
        yield list(map(_Taken, lows, highs, keys))
        lows = highs
        if lows == sizes:
            return


class _Woven:
    """A space of all segments, its live documents numbered through."""

    def __init__(self, spaces: Sequence[Space], lives: Sequence[Array], folder: Path) -> None:
        self.out = PostingsOut(folder)
        self.spaces = spaces
        self.lives = [None if live.all() else live for live in lives]
        self._bases = np.cumsum([0, *(live.sum() for live in lives)], dtype=np.uint32)
        self._numbers = [None if live is None else (np.cumsum(live) - live).astype(np.uint32) for live in self.lives]
        self.lengths = {
            field: np.concatenate([s.lengths[field][live] for s, live in zip(spaces, lives, strict=True)])
            for field in TOKEN_FIELDS
        }
        self.weighed = remembered(self._weighed, 1)

    def _weighed(self, field: str) -> Array:
        return _bm25.weighed(self.lengths[field])

    def number(self, segment: int, docs: Array) -> Array:
        """Return what live documents of a segment are called among those of all."""
        numbers = self._numbers[segment]
        found: Array = self._bases[segment] + (docs.astype(np.uint32) if numbers is None else numbers[docs])
        return found

    def all_lengths(self) -> Array:
        """Return the lengths of all fields, one after the other."""
        joint = np.concatenate([self.lengths[field] for field in TOKEN_FIELDS])
        return joint.astype(smallest(int(joint.max(initial=0))))


def _woven_range(
    field: str, strands: Sequence[_Strand], taken: Sequence[_Taken], spaces: dict[str, _Woven], base: int
) -> tuple[Array, Array]:
    """Write the postings of a range of terms; return their keys, and the places of those that occur.

    The terms that occur are numbered from `base` on.
    """
    every = np.unique(np.concatenate([those.keys for those in taken]))
    gathered = {name: _gather(field, strands, taken, every, space) for name, space in spaces.items()}
    occurs = np.logical_or.reduce([found.counts > 0 for found in gathered.values()])
    numbers = np.cumsum(occurs, dtype=np.uint32) - np.uint32(1)
    for name, found in gathered.items():
        present = np.flatnonzero(found.counts)
        run = replace(found, counts=found.counts[present])
        spaces[name].out.add(pack(numbers[present], run, spaces[name].weighed(field)), base)
    return every, np.flatnonzero(occurs)


def _gather(field: str, strands: Sequence[_Strand], taken: Sequence[_Taken], every: Array, woven: _Woven) -> Run:
    """Read the postings of the terms `every` from each segment, and put them where they go; some may have none."""
    places = [every.searchsorted(those.keys) for those in taken]
    parts = [
        _live(space, field, strand.shard.terms[field][0], those, live)
        for space, strand, those, live in zip(woven.spaces, strands, taken, woven.lives, strict=True)
    ]
    counts = np.zeros((len(every), len(parts)), np.int64)
    for number, (part, place) in enumerate(zip(parts, places, strict=True)):
        counts[place, number] = part.counts
    heads = (np.cumsum(counts) - counts.reshape(-1)).reshape(counts.shape)
    goes = [
        ranges(heads[place, number], part.counts)
        for number, (part, place) in enumerate(zip(parts, places, strict=True))
    ]
    docs, frequencies = np.empty(int(counts.sum()), np.uint32), np.empty(int(counts.sum()), np.uint32)
    for segment, (part, at) in enumerate(zip(parts, goes, strict=True)):
        docs[at] = woven.number(segment, part.docs)
        frequencies[at] = part.frequencies
    positions = None
    if parts[0].positions is not None:
        more = np.cumsum(frequencies, dtype=np.int64) - np.arange(len(frequencies)) - frequencies  # where others start
        firsts = np.empty(len(frequencies), np.uint32)
        others = np.empty(int(frequencies.sum(dtype=np.int64)) - len(frequencies), np.uint32)
        for part, at in zip(parts, goes, strict=True):
            if part.positions is not None:
                firsts[at] = part.positions[0]
                others[ranges(more[at], part.frequencies.astype(np.int64) - 1)] = part.positions[1]
        positions = firsts, others
    return Run(counts.sum(axis=1), docs, frequencies, positions)


def _live(space: Space, field: str, first: int, those: _Taken, live: Array | None) -> Run:
    """Return the postings of some terms of a segment in live documents, by the segment's own numbers."""
    extent, counts = space.postings.over(first + those.low, first + those.high)
    docs, frequencies = space.postings.spread(extent)
    stands = space.postings.occurrences_over(extent) if field == "bigrams" else None
    if live is not None:
        kept = live[docs]
        counts = np.bincount(np.repeat(np.arange(len(counts)), counts)[kept], minlength=len(counts))
        stands = None if stands is None else stands[np.repeat(kept, frequencies)]
        docs, frequencies = docs[kept], frequencies[kept]
    positions = None
    if stands is not None:
        opens = np.zeros(len(stands), np.bool_)
        opens[np.cumsum(frequencies) - frequencies] = True
        found = (stands & _POSITION).astype(np.uint32)
        positions = found[opens], found[~opens]
    return Run(counts, docs, frequencies, positions)


def _names(strands: Sequence[_Strand], taken: Sequence[_Taken], keys: Array) -> list[bytes]:
    """Return the words of some keys, from whichever segment has them."""
    names: dict[int, bytes] = {}
    for strand, those in zip(strands, taken, strict=True):
        names.update(zip(those.keys.tolist(), strand.shard.word_names.between(those.low, those.high), strict=True))
    return [names[key] for key in keys.tolist()]
