"""Sorted tables of names put side by side, a slice at a time."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import compress

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._strings import Strings

__all__ = ["common_numbers"]

_HELD = 1 << 18  # names that are held at once, where the tables are about as large


def common_numbers(
    tables: Sequence[Strings], kept: Sequence[Array] = (), tell: Callable[[list[bytes]], None] | None = None
) -> list[Array]:
    """Return for each table the place of each of its names among the names of all.

    `tell` is told in order the names that some table keeps: `kept` says of each of its names whether it does.
    """
    largest = max(tables, key=len)
    step = _HELD // len(tables) + 1
    limits = [largest[at] for at in range(step, len(largest), step)]
    numbers = [np.zeros(len(table), np.uint32) for table in tables]
    lows, known = [0] * len(tables), 0
    for limit in (*limits, None):
        highs = [len(table) if limit is None else bisect_left(table, limit) for table in tables]
        slices = [table.between(low, high) for table, low, high in zip(tables, lows, highs, strict=True)]
        names = sorted(set().union(*slices))
        place = {name: known + at for at, name in enumerate(names)}
        for mine, held, low in zip(numbers, slices, lows, strict=True):
            mine[low : low + len(held)] = np.fromiter(map(place.__getitem__, held), np.uint32, len(held))
        if tell:
            told = np.zeros(len(names), np.bool_)
            for mine, mask, low, high in zip(numbers, kept, lows, highs, strict=True):
                told[mine[low:high][mask[low:high]] - np.uint32(known)] = True
            tell(list(compress(names, told.tolist())))
        lows, known = highs, known + len(names)
    return numbers
