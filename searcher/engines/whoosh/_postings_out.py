"""The postings of a space on their way out: packed piece by piece, they become the arrays that `_postings` reads."""

from pathlib import Path

import numpy as np

from searcher.engines.whoosh._container import Pieces
from searcher.engines.whoosh._invert import Packed
from searcher.engines.whoosh._postings import SAMPLE
from searcher.engines.whoosh._spool import Joined, Spool, Sums

__all__ = ["PostingsOut"]

_BYTE = 0xFF


class PostingsOut:
    """Takes the terms of a space in order, field after field."""

    def __init__(self, folder: Path) -> None:
        self._terms = Spool(folder, np.uint32)
        self._entries = Spool(folder, np.uint32)
        self._entry_bounds = Sums(folder)
        self._samples = Sums(folder, SAMPLE)
        self._postings = Spool(folder, np.uint8)
        self._posting_bounds = Sums(folder)
        self._many_at, self._many = Spool(folder), Spool(folder)
        self._firsts, self._others = _Positions(folder), _Positions(folder)
        self._other_samples = Sums(folder, SAMPLE)
        self._first = 0

    def add(self, packed: Packed, base: int) -> None:
        """Write what comes next; the numbers of its terms are counted from `base` on."""
        before = self._postings.size
        self._terms.add(packed.terms + np.uint32(base))
        self._entries.add(packed.entries)
        self._entry_bounds.add(packed.entry_counts)
        self._samples.add((packed.entries >> 10 & 63).astype(np.int64) + 1)
        self._postings.add(packed.postings)
        self._posting_bounds.add(packed.posting_counts)
        self._many_at.add(packed.many_at + before)
        self._many.add(packed.many)
        if packed.placed is not None:
            if not self._firsts.size:
                self._first = before
            firsts, others, extra = packed.placed
            self._firsts.add(firsts)
            self._others.add(others)
            self._other_samples.add(extra)

    def arrays(self, space: str) -> tuple[dict[str, Pieces], dict[str, int]]:
        """Return the arrays, and the facts that go with them; nothing can be added any more."""
        placed = self._firsts.size
        arrays: dict[str, Pieces] = {
            "terms": self._terms,
            "entries": self._entries,
            "entry_bounds": self._entry_bounds.spool(),
            "samples": self._samples.spool(),
            "postings": self._postings,
            "posting_bounds": self._posting_bounds.spool(),
            "many_at": self._many_at,
            "many": self._many,
            "positions": Joined((self._firsts.low, 0), (self._others.low, 0)),
            "other_samples": self._other_samples.spool(),
            "far_at": Joined((self._firsts.far_at, 0), (self._others.far_at, placed)),
            "far": Joined((self._firsts.far, 0), (self._others.far, 0)),
        }
        facts = {"first": self._first, "placed": placed}
        return {f"{space}.{name}": a for name, a in arrays.items()}, {f"{space}.{name}": n for name, n in facts.items()}


class _Positions:
    """Positions: the low byte of each, and apart what does not fit one."""

    def __init__(self, folder: Path) -> None:
        self.low = Spool(folder, np.uint8)
        self.far_at, self.far = Spool(folder), Spool(folder)

    @property
    def size(self) -> int:
        return self.low.size

    def add(self, positions: "np.typing.NDArray[np.uint32]") -> None:
        far = np.flatnonzero(positions > _BYTE)
        self.far_at.add(far + self.size)
        self.far.add(positions[far] >> 8)
        self.low.add(positions.astype(np.uint8))
