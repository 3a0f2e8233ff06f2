"""What is stored of some segments' live reports, put together as one segment keeps it: all but the terms."""

import heapq
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import numpy as np

from searcher.engines.whoosh._columns import smallest
from searcher.engines.whoosh._container import Array, Pieces
from searcher.engines.whoosh._segment import KEYWORDS, Shard
from searcher.engines.whoosh._spool import StringSpool
from searcher.engines.whoosh._strings import Strings, string_arrays
from searcher.engines.whoosh._texts import TextBlocks

__all__ = ["stored"]

_CODED = (*KEYWORDS, "zone", "path", "runin")
_TOGETHER = 1024  # strings that are copied at once


def stored(shards: Sequence[Shard], lives: Sequence[Array], folder: Path) -> dict[str, Array | Pieces]:
    """Return the arrays of reports, paragraphs, texts and contexts; `lives` says which paragraphs are live."""
    sizes = [np.diff(shard.report_bounds)[shard.live_reports] for shard in shards]
    arrays: dict[str, Array | Pieces] = {
        "report.bounds": np.cumsum([0, *np.concatenate(sizes)]).astype(np.uint32),
        "report.order": _order(shards),
        "report.year": np.concatenate([shard.years[shard.live_reports] for shard in shards]).astype(np.int32),
    }
    arrays |= _copied("report.ids", [shard.ids for shard in shards], shards, folder)
    arrays |= _copied("report.records", [shard.records for shard in shards], shards, folder)
    texts = TextBlocks(folder)
    for shard, live in zip(shards, lives, strict=True):
        for start, end, block in shard.text_blocks():
            texts.absorb(block, live[start:end])
    arrays |= texts.arrays()
    for field in _CODED:
        arrays |= _coded(field, shards, lives)
    return arrays | _contexts(shards, lives)


def _order(shards: Sequence[Shard]) -> Array:
    """Return the rows by rising id: each segment has its own in order."""
    rows = count()
    numbers = [{row: next(rows) for row in np.flatnonzero(shard.live_reports).tolist()} for shard in shards]

    def rising(shard: Shard, number: dict[int, int]) -> Iterator[tuple[bytes, int]]:
        for row in shard.order.tolist():
            if row in number:
                yield shard.ids[row], number[row]

    merged = heapq.merge(*map(rising, shards, numbers))
    return np.fromiter((row for _, row in merged), np.uint32, sum(map(len, numbers)))


def _copied(name: str, tables: Sequence[Strings], shards: Sequence[Shard], folder: Path) -> dict[str, Pieces]:
    """Return the strings of the live reports."""
    out = StringSpool(folder)
    for table, shard in zip(tables, shards, strict=True):
        rows = np.flatnonzero(shard.live_reports).tolist()
        for some in range(0, len(rows), _TOGETHER):
            out.add([table[row] for row in rows[some : some + _TOGETHER]])
    return {**out.arrays(name)}


def _coded(field: str, shards: Sequence[Shard], lives: Sequence[Array]) -> dict[str, Array | Pieces]:
    """Return a field's values, numbered as they first come, and the codes that stand for them."""
    known: dict[str, int] = {}
    parts = []
    for shard, live in zip(shards, lives, strict=True):
        values, every = shard.keywords(field)
        codes = every[shard.live_reports if field in KEYWORDS else live]
        used, firsts = np.unique(codes, return_index=True)
        numbers = np.zeros(len(values), np.uint32)
        for code in used[np.argsort(firsts)].tolist():
            value = values[code]
            if value is not None:
                numbers[code] = known.setdefault(value, len(known)) + 1
        parts.append(numbers[codes])
    space = "report" if field in KEYWORDS else "paragraph"
    return {
        f"{space}.{field}": np.concatenate(parts).astype(smallest(len(known))),
        **string_arrays(f"{field}.values", known),
    }


def _contexts(shards: Sequence[Shard], lives: Sequence[Array]) -> dict[str, Array | Pieces]:
    """Return the contexts of the live reports, and where they stand now."""
    reports = paragraphs = 0
    parts = []
    for shard, live in zip(shards, lives, strict=True):
        kept = np.flatnonzero(shard.live_reports[shard.context_report])
        moved = paragraphs + np.cumsum(live) - live  # where each paragraph goes
        row_of = reports + np.cumsum(shard.live_reports) - 1
        starts = shard.context_start[kept]
        goes = moved[starts]
        ends = goes + shard.context_end[kept] - starts
        parts.append((shard.context_place[kept], row_of[shard.context_report[kept]], goes, ends))
        reports += int(shard.live_reports.sum())
        paragraphs += int(live.sum())
    place, *others = (np.concatenate(column) for column in zip(*parts, strict=True))
    arrays: dict[str, Array | Pieces] = {"context.place": place.astype(np.uint8)}
    for name, column in zip(("report", "start", "end"), others, strict=True):
        arrays[f"context.{name}"] = column.astype(np.uint32)
    return arrays
