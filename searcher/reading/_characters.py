"""Characters that no reader sees: dropped or counted, in every format alike."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from searcher.reading._source import Source

__all__ = ["tidy"]

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_ODD = re.compile(f"[{_INVISIBLE}{_CONTROL}{_PRIVATE}\ufffd\n]")

_GB_PRIVATE = {
    "\ue5e5": "\u3000",  # A3A0, written by many an editor for an ideographic space
    **dict(
        zip(map(chr, range(0xE78D, 0xE797)), "︐︒︑︓︔︕︖︗︘︙", strict=True)
    ),  # vertical marks, in Unicode since 4.1
}
# Windows keeps the Hong Kong characters of its Big5 in the private use area, in the order of their codes.
_HONG_KONG = ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8))
_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_HONG_KONG_NAMES = re.compile("香港|澳[門门]")
_SHOWN = 5  # private-use characters, in a note


def tidy(source: Source) -> Source:
    """Return `source` without control and invisible characters; what was dropped or is odd is counted in the notes.

    Private-use characters stay as they are: what they stand for depends on who wrote them, and the note says it where
    that is known.
    """
    if not any(map(_is_odd, (block.text for block in source.blocks))):
        return source
    count = _Count(is_hong_kong=any(_HONG_KONG_NAMES.search(block.text) for block in source.blocks))
    blocks = (
        block._replace(text=_ODD.sub(count.mend, block.text)) if _is_odd(block.text) else block
        for block in source.blocks
    )
    # What held but invisible characters is no blank line, which would part what stands around it.
    kept = tuple(new for new, old in zip(blocks, source.blocks, strict=True) if new.text or not old.text)
    return replace(source, blocks=kept, notes=(*source.notes, *count.notes()))


def _is_odd(text: str) -> bool:
    # The first two are quick and leave out most lines, the third is exact.
    return (not text.isprintable() or "\ufffd" in text) and bool(_ODD.search(text))


@dataclass
class _Count:
    is_hong_kong: bool
    controls: int = 0
    lost: int = 0
    private: Counter[str] = field(default_factory=Counter)

    def mend(self, match: re.Match[str]) -> str:
        """Return what stands in the place of an odd character."""
        char = match[0]
        if char == "\n":
            return " "
        if char in _GB_PRIVATE:
            return _GB_PRIVATE[char]
        if char == "\ufffd":
            self.lost += 1
            return char
        if re.match(f"[{_PRIVATE}]", char):
            self.private[char] += 1
            return char
        self.controls += bool(re.match(f"[{_CONTROL}]", char))
        return ""

    def notes(self) -> Iterator[str]:
        """Yield what a careful reader would want to be told."""
        if self.controls:
            yield f"{self.controls} control characters left out"
        if self.private:
            shown = [self._named(char) for char, _ in self.private.most_common(_SHOWN)]
            more = ["…"] if len(self.private) > _SHOWN else []
            yield f"{self.private.total()} private-use characters kept as they are: {', '.join(shown + more)}"
        if self.lost:
            yield f"{self.lost} characters were lost before this file was written (U+FFFD)"

    def _named(self, char: str) -> str:
        known = _hong_kong(ord(char)) if self.is_hong_kong else None
        return f"U+{ord(char):04X} ({known} in Hong Kong)" if known else f"U+{ord(char):04X}"


def _hong_kong(code: int) -> str | None:
    """Return the character of Hong Kong's supplementary set that Windows keeps at a private-use code point."""
    for first, last, start in _HONG_KONG:
        row, column = divmod(code - start, len(_TRAILS))
        if 0 <= row <= last - first:
            try:
                char = bytes((first + row, _TRAILS[column])).decode("big5hkscs")
            except UnicodeDecodeError:
                return None
            return char if len(char) == 1 else None
    return None
