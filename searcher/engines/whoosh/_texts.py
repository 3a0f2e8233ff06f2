"""The paragraphs' texts, compressed in blocks that are read one at a time."""

import json
import zlib
from pathlib import Path

import numpy as np

from searcher.engines.whoosh._container import Array, Pieces
from searcher.engines.whoosh._spool import StringSpool
from searcher.engines.whoosh._strings import encode

__all__ = ["TextBlocks"]

TEXTS_PER_BLOCK = 24  # of 32 an index is smaller by one part in 160, and reading one takes a quarter longer
_LEVEL = 3  # of zlib: one twentieth larger than at 6, in little more than half the time


class TextBlocks:
    """Texts compressed in blocks, each a list in JSON."""

    def __init__(self, folder: Path) -> None:
        self._blocks = StringSpool(folder)
        self._starts: list[int] = []
        self._next = 0  # the number of the first text that is in no block yet
        self._texts: list[str] = []

    def add(self, text: str) -> None:
        """Gather a text."""
        self._texts.append(text)
        if len(self._texts) == TEXTS_PER_BLOCK:
            self._close()

    def absorb(self, block: bytes, live: Array) -> None:
        """Gather the live texts of a block: as it is, where it is large and whole."""
        if 2 * len(live) >= TEXTS_PER_BLOCK and live.all():
            self._close()
            self._append(block, len(live))
        elif live.any():
            for text, kept in zip(json.loads(zlib.decompress(block)), live.tolist(), strict=True):
                if kept:
                    self.add(text)

    def arrays(self) -> dict[str, Array | Pieces]:
        """Return the arrays of all blocks."""
        self._close()
        return {"text.starts": np.array(self._starts, np.uint32), **self._blocks.arrays("text.blocks")}

    def _close(self) -> None:
        if self._texts:
            text = json.dumps(self._texts, ensure_ascii=False, separators=(",", ":"))
            self._append(zlib.compress(encode(text), _LEVEL), len(self._texts))
            self._texts = []

    def _append(self, block: bytes, size: int) -> None:
        self._blocks.add([block])
        self._starts.append(self._next)
        self._next += size
