"""A tree over one segment: of which paragraphs is it true, and where is it grounded?

The meaning is written in `searcher.query.terms`. Each node is answered for all paragraphs at once, by two sets of bits;
what stands in contexts is looked up there once and spread over their paragraphs. Nobody is asked what is decided:
all children of an `And` must hold, so that the rarest is asked first, and the others about what it leaves, terms
together once that is little; one of an `Or` is enough, so that those which read positions are asked last, about what
the others leave.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from threading import Lock
from typing import NamedTuple, TypeGuard, assert_never

import numpy as np

from searcher.engines.whoosh._bits import Subset, at_least, docs_of, nothing, of_docs, of_mask
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._phrases import least_df, near, phrase, reads_positions, term_of
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

__all__ = ["Answers"]

_KEPT = 1 << 21  # bytes of answers, for each segment
_NODE = 1 << 12  # bytes that an answer takes beside its two sets, its node among them
_FEW = 32  # blocks in which what is left of an `And` is looked up together,
_NUMBER = re.compile("0|-?[1-9][0-9]{0,9}")
_MANY = 4  # if it is so many terms


class Answer(NamedTuple):
    """What a node is true of, and of this what is grounded; None where the node is neutral."""

    true: Array
    grounded: Array | None

    @property
    def matching(self) -> Array:
        """What matches: of what is true what is grounded, or all of it where the node is neutral."""
        return self.true if self.grounded is None else self.grounded


class Answers:
    """What was asked of a segment lately, with its answer: one search asks again for less, for more and for counts."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self._kept: OrderedDict[Node, Answer] = OrderedDict()
        self._room = _KEPT // (16 * shard.blocks + _NODE)
        self._lock = Lock()

    def matches(self, tree: Node, deadline: float | None) -> Array:
        """Return the paragraphs that match, as a set."""
        found = _Evaluation(self, self.shard, deadline).answer(tree).matching
        return found if self.shard.live_bits is None else found & self.shard.live_bits

    def find(self, node: Node) -> Answer | None:
        """Return what is known of a node."""
        with self._lock:
            if node in self._kept:
                self._kept.move_to_end(node)
            return self._kept.get(node)

    def keep(self, node: Node, answer: Answer) -> None:
        """Keep an answer in the place of the one that was not asked for the longest."""
        with self._lock:
            self._kept[node] = answer
            if len(self._kept) > self._room:
                self._kept.popitem(last=False)


