"""Characters that no reader sees: dropped, mended or counted, in every format alike."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from searcher.reading._source import Source

__all__ = ["tidy"]

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010fffd"
_PRIVATE_USE = re.compile(f"[{_PRIVATE}]")
_HONG_KONG_NAMES = re.compile("香港|澳[門门]")
_NEARLY_ALL = 0.8
_ODD = re.compile(f"[{_INVISIBLE}{_CONTROL}{_PRIVATE}\ufffd\n]")

_GB_PRIVATE = {
    0xE5E5: "\u3000",  # A3A0, written by many an editor for an ideographic space
    **dict(
        zip(range(0xE78D, 0xE797), "︐︒︑︓︔︕︖︗︘︙", strict=True)
    ),  # vertical marks, encoded since GB 18030-2005
}
# Windows keeps the Hong Kong characters of its Big5 in the private use area, in the order of their codes.
_HONG_KONG = ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8))
_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))


def tidy(source: Source) -> Source:
    """Return `source` without control and invisible characters, and with private-use ones mended where they can be.

    What was dropped, mended or left is counted in the notes.
    """
    if not any(_ODD.search(block.text) for block in source.blocks):
        return source
    count = _Count(hong_kong=_is_from_hong_kong(block.text for block in source.blocks))
    blocks = tuple(
        replace(block, text=_ODD.sub(count.mend, block.text)) if _ODD.search(block.text) else block
        for block in source.blocks
    )
    return replace(source, blocks=blocks, notes=(*source.notes, *count.notes()))


@dataclass
class _Count:
    hong_kong: bool
    controls: int = 0
    mended: int = 0
    lost: int = 0
    private: dict[str, int] = field(default_factory=dict)

    def mend(self, match: re.Match[str]) -> str:
        char = match[0]
        code = ord(char)
        if char == "\ufffd":
            self.lost += 1
            return char
        if char == "\n":
            return " "
        if 0xE000 <= code <= 0xF8FF or code >= 0xF0000:  # noqa: PLR2004 - Unicode's private use areas
            known = _GB_PRIVATE.get(code) or (_hong_kong(code) if self.hong_kong else None)
            if known:
                self.mended += 1
                return known
            self.private[char] = self.private.get(char, 0) + 1
            return char
        self.controls += char < "\xa0"
        return ""

    def notes(self) -> Iterator[str]:
        if self.controls:
            yield f"{self.controls} control characters left out"
        if self.mended:
            yield f"{self.mended} private-use characters read as what they stand for"
        if self.private:
            shown = ", ".join(f"U+{ord(char):04X}" for char in sorted(self.private)[:5])
            more = ", …" if len(self.private) > 5 else ""  # noqa: PLR2004 - as many as are shown
            yield f"{sum(self.private.values())} private-use characters of unknown meaning kept ({shown}{more})"
        if self.lost:
            yield f"{self.lost} characters were lost before this file was written (U+FFFD)"


def _hong_kong(code: int) -> str | None:
    for first, last, start in _HONG_KONG:
        row, column = divmod(code - start, len(_TRAILS))
        if 0 <= row <= last - first:
            try:
                char = bytes((first + row, _TRAILS[column])).decode("big5hkscs")
            except UnicodeDecodeError:
                return None
            return char if len(char) == 1 else None
    return None


def _is_from_hong_kong(texts: Iterable[str]) -> bool:
    """Tell whether private-use characters are Hong Kong's: the text speaks of it, and nearly all of them are known."""
    private: Counter[str] = Counter()
    named = False
    for text in texts:
        private.update(_PRIVATE_USE.findall(text))
        named = named or bool(_HONG_KONG_NAMES.search(text))
    known = sum(times for char, times in private.items() if _hong_kong(ord(char)))
    return named and known >= _NEARLY_ALL * private.total()
