"""Folding: one character to one character, so that every offset stays where it was.

Traditional to Simplified script (OpenCC's `t2s` characters), compatibility and width forms (the one-to-one part of
Unicode's NFKC), and case. Context-free and idempotent; `data/fold.txt` is written by `_generate`.
"""

from functools import cache, lru_cache
from pathlib import Path

__all__ = ["fold", "fold_table"]

_SHORT = 64  # characters: titles, names and headings are asked for again and again


@cache
def fold_table() -> dict[int, int]:
    """Return the table: code point to code point, for those that change."""
    rows = (Path(__file__).parent / "data" / "fold.txt").read_text("ascii").partition("\n")[2]
    codes = [int(code, 16) for code in rows.split()]
    return dict(zip(codes[::2], codes[1::2], strict=True))


def fold(text: str) -> str:
    """Return `text` as it is matched; `len(fold(text)) == len(text)`."""
    return _folded(text) if len(text) <= _SHORT else text.translate(fold_table())


@lru_cache(4096)
def _folded(text: str) -> str:
    return text.translate(fold_table())
