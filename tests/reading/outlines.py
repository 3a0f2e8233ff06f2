"""A report as a few lines of text, as `docs/reading.md` shows it; the tests say what they expect in the same way.

Headings stand under one another as their levels do: `#` is a line of its own, `~` opens the paragraph below it. `¶` is
a paragraph, and `-` before everything is what has been left out.
"""

from searcher.model import Metadata, Report
from searcher.reading._source import Block, Source
from searcher.reading._structure import understand

BLANK = Metadata()


def source(text, *, name="", declared=BLANK, pages=None):
    """Return text as a source; `pages` are the lines on each page, where it has pages."""
    lines = text.split("\n")
    if pages is None:
        return Source(tuple(map(Block, lines)), name, declared)
    numbers = [page for page, count in enumerate(pages, 1) for _ in range(count)]
    blocks = (Block(line, page=page) for line, page in zip(lines, numbers, strict=True))
    return Source(tuple(blocks), name, declared)


def report(text, **how) -> Report:
    return understand(source(text, **how), report_id="r")


def shown(read: Report) -> str:
    lines = [f"- {text}" for text in read.furniture]
    opening = sorted(read.sections, key=lambda section: (section.start, section.level))
    for paragraph in read.paragraphs:
        while opening and opening[0].start <= paragraph.ordinal:
            lines.append(heading(opening.pop(0)))
        lines.append("    " * len(paragraph.section) + f"¶ {paragraph.text}")
    lines += map(heading, opening)
    return "\n".join(lines)


def heading(section):
    return "    " * (section.level - 1) + f"{'~' if section.runin else '#'} {section.heading}"
