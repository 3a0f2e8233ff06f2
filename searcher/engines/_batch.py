"""Reports to a batch: their texts analysed, and the texts that stand over them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from searcher.analysis import Analysis, Analyzer, Units, Words
from searcher.engines._protocol import Batch, Context
from searcher.model import Place, Report

__all__ = ["make_batch", "select"]


def make_batch(reports: Sequence[Report], analyzer: Analyzer) -> Batch:
    """Return `reports` as an engine takes them: each text analysed once, offsets left out."""
    found = [found for index, report in enumerate(reports) for found in _contexts(index, report)]
    return Batch(
        reports=tuple(reports),
        paragraphs=_bare(analyzer.analyze([paragraph.text for report in reports for paragraph in report.paragraphs])),
        contexts=tuple(context for context, _ in found),
        context_tokens=_bare(analyzer.analyze([text for _, text in found])),
    )


def select(batch: Batch, kept: Sequence[bool]) -> Batch:
    """Return a batch of the reports that are kept, without analysing anything again."""
    mask = np.array(kept, np.bool_)
    if mask.all():
        return batch
    rows = np.cumsum(mask) - 1
    paragraphs = np.repeat(mask, [len(report.paragraphs) for report in batch.reports])
    contexts = np.array([kept[context.report] for context in batch.contexts], np.bool_)
    return Batch(
        reports=tuple(report for report, keep in zip(batch.reports, kept, strict=True) if keep),
        paragraphs=_selected(batch.paragraphs, paragraphs),
        contexts=tuple(c._replace(report=int(rows[c.report])) for c in batch.contexts if kept[c.report]),
        context_tokens=_selected(batch.context_tokens, contexts),
    )


def _bare(analysis: Analysis) -> Analysis:
    """Leave out what no engine asks for: a batch travels between processes."""
    units, words = analysis.units, analysis.words
    none = np.zeros(0, np.int64)
    return Analysis(
        replace(units, starts=none, ends=none, glued=np.zeros(0, np.bool_)),
        replace(words, ids=words.ids.astype(np.uint32), starts=none, ends=none),
    )


def _selected(analysis: Analysis, kept: npt.NDArray[np.bool_]) -> Analysis:
    def part(tokens: Units | Words) -> tuple[Any, Any]:
        counts = np.diff(tokens.bounds)
        return tokens.ids[np.repeat(kept, counts)], np.concatenate([[0], np.cumsum(counts[kept])])

    (unit_ids, unit_bounds), (word_ids, word_bounds) = part(analysis.units), part(analysis.words)
    return Analysis(
        replace(analysis.units, ids=unit_ids, bounds=unit_bounds),
        replace(analysis.words, ids=word_ids, bounds=word_bounds),
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
