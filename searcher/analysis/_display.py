"""A text as readers of the other script would write it: for showing only, never for matching."""

from functools import cache, lru_cache
from typing import Literal, Protocol

__all__ = ["in_script"]

_KEPT = 20_000  # texts, most of them names and headings that come again


class _Converter(Protocol):
    def convert(self, string: str) -> str: ...


@lru_cache(_KEPT)
def in_script(text: str, script: Literal["simplified", "traditional"]) -> str:
    """Return `text` in a script, by OpenCC's phrases; unlike `fold` it may change in length.

    A text that is Traditional in part is left as it stands where Traditional is asked for: 皇后 is no 皇後.
    """
    simplified = _converter("t2s").convert(text)
    if script == "simplified" or simplified != text:
        return simplified if script == "simplified" else text
    return _converter("s2tw").convert(text)


@cache
def _converter(config: str) -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415 - its dictionaries take a while, and few ask for them

    return OpenCC(config)  # type: ignore[no-any-return] # it ships no types
