"""Which script a text is in, told by its characters."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Literal

from searcher.analysis import fold

__all__ = ["script_of"]

Script = Literal["simplified", "traditional", "mixed"]

_SAMPLE = 4000  # characters
_PURE = 0.9  # share of one script above which the other's characters are variants and slips
_ALIKE = (
    "后里干台面系余只于云松布升回据岳采范几丑卜斗郁征千秋姜谷伙克局曲家才扎托折挽栗准困游漓累致舍叶吁合同咸吃出表向周占了夸御"
    "制咨"
)
"""Simplified characters that Traditional text has too."""


def script_of(texts: Iterable[str]) -> Script | None:
    """Return the script of `texts`, taken together; None where nothing tells it."""
    sample = ""
    for text in texts:
        sample += text[: _SAMPLE // 8]
        if len(sample) >= _SAMPLE:
            break
    traditional_only, simplified_only = _telling()
    counts = Counter(sample)
    traditional = sum(counts[char] for char in traditional_only.intersection(counts))
    simplified = sum(counts[char] for char in simplified_only.intersection(counts))
    if not traditional + simplified:
        return None
    share = traditional / (traditional + simplified)
    return "traditional" if share >= _PURE else "simplified" if share <= 1 - _PURE else "mixed"


@cache
def _telling() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters that only Traditional text has, and those that only Simplified text has."""
    han = "".join(map(chr, range(0x4E00, 0xA000)))
    pairs = [(char, folded) for char, folded in zip(han, fold(han), strict=True) if char != folded]
    traditional = frozenset(char for char, _ in pairs)
    return traditional, frozenset(folded for _, folded in pairs) - traditional - frozenset(_ALIKE)
