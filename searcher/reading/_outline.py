"""Paragraphs and the headings they stand under."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from searcher.model import Paragraph, Section
from searcher.reading._forms import Form, Unit, judge
from searcher.reading._lines import Line
from searcher.reading._ranks import Ranks

__all__ = ["Outline", "outline"]


@dataclass(frozen=True, slots=True)
class Outline:
    """The paragraphs and the sections of a report, both in reading order."""

    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """A section that is not closed yet."""

    heading: str
    style: str
    runin: bool
    start: int  # its first paragraph
    place: int  # among the sections


def outline(lines: Sequence[Line], report_id: str) -> Outline:
    """Return the outline of a report's body."""
    units = judge(lines)
    headings = [(unit.style, unit.value) for unit in units if unit.form in (Form.HEADING, Form.RUNIN)]
    return _Builder(report_id, Ranks(headings)).build(units)


@dataclass(slots=True)
class _Builder:
    report_id: str
    ranks: Ranks
    paragraphs: list[Paragraph] = field(default_factory=list)
    sections: list[Section | None] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def build(self, units: Iterable[Unit]) -> Outline:
        for unit in units:
            match unit.form:
                case Form.HEADING:
                    self._open(unit, runin=False)
                case Form.RUNIN:
                    self._open(unit, runin=True)
                    self._add(unit.line.text, unit.title)
                case Form.TEXT:
                    self._add(unit.line.text)
                case _:
                    self._end_runins(unit.style)
                    self._add(unit.line.text)
        self._close(0)
        return Outline(tuple(self.paragraphs), tuple(section for section in self.sections if section))

    def _open(self, unit: Unit, *, runin: bool) -> None:
        self._close(self._depth(unit.style))
        self.stack.append(_Open(unit.title, unit.style, runin, len(self.paragraphs), len(self.sections)))
        self.sections.append(None)

    def _add(self, text: str, runin: str | None = None) -> None:
        path = tuple(item.heading for item in self.stack)
        self.paragraphs.append(Paragraph(self.report_id, len(self.paragraphs), text, path, runin))

    def _end_runins(self, style: str) -> None:
        """Close the run-in sections that an item of this style ends."""
        depth = self._depth(style)
        while depth < len(self.stack) and not self.stack[depth].runin:
            depth += 1
        self._close(depth)

    def _depth(self, style: str) -> int:
        return self.ranks.depth([item.style for item in self.stack], style)

    def _close(self, depth: int) -> None:
        """Close all but the outermost `depth` sections."""
        for level, item in enumerate(self.stack[depth:], depth + 1):
            self.sections[item.place] = Section(item.heading, level, item.start, len(self.paragraphs), item.runin)
        del self.stack[depth:]
