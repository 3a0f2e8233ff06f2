"""What can be read of an engine until a deadline."""

import time
from collections.abc import Sequence
from dataclasses import replace

from searcher.engines._protocol import ParagraphId, Reader, Request, Response
from searcher.model import Metadata, Paragraph, Report
from searcher.wording import say

__all__ = ["until"]


def until(engine: Reader, deadline: float | None) -> Reader:
    """Return an engine's readings, each of which raises `TimeoutError` where it begins after a deadline.

    A deadline is a `time.monotonic()`; None is never. Who makes an answer of many readings is bounded by each of them.
    """
    return engine if deadline is None else _Bounded(engine, deadline)


class _Bounded:
    def __init__(self, engine: Reader, deadline: float) -> None:
        self._reading = engine
        self._deadline = deadline

    @property
    def _engine(self) -> Reader:
        if time.monotonic() > self._deadline:
            raise TimeoutError(say("timeout"))
        return self._reading

    def search(self, request: Request) -> Response:
        return self._engine.search(replace(request, deadline=self._deadline))

    def frequency(self, field: str, term: str | tuple[str, str]) -> int:
        return self._engine.frequency(field, term)

    def words(self, prefix: str, suffix: str, limit: int) -> list[str]:
        return self._engine.words(prefix, suffix, limit)

    def paragraphs(self, ids: Sequence[ParagraphId]) -> list[Paragraph]:
        return self._engine.paragraphs(ids)

    def report(self, report_id: str) -> Report:
        return self._engine.report(report_id)

    def metadata(self, report_id: str) -> Metadata:
        return self._engine.metadata(report_id)

    def paragraph_count(self, report_id: str | None = None) -> int:
        return self._engine.paragraph_count(report_id)
