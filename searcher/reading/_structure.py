"""A source to a report: the rules of reading, in their order. `docs/reading.md` describes them."""

from searcher.model import Metadata, Origin, Report
from searcher.reading._furniture import is_furniture, without_contents, without_page_furniture, without_tail
from searcher.reading._joining import join, measure, part
from searcher.reading._lines import Line, clean, without_copies, without_repeats
from searcher.reading._matter import frame
from searcher.reading._metadata import Evidence, describe
from searcher.reading._outline import outline
from searcher.reading._script import script_of
from searcher.reading._source import Source
from searcher.reading._zones import zoned

__all__ = ["understand"]


def understand(
    source: Source, *, report_id: str, declared: Metadata | None = None, origin: Origin | None = None
) -> Report:
    """Return `source` as a report: its furniture out, its paragraphs under their headings, its metadata read.

    `declared` goes before what the source declares itself.
    """
    declared = source.declared if declared is None else declared
    lines, copies = without_copies(clean(source.blocks))
    lines, pages = without_page_furniture(lines)
    lines, contents = without_contents(lines)
    lines, tail = without_tail(lines)
    lines, fittings = _parted(lines)
    lines, repeats = without_repeats(part(join(lines, measure(lines))))
    matter = frame(lines, source.name, declared.title)
    found = outline(matter.body, report_id)
    furniture = (*source.furniture, *(item.text for item in (*pages, *contents, *fittings, *tail)))
    texts = tuple(paragraph.text for paragraph in found.paragraphs)
    name = "" if source.record else source.name
    script = script_of(texts)
    evidence = Evidence(matter.title, matter.back, matter.front, furniture, name, texts, script)
    metadata = describe(evidence, declared)
    paragraphs = zoned(found.paragraphs) if metadata.kind == "政府工作报告" else found.paragraphs
    notes = list(source.notes)
    if contents:
        notes.append("a table of contents left out")
    if copies + repeats:
        notes.append(f"{copies + repeats} lines left out that had stood before")
    return Report(
        id=report_id,
        metadata=metadata.over(source.suggested),
        sections=found.sections,
        paragraphs=paragraphs,
        script=script,
        furniture=(*furniture, *matter.front, *matter.back),
        notes=tuple(notes),
        origin=origin,
    )


def _parted(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    kept: list[Line] = []
    out: list[Line] = []
    for item in lines:
        (out if is_furniture(item) else kept).append(item)
    return kept, out
