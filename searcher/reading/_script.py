"""Which script a text is in, told by its characters."""

from collections.abc import Iterable
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

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
    codes = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), np.uint32)
    _, traditional, simplified = np.bincount(_telling()[codes], minlength=3).tolist()
    if not traditional + simplified:
        return None
    share = traditional / (traditional + simplified)
    return "traditional" if share >= _PURE else "simplified" if share <= 1 - _PURE else "mixed"


@cache
def _telling() -> npt.NDArray[np.uint8]:
    """Return for each code point whether only Traditional text has it (1), or Simplified (2)."""
    han = "".join(map(chr, range(0x4E00, 0xA000)))
    pairs = [(char, folded) for char, folded in zip(han, fold(han), strict=True) if char != folded]
    traditional = {char for char, _ in pairs}
    table = np.zeros(0x110000, np.uint8)
    table[[ord(char) for char in traditional]] = 1
    table[[ord(folded) for _, folded in pairs if folded not in traditional and folded not in _ALIKE]] = 2
    return table
