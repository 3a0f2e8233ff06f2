"""A tree over one segment: of which paragraphs is it true, and where is it grounded?

The meaning is written in `searcher.query.terms`. Each node is answered for all paragraphs at once, by two masks; what
stands in contexts is looked up there once and spread over their paragraphs.
"""

import time
from dataclasses import dataclass
from typing import NamedTuple, assert_never

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._phrases import near, phrase
from searcher.engines.whoosh._postings import ramp
from searcher.engines.whoosh._segment import PLACES, UNKNOWN_YEAR, Shard, Space
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
    """Masks over the paragraphs; `grounded` is None where the node is neutral."""

    true: Array
    grounded: Array | None


def matches(tree: Node, shard: Shard, deadline: float | None) -> Array:
    """Return the paragraphs of a segment that match, in order."""
    answer = _Evaluation(shard, deadline).answer(tree)
    mask = answer.true if answer.grounded is None else answer.true & answer.grounded
    if shard.live is not None:
        mask = mask & shard.live
    found: Array = np.flatnonzero(mask)
    return found


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
                return Answer(~self.answer(node.child).true, None)
            case Everything():
                return Answer(np.ones(self.shard.size, np.bool_), None)
            case Nothing():
                return Answer(self._empty(), None)
            case And() | Or() | AtLeast():
                return self._combine(node)
            case _:
                assert_never(node)

    def _empty(self) -> Array:
        return np.zeros(self.shard.size, np.bool_)

    def _combine(self, node: And | Or | AtLeast) -> Answer:
        answers = [self.answer(child) for child in node.children]
        match node:
            case And():
                true = np.logical_and.reduce([a.true for a in answers]) if answers else ~self._empty()
            case Or():
                true = np.logical_or.reduce([a.true for a in answers]) if answers else self._empty()
            case AtLeast():
                counts = np.zeros(self.shard.size, np.int32)
                for a in answers:
                    counts += a.true
                true = counts >= node.minimum
        if is_neutral(node):
            return Answer(true, None)
        grounded = self._empty()
        for a in answers:
            if a.grounded is not None:
                grounded |= a.true & a.grounded
            elif isinstance(node, Or):
                grounded |= a.true
        return Answer(true, grounded)

    def _leaf(self, leaf: Leaf) -> Answer:
        true, grounded = self._empty(), self._empty()
        if "text" in leaf.places:
            true[_standing(leaf, self.shard, self.shard.text)] = True
            grounded |= true
        places = [PLACES.index(place) for place in leaf.places if place != "text"]
        if places and len(self.shard.context_place):
            contexts = _standing(leaf, self.shard, self.shard.contexts)
            contexts = contexts[np.isin(self.shard.context_place[contexts], places)]
            starts, ends = self.shard.context_start[contexts], self.shard.context_end[contexts]
            sizes = ends - starts
            true[np.repeat(starts, sizes) + ramp(sizes)] = True
            grounded[starts] = True
        return Answer(true, None if is_neutral(leaf) else grounded)

    def _among(self, node: Among) -> Array:
        if node.field == "report":
            rows = [row for row in map(self.shard.row, node.values) if row is not None]
            return self._of_reports(np.isin(np.arange(self.shard.reports), rows))
        if node.field == "paragraph":
            mask = self._empty()
            for value in node.values:
                report_id, _, ordinal = value.rpartition("#")
                row = self.shard.row(report_id)
                if row is not None and ordinal.isascii() and ordinal.isdigit() and str(int(ordinal)) == ordinal:
                    doc = int(self.shard.report_bounds[row]) + int(ordinal)
                    mask[doc : min(doc + 1, int(self.shard.report_bounds[row + 1]))] = True
            return mask
        if node.field == "year":
            years = [int(value) for value in node.values if value.lstrip("-").isdigit()]
            return self._of_reports(np.isin(self.shard.years, years))
        if node.field not in {"institution", "region", "kind", "script", "zone"}:
            raise UsageError(f"This engine keeps no keywords of {node.field!r}.")
        values, codes = self.shard.keywords(node.field)
        wanted = np.array([value in node.values for value in values], np.bool_)[codes]
        return wanted if node.field == "zone" else self._of_reports(wanted)

    def _between(self, node: Between) -> Array:
        if node.field != "year":
            raise UsageError(f"This engine keeps no numbers of {node.field!r}.")
        years = self.shard.years
        wanted = years != UNKNOWN_YEAR
        if node.low is not None:
            wanted = wanted & (years >= node.low)
        if node.high is not None:
            wanted = wanted & (years <= node.high)
        return self._of_reports(wanted)

    def _of_reports(self, mask: Array) -> Array:
        spread: Array = np.repeat(mask, np.diff(self.shard.report_bounds))
        return spread


def _standing(leaf: Leaf, shard: Shard, space: Space) -> Array:
    """Return the documents of a space that hold a leaf, in order."""
    match leaf:
        case Word():
            at = shard.term("words", leaf.term)
            return np.zeros(0, np.int64) if at is None else space.fields["words"].docs(at)
        case Phrase():
            return phrase(leaf.units, shard, space)
        case Near():
            return near(leaf, shard, space)
