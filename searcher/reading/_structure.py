"""A source to a report: the rules of reading, in their order. `docs/reading.md` describes them."""

from dataclasses import replace

from searcher.model import Origin, Report
from searcher.reading._furniture import is_furniture, without_contents, without_page_furniture
from searcher.reading._joining import join, measure, part
from searcher.reading._lines import Line, clean, without_repeats
from searcher.reading._matter import frame
from searcher.reading._metadata import Evidence, describe
from searcher.reading._outline import outline
from searcher.reading._script import script_of
from searcher.reading._source import Source
from searcher.reading._zones import zoned

__all__ = ["understand"]


def understand(source: Source, *, report_id: str, origin: Origin | None = None) -> Report:
    """Return `source` as a report: its furniture out, its paragraphs under their headings, its metadata read."""
    lines, pages = without_page_furniture(clean(source.blocks))
    lines, contents = without_contents(lines)
    lines, fittings = _parted(lines)
    lines, repeats = without_repeats(part(join(lines, measure(lines))))
    matter = frame(lines, source.name, source.declared.title)
    found = outline(matter.body, report_id)
    furniture = (*source.furniture, *(item.text for item in (*pages, *contents, *fittings)))
    texts = tuple(paragraph.text for paragraph in found.paragraphs)
    metadata = describe(
        Evidence(matter.title, matter.back, matter.front, furniture, source.name, texts), source.declared
    )
    paragraphs = zoned(found.paragraphs) if metadata.kind == "政府工作报告" else found.paragraphs
    notes = source.notes
    if contents:
        notes = (*notes, "a table of contents left out")
    if repeats:
        notes = (*notes, f"{repeats} lines left out that had stood before")
    return Report(
        id=report_id,
        metadata=metadata,
        sections=found.sections,
        paragraphs=paragraphs,
        script=script_of(texts),
        furniture=(*furniture, *matter.front, *matter.back),
        notes=notes,
        origin=origin,
    )


def _parted(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    kept: list[Line] = []
    out: list[Line] = []
    for item in lines:
        (out if is_furniture(item) else kept).append(item)
    return kept, out
