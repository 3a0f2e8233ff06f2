"""Which style of numbering stands above which: as the report itself uses them, not by a table."""

from collections import Counter
from collections.abc import Sequence

from searcher.reading._numbering import ANNEX

__all__ = ["NAME", "PART", "Ranks"]

PART = "篇外"
"""The style of what stands outside the numbered sections: 前言, 结束语, 名词解释."""

NAME = ""
"""The style of headings without a number."""

_OUTSIDE = (ANNEX, PART)


class Ranks:
    """The order of the styles of one report, outermost first.

    A style that is new stands below the section it appears in, and keeps its place from then on. Headings without a
    number are placed by what they interrupt: where a series of numbers goes on behind them, they stand inside it;
    where it begins anew, above it.
    """

    def __init__(self, headings: Sequence[tuple[str, int]]) -> None:
        inside = _interruptions(headings)
        order: list[str] = []
        stack: list[str] = []
        for style, _ in headings:
            if style in _OUTSIDE:
                stack = []
                continue
            if style not in order:
                at = order.index(stack[-1]) + 1 if stack else 0
                order.insert(_placed(style, at, order, inside), style)
            rank = order.index(style)
            stack = [*(open_ for open_ in stack if order.index(open_) < rank), style]
        self._rank = {style: i for i, style in enumerate(order)}

    def depth(self, stack: Sequence[str], style: str) -> int:
        """Return how many of the open sections, outermost first, a heading of this style leaves open."""
        if style in _OUTSIDE:
            # What stands in an attachment stays there.
            return 1 if style == PART and stack and stack[0] == ANNEX else 0
        rank = self._rank.get(style)
        if rank is None:
            return len(stack)
        for depth, open_ in enumerate(stack):
            if self._rank.get(open_, -1) >= rank:
                return depth
        return len(stack)


def _is_name(style: str) -> bool:
    return style == NAME or style[0] == "h"


def _interruptions(headings: Sequence[tuple[str, int]]) -> Counter[tuple[str, str]]:
    """Count for every pair (style of names, style of numbers) how often the numbers go on behind a name: above 0 they
    mostly do, below 0 they mostly begin anew.
    """
    balance: Counter[tuple[str, str]] = Counter()
    last: dict[str, tuple[int, int]] = {}
    for i, (style, value) in enumerate(headings):
        if style in _OUTSIDE:
            last.clear()
            continue
        if _is_name(style):
            continue
        if style in last:
            at, before = last[style]
            between = headings[at + 1 : i]
            names = {other for other, _ in between if _is_name(other)}
            if value == before + 1:
                balance.update((name, style) for name in names)
            elif value <= 1 and not any(not _is_name(other) and _encloses(other, headings, style) for other, _ in between):
                balance.subtract((name, style) for name in names)
        last[style] = i, value
    return balance


def _encloses(other: str, headings: Sequence[tuple[str, int]], style: str) -> bool:
    """Tell whether `other` is used before `style` is."""
    first = next((seen for seen, _ in headings if seen in (other, style)), "")
    return first == other and other != style


def _placed(style: str, at: int, order: Sequence[str], inside: Counter[tuple[str, str]]) -> int:
    """Return where a new style belongs: at `at`, unless names and numbers tell otherwise."""
    for i, other in enumerate(order):
        if _is_name(style) and not _is_name(other):
            balance = inside[style, other]
            if balance > 0:
                at = max(at, i + 1)
            elif balance < 0:
                at = min(at, i)
        elif _is_name(other) and not _is_name(style) and inside[other, style] > 1:
            at = min(at, i)
    return at
