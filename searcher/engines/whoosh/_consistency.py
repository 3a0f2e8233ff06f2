"""Does a segment hold together? Each array may be as it was written, and still contradict another."""

import zlib
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import Extent
from searcher.engines.whoosh._segment import KEYWORDS, PLACES, Shard, Space
from searcher.schema import TOKEN_FIELDS

__all__ = ["contradictions", "counted"]

_ROUNDING = 1e-9


def contradictions(shard: Shard) -> Iterator[str]:
    """Say what in a segment does not go together."""
    if not counted(shard):
        yield "it does not have as many reports and paragraphs as the table of contents says"
        return
    yield from _misplaced(shard)
    yield from _unreadable(shard)
    for name, names in (("units", shard.unit_names), ("words", shard.word_names)):
        if any(low >= high for low, high in pairwise(names)):
            yield f"{name} are not sorted"
    for name, keys in shard.keys.items():
        if not (keys[1:] > keys[:-1]).all():
            yield f"{name} are not sorted"
    for name, space in (("paragraph", shard.text), ("context", shard.contexts)):
        yield from (f"{name}: {what}" for what in _postings(space, shard))


def counted(shard: Shard) -> bool:
    """Tell whether a segment has the reports and paragraphs that the table of contents says."""
    bounds, segment, deleted = shard.report_bounds, shard.segment, list(shard.segment.deleted_rows)
    return (
        _bounding(bounds, segment.paragraphs)
        and len(shard.ids) == shard.reports
        and all(0 <= row < shard.reports for row in deleted)
        and segment.deleted_paragraphs == int(np.diff(bounds)[deleted].sum())
    )


def _misplaced(shard: Shard) -> Iterator[str]:
    """Say what refers to something that is not there."""
    ids = [shard.ids.text(row) for row in shard.file["report.order"].tolist()]
    if any(low > high for low, high in pairwise(ids)):
        yield "the reports are not in the order of their ids"
    rows, bounds = shard.context_report, shard.report_bounds
    if int(rows.max(initial=0)) >= max(shard.reports, 1) or int(shard.context_place.max(initial=0)) >= len(PLACES):
        yield "a title or heading stands over a report that is not there"
    elif (rows[1:] < rows[:-1]).any():
        yield "the titles and headings are not in the order of their reports"
    elif (
        (shard.context_start >= shard.context_end)
        | (shard.context_start < bounds[rows])
        | (shard.context_end > bounds[rows + 1])
    ).any():
        yield "a title or heading stands over paragraphs that are not its report's"
    for name in (*KEYWORDS, "zone", "path", "runin"):
        values, codes = shard.keywords(name)
        if int(codes.max(initial=0)) >= len(values):
            yield f"a value of {name} is not there"


def _unreadable(shard: Shard) -> Iterator[str]:
    for row in range(shard.reports):
        try:
            shard.report(row)
        except (zlib.error, ValueError, KeyError, TypeError) as error:
            yield f"the record of report {shard.ids.text(row)} cannot be read ({error!r})"
    for number, (start, end, _) in enumerate(shard.text_blocks()):
        texts = shard.texts_of(number)
        if len(texts) != end - start or not all(isinstance(text, str) for text in texts):
            yield f"the texts of the paragraphs {start} to {end - 1} are not there"


def _postings(space: Space, shard: Shard) -> Iterator[str]:
    """Say what is wrong with the postings of a space."""
    postings, count = space.postings, max(end for _, end in shard.terms.values())
    terms = postings.terms
    if not (terms[1:] > terms[:-1]).all() or int(terms.max(initial=0)) >= max(count, 1):
        yield "the terms are not sorted, or not there"
        return
    for bounds, ranged in ((postings.entry_bounds, postings.entries), (postings.posting_bounds, postings.codes)):
        if len(bounds) != len(terms) + 1 or not _bounding(bounds, len(ranged)):
            yield "the bounds of the terms are not sound"
            return
    for field, numbers in shard.terms.items():
        yield from (f"{field}: {what}" for what in _of_field(space, field, numbers))


def _of_field(space: Space, field: str, numbers: tuple[int, int]) -> Iterator[str]:
    """Say what is wrong with the postings of a field, whose terms have a range of numbers."""
    extent, sizes = space.postings.over(*numbers)
    docs, frequencies = space.postings.spread(extent)
    if len(docs) != extent.df or int(docs.max(initial=-1)) >= space.size:
        yield "a posting is of a document that is not there"
        return
    heads, lengths = np.cumsum(sizes), space.lengths[field]
    if not _rising_within(docs, heads):
        yield "postings are not sorted"
    if not _bounded(space, field, extent):
        yield "a bound is lower than what it bounds"
    if not np.array_equal(np.bincount(docs, frequencies, len(lengths)), lengths):
        yield "the frequencies are not those of the documents' lengths"
    elif field == "bigrams":
        stands = space.postings.occurrences_over(extent)
        if ((stands & 0xFFFFFFFF) >= lengths[stands >> 32]).any():
            yield "a position lies beyond its document"
        if not _rising_within(stands, np.append(0, np.cumsum(frequencies))[heads]):
            yield "positions are not sorted"


def _bounded(space: Space, field: str, extent: Extent) -> bool:
    """Tell whether no occurrence in an entry gives more than the entry allows."""
    if not extent.df:
        return True
    docs, frequencies = space.postings.spread(extent)
    entries = space.postings.entries[extent.entries : extent.entries_end]
    counts = (entries >> 10 & 63).astype(np.int64) + 1
    made_with = space.bounds_made_with
    norms = made_with["constant"] + made_with["slopes"][TOKEN_FIELDS.index(field)] * space.lengths[field][docs]
    most = np.maximum.reduceat(frequencies / (frequencies + norms), np.cumsum(counts) - counts)
    return bool((most <= (entries & _bm25.MOST) / _bm25.MOST + _ROUNDING).all())


def _bounding(bounds: Array, size: int) -> bool:
    """Tell whether bounds rise from 0 to a size."""
    return len(bounds) > 0 and not bounds[0] and int(bounds[-1]) == size and bool((bounds[1:] >= bounds[:-1]).all())


def _rising_within(values: Array, bounds: Array) -> bool:
    """Tell whether values rise within each of the ranges that stand one after the other."""
    falls = np.flatnonzero(values[1:] <= values[:-1]) + 1
    return bool(np.isin(falls, bounds).all())
