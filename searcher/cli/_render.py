"""Hits, paragraphs and reports as a person likes to read them on a terminal."""

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from searcher import snippets
from searcher.model import Hit, Metadata, Paragraph, Report, Results, Snippet

__all__ = ["console_for", "show_paragraphs", "show_report", "show_results"]

_CRUMB = " › "
_MATCH = "bold red"
_QUIET = "dim"
_INDENT = 4


def console_for(color: str = "auto", *, stderr: bool = False) -> Console:
    """Return a console: colour on a terminal only, unless told otherwise; lines are wrapped for terminals only."""
    stream = sys.stderr if stderr else sys.stdout
    force = {"always": True, "never": False}.get(color)
    return Console(
        file=stream,
        force_terminal=force,
        color_system="auto" if color != "never" else None,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not stream.isatty(),
    )


def show_results(results: Results, *, color: str = "auto") -> None:
    """Print hits to stdout, what is true of all of them and the notes to stderr."""
    console = console_for(color)
    for hit in results.hits:
        _show_hit(console, hit)
    for name, facet in results.facets.items():
        _show_facet(console, name, facet)
    aside = console_for(color, stderr=True)
    reports = f" in {results.total_reports} reports" if results.total_reports is not None else ""
    shown = f", {results.hits[0].rank}–{results.hits[-1].rank} shown" if results.hits else ""
    aside.print(f"{results.total} paragraphs match{reports}{shown} ({results.took_ms:.0f} ms)", style=_QUIET)
    for note in results.notes:
        aside.print(f"note: {note}", style=_QUIET)


def _show_hit(console: Console, hit: Hit) -> None:
    head = Text.assemble((f"{hit.rank:>3} ", _QUIET), (hit.metadata.title or hit.report_id, "bold"))
    about = " · ".join(_about(hit.metadata))
    console.print(head + Text(f"  {about}" if about else "", style="cyan"))
    if hit.paragraph.section:
        _indented(console, Text(_CRUMB.join(hit.paragraph.section), style="green"))
    _indented(console, _highlighted(hit.snippet))
    _indented(console, Text(hit.paragraph.id, style=_QUIET))
    console.print()


def _about(metadata: Metadata) -> Iterable[str]:
    return (str(value) for value in (metadata.year, metadata.institution) if value is not None)


def _highlighted(shown: Snippet) -> Text:
    text = Text()
    for run, matched in snippets.runs(shown):
        text.append(run, style=_MATCH if matched else "")
    return text


def _indented(console: Console, text: Text) -> None:
    if console.soft_wrap:
        console.print(Text(" " * _INDENT) + text)
    else:
        console.print(Padding(text, (0, 0, 0, _INDENT)))


def _show_facet(console: Console, name: str, facet: Iterable[tuple[object, int]]) -> None:
    table = Table(title=name, title_justify="left", show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right")
    for value, count in facet:
        table.add_row(Text("–" if value is None else str(value)), str(count))
    console.print(table)
    console.print()


def show_paragraphs(metadata: Metadata, paragraphs: Iterable[Paragraph], wanted: str | None = None) -> None:
    """Print paragraphs of a report under their headings; the one whose id is `wanted` stands out."""
    console = console_for()
    console.print(Text.assemble((metadata.title or "–", "bold"), (f"  {' · '.join(_about(metadata))}", "cyan")))
    path: tuple[str, ...] = ()
    for paragraph in paragraphs:
        if paragraph.section != path:
            path = paragraph.section
            console.print()
            console.print(Text(_CRUMB.join(path), style="green"))
        style = "bold" if paragraph.id == wanted else ""
        _indented(console, Text.assemble((f"{paragraph.id} ", _QUIET), (paragraph.text, style)))


def show_report(report: Report, *, outline_only: bool = False) -> None:
    """Print a report's metadata, then its paragraphs or only its headings, furniture and notes."""
    console = console_for()
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style=_QUIET)
    table.add_column()
    about = report.metadata
    known = {
        "id": report.id, "title": about.title, "year": about.year, "institution": about.institution,
        "region": about.region, "kind": about.kind, "date": about.date, "source": about.source,
        "tags": " ".join(about.tags), "script": report.script, "paragraphs": len(report.paragraphs),
    }  # fmt: skip
    for name, value in known.items():
        if value not in (None, ""):
            table.add_row(name, Text(str(value)))
    console.print(table)
    if not outline_only:
        show_paragraphs(about, report.paragraphs)
        return
    for section in report.sections:
        told = f"#{section.start}–{section.end - 1}" if section.end > section.start else "empty"
        runin = " run-in" if section.runin else ""
        indent = "  " * section.level
        console.print(Text.assemble(indent, (section.heading, "green"), (f"  {told}{runin}", _QUIET)))
    for title, lines in (("left out as furniture", report.furniture), ("notes", report.notes)):
        if lines:
            console.print(Text(f"{title}:", style=_QUIET))
            for line in lines:
                _indented(console, Text(line, style=_QUIET))
