"""Units: what a folded text is made of, found for a whole batch at once.

A unit is a Han character; a figure, its separators dropped; `%` or `‰` after a figure; a maximal run of other letters;
or a break: a maximal run of anything else. White space between two Han characters is no unit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from searcher.analysis._fold import Codes, folded_codes

__all__ = ["BREAK", "BREAK_ID", "NAMED", "Ints", "Units", "cut_units", "encode", "is_han"]

Ints: TypeAlias = npt.NDArray[np.int64]
Kinds: TypeAlias = npt.NDArray[np.uint8]

BREAK = " "
"""The name of a break among units."""

BREAK_ID = 1
"""Its unit id. A Han character's id is its code point."""

NAMED = 0x110000
"""Ids from here on are figures, signs and Latin words: `NAMED + index` into the batch's `names`."""

_SEPARATOR = 10  # the line feed between two texts of a batch

# 々 〇 〡-〩 〸-〻 and the ideographs of all planes, radicals that Unicode gives no ideograph for included.
_HAN = ((0x2E80, 0x2FDF), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))  # fmt: skip
_FIGURE = re.compile(
    r"(?P<figure>[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?P<sign>[%‰])?"
    r"|(?P<letters>(?:(?![0-9])[^\W_])+)"
)
_IN_FIGURES = ",，.%‰"

# What a code point is, each of them one; 0 is not known yet.
_IS_HAN, _IN_ATOMS, _BLANK, _OTHER = 1, 2, 3, 4


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of some texts, one after the other.

    `starts` and `ends` are offsets into the text that holds the unit, `bounds[i]:bounds[i + 1]` are text `i`'s units.
    `glued[k]` tells that the Han unit `k` continues the one before it for segmentation.
    """

    ids: Codes
    starts: Ints
    ends: Ints
    bounds: Ints
    glued: npt.NDArray[np.bool_]
    names: tuple[str, ...]

    def name(self, unit: int) -> str:
        """Return how a unit id is written."""
        if unit == BREAK_ID:
            return BREAK
        return chr(unit) if unit < NAMED else self.names[unit - NAMED]

    def number(self, name: str) -> int:
        """Return the id of a unit that is written so; -1 if there is none."""
        if name == BREAK:
            return BREAK_ID
        if name in self.names:
            return NAMED + self.names.index(name)
        return ord(name) if len(name) == 1 else -1


@lru_cache(1 << 14)
def is_han(unit: str) -> bool:
    """Tell whether a unit's name is a Han character."""
    return len(unit) == 1 and any(low <= ord(unit) <= high for low, high in _HAN)


def encode(texts: Sequence[str]) -> Codes:
    """Return the folded code points of `texts`, each followed by a separator."""
    return folded_codes("".join(f"{text}\n" for text in texts))


def cut_units(codes: Codes, lengths: Ints) -> Units:
    """Cut the output of `encode`, whose texts have these lengths in code points."""
    text_ends = (lengths + 1).cumsum()
    text_starts = text_ends - lengths - 1
    separator = np.zeros(len(codes), np.bool_)
    separator[text_ends - 1] = True

    kinds = _kinds(codes)
    han = kinds == _IS_HAN
    ids = np.where(han, codes, 0)  # at each position where a unit starts, its id
    ends = np.arange(1, len(codes) + 1, dtype=np.int64)  # at those positions, where it ends
    covered = han.copy()
    names = _cut_atoms(codes, kinds == _IN_ATOMS, ids, ends, covered)
    _cut_breaks(kinds, covered | separator, ids, ends)

    positions = (ids != 0).nonzero()[0]
    owner = text_starts.searchsorted(positions, "right") - 1
    shift = text_starts[owner]
    bounds = positions.searchsorted(np.append(text_starts, len(codes)))
    return Units(
        ids=ids[positions],
        starts=positions - shift,
        ends=ends[positions] - shift,
        bounds=bounds,
        glued=_glue(positions, han[positions], owner),
        names=names,
    )


