"""The seam inside reading: what a file holds, before anybody has understood it.

A format reader turns bytes into `Source`s; the structure rooms turn a `Source` into a `Report`.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from searcher.model import Metadata

__all__ = ["Block", "Source"]


class Block(NamedTuple):
    """One line or logical paragraph as the format delivers it, in its own script.

    The text holds no line break. White space is as it came, except that a format's own noise is gone. An empty text is
    a blank line of a text file, never two of them in a row.
    """

    text: str
    role: Literal["text", "heading", "row", "title"] = "text"  # what the format itself declares; row: of a table
    level: int | None = None  # of a declared heading: h1 and Heading 1 are 1
    bold: bool = False  # the whole line is set in bold type
    page: int | None = None  # from 1, where the format has pages


@dataclass(frozen=True, slots=True)
class Source:
    """One report as its file holds it."""

    blocks: tuple[Block, ...]
    name: str  # the file's stem: a last source of metadata
    declared: Metadata = Metadata()  # columns, sidecar, <meta>: what a person or a program wrote
    record: str | None = None  # the record's own id, or its number, where one file holds many
    suggested: Metadata = Metadata()  # a last resort, where neither is found: an English title over a Chinese text
    furniture: tuple[str, ...] = ()  # what the format reader already took out
    notes: tuple[str, ...] = ()
