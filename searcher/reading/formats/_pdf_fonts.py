"""A font for PDF files that name a Chinese font and do not bring it along.

PDFium knows what the characters of such a file mean, yet passes over a lone one that would have no extent when drawn:
on a machine without Chinese fonts whole reports come out as bare punctuation. So it is given a font in which every
character is the same box, for where the machine has none of its own.
"""

import ctypes
import struct
from contextlib import suppress

import pypdfium2

__all__ = ["install"]

_SHIFT_JIS, _HANGUL, _GB2312, _BIG5 = 128, 129, 134, 136  # as fpdf_sysfontinfo.h has them
_EAST_ASIAN = {_SHIFT_JIS, _HANGUL, _GB2312, _BIG5}

_EM, _ASCENT, _DESCENT = 1000, 880, -120


def install() -> None:
    """Give PDFium the font, for as long as the process lives."""
    with suppress(pypdfium2.PdfiumError):  # the platform has font handling of its own, which cannot be added to
        _LastResort().setup()


def _boxes() -> bytes:
    """Return the font in TrueType: two glyphs, the second of them a box that stands for every character."""
    box = struct.pack(">5hHH", 1, 0, _DESCENT, _EM, _ASCENT, 3, 0)  # one contour of four points, no instructions
    box += b"\1" * 4 + struct.pack(">8h", 0, _EM, 0, -_EM, _DESCENT, 0, _EM, 0)  # on the curve; steps in x, in y
    many_to_one = struct.pack(">HHIIIIII", 13, 0, 28, 0, 1, 0x20, 0x10FFFF, 1)
    magic, whole = 0x5F0F3CF5, 0x00010000
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + many_to_one,
        b"glyf": box,
        b"head": struct.pack(">4I2Hqq4h", whole, whole, 0, magic, 0, _EM, 0, 0, 0, _DESCENT, _EM, _ASCENT)
        + struct.pack(">HHhhh", 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">IhhhHhhh8hH", whole, _ASCENT, _DESCENT, 0, _EM, 0, 0, _EM, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        b"hmtx": struct.pack(">Hhh", _EM, 0, 0),  # one width for both glyphs
        b"loca": struct.pack(">III", 0, 0, len(box)),  # the first glyph is empty
        b"maxp": struct.pack(">I14H", whole, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhh5I", 0x00030000, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    directory = struct.pack(">I4H", whole, len(tables), 128, 3, 16)
    body = b""
    for tag, table in tables.items():
        start = 12 + 16 * len(tables) + len(body)
        directory += struct.pack(">4s3I", tag, 0, start, len(table))
        body += table + b"\0" * (-len(table) % 4)
    return directory + body


_BOX = ctypes.create_string_buffer(1)  # a place in memory nothing else has, which is all a handle must be
_HANDLE = ctypes.addressof(_BOX)


class _LastResort(pypdfium2.PdfSysfontBase):  # type: ignore[misc]  # ships no types
    """PDFium's own choice of fonts, and the boxes where it has none."""

    _font = _boxes()

    def MapFont(  # noqa: N802, PLR0917 - so PDFium calls it
        self, _: object, weight: int, italic: int, charset: int, pitch: int, face: object, exact: object
    ) -> int | None:
        """Return the handle of a font for characters of `charset`."""
        found: int | None = self.default.MapFont(self.default, weight, italic, charset, pitch, face, exact)
        return found or (_HANDLE if charset in _EAST_ASIAN else None)

    def GetFontData(  # noqa: N802 - so PDFium calls it
        self, _: object, font: int, table: int, buffer: object, size: int
    ) -> int:
        """Write the font to `buffer` if that is large enough; return the bytes it takes."""
        if font != _HANDLE:
            return int(self.default.GetFontData(self.default, font, table, buffer, size))
        if table:
            return 0  # the whole font or nothing
        if buffer and size >= len(self._font):
            ctypes.memmove(buffer, self._font, len(self._font))  # type: ignore[arg-type]  # a pointer of ctypes
        return len(self._font)

    def GetFaceName(self, _: object, font: int, buffer: object, size: int) -> int:  # noqa: N802 - so PDFium calls it
        """Write the font's name; the boxes have none."""
        return 0 if font == _HANDLE else int(self.default.GetFaceName(self.default, font, buffer, size))

    def GetFontCharset(self, _: object, font: int) -> int:  # noqa: N802 - so PDFium calls it
        """Return the character set of a font."""
        return _GB2312 if font == _HANDLE else int(self.default.GetFontCharset(self.default, font))

    def DeleteFont(self, _: object, font: int) -> None:  # noqa: N802 - so PDFium calls it
        """Let go of a font."""
        if font != _HANDLE:
            self.default.DeleteFont(self.default, font)
