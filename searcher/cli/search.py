"""`searcher search`: ask the index."""

from pathlib import Path

import click

from searcher.cli._common import NOTHING_FOUND, echo_json, in_time, index_option, json_option
from searcher.errors import UsageError
from searcher.filters import Years, read_years
from searcher.index import Index
from searcher.model import Results
from searcher.rendering import KwicSort, as_csv, as_json_lines
from searcher.schema import FACETS

__all__ = ["command"]

_FORMATS = ("json_", "jsonl", "csv_", "markdown", "kwic", "count", "count_by", "reports")


class _Years(click.ParamType[Years]):
    """`2006`, `2004..2008`, `..2008` or `2004..`."""

    name = "years"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Years:
        try:
            return read_years(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)


def _facets(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",")) if value else ()


def _one_format(context: click.Context) -> None:
    given = [name.strip("_").replace("_", "-") for name in _FORMATS if context.params[name]]
    if len(given) > 1:
        raise click.UsageError(f"--{' and --'.join(given)} exclude each other")


@click.command("search")
@click.argument("query", metavar="QUERY…", nargs=-1, required=True)
@index_option
@click.option("--year", "years", type=_Years(), metavar="2006|2004..2008", help="Only reports of these years.")
@click.option("--institution", "institutions", multiple=True, metavar="X", help="Only of this institution; repeatable.")
@click.option("--region", "regions", multiple=True, metavar="X", help="Only of this place; repeatable.")
@click.option("--section", "sections", multiple=True, metavar="X", help="Only under a heading with X; repeatable.")
@click.option("--title", metavar="X", help="Only of reports with X in the title.")
@click.option("--kind", "kinds", multiple=True, metavar="X", help="Only of this kind (规划, 工作总结 …); repeatable.")
@click.option("--zone", "zones", multiple=True, metavar="X", help="Only this part (回顾, 任务 …); repeatable.")
@click.option(
    "--script", type=click.Choice(["simplified", "traditional", "mixed"]), help="Only reports in this script."
)
@click.option("--report", "report_ids", multiple=True, metavar="ID", help="Only in this report; repeatable.")
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, help="Hits on a page.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Hits to pass over.")
@click.option(
    "--match",
    type=click.Choice(["auto", "all", "any"]),
    default="auto",
    show_default=True,
    help="How much of the query a hit must hold; auto fills the page with what holds half of it.",
)
@click.option("--loose", is_flag=True, help="Find two-character words across word boundaries too.")
@click.option("--exact", is_flag=True, help="Search nothing but what was typed: no equivalents.")
@click.option("--per-report", type=click.IntRange(min=1), metavar="N", help="At most N hits of one report.")
@click.option(
    "--sort",
    type=click.Choice(["score", "year", "position"]),
    default="score",
    show_default=True,
    help="Order of hits.",
)
@click.option("--facets", callback=_facets, metavar="year,institution,…", help="Count matches by these fields.")
@click.option(
    "--snippet", "width", type=click.IntRange(min=10), default=160, show_default=True, help="Characters shown."
)
@click.option("--context", type=click.IntRange(min=0), default=0, metavar="N", help="Show N paragraphs around a hit.")
@click.option("--explain", is_flag=True, help="Show what each term contributed to a score.")
@json_option
@click.option("--jsonl", is_flag=True, help="Print one JSON object per hit.")
@click.option("--csv", "csv_", is_flag=True, help="Print hits as CSV.")
@click.option("--bom", is_flag=True, help="Begin the CSV with a byte order mark, as spreadsheets want it.")
@click.option("--markdown", is_flag=True, help="Print hits as quotations with their sources.")
@click.option("--kwic", is_flag=True, help="Print one line a match, aligned on it.")
@click.option("--kwic-sort", type=click.Choice(["left", "right", "year"]), help="Sort those lines.")
@click.option("--count", is_flag=True, help="Print only the number of matches.")
@click.option(
    "--count-by", type=click.Choice(FACETS), help="Print only the number of matches by a field, years in order."
)
@click.option("-l", "--reports", is_flag=True, help="Print only the reports that hold matches.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="When to colour."
)
@click.pass_context
def command(
    ctx: click.Context,
    query: tuple[str, ...],
    folder: Path,
    *,
    years: Years,
    institutions: tuple[str, ...],
    regions: tuple[str, ...],
    sections: tuple[str, ...],
    title: str | None,
    kinds: tuple[str, ...],
    zones: tuple[str, ...],
    script: str | None,
    report_ids: tuple[str, ...],
    limit: int,
    offset: int,
    match: str,
    loose: bool,
    exact: bool,
    per_report: int | None,
    sort: str,
    facets: tuple[str, ...],
    width: int,
    context: int,
    explain: bool,
    json_: bool,
    jsonl: bool,
    csv_: bool,
    bom: bool,
    markdown: bool,
    kwic: bool,
    kwic_sort: KwicSort | None,
    count: bool,
    count_by: str | None,
    reports: bool,
    color: str,
) -> None:
    """Find paragraphs and show them ranked, the matches highlighted.

    Words are joined by AND; "quotes" make a phrase; AND OR NOT - ( ) and fields (year: institution: section: title:,
    年份: 机构: 章节: 标题:) work as usual. Exit code 1 tells that nothing was found.

    \b
    Example:
      searcher search 校长竞聘上岗 --year 2004..2008
      searcher search '"高质量发展" (就业 OR 教育) -疫情' --facets year,institution
      searcher search 民生 --kwic --kwic-sort right
      searcher search -- -疫情 就业
    """
    _one_format(ctx)
    with Index.open(folder) as index:
        results = index.search(
            " ".join(query),
            years=years,
            institutions=institutions,
            regions=regions,
            sections=sections,
            title=title,
            kinds=kinds,
            zones=zones,
            script=script,
            reports=report_ids,
            limit=0 if count or count_by else limit,
            offset=offset,
            match=match,  # type: ignore[arg-type] # click has checked it
            loose=loose,
            exact=exact,
            per_report=1 if reports else per_report,
            sort=sort,  # type: ignore[arg-type] # likewise
            facets=(count_by,) if count_by else facets,
            snippet_width=width,
            context=context,
            explain=explain,
        )
    if json_:
        echo_json(results)
    elif jsonl:
        for line in as_json_lines(results):
            click.echo(line)
    elif csv_:
        click.echo(("\ufeff" if bom else "") + as_csv(results), nl=False)
    elif count:
        click.echo(results.total)
    elif count_by:
        counts = results.facets[count_by]
        for value, number in sorted(counts, key=in_time) if count_by == "year" else counts:
            click.echo(f"{'–' if value is None else value}\t{number}")
    else:
        shape = "markdown" if markdown else "kwic" if kwic else "reports" if reports else "hits"
        _show(results, shape, kwic_sort, color)
    if not (results.hits or results.total):
        ctx.exit(NOTHING_FOUND)


def _show(results: Results, shape: str, kwic_sort: KwicSort | None, color: str) -> None:
    from searcher.cli import _render  # noqa: PLC0415 - only people need it

    match shape:
        case "markdown":
            _render.show_quotations(results)
        case "kwic":
            _render.show_kwic(results, sort=kwic_sort, color=color)
        case "reports":
            _render.show_reports(results)
        case _:
            _render.show_results(results, color=color)
