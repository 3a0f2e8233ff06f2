"""The paragraphs' texts, compressed in blocks that are read one at a time."""

import json
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from searcher.engines.whoosh._container import Array, Pieces
from searcher.engines.whoosh._spool import StringSpool
from searcher.engines.whoosh._strings import encode

__all__ = ["TextBlocks"]

TEXTS_PER_BLOCK = 64
_WAITING = 16  # blocks that may wait to be compressed


class TextBlocks:
    """Texts compressed in blocks, each a list in JSON."""

    def __init__(self, folder: Path) -> None:
        self._blocks = StringSpool(folder)
        self._starts: list[int] = []
        self._next = 0  # the number of the first text that is in no block yet
        self._texts: list[str] = []
        self._press = ThreadPoolExecutor(1)  # beside what goes on: zlib lets other threads run
        self._pressed: deque[Future[bytes]] = deque()

    def add(self, text: str) -> None:
        """Gather a text."""
        self._texts.append(text)
        if len(self._texts) == TEXTS_PER_BLOCK:
            self._close()

    def absorb(self, block: bytes, live: Array) -> None:
        """Gather the live texts of a block: as it is, where it is large and whole."""
        if 2 * len(live) >= TEXTS_PER_BLOCK and live.all():
            self._close()
            self._drain()
            self._blocks.add([block])
            self._count(len(live))
        elif live.any():
            for text, kept in zip(json.loads(zlib.decompress(block)), live.tolist(), strict=True):
                if kept:
                    self.add(text)

    def arrays(self) -> dict[str, Array | Pieces]:
        """Return the arrays of all blocks."""
        self._close()
        self._drain()
        self._press.shutdown()
        return {"text.starts": np.array(self._starts, np.uint32), **self._blocks.arrays("text.blocks")}

    def _close(self) -> None:
        if self._texts:
            text = json.dumps(self._texts, ensure_ascii=False, separators=(",", ":"))
            self._pressed.append(self._press.submit(zlib.compress, encode(text)))
            self._count(len(self._texts))
            self._texts = []
            self._drain(_WAITING)

    def _drain(self, left: int = 0) -> None:
        """Take the blocks that were compressed, in order, all but the last few."""
        while len(self._pressed) > left:
            self._blocks.add([self._pressed.popleft().result()])

    def _count(self, size: int) -> None:
        self._starts.append(self._next)
        self._next += size
