"""Hits, paragraphs and reports as a person likes to read them on a terminal."""

import sys
from collections.abc import Iterable

from rich.cells import set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from searcher import snippets
from searcher.cli._common import in_time
from searcher.model import Facet, Hit, Metadata, Paragraph, Report, Results, Snippet
from searcher.rendering import CRUMB, KwicSort, citation, concordance

__all__ = [
    "console_for",
    "show_kwic",
    "show_paragraphs",
    "show_quotations",
    "show_report",
    "show_reports",
    "show_results",
]

_MATCH = "bold red"
_QUIET = "dim"
_INDENT = 4
_LABEL = 24  # columns for where a line of a concordance comes from
_WIDEST, _NARROWEST = 140, 12
_VALUES = 24  # of a facet, on a terminal


class _Console(Console):
    """A console that leaves it to the command line what a closed pipe means."""

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704 - called while it is handled


def console_for(color: str = "auto", *, stderr: bool = False) -> Console:
    """Return a console: colour on a terminal only, unless told otherwise; lines are wrapped for terminals only."""
    stream = sys.stderr if stderr else sys.stdout
    force = {"always": True, "never": False}.get(color)
    return _Console(
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
    _show_notes(results, color)


def _show_notes(results: Results, color: str) -> None:
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
        _indented(console, Text(CRUMB.join(hit.paragraph.section), style="green"))
    if hit.context:
        for paragraph in hit.context:
            whole = Snippet(paragraph.text, hit.spans if paragraph.id == hit.paragraph.id else ())
            _indented(console, _highlighted(whole))
    else:
        _indented(console, _highlighted(hit.snippet))
    _indented(console, Text(hit.paragraph.id, style=_QUIET))
    if hit.contributions:
        given = "  ".join(f"{part.term}({part.field}) {part.score:.2f}" for part in hit.contributions)
        _indented(console, Text(f"{hit.score:.2f} = {given}", style=_QUIET))
    console.print()


def show_quotations(results: Results) -> None:
    """Print hits as Markdown: each a quotation, then its source."""
    console = console_for("never")
    for hit in results.hits:
        source = f"，<{hit.metadata.source}>" if hit.metadata.source else ""
        cited = f"— {citation(hit.metadata, hit.paragraph)}{source}，`{hit.paragraph.id}`"
        console.print(f"> {snippets.to_markdown(hit.snippet)}\n>\n> {cited}\n", soft_wrap=True)


def show_reports(results: Results) -> None:
    """Print the reports that hold hits: id, year, institution and title, separated by tabs."""
    console = console_for("never")
    for hit in results.hits:
        about = hit.metadata
        row = (hit.report_id, about.year, about.institution, about.title)
        console.print("\t".join("" if value is None else str(value) for value in row), soft_wrap=True)


def show_kwic(results: Results, *, sort: KwicSort | None = None, color: str = "auto") -> None:
    """Print a line for each match on the page, aligned on it; sorted by what stands left or right of it, or by year."""
    console = console_for(color)
    side = max((min(console.width, _WIDEST) - _LABEL) // 2 - _INDENT, _NARROWEST)
    for hit, (before, match, after) in concordance(results, side, sort):
        left, right = (set_cell_size(before[::-1], side)[::-1], set_cell_size(after, side))
        label = set_cell_size(f"{hit.metadata.year or ''} {hit.paragraph.id}", _LABEL)
        console.print(Text.assemble(left, (match, _MATCH), right, "  ", (label.rstrip(), _QUIET)), soft_wrap=True)
    _show_notes(results, color)


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


def _show_facet(console: Console, name: str, facet: Facet) -> None:
    """Print counts, as many beside each other as a terminal has room for; elsewhere, one a line."""
    shown = facet[:_VALUES] if console.is_terminal and name != "year" else facet
    cells = [
        Text.assemble("–" if value is None else str(value), " ", (str(count), "cyan"))
        for value, count in (sorted(shown, key=in_time) if name == "year" else shown)
    ]
    console.print(Text(name, style="bold"))
    if console.is_terminal:
        from rich.columns import Columns  # noqa: PLC0415 - a third of what importing rich takes; few searches need it

        console.print(Padding(Columns(cells, column_first=True, padding=(0, 3)), (0, 0, 0, _INDENT)))
    else:
        for cell in cells:
            _indented(console, cell)
    if len(shown) < len(facet):
        _indented(console, Text(f"… and {len(facet) - len(shown)} more: --count-by {name}", style=_QUIET))
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
            console.print(Text(CRUMB.join(path), style="green"))
        style = "bold" if paragraph.id == wanted else ""
        _indented(console, Text.assemble((f"{paragraph.id} ", _QUIET), (paragraph.text, style)))


def show_report(report: Report, *, outline_only: bool = False) -> None:
    """Print a report's metadata, then its paragraphs or only its headings, furniture and notes."""
    console = console_for()
    from rich.table import Table  # noqa: PLC0415 - likewise

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
