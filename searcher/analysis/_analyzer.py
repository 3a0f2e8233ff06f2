"""The analyzer: texts to tokens, in batches; the same for what is indexed, asked and highlighted."""

import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import compress, count, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from searcher.analysis._segment import Segmenter, lexicon, segmenter
from searcher.analysis._units import BREAK_ID, NAMED, Ints, Units, cut_units, encode

__all__ = ["Analysis", "Analyzer", "Token", "Words", "analyzer"]

_MANY = 32  # words: to look for more takes longer than to cut everything
_VERSION = 1  # raise it when the code below gives other tokens for the same data files


class Token(NamedTuple):
    """A token and where it stands: code points of the text, half-open."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of some texts and the parts of those words, text after text, by start, the longer first.

    `ids` index `names`; offsets are within the text; `bounds[i]:bounds[i + 1]` are text `i`'s words.
    """

    ids: Ints
    starts: Ints
    ends: Ints
    bounds: Ints
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """The tokens of some texts, column by column."""

    units: Units
    words: Words

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.units.bounds) - 1

    def units_of(self, text: int = 0) -> list[Token]:
        """Return a text's units in order, breaks included."""
        low, high = self.units.bounds[text : text + 2].tolist()
        columns = (column[low:high].tolist() for column in (self.units.ids, self.units.starts, self.units.ends))
        return [Token(self.units.name(unit), start, end) for unit, start, end in zip(*columns, strict=True)]

    def bigrams_of(self, text: int = 0) -> list[Token]:
        """Return each pair of adjacent units of a text, breaks included, from the first's start to the second's end."""
        pairs = pairwise(self.units_of(text))
        return [Token(first.text + second.text, first.start, second.end) for first, second in pairs]

    def words_of(self, text: int = 0) -> list[Token]:
        """Return a text's words and their parts, by start, the longer first."""
        low, high = self.words.bounds[text : text + 2].tolist()
        columns = (column[low:high].tolist() for column in (self.words.ids, self.words.starts, self.words.ends))
        return [Token(self.words.names[word], start, end) for word, start, end in zip(*columns, strict=True)]


class Analyzer:
    """Turns texts into tokens by one segmenter."""

    def __init__(self, segmenter: Segmenter) -> None:
        self.segmenter = segmenter

    @cached_property
    def fingerprint(self) -> str:
        """What this analysis does to text, as 8 hexadecimal digits: two that differ must not share an index."""
        data = Path(__file__).parent / "data"
        state = zlib.crc32(str(_VERSION).encode())
        for name in ("fold.txt", "lexicon.txt"):
            state = zlib.crc32((data / name).read_bytes(), state)
        # The dictionary is told by what it does to words that tempt it, the lexicon's among them.
        probe = "".join(lexicon()) + "中华人民共和国人民生活和国民生产总值提高研究生命起源结婚的和尚未结婚的"
        return f"{zlib.crc32('|'.join(self.segmenter.cut(probe)).encode(), state):08x}"

    def analyze(self, texts: Sequence[str], asked: Collection[str] | None = None) -> Analysis:
        """Return the tokens of `texts`. Nothing is carried from one text to the next.

        Where only some words are `asked` for, others may be left out: Han text that holds none of them is not cut.
        """
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        units = cut_units(encode(texts), lengths)
        return Analysis(units, self._words(units, asked))

    def _words(self, units: Units, asked: Collection[str] | None) -> Words:
        names: dict[str, int] = {}
        found = [*self._han_words(units, names, asked), *_atom_words(units, names)]
        columns = [np.concatenate(column) for column in zip(*found, strict=True)]
        ids, first, last = columns  # units, by their index in the batch
        owner = units.bounds.searchsorted(first, "right") - 1
        order = np.lexsort((-last, first))
        return Words(
            ids=ids[order],
            starts=units.starts[first[order]],
            ends=units.ends[last[order] - 1],
            bounds=owner[order].searchsorted(np.arange(len(units.bounds))),
            names=tuple(names),
        )

    def _han_words(
        self, units: Units, names: dict[str, int], asked: Collection[str] | None
    ) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield ids, first units and ends (in units) of the words of Han text, then of their parts."""
        at = ((units.ids < NAMED) & (units.ids != BREAK_ID)).nonzero()[0]
        opens = ~units.glued[at]
        codes = np.full(len(at) + np.count_nonzero(opens), ord("\n"), units.ids.dtype)
        codes[np.arange(len(at)) + opens.cumsum()] = units.ids[at]  # each run begins with a line feed
        text = codes.tobytes().decode("utf-32-le")
        if asked is not None:
            at, text = _holding(at, text, asked)
        words = [word for word in self.segmenter.cut(text) if word != "\n"] if len(at) else []
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        ends = lengths.cumsum()
        names.update(zip(dict.fromkeys(words), count(), strict=False))
        ids = np.fromiter(map(names.__getitem__, words), np.int64, len(words))
        at = np.append(at, 0)
        yield ids, at[ends - lengths], at[ends - 1] + 1
        whole = list(names)
        parts = [self.segmenter.parts(word) for word in whole]
        counts = np.fromiter(map(len, parts), np.int64, len(parts))
        flat = [
            (names.setdefault(word[a:b], len(names)), a, b)
            for word, spans in zip(whole, parts, strict=True)
            for a, b in spans
        ]
        table = np.array(flat, np.int64).reshape(-1, 3)
        times = counts[ids]
        offset = (counts.cumsum()[ids] - times).repeat(times) + _ramp(times)
        base = (ends - lengths).repeat(times)
        part, start, end = table[offset].T
        yield part, at[base + start], at[base + end - 1] + 1


def _holding(at: Ints, text: str, asked: Collection[str]) -> tuple[Ints, str]:
    """Return the units and the text of the runs, each of which begins with a line feed, that hold an asked word."""
    asked = [word for word in asked if word in text]
    if len(asked) > _MANY:
        return at, text
    runs = text.split("\n")[1:]
    held = [any(word in run for word in asked) for run in runs]
    sizes = np.fromiter(map(len, runs), np.int64, len(runs))
    return at[np.array(held, np.bool_).repeat(sizes)], "\n".join(compress(runs, held))


def _atom_words(units: Units, names: dict[str, int]) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield the words that are no Han text: a figure with its sign, a Latin word."""
    at = (units.ids >= NAMED).nonzero()[0]
    if not len(at):
        return
    atoms = [units.name(unit) for unit in units.ids[at].tolist()]
    sign = np.array([atom in "%‰" for atom in atoms])  # always the unit after its figure
    signed = np.append(sign[1:], False)
    spelt = [
        atom + (following if tied else "")
        for atom, following, tied in zip(atoms, [*atoms[1:], ""], signed.tolist(), strict=True)
    ]
    ids = np.array(
        [names.setdefault(word, len(names)) for word, drop in zip(spelt, sign.tolist(), strict=True) if not drop]
    )
    yield ids, at[~sign], (at + 1 + signed)[~sign]


def _ramp(counts: Ints) -> Ints:
    """Return 0, 1, … for each count, one after the other."""
    ends = counts.cumsum()
    return np.arange(ends[-1] if len(ends) else 0) - (ends - counts).repeat(counts)


@cache
def analyzer() -> Analyzer:
    """Return the analyzer everything uses by default."""
    return Analyzer(segmenter())
