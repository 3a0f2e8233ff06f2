"""A run that writes nothing, to see what one would do."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from searcher.engines import Batch

__all__ = ["Rehearsal"]


class Rehearsal:
    """A writer that takes everything and keeps nothing; it needs no lock."""

    def add(self, batch: Batch) -> None:
        """Let a batch go."""

    def remove(self, report_ids: Sequence[str]) -> None:
        """Leave reports where they are."""

    def keep(self, catalogue: bytes) -> None:
        """Let a catalogue go."""

    def commit(self, *, merge: bool = True) -> None:
        """Change nothing."""

    def cancel(self) -> None:
        """Change nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Change nothing."""