def _kinds(codes: Codes) -> Kinds:
    """Return what each code point is."""
    table = _kind_table()
    kinds = table[codes]
    if not kinds.all():
        for code in set(codes[kinds == 0].tolist()):
            table[code] = _kind(chr(code))
        kinds = table[codes]
    return kinds


@cache
def _kind_table() -> Kinds:
    """Return what code points are, of those ever asked for: to ask for all at once takes longer than a search."""
    return np.zeros(0x110000, np.uint8)


def _kind(char: str) -> int:
    if is_han(char):
        return _IS_HAN
    if char.isalnum() or char in _IN_FIGURES:
        return _IN_ATOMS
    return _BLANK if char.isspace() else _OTHER


def _runs(mask: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return where the maximal runs of True start and end."""
    changes = np.zeros(len(mask) + 1, np.bool_)
    changes[:-1] = mask
    changes[1:] ^= mask
    edges = changes.nonzero()[0]
    return edges[::2], edges[1::2]


def _cut_atoms(
    codes: Codes, possible: npt.NDArray[np.bool_], ids: Codes, ends: Ints, covered: npt.NDArray[np.bool_]
) -> tuple[str, ...]:
    """Enter figures, their signs and Latin words; return their names."""
    starts, stops = _runs(possible)
    if not len(starts):
        return ()
    text = codes.tobytes().decode("utf-32-le", "surrogatepass")
    names: dict[str, int] = {}
    at: list[int] = []
    to: list[int] = []
    unit: list[int] = []
    known: dict[str, list[tuple[int, int, int]]] = {}  # the same few runs come again and again
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        run = text[start:stop]
        atoms = known.get(run)
        if atoms is None:
            atoms = known[run] = [(names.setdefault(name, NAMED + len(names)), a, b) for name, a, b in _atoms(run)]
        for name, a, b in atoms:
            unit.append(name)
            at.append(start + a)
            to.append(start + b)
    ids[at] = unit
    ends[at] = to
    edges = np.zeros(len(codes) + 1, np.int32)
    edges[at] += 1
    np.subtract.at(edges, to, 1)
    covered |= np.cumsum(edges[:-1]) > 0
    return tuple(names)


def _atoms(run: str) -> list[tuple[str, int, int]]:
    found = []
    for match in _FIGURE.finditer(run):
        if match["letters"]:
            found.append((match["letters"], *match.span()))
        else:
            found.append((re.sub("[,，]", "", match["figure"]), *match.span("figure")))
            if match["sign"]:
                found.append((match["sign"], *match.span("sign")))
    return found


def _cut_breaks(kinds: Kinds, taken: npt.NDArray[np.bool_], ids: Codes, ends: Ints) -> None:
    """Enter a break for each run that nothing covers, but for white space between two Han characters."""
    starts, stops = _runs(~taken)
    if not len(starts):
        return
    inked = np.zeros(len(kinds) + 1, np.int64)
    (kinds != _BLANK).cumsum(out=inked[1:])
    blank = inked[stops] == inked[starts]
    han = kinds == _IS_HAN
    between = han[np.maximum(starts - 1, 0)] & (starts > 0) & han[np.minimum(stops, len(kinds) - 1)]
    kept = ~(blank & between)
    ids[starts[kept]] = BREAK_ID
    ends[starts[kept]] = stops[kept]


def _glue(positions: Ints, han: npt.NDArray[np.bool_], owner: Ints) -> npt.NDArray[np.bool_]:
    """Tell which Han units continue the one before them: neighbours, and single characters set apart by white space.

    李　强 and 目　录 are padded for looks and are one word; 北京 就业 are two.
    """
    follows = np.zeros(len(positions), np.bool_)
    follows[1:] = han[1:] & han[:-1] & (owner[1:] == owner[:-1])
    near = follows.copy()
    near[1:] &= positions[1:] == positions[:-1] + 1
    single = ~near
    single[:-1] &= ~near[1:]
    padded = follows & ~near & single
    padded[1:] &= single[:-1]
    glued: npt.NDArray[np.bool_] = near | padded
    return glued
