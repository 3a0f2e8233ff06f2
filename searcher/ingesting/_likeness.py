"""Are two reports the same text? To the letter once folded, or but for lines of furniture.

Near-duplicates are told by resemblance (A. Broder, "On the resemblance and containment of documents", 1997): texts are
sets of hashed paragraphs; the least hashes by a few orders, the sketch, name the reports worth comparing, and the sets
decide. Nothing may be lost by leaving a copy out, whichever of the two came first: what either has alone must be lines
as short as furniture is, before or after all that they share, and their year and institution the same, as far as known.
"""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from searcher.analysis import fold_all
from searcher.model import Metadata, Report

__all__ = ["Likeness", "about_of", "agree", "alike", "likeness", "parts"]

About: TypeAlias = tuple[int | None, str | None]
"""Year and institution."""

Hashes: TypeAlias = npt.NDArray[np.uint64]

_ORDERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
_TELLING = 20  # characters: a paragraph below says little of what a text is
_FEW = 3  # such paragraphs: a text below is compared to the letter only
_FURNITURE = 50  # characters of a line of furniture, at most
_RESEMBLANCE = 0.9
_LENGTH = np.uint64(0xFF)  # the low byte of a hash is the paragraph's length, at most 255
_NOTHING = np.zeros(0, np.uint64)
_DIGITS = 16  # of a hash in hexadecimal


@dataclass(frozen=True, eq=False)  # it travels: with slots, pickling asks for the fields each time
class Likeness:
    """What is compared of a report's text."""

    text: str  # the hash of all of it
    sketch: str  # the least hash of its paragraphs by four orders; empty where it has few
    paragraphs: Hashes  # in reading order
    about: About
    told_apart: bool = False  # from the other reports of its file: they are what an index held


def likeness(report: Report, *, told_apart: bool = False) -> Likeness:
    """Return what is compared of a report's text."""
    whole = hashlib.blake2b(digest_size=12)
    hashes = []
    for folded in fold_all([paragraph.text for paragraph in report.paragraphs]):
        text = "".join(folded.split())
        data = text.encode("utf-8", "surrogatepass")
        whole.update(data)
        digest = hashlib.blake2b(data, digest_size=8).digest()
        hashes.append(int.from_bytes(digest, "little") & ~0xFF | min(len(text), 255))
    paragraphs = np.array(hashes, np.uint64)
    telling = [value for value in set(hashes) if value & 0xFF >= _TELLING]
    least = (np.array(telling, np.uint64) * _ORDERS[:, None]).min(axis=1) if len(telling) >= _FEW else _NOTHING
    sketch = least.astype(">u8").tobytes().hex()
    return Likeness(whole.hexdigest(), sketch, paragraphs, about_of(report.metadata), told_apart)


def about_of(metadata: Metadata) -> About:
    """Return what of a report's metadata is compared."""
    return metadata.year, metadata.institution


def parts(sketch: str) -> list[int]:
    """Return the hashes of a sketch: texts that share one may be alike."""
    return [int(sketch[at : at + _DIGITS], 16) for at in range(0, len(sketch), _DIGITS)]


def agree(one: About, other: About) -> bool:
    """Tell whether what is known of two reports does not say that they are two."""
    (year, institution), (its_year, its_institution) = one, other
    return (year == its_year or not year or not its_year) and (
        institution == its_institution or not institution or not its_institution
    )


def alike(one: Likeness, other: Likeness) -> bool:
    """Tell whether nothing but furniture is lost where one of two reports stands for both."""
    if not agree(one.about, other.about):
        return False
    if one.text == other.text:
        return True
    if not (one.sketch and other.sketch):
        return False
    shared = np.intersect1d(one.paragraphs, other.paragraphs)
    if _weight(shared) < _RESEMBLANCE * _weight(np.union1d(one.paragraphs, other.paragraphs)):
        return False
    return _framed(one.paragraphs, shared) and _framed(other.paragraphs, shared)


def _framed(paragraphs: Hashes, shared: Hashes) -> bool:
    """Tell whether what a text has beside what is shared are short lines before or after that."""
    common = np.isin(paragraphs, shared)
    first, last = np.flatnonzero(common)[[0, -1]]
    alone = np.flatnonzero(~common)
    around = (alone < first) | (alone > last)
    return bool((around & ((paragraphs[alone] & _LENGTH) <= _FURNITURE)).all())


def _weight(paragraphs: Hashes) -> int:
    """Return how many characters some paragraphs have, as far as their hashes tell."""
    return int((paragraphs & _LENGTH).sum())