@dataclass(slots=True)
class _Evaluation:
    answers: Answers
    shard: Shard
    deadline: float | None

    def answer(self, node: Node, among: Subset | None = None) -> Answer:
        """Answer a node; for some paragraphs alone, where others do not matter."""
        self.in_time()
        answer = self.answers.find(node)
        if answer is None:
            answer = self._answer(node, among)
            if among is None:
                self.answers.keep(node, answer)
        return answer

    def in_time(self) -> None:
        """Raise `TimeoutError` after the deadline."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise TimeoutError("The search took longer than it was given.")

    def _answer(self, node: Node, among: Subset | None) -> Answer:
        match node:
            case Word() | Phrase() | Near():
                return self._leaf(node, among)
            case Among():
                return Answer(self._among(node), None)
            case Between():
                return Answer(self._between(node), None)
            case Not():
                return Answer(self.shard.everything & ~self.answer(node.child, among).true, None)
            case Everything():
                return Answer(self.shard.everything, None)
            case Nothing():
                return Answer(nothing(self.shard.blocks), None)
            case And():
                return self._all(node, among)
            case Or():
                return self._any(node, among)
            case AtLeast():
                return self._most(node, [self.answer(child, among) for child in node.children])
            case _:
                assert_never(node)

    def _all(self, node: And, among: Subset | None) -> Answer:
        true = self.shard.everything if among is None else among.bits
        answers: list[Answer] = []
        children = sorted(node.children, key=self._reach) if len(node.children) > 1 else list(node.children)
        while children:
            if answers:
                among = Subset.of(true)
                if not len(among.blocks):  # whatever the others hold
                    return Answer(true, None if is_neutral(node) else true)
            answers.append(self._next(children, among))
            true = true & answers[-1].true
        searching = [answer for answer in answers if answer.grounded is not None]
        if not searching:
            return Answer(true, None)
        if any(answer.grounded is answer.true for answer in searching):
            return Answer(true, true)
        return Answer(true, true & self._together([answer.grounded for answer in searching]))

    def _next(self, children: list[Node], among: Subset | None) -> Answer:
        """Answer the first of what must all hold, or, where few paragraphs are left, all terms of it; take it away."""
        if among is not None and len(among.blocks) <= _FEW:
            leaves = [child for child in children if _is_term_of_text(child)]
            if len(leaves) >= _MANY:
                children[:] = [child for child in children if not _is_term_of_text(child)]
                return self._terms(leaves, among.blocks)
        return self.answer(children.pop(0), among)

    def _any(self, node: Or, among: Subset | None) -> Answer:
        answers: list[Answer] = []
        for child in sorted(node.children, key=_reads_positions):
            left = among
            if answers and _reads_positions(child):
                left = self._undecided(answers, among)
                if not len(left.blocks):
                    break
            answers.append(self.answer(child, left))
        true = self._together([answer.true for answer in answers])
        if is_neutral(node):
            return Answer(true, None)
        if all(answer.grounded is answer.true for answer in answers):
            return Answer(true, true)
        return Answer(true, self._together([answer.matching for answer in answers]))

    def _undecided(self, answers: Sequence[Answer], among: Subset | None) -> Subset:
        """Return the paragraphs of which no answer has told that they match."""
        decided = self._together([answer.matching for answer in answers])
        return Subset.of((self.shard.everything if among is None else among.bits) & ~decided)

    def _most(self, node: AtLeast, answers: Sequence[Answer]) -> Answer:
        true = at_least(node.minimum, [answer.true for answer in answers], self.shard.blocks)
        true = true & self.shard.everything
        if is_neutral(node):
            return Answer(true, None)
        return Answer(true, true & self._together([answer.grounded for answer in answers]))

    def _together(self, sets: Sequence[Array | None]) -> Array:
        held = [bits for bits in sets if bits is not None]
        return reduce(or_, held) if held else nothing(self.shard.blocks)

    def _reach(self, node: Node) -> int:
        """Return of how many paragraphs a node may be true, roughly: what it costs to answer, and what it leaves."""
        shard = self.shard
        match node:
            case Word():
                term = shard.term("words", node.term)
                return 0 if term is None else shard.text.postings.df(term)
            case Phrase():
                return least_df(node.units, shard, shard.text)
            case Near():
                return min((self._reach(child) for child in node.phrases), default=0)
            case And():
                return min(map(self._reach, node.children), default=shard.size)
            case Or() | AtLeast():
                return sum(map(self._reach, node.children))
            case Among(field="report" | "paragraph") | Nothing():
                return 0
            case _:
                return shard.size

    def _leaf(self, leaf: Leaf, among: Subset | None) -> Answer:
        shard = self.shard
        text = self._standing(leaf, shard.text, among) if "text" in leaf.places else nothing(shard.blocks)
        over = self._over(leaf)
        neutral = is_neutral(leaf)
        if over is None:
            return Answer(text, None if neutral else text)
        return Answer(text | over.true, None if neutral else text | over.matching)

    def _standing(self, leaf: Leaf, space: Space, among: Subset | None) -> Array:
        """Return the documents of a space that hold a leaf, as a set; of some, where only these matter."""
        shard = self.shard
        match leaf:
            case Word():
                term = shard.term("words", leaf.term)
                blocks = None if among is None else among.blocks
                return nothing(space.blocks) if term is None else space.postings.bits(term, blocks)
            case Phrase():
                return phrase(leaf.units, shard, space, among)
            case Near():
                return near(leaf, shard, space, among, self.in_time)

    def _terms(self, leaves: Sequence[Leaf], blocks: Array) -> Answer:
        """Answer whether all of some leaves hold that are terms of the text, for some blocks alone."""
        shard = self.shard
        numbers = [None if (term := _term_of(leaf)) is None else shard.term(*term) for leaf in leaves]
        held = shard.text.postings.words_in(numbers, blocks)
        grounded = np.bitwise_or.reduce(held)
        for row, over in enumerate(map(self._over, leaves)):
            if over is not None:
                held[row] |= over.true[blocks]
                grounded |= over.matching[blocks]
        true = nothing(shard.blocks)
        true[blocks] = np.bitwise_and.reduce(held)
        matching = nothing(shard.blocks)
        matching[blocks] = true[blocks] & grounded
        return Answer(true, matching)

    def _over(self, leaf: Leaf) -> Answer | None:
        """Return what a leaf is true of by what stands over paragraphs, grounded where that begins, if by anything."""
        shard = self.shard
        places = [PLACES.index(place) for place in leaf.places if place != "text"]
        contexts = self._contexts(leaf) if places else np.zeros(0, np.int64)
        if len(places) < len(PLACES) and len(contexts):
            contexts = contexts[np.isin(shard.context_place[contexts], places)]
        if not len(contexts):
            return None
        covered = shard.context_ranges
        return Answer(covered.together(contexts, shard.blocks), covered.openings(contexts, shard.blocks))

    def _contexts(self, leaf: Leaf) -> Array:
        """Return the contexts that hold a leaf, in order."""
        shard = self.shard
        term = _term_of(leaf)
        if term is None:
            return docs_of(self._standing(leaf, shard.contexts, None))
        number = shard.term(*term)
        return np.zeros(0, np.int64) if number is None else shard.contexts.postings.docs(number)

    def _among(self, node: Among) -> Array:
        shard = self.shard
        if node.field == "report":
            rows = [row for row in map(shard.row, node.values) if row is not None]
            return self._of_reports(np.isin(np.arange(shard.reports), rows))
        if node.field == "paragraph":
            docs = []
            for value in node.values:
                report_id, _, ordinal = value.rpartition("#")
                row, number = shard.row(report_id), _number(ordinal)
                if row is not None and number is not None and number >= 0:
                    doc = int(shard.report_bounds[row]) + number
                    docs += [doc] if doc < shard.report_bounds[row + 1] else []
            return of_docs(np.sort(np.array(docs, np.int64)), shard.blocks)
        if node.field == "year":
            years = {year for value in node.values if (year := _number(value)) is not None} - {UNKNOWN_YEAR}
            return self._of_reports(np.isin(shard.years, list(years)))
        if node.field not in {"institution", "region", "kind", "script", "zone"}:
            raise UsageError(f"This engine keeps no keywords of {node.field!r}.")
        values, codes = shard.keywords(node.field)
        wanted = np.array([value in node.values for value in values], np.bool_)[codes]
        return of_mask(wanted) if node.field == "zone" else self._of_reports(wanted)

    def _between(self, node: Between) -> Array:
        if node.field == "date":
            values, codes = self.shard.keywords("date")
            return self._of_reports(np.array([_dated(value, node) for value in values], np.bool_)[codes])
        if node.field != "year":
            raise UsageError(f"This engine keeps no numbers of {node.field!r}.")
        years = self.shard.years
        wanted = years != UNKNOWN_YEAR
        if node.low is not None:
            wanted = wanted & (years >= node.low)
        if node.high is not None:
            wanted = wanted & (years <= node.high)
        return self._of_reports(wanted)

    def _of_reports(self, rows: Array) -> Array:
        return self.shard.report_ranges.together(np.flatnonzero(rows), self.shard.blocks)


def _number(text: str) -> int | None:
    """Return the number that is written so, if it is one that any year or ordinal may be."""
    return int(text) if _NUMBER.fullmatch(text) else None


def _dated(date: str | None, within: Between) -> bool:
    """Tell whether a date, as exact as it is known, is within bounds, each of which means its whole month or year."""
    if date is None or (within.low is not None and date < str(within.low)):
        return False
    return within.high is None or date[: len(str(within.high))] <= str(within.high)


def _term_of(leaf: Leaf) -> tuple[str, str | tuple[str, str]] | None:
    """Return the term that a leaf is, if it is one."""
    match leaf:
        case Word():
            return "words", leaf.term
        case Phrase():
            return term_of(leaf.units)
        case Near():
            return None


def _is_term_of_text(node: Node) -> TypeGuard[Leaf]:
    """Tell whether a node is one term that may stand in the text."""
    return isinstance(node, Word | Phrase) and "text" in node.places and _term_of(node) is not None


def _reads_positions(node: Node) -> bool:
    return isinstance(node, Near) or (isinstance(node, Phrase) and reads_positions(node.units))
