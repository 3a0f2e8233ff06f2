"""How often does a query match, year by year?"""

from collections.abc import Sequence

from searcher.engines import Reader, Request
from searcher.model import Trend, TrendYear
from searcher.query import Rewritten, describe
from searcher.query.terms import And, Everything, Node, Not, is_neutral

__all__ = ["trend"]

_RATE = 10_000  # characters


def trend(engine: Reader, query: str, rewritten: Rewritten, filters: Sequence[Node]) -> Trend:
    """Count the matches in each year, and the characters they could have stood in: those under the same filters.

    A year without a report under the filters is a gap, not a zero.
    """
    whole = And((rewritten.tree, *filters)) if filters else rewritten.tree
    found = engine.search(Request(whole, limit=0, facets=("year",)))
    ground = And((Everything(), *_conditions(rewritten.tree), *filters))
    there = engine.search(Request(ground, limit=0, facets=("year",), facets_in="units"))
    matches = dict(found.facets["year"])
    characters = {year: size for year, size in there.facets["year"] if isinstance(year, int)}
    span = range(min(characters), max(characters) + 1) if characters else range(0)
    return Trend(
        query=query,
        total=found.total,
        undated=matches.get(None, 0),
        years=tuple(_year(year, matches.get(year, 0), characters.get(year)) for year in span),
        understood=describe(whole),
        notes=rewritten.notes,
    )


def _year(year: int, paragraphs: int, characters: int | None) -> TrendYear:
    if not characters:
        return TrendYear(year, None, None, None)
    return TrendYear(year, paragraphs, characters, round(paragraphs * _RATE / characters, 3))


def _conditions(tree: Node) -> list[Node]:
    """Return what a query itself demands of a paragraph without searching it, as `year:2004` does."""
    if isinstance(tree, And):
        return [condition for child in tree.children for condition in _conditions(child)]
    return [tree] if is_neutral(tree) and not isinstance(tree, Not) else []
