"""Whoosh's table of contents: with it a folder is an index that Whoosh opens, and reads through the codec.

The engine itself goes by what stands behind it (`_commits`): it needs no Whoosh for a search, and unpickles nothing.
"""

from collections.abc import Sequence
from typing import Any

from searcher.engines.whoosh import _api
from searcher.engines.whoosh._segment import INDEX_NAME, Segment
from searcher.schema import TOKEN_FIELDS

__all__ = ["ArraySegment", "schema", "table_of_contents"]


class ArraySegment(_api.Segment):  # type: ignore[misc] # Whoosh is untyped
    """A segment as Whoosh keeps it. Its module and name are part of the format."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(INDEX_NAME)
        self.segid = segment.name
        self.paragraphs = segment.paragraphs
        self.deleted_rows = segment.deleted_rows
        self.deleted_paragraphs = segment.deleted_paragraphs

    @property
    def segment(self) -> Segment:
        """The same as the engine keeps it."""
        return Segment(self.segid, self.paragraphs, self.deleted_rows, self.deleted_paragraphs)

    def codec(self) -> Any:  # noqa: ANN401 - Whoosh is untyped
        """Return the codec that reads this segment."""
        from searcher.engines.whoosh._codec import ArrayCodec  # noqa: PLC0415 - the codec imports this module

        return ArrayCodec()

    def doc_count_all(self) -> int:
        """Return the number of paragraphs, deleted ones included."""
        return self.paragraphs

    def deleted_count(self) -> int:
        """Return the number of deleted paragraphs."""
        return self.deleted_paragraphs

    def should_assemble(self) -> bool:
        """Keep the one file as it is."""
        return False


def schema() -> Any:  # noqa: ANN401 - Whoosh is untyped
    """Return the Whoosh schema: the token fields of the paragraphs, and what is stored of each."""
    tokens = {
        name: _api.FieldType(
            format=_api.Positions() if name == "bigrams" else _api.Frequency(), analyzer=None, scorable=True
        )
        for name in TOKEN_FIELDS
    }
    return _api.Schema(report=_api.STORED(), ordinal=_api.STORED(), text=_api.STORED(), **tokens)


def table_of_contents(generation: int, segments: Sequence[Segment]) -> bytes:
    """Return what Whoosh reads of a commit."""
    memory = _api.RamStorage()
    _api.TOC(schema(), list(map(ArraySegment, segments)), generation).write(memory, INDEX_NAME)
    (data,) = memory.files.values()
    return bytes(data)
