"""Reports to a batch: their texts analysed, and the texts that stand over them."""

from collections.abc import Iterator, Sequence

from searcher.analysis import Analyzer
from searcher.engines._protocol import Batch, Context
from searcher.model import Place, Report

__all__ = ["make_batch"]


def make_batch(reports: Sequence[Report], analyzer: Analyzer) -> Batch:
    """Return `reports` as an engine takes them: each text analysed once."""
    found = [found for index, report in enumerate(reports) for found in _contexts(index, report)]
    return Batch(
        reports=tuple(reports),
        paragraphs=analyzer.analyze([paragraph.text for report in reports for paragraph in report.paragraphs]),
        contexts=tuple(context for context, _ in found),
        context_tokens=analyzer.analyze([text for _, text in found]),
    )


def _contexts(index: int, report: Report) -> Iterator[tuple[Context, str]]:
    size = len(report.paragraphs)
    about = report.metadata
    whole: tuple[tuple[Place, str | None], ...] = (
        ("title", about.title),
        ("institution", about.institution),
        ("region", about.region),
    )
    for place, text in whole:
        if text and size:
            yield Context(index, place, 0, size), text
    for section in report.sections:
        start, end = max(section.start, 0), min(section.end, size)
        if start < end:
            yield Context(index, "section", start, end), section.heading
