"""The bytes of one file before anybody knows its format, and the limits every format keeps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from searcher.errors import DamagedFile
from searcher.reading._encodings import Decoded, decode

__all__ = ["MAX_BYTES", "MAX_LINE", "File", "checked_line"]

MAX_BYTES = 256 * 2**20
"""The largest file, and the largest member of an archive once unpacked."""

MAX_LINE = 5_000_000
"""The most characters on one line or in one paragraph; a whole report on one line has 60,000."""

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,20})""", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A file, or a member of an archive, in memory."""

    path: str  # as errors name it
    data: bytes = field(repr=False)
    columns: Mapping[str, str] = field(default_factory=dict)  # field → the column a person named for it
    member: str = ""  # the way inside the archive it came out of
    depth: int = 0  # of archives around it

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        stem, _, ending = self.name.rpartition(".")
        return stem if stem and ending else self.name

    @cached_property
    def name(self) -> str:
        """The name without folders."""
        whole = (self.member or self.path).replace("\\", "/").rstrip("/")
        return whole[whole.rfind("/") + 1 :]

    @property
    def suffix(self) -> str:
        """The suffix in lower case with its dot: a hint, no more."""
        return self.name[len(self.stem) :].lower()

    @cached_property
    def decoded(self) -> Decoded:
        """The whole as text."""
        match = _CHARSET.search(self.data, 0, 2048)
        return decode(self.data, where=self.path, declared=match[1].decode("ascii") if match else None)

    @property
    def text(self) -> str:
        """The whole as text."""
        return self.decoded.text

    @property
    def notes(self) -> tuple[str, ...]:
        """What decoding has to say."""
        if "decoded" not in self.__dict__ or self.decoded.encoding == "utf-8":  # XLSX is never decoded
            return ()
        return (f"decoded as {self.decoded.encoding.upper()}",)


def checked_line(line: str, where: str) -> str:
    """Return `line`, or raise `DamagedFile` where it is longer than any text is."""
    if len(line) > MAX_LINE:
        raise DamagedFile(
            f"{where}: a line of {len(line):,} characters; the most is {MAX_LINE:,}: break it into paragraphs"
        )
    return line
