"""Segmentation: jieba's words of a run of Han characters, and the parts of a word.

`rjieba` (jieba in Rust) does the work where it is installed, `jieba` is the reference and the fallback; both are asked
through the same three questions, and a test holds their answers equal.
"""

import math
import os
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

__all__ = ["Segmenter", "jieba_segmenter", "lexicon", "rjieba_segmenter", "segmenter"]

_LOG_TOTAL = math.log(60_101_967)  # the sum of all frequencies in jieba's dictionary
_LONG = 3  # words from this length on have parts
_KEPT = 1 << 16  # words whose parts are remembered, and pieces whose weights are: new words never end


class _Dictionary(Protocol):
    """What jieba and rjieba have in common."""

    def cut(self, text: str, hmm: bool) -> list[str]: ...  # noqa: FBT001 - rjieba's own signature
    def has_word(self, word: str) -> bool: ...
    def suggest_freq(self, word: str) -> int: ...


class Segmenter:
    """Cuts folded Han text into words, and words into parts."""

    def __init__(self, name: str, dictionary: _Dictionary) -> None:
        self.name = name
        self._dictionary = dictionary
        self.parts: Callable[[str], tuple[tuple[int, int], ...]] = lru_cache(_KEPT)(self._parts)
        self._weight: Callable[[str], float | None] = lru_cache(_KEPT)(self._weigh)

    def cut(self, text: str) -> list[str]:
        """Return jieba's precise words, new words by its hidden Markov model included; joined they are `text`."""
        return self._dictionary.cut(text, True)  # noqa: FBT003 - rjieba's own signature

    def _parts(self, word: str) -> tuple[tuple[int, int], ...]:
        """Return the spans in `word` that jieba would cut if it did not know the word, theirs included, recursively."""
        if len(word) < _LONG:
            return ()
        spans = []
        for start, end in self._without_itself(word):
            spans.append((start, end))
            spans += [(start + a, start + b) for a, b in self.parts(word[start:end])]
        return tuple(spans)

    def _without_itself(self, word: str) -> list[tuple[int, int]]:
        """Find the most probable cut in two pieces or more: jieba's own dynamic programme."""
        size = len(word)
        best: list[tuple[float, int]] = [(0.0, size)] * (size + 1)
        for start in range(size - 1, -1, -1):
            ways = []
            for end in range(start + 1, size + 1):
                weight = None if end - start == size else self._weight(word[start:end])
                if weight is not None:
                    ways.append((weight + best[end][0], end))
            best[start] = max(ways)
        spans, start = [], 0
        while start < size:
            spans.append((start, best[start][1]))
            start = best[start][1]
        return spans

    def _weigh(self, piece: str) -> float | None:
        """Return the logarithm of a piece's probability, or None where jieba would not keep it whole.

        rjieba tells no frequency; `suggest_freq` of a word that is kept whole is its frequency or one more.
        """
        known = self._dictionary.has_word(piece)
        if len(piece) > 1 and not (known and len(self._dictionary.cut(piece, False)) == 1):  # noqa: FBT003
            return None
        frequency = self._dictionary.suggest_freq(piece) if known else 1
        if frequency > 1 and _suggested(frequency - 1) == frequency:
            frequency -= 1
        return math.log(frequency) - _LOG_TOTAL


def _suggested(*frequencies: int) -> int:
    """Return the frequency that would keep words of these frequencies together, in jieba-rs' arithmetic."""
    return int(math.exp(sum(math.log(frequency) - _LOG_TOTAL for frequency in frequencies) + _LOG_TOTAL)) + 1


@cache
def lexicon() -> tuple[str, ...]:
    """Return the terms of government that jieba's dictionary lacks, in the order they are added."""
    lines = (Path(__file__).parent / "data" / "lexicon.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def segmenter() -> Segmenter:
    """Return the fastest segmenter that is installed."""
    try:
        return rjieba_segmenter()
    except ImportError:
        return jieba_segmenter()


@cache
def rjieba_segmenter() -> Segmenter:
    """Return the segmenter over rjieba's module instance (a second instance costs 0.15 s)."""
    import rjieba  # noqa: PLC0415 - loaded only where something is cut

    instance = rjieba._DEFAULT_JIEBA  # noqa: SLF001 - the module's functions are its methods
    for word in lexicon():
        instance.add_word(word, None, None)
    return Segmenter("rjieba", instance)


@cache
def jieba_segmenter() -> Segmenter:
    """Return the segmenter over a private jieba tokenizer, its cache in the user's own folder."""
    import warnings  # noqa: PLC0415 - likewise

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's invalid escapes, and its use of pkg_resources
        import jieba  # noqa: PLC0415

    jieba.setLogLevel("ERROR")
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(_cache_folder())
    tokenizer.initialize()
    for word in lexicon():
        tokenizer.add_word(word)
    return Segmenter("jieba", _Jieba(tokenizer))


class _Jieba:
    """jieba's tokenizer, asked as rjieba is."""

    def __init__(self, tokenizer: object) -> None:
        self._tokenizer: object = tokenizer

    def cut(self, text: str, hmm: bool) -> list[str]:  # noqa: FBT001 - rjieba's own signature
        words: list[str] = self._tokenizer.lcut(text, HMM=hmm)  # type: ignore[attr-defined] # jieba is untyped
        return words

    def has_word(self, word: str) -> bool:
        return bool(self._tokenizer.FREQ.get(word))  # type: ignore[attr-defined] # jieba is untyped

    def suggest_freq(self, word: str) -> int:
        frequencies = self._tokenizer.FREQ  # type: ignore[attr-defined] # jieba is untyped
        pieces = (frequencies.get(piece) or 1 for piece in self.cut(word, False))  # noqa: FBT003 - as above
        return max(_suggested(*pieces), frequencies.get(word) or 1)


def _cache_folder() -> Path:
    """Return the user's cache folder for this package, made where it is missing."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(base).expanduser() / "searcher"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
