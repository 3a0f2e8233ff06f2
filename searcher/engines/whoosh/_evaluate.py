"""A tree over one segment: of which paragraphs is it true, and where is it grounded?

The meaning is written in `searcher.query.terms`. Each node is answered for all paragraphs at once, by two masks; what
stands in contexts is looked up there once and spread over their paragraphs.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, assert_never

import numpy as np

from searcher.analysis import BREAK
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._phrases import near, phrase
from searcher.engines.whoosh._postings import ramp
from searcher.engines.whoosh._segment import PLACES, UNKNOWN_YEAR, Shard, Space
from searcher.engines.whoosh._sets import Docs, Masked, OfReports, Sorted, Standing, intersect, unite
from searcher.errors import UsageError
from searcher.query.terms import (
    Among,
    And,
    AtLeast,
    Between,
    Everything,
    Leaf,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Word,
    is_neutral,
)

__all__ = ["matches"]


class Answer(NamedTuple):
    """What a node is true of, and of this what is grounded; None where the node is neutral."""

    true: Docs
    grounded: Docs | None


def matches(tree: Node, shard: Shard, deadline: float | None) -> Docs:
    """Return the paragraphs of a segment that match."""
    answer = _Evaluation(shard, deadline).answer(tree)
    found = answer.true if answer.grounded is None else answer.grounded
    return found if shard.live is None else intersect((found, Masked(shard.live)))


@dataclass(slots=True)
class _Evaluation:
    shard: Shard
    deadline: float | None

    def answer(self, node: Node) -> Answer:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise TimeoutError("The search took longer than it was given.")
        match node:
            case Word() | Phrase() | Near():
                return self._leaf(node)
            case Among():
                return Answer(self._among(node), None)
            case Between():
                return Answer(self._between(node), None)
            case Not():
                return Answer(Masked(~self.answer(node.child).true.mask), None)
            case Everything():
                return Answer(Masked(np.ones(self.shard.size, np.bool_)), None)
            case Nothing():
                return Answer(self._nothing(), None)
            case And() | Or() | AtLeast():
                return self._combine(node)
            case _:
                assert_never(node)

    def _nothing(self) -> Docs:
        return Sorted(np.zeros(0, np.int64), self.shard.size)

    def _combine(self, node: And | Or | AtLeast) -> Answer:
        answers = [self.answer(child) for child in node.children]
        true = self._true(node, [answer.true for answer in answers])
        if is_neutral(node):
            return Answer(true, None)
        searching = [answer for answer in answers if answer.grounded is not None]
        whole = [answer.grounded is answer.true for answer in searching]
        if isinstance(node, Or):
            if all(whole):
                return Answer(true, true)
            return Answer(true, unite([answer.grounded or answer.true for answer in answers], self.shard.size))
        if any(whole) if isinstance(node, And) else all(whole) and len(searching) == len(answers):
            return Answer(true, true)
        grounded = unite([answer.grounded or self._nothing() for answer in searching], self.shard.size)
        return Answer(true, intersect((true, grounded)))

    def _true(self, node: And | Or | AtLeast, sets: Sequence[Docs]) -> Docs:
        match node:
            case And():
                return intersect(sets) if sets else Masked(np.ones(self.shard.size, np.bool_))
            case Or():
                return unite(sets, self.shard.size)
            case AtLeast():
                counts = np.zeros(self.shard.size, np.int32)
                for docs in sets:
                    counts[docs.docs] += 1
                return Masked(counts >= node.minimum)

    def _leaf(self, leaf: Leaf) -> Answer:
        text = _standing(leaf, self.shard, self.shard.text) if "text" in leaf.places else self._nothing()
        places = [PLACES.index(place) for place in leaf.places if place != "text"]
        contexts = _standing(leaf, self.shard, self.shard.contexts).docs if places else self._nothing().docs
        contexts = contexts[np.isin(self.shard.context_place[contexts], places)] if len(contexts) else contexts
        if not len(contexts):
            return Answer(text, None if is_neutral(leaf) else text)
        starts = self.shard.context_start[contexts]
        true = unite((text, *self._under(contexts)), self.shard.size)
        if is_neutral(leaf):
            return Answer(true, None)
        return Answer(true, unite((text, Sorted(np.unique(starts), self.shard.size)), self.shard.size))

    def _under(self, contexts: Array) -> Iterator[Docs]:
        """Yield the paragraphs that contexts stand over."""
        headings = self.shard.context_place[contexts] == PLACES.index("section")
        rows = self.shard.context_report[contexts[~headings]]
        if len(rows):
            chosen = np.zeros(self.shard.reports, np.bool_)
            chosen[rows] = True
            yield self._of_reports(chosen)
        if headings.any():
            starts = self.shard.context_start[contexts[headings]]
            sizes = self.shard.context_end[contexts[headings]] - starts
            under = np.zeros(self.shard.size, np.bool_)
            under[np.repeat(starts, sizes) + ramp(sizes)] = True
            yield Masked(under)

    def _among(self, node: Among) -> Docs:
        if node.field == "report":
            rows = [row for row in map(self.shard.row, node.values) if row is not None]
            return self._of_reports(np.isin(np.arange(self.shard.reports), rows))
        if node.field == "paragraph":
            mask = np.zeros(self.shard.size, np.bool_)
            for value in node.values:
                report_id, _, ordinal = value.rpartition("#")
                row = self.shard.row(report_id)
                if row is not None and ordinal.isascii() and ordinal.isdigit() and str(int(ordinal)) == ordinal:
                    doc = int(self.shard.report_bounds[row]) + int(ordinal)
                    mask[doc : min(doc + 1, int(self.shard.report_bounds[row + 1]))] = True
            return Masked(mask)
        if node.field == "year":
            years = [int(value) for value in node.values if value.lstrip("-").isdigit()]
            return self._of_reports(np.isin(self.shard.years, years))
        if node.field not in {"institution", "region", "kind", "script", "zone"}:
            raise UsageError(f"This engine keeps no keywords of {node.field!r}.")
        values, codes = self.shard.keywords(node.field)
        wanted = np.array([value in node.values for value in values], np.bool_)[codes]
        return Masked(wanted) if node.field == "zone" else self._of_reports(wanted)

    def _between(self, node: Between) -> Docs:
        if node.field != "year":
            raise UsageError(f"This engine keeps no numbers of {node.field!r}.")
        years = self.shard.years
        wanted = years != UNKNOWN_YEAR
        if node.low is not None:
            wanted = wanted & (years >= node.low)
        if node.high is not None:
            wanted = wanted & (years <= node.high)
        return self._of_reports(wanted)

    def _of_reports(self, rows: Array) -> Docs:
        return OfReports(rows, self.shard.report_of)


def _standing(leaf: Leaf, shard: Shard, space: Space) -> Docs:
    """Return the documents of a space that hold a leaf."""
    size = len(space.lengths["words"])
    match leaf:
        case Word():
            return _of_term("words", leaf.term, shard, space)
        case Phrase(units=(unit,)) if unit not in {"", BREAK}:
            return _of_term("unigrams", unit, shard, space)
        case Phrase(units=(first, second)) if first and second:
            return _of_term("bigrams", (first, second), shard, space)
        case Phrase():
            return Sorted(phrase(leaf.units, shard, space), size)
        case Near():
            return Sorted(near(leaf, shard, space), size)


def _of_term(field: str, term: str | tuple[str, str], shard: Shard, space: Space) -> Docs:
    size = len(space.lengths["words"])
    at = shard.term(field, term)
    return Sorted(np.zeros(0, np.int64), size) if at is None else Standing(space.fields[field], at, size)
