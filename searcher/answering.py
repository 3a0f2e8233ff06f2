"""What an engine found, made an answer: a page filled, its hits marked, explained and counted."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from searcher import snippets
from searcher.analysis import Analyzer, fold
from searcher.engines import Reader, Request, Response
from searcher.model import Contribution, Facet, Hit, Metadata, Paragraph, Place
from searcher.query import Rewritten, terms

__all__ = ["explain", "fill_page", "filtered", "hits", "spelt_alike"]


def filtered(tree: terms.Node, filters: tuple[terms.Node, ...]) -> terms.Node:
    """Return a tree under some conditions."""
    return terms.And((tree, *filters)) if filters else tree


def fill_page(
    engine: Reader, request: Request, rewritten: Rewritten, filters: tuple[terms.Node, ...], full: Response
) -> tuple[list[tuple[tuple[str, int], float]], int]:
    """Return the page's ids and scores, and how many of them match only in part.

    Where the full matches end before the page does, paragraphs that hold at least half of the query follow them.
    """
    page = list(zip(full.ids, full.scores, strict=True))
    missing = request.limit - len(page)
    if rewritten.relaxed is None or missing <= 0 or request.sort != "score":
        return page, 0
    partial = [rewritten.relaxed, terms.Not(rewritten.tree)]
    if request.per_report is not None and full.shown:
        whole = engine.search(replace(request, per_report=1, offset=0, limit=full.shown, facets=()))
        partial.append(terms.Not(terms.Among("report", tuple(report_id for report_id, _ in whole.ids))))
    rest = engine.search(
        replace(
            request,
            tree=filtered(terms.And(tuple(partial)), filters),
            offset=max(0, request.offset - full.shown),
            limit=missing,
            facets=(),
        )
    )
    page += zip(rest.ids, rest.scores, strict=True)
    return page, len(rest.ids)


def hits(
    engine: Reader,
    analyzer: Analyzer,
    page: Sequence[tuple[tuple[str, int], float]],
    tree: terms.Node,
    *,
    offset: int,
    width: int,
) -> list[Hit]:
    """Return the hits of a page, marked as the leaves of `tree` stand in and around them; `width` as in `snippet`."""
    paragraphs = engine.paragraphs([paragraph_id for paragraph_id, _ in page])
    abouts = [engine.metadata(paragraph.report_id) for paragraph in paragraphs]
    around = list(map(_around_text, paragraphs, abouts))
    searched = terms.leaves(tree)
    needed = [(leaf.places, snippets.characters(leaf)) for leaf in searched]
    asked = [name for name in dict.fromkeys(chain.from_iterable(around)) if _may_hold(needed, *name)]
    texts = analyzer.analyze(
        [*(paragraph.text for paragraph in paragraphs), *(text for _, text in asked)], terms.words(searched)
    )
    occurrences = [snippets.occurrences(texts, leaf) for leaf in searched]
    spans = snippets.covered(occurrences, len(paragraphs))
    stands = {
        asked[number - len(paragraphs)]
        for leaf, found in zip(searched, occurrences, strict=True)
        for number in set(found.texts.tolist())
        if number >= len(paragraphs) and asked[number - len(paragraphs)][0] in leaf.places
    }
    made = []
    for i, (paragraph, about, (_, score), found) in enumerate(zip(paragraphs, abouts, page, spans, strict=True)):
        places = dict.fromkeys(name[0] for name in around[i] if name in stands)
        made.append(
            Hit(
                rank=offset + i + 1,
                score=score,
                paragraph=paragraph,
                metadata=about,
                spans=found,
                matched_in=(*(("text",) if found else ()), *places),
                snippet=snippets.snippet(paragraph.text, found, width),
            )
        )
    return made


def explain(engine: Reader, hits: Sequence[Hit], request: Request) -> list[Hit]:
    """Ask for the score of each term alone, as the request would have counted it."""
    shown = terms.Among("paragraph", tuple(hit.paragraph.id for hit in hits))
    given: dict[str, list[Contribution]] = {hit.paragraph.id: [] for hit in hits}
    for term in request.scoring:
        alone = engine.search(Request(shown, (term,), request.sort, request.per_report, limit=len(hits)))
        name = term.term if isinstance(term.term, str) else "".join(term.term)
        for (report_id, ordinal), score in zip(alone.ids, alone.scores, strict=True):
            if score:
                given[f"{report_id}#{ordinal}"].append(Contribution(term.field, name, score))
    return [
        replace(hit, contributions=tuple(sorted(given[hit.paragraph.id], key=lambda part: -part.score))) for hit in hits
    ]


def spelt_alike(facet: Facet) -> Facet:
    """Count together what is the same when folded, as 臺灣 and 台灣, under the spelling that is most frequent."""
    counts: dict[str | int | None, int] = {}
    spelling: dict[str | int | None, str | int | None] = {}
    for value, count in facet:
        key = fold(value) if isinstance(value, str) else value
        counts[key] = counts.get(key, 0) + count
        spelling.setdefault(key, value)
    return tuple((spelling[key], count) for key, count in sorted(counts.items(), key=lambda item: -item[1]))


def _may_hold(needed: Sequence[tuple[tuple[Place, ...], frozenset[str]]], place: Place, text: str) -> bool:
    """Tell whether a text could hold a leaf, of its places and what it needs, without analysing it."""
    there = set(fold(text))
    return any(place in places and characters <= there for places, characters in needed)


def _around_text(paragraph: Paragraph, about: Metadata) -> list[tuple[Place, str]]:
    """Return where, beside its text, leaves of a query may stand around a paragraph, and what is there."""
    whole: tuple[tuple[Place, str | None], ...] = (
        ("title", about.title),
        ("institution", about.institution),
        ("region", about.region),
    )
    return [*(("section", heading) for heading in paragraph.section), *((place, text) for place, text in whole if text)]
