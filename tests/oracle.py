"""The brute-force meaning of a rewritten query: slow, short, and right. Engines are judged by it.

It compares lists of tokens and knows nothing of postings, scores or files. The rules are those written in
`searcher.query.terms`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise, permutations

from searcher.analysis import BREAK, Analyzer
from searcher.model import Paragraph, Report
from searcher.query.terms import Among, And, AtLeast, Between, Everything, Near, Node, Not, Nothing, Or, Phrase, Word


@dataclass(frozen=True, eq=False)
class Text:
    """One text, as tokens."""

    words: frozenset[str]
    units: tuple[str, ...]
    spelt: str  # the units between marks, for a quick look


@dataclass(frozen=True)
class Candidate:
    """A paragraph and all a leaf may stand in: per place, texts and whether this is the first paragraph under each."""

    report: Report
    paragraph: Paragraph
    places: dict[str, list[tuple[Text, bool]]]


class Oracle:
    """The paragraphs of some reports, and which of them a tree matches."""

    def __init__(self, analyzer: Analyzer, reports: Iterable[Report]) -> None:
        self._analyzer = analyzer
        self._texts: dict[str, Text] = {}
        self.candidates = [candidate for report in reports for candidate in self._candidates(report)]

    def matches(self, tree: Node) -> set[str]:
        """Return the ids of the paragraphs that match."""
        return {c.paragraph.id for c in self.candidates if _evaluate(tree, c) in {(True, True), (True, None)}}

    def _text(self, text: str) -> Text:
        if text not in self._texts:
            analysis = self._analyzer.analyze([text])
            words = frozenset(token.text for token in analysis.words_of())
            units = tuple(token.text for token in analysis.units_of())
            self._texts[text] = Text(words, units, _spell(units))
        return self._texts[text]

    def _candidates(self, report: Report) -> Iterator[Candidate]:
        about = report.metadata
        of_report = {"title": about.title, "institution": about.institution, "region": about.region}
        for paragraph in report.paragraphs:
            n = paragraph.ordinal
            places = {"text": [(self._text(paragraph.text), True)]}
            for place, text in of_report.items():
                places[place] = [(self._text(text), n == 0)] if text else []
            places["section"] = [
                (self._text(section.heading), n == section.start)
                for section in report.sections
                if section.start <= n < section.end
            ]
            yield Candidate(report, paragraph, places)


def _evaluate(node: Node, c: Candidate) -> tuple[bool, bool | None]:
    """Return whether the node is true of the candidate, and whether it is grounded; None is neutral."""
    match node:
        case Word() | Phrase() | Near():
            standing = [first for place in node.places for text, first in c.places[place] if _stands(node, text)]
            return bool(standing), any(standing) if "text" in node.places else None
        case Among():
            value = _value(c, node.field)
            return value is not None and str(value) in node.values, None
        case Between():
            return _between(_value(c, node.field), node), None
        case Not():
            return not _evaluate(node.child, c)[0], None
        case Everything():
            return True, None
        case Nothing():
            return False, None
        case And() | Or() | AtLeast():
            return _combine(node, [_evaluate(child, c) for child in node.children])


def _between(value: str | int | None, node: Between) -> bool:
    if value is None:
        return False
    if isinstance(value, int):
        low = node.low is None or int(node.low) <= value
        return low and (node.high is None or value <= int(node.high))
    low = node.low is None or str(node.low) <= value
    return low and (node.high is None or value[: len(str(node.high))] <= str(node.high))


def _combine(node: And | Or | AtLeast, answers: Sequence[tuple[bool, bool | None]]) -> tuple[bool, bool | None]:
    needed = {And: len(answers), Or: 1}.get(type(node)) or getattr(node, "minimum", 0)
    true = sum(answer for answer, _ in answers) >= needed
    if all(grounded is None for _, grounded in answers):
        return true, None
    accepted = (True, None) if isinstance(node, Or) else (True,)
    return true, any(answer and grounded in accepted for answer, grounded in answers)


def _value(c: Candidate, field: str) -> str | int | None:
    match field:
        case "year":
            return c.report.metadata.year
        case "date":
            return c.report.metadata.date
        case "institution" | "region" | "kind":
            return getattr(c.report.metadata, field)
        case "zone":
            return c.paragraph.zone
        case "script":
            return c.report.script
        case "report":
            return c.report.id
        case "paragraph":
            return c.paragraph.id
        case _:
            raise AssertionError(field)


def _stands(leaf: Word | Phrase | Near, text: Text) -> bool:
    match leaf:
        case Word():
            return leaf.term in text.words
        case Phrase():
            return bool(_occurrences(leaf, text))
        case Near():
            return any(_near(order, leaf.within) for order in _arrangements(leaf, text))


def _spell(units: Sequence[str]) -> str:
    return "".join(f"|{unit}" for unit in units) + "|"


@cache
def _stretches(units: tuple[str, ...]) -> tuple[str, ...]:
    """Return what of a phrase stands between units left open, spelt."""
    return tuple(_spell(tuple(stretch)) for named, stretch in groupby(units, bool) if named)


def _occurrences(phrase: Phrase, text: Text) -> list[tuple[int, int]]:
    if any(stretch not in text.spelt for stretch in _stretches(phrase.units)):
        return []
    size = len(phrase.units)
    places = range(len(text.units) - size + 1)
    if "" not in phrase.units:
        return [(at, at + size) for at in places if text.units[at : at + size] == phrase.units]
    return [
        (at, at + size)
        for at in places
        if all(
            (unit != BREAK if wanted == "" else unit == wanted)
            for wanted, unit in zip(phrase.units, text.units[at : at + size], strict=True)
        )
    ]


def _arrangements(near: Near, text: Text) -> Iterator[list[tuple[int, int]]]:
    """Yield every choice of one occurrence for each phrase."""

    def choose(rest: Sequence[Phrase]) -> Iterator[list[tuple[int, int]]]:
        if not rest:
            yield []
            return
        for first in _occurrences(rest[0], text):
            for others in choose(rest[1:]):
                yield [first, *others]

    yield from choose(near.phrases)


def _near(spans: list[tuple[int, int]], within: int) -> bool:
    """Tell whether the spans, in some order, do not overlap and leave at most `within` units between them."""
    for order in permutations(spans):
        if all(a[1] <= b[0] for a, b in pairwise(order)):
            covered = order[-1][1] - order[0][0] - sum(end - start for start, end in order)
            return covered <= within
    return False
