"""`searcher search`: ask the index."""

import csv
import io
from pathlib import Path

import click

from searcher.cli._common import NOTHING_FOUND, as_json, echo_json, index_option, json_option
from searcher.index import Index, Years
from searcher.model import Results, to_json

__all__ = ["command"]

_CSV = (
    "rank",
    "score",
    "id",
    "title",
    "year",
    "institution",
    "region",
    "kind",
    "date",
    "zone",
    "section",
    "text",
    "source",
)


class _Years(click.ParamType[Years]):
    """`2006`, `2004..2008`, `..2008` or `2004..`."""

    name = "years"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Years:
        first, dots, last = str(value).partition("..")
        try:
            low, high = (int(end) if end else None for end in (first, last))
        except ValueError:
            self.fail(f"{value!r} is no year: write 2006, 2004..2008, ..2008 or 2004..", param, ctx)
        if low is None and high is None:
            self.fail("a range of years needs a beginning or an end", param, ctx)
        return (low, high) if dots else low


def _facets(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",")) if value else ()


@click.command("search")
@click.argument("query", metavar="QUERY…", nargs=-1, required=True)
@index_option
@click.option("--year", "years", type=_Years(), metavar="2006|2004..2008", help="Only reports of these years.")
@click.option(
    "--institution", "institutions", multiple=True, metavar="X", help="Only of this institution; may be repeated."
)
@click.option("--section", "sections", multiple=True, metavar="X", help="Only under a heading with X; may be repeated.")
@click.option("--title", metavar="X", help="Only of reports with X in the title.")
@click.option(
    "--script", type=click.Choice(["simplified", "traditional", "mixed"]), help="Only of reports in this script."
)
@click.option("--limit", type=click.IntRange(min=0), default=10, show_default=True, help="Hits on a page.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="Hits to pass over.")
@click.option(
    "--match",
    type=click.Choice(["auto", "all", "any"]),
    default="auto",
    show_default=True,
    help="How much of the query a hit must hold.",
)
@click.option("--loose", is_flag=True, help="Find two-character words across word boundaries too.")
@click.option("--per-report", type=click.IntRange(min=1), metavar="N", help="At most N hits of one report.")
@click.option(
    "--sort",
    type=click.Choice(["score", "year", "position"]),
    default="score",
    show_default=True,
    help="The order of hits.",
)
@click.option("--facets", callback=_facets, metavar="year,institution,…", help="Count matches by these fields.")
@json_option
@click.option("--jsonl", is_flag=True, help="Print one JSON object per hit.")
@click.option("--csv", "csv_", is_flag=True, help="Print hits as CSV.")
@click.option("--count", is_flag=True, help="Print only the number of matches.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to use colour.",
)
def command(
    query: tuple[str, ...],
    folder: Path,
    *,
    years: Years,
    institutions: tuple[str, ...],
    sections: tuple[str, ...],
    title: str | None,
    script: str | None,
    limit: int,
    offset: int,
    match: str,
    loose: bool,
    per_report: int | None,
    sort: str,
    facets: tuple[str, ...],
    json_: bool,
    jsonl: bool,
    csv_: bool,
    count: bool,
    color: str,
) -> None:
    """Find paragraphs and show them ranked, the matches highlighted.

    Words are joined by AND; "quotes" make a phrase; AND OR NOT - ( ) and fields (year: institution: section: title:,
    年份: 机构: 章节: 标题:) work as usual. Exit code 1 tells that nothing was found.

    \b
    Example:
      searcher search 校长竞聘上岗 --year 2004..2008
      searcher search '"高质量发展" (就业 OR 教育) -疫情' --facets year,institution
      searcher search -- -疫情 就业
    """
    if json_ + jsonl + csv_ + count > 1:
        raise click.UsageError("--json, --jsonl, --csv and --count exclude each other")
    with Index.open(folder) as index:
        results = index.search(
            " ".join(query),
            years=years,
            institutions=institutions,
            sections=sections,
            title=title,
            script=script,
            limit=0 if count else limit,
            offset=offset,
            match=match,  # type: ignore[arg-type] # click has checked it
            loose=loose,
            per_report=per_report,
            sort=sort,  # type: ignore[arg-type] # likewise
            facets=facets,
        )
    if json_:
        echo_json(results)
    elif jsonl:
        for hit in results.hits:
            click.echo(as_json(hit))
    elif csv_:
        click.echo(_as_csv(results), nl=False)
    elif count:
        click.echo(results.total)
    else:
        from searcher.cli._render import show_results  # noqa: PLC0415 - only people need it

        show_results(results, color=color)
    if not (results.hits or results.total):
        click.get_current_context().exit(NOTHING_FOUND)


def _as_csv(results: Results) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _CSV, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for hit in results.hits:
        row = to_json(hit)
        writer.writerow(row | {"section": " > ".join(row["section"])})
    return out.getvalue()
