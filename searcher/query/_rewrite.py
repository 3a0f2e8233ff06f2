"""From what was typed to terms: the typed tree, cut by the same analysis as the text.

A typed run matches where it stands whole (from three units on), or where every one of its words does. A word of two
Han characters is a term of `words`, so that 民生 is not found in 人民|生活; if the index knows no such word it is a
phrase, as everything else of two units or more is.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, Protocol, assert_never

from searcher.analysis import BREAK, Analyzer, Token, fold, is_han
from searcher.errors import QueryError, UsageError
from searcher.model import Match, Place, Span
from searcher.query import terms, tree
from searcher.query._equivalents import Equivalent, find_equivalents
from searcher.query._values import ValueFault, keyword
from searcher.schema import BY_NAME
from searcher.wording import Said, say

__all__ = ["Rewritten", "Vocabulary", "one_of", "phrase_units", "rewrite"]

_PAIR = 2
_OTHERWISE = 0.25  # what a term of another way of writing weighs beside one that was typed
_SPELLINGS = 8  # equivalents of which each makes a spelling of a whole run
_EXPANSIONS = 200  # words a pattern may stand for


class Vocabulary(Protocol):
    """What rewriting asks of an index."""

    def frequency(self, field: str, term: str | tuple[str, str]) -> int: ...
    def words(self, prefix: str, suffix: str, limit: int) -> list[str]: ...


class Rewritten(NamedTuple):
    """A query as an engine takes it."""

    tree: terms.Node
    scoring: tuple[terms.Weighted, ...]
    notes: tuple[Said, ...] = ()
    relaxed: terms.Node | None = None  # at least half of what may be left out; None where nothing may
    wider: terms.Node | None = None  # the tree read loosely, where that may find more


class _Tokens(NamedTuple):
    """The tokens of a text."""

    units: list[Token]
    words: list[Token]


def rewrite(
    node: tree.Node,
    query: str,
    analyzer: Analyzer,
    vocabulary: Vocabulary,
    *,
    match: Match = "auto",
    loose: bool = False,
    exact: bool = False,
) -> Rewritten:
    """Rewrite a typed tree; raise `QueryError` where nothing in it can be searched for."""
    work = _Rewriter(analyzer, vocabulary, loose=loose, exact=exact)
    work.analyze(_texts(node))
    required, optional = work.split(node)
    notes = tuple(dict.fromkeys(work.notes))
    if not required and not optional:
        raise QueryError(say("only_punctuation"), query=query, position=0, kind="nothing_to_search")
    relaxed = None
    if match == "auto" and len(optional) > 1:
        half = terms.AtLeast((len(optional) + 1) // 2, tuple(optional))
        relaxed = _all([*required, half])
    whole, narrowed = work.whole(node, match), work.narrowed
    work.loose = True
    return Rewritten(whole, work.scoring(), notes, relaxed, work.whole(node, match) if narrowed else None)


def _all(children: list[terms.Node]) -> terms.Node:
    return children[0] if len(children) == 1 else terms.And(tuple(children))


@dataclass(slots=True)
class _Rewriter:
    """The state of one rewriting: notes and scoring terms are gathered on the way."""

    analyzer: Analyzer
    vocabulary: Vocabulary
    loose: bool
    exact: bool
    notes: list[Said] = field(default_factory=list)
    narrowed: bool = False
    _analysed: dict[str, _Tokens] = field(default_factory=dict)
    _expansions: dict[str, list[str]] = field(default_factory=dict)
    _otherwise: dict[str, tuple[Equivalent, ...]] = field(default_factory=dict)
    _scores: dict[tuple[str, str | tuple[str, str]], float] = field(default_factory=dict)
    _scored: set[tuple[int, str]] = field(default_factory=set)  # typed nodes whose terms are counted already

    def scoring(self) -> tuple[terms.Weighted, ...]:
        """Return the scoring terms gathered so far, those of `words` first."""
        order = ("words", "bigrams", "unigrams")
        ranked = sorted(self._scores.items(), key=lambda item: order.index(item[0][0]))
        return tuple(terms.Weighted(name, term, weight) for (name, term), weight in ranked)

    def whole(self, node: tree.Node, match: Match) -> terms.Node:
        """Return the tree every full match satisfies."""
        if match != "any":
            return self.node(node) or terms.Everything()
        required, optional = self.split(node)
        return _all([*required, *([terms.Or(tuple(optional))] if optional else [])])

    def split(self, node: tree.Node, weight: float = 1.0) -> tuple[list[terms.Node], list[terms.Node]]:
        """Return what every hit must satisfy, and what `any` and the relaxed reading may leave out."""
        required: list[terms.Node] = []
        optional: list[terms.Node] = []
        match node:
            case tree.Group():
                for child in node.children:
                    needed, free = self.split(child, weight)
                    required += needed
                    optional += free
            case tree.Boosted():
                return self.split(node.child, weight * node.factor)
            case tree.Run():
                optional += self._words(node, terms.ANYWHERE, weight)
            case tree.Must():
                required += _some(self.node(node.child, weight=weight))
            case _:
                whole = self.node(node, weight=weight)
                if whole is not None:
                    (required if terms.is_neutral(whole) else optional).append(whole)
        return required, list(dict.fromkeys(optional))

    def node(  # noqa: C901, PLR0912 - one case per node
        self, node: tree.Node, places: tuple[Place, ...] = terms.ANYWHERE, weight: float = 1.0
    ) -> terms.Node | None:
        """Rewrite a node; None where it holds nothing that can be searched for."""
        match node:
            case tree.Run():
                return self._run(node, places, weight)
            case tree.Phrase():
                return self._phrase(node, places, weight)
            case tree.Pattern():
                return self._pattern(node, places)
            case tree.Within():
                return self.node(node.child, (node.field,), weight)  # type: ignore[arg-type] # text fields are places
            case tree.Is(field="id"):
                return terms.Among("paragraph", node.values)
            case tree.Is():
                return _among(node.field, node.values)
            case tree.Range():
                return terms.Between(node.field, node.low, node.high)
            case tree.Boosted():
                return self.node(node.child, places, weight * node.factor)
            case tree.Must():
                return self.node(node.child, places, weight)
            case tree.Not():
                child = self.node(node.child, places, 0.0)
                return None if child is None else terms.Not(child)
            case tree.And() | tree.Group():
                return self._joined(terms.And, node.children, places, weight)
            case tree.Or():
                return self._joined(terms.Or, node.children, places, weight)
            case _:
                assert_never(node)

    def _joined(
        self,
        kind: type[terms.And] | type[terms.Or],
        children: tuple[tree.Node, ...],
        places: tuple[Place, ...],
        weight: float,
    ) -> terms.Node | None:
        found = list(dict.fromkeys(new for child in children if (new := self.node(child, places, weight)) is not None))
        if len(found) < 2:  # noqa: PLR2004 - nothing to join
            return found[0] if found else None
        return kind(tuple(found))

    def _run(self, node: tree.Run, places: tuple[Place, ...], weight: float) -> terms.Node | None:
        words = self._words(node, places, weight)
        if len(words) > 1 and len(self._units(node.text)) > _PAIR and not self.loose:  # loosely, it holds its words
            whole = [self._phrase_of(text, places) for text in self._spellings(node.text)]
            return terms.Or((*whole, terms.And(tuple(words))))
        return _all(list(words)) if words else None

    def _words(self, node: tree.Run, places: tuple[Place, ...], weight: float) -> list[terms.Node]:
        """Return a leaf for each word of a run, or several where it can be written otherwise."""
        self._score(node, node.text, places, weight)
        units = self._units(node.text)
        words = [Span(word.start, word.end) for word in _outermost(self._tokens(node.text).words)]
        if _is_pair(units):
            words = [Span(units[0].start, units[1].end)]
        starts = [unit.start for unit in units]
        leaves: list[terms.Node] = []
        for region, equivalent in _regions(words, self._equivalents(node.text)):
            inside = units[bisect_left(starts, region.start) : bisect_left(starts, region.end)]
            leaf = self._leaf(inside, places)
            if equivalent is not None:
                others = _replaced(node.text, region, equivalent)
                self.analyze(others)
                typed = node.text[region.start : region.end]
                self.notes.append(say("also_searched", typed=typed, others=" = ".join(others)))
                for other in others:
                    self._score(node, other, places, weight * _OTHERWISE, again=True)
                leaves.append(
                    terms.Or((leaf, *(self._leaf(self._units(other), places, typed=False) for other in others)))
                )
            else:
                leaves.append(leaf)
        return list(dict.fromkeys(leaves))

    def _leaf(self, units: list[Token], places: tuple[Place, ...], *, typed: bool = True) -> terms.Leaf:
        """Return the leaf of a word: of two Han characters a term of `words`, else a phrase.

        Two characters are a phrase too where crossings are wanted, or all there is; of what was typed this is noted.
        """
        term = "".join(unit.text for unit in units)
        if not _is_pair(units) or self.loose:
            return _adjacent(units, places)
        known = self.vocabulary.frequency("words", term)
        if known:
            crossed = self.vocabulary.frequency("bigrams", (units[0].text, units[1].text))
            self.narrowed = self.narrowed or known < crossed
            return terms.Word(term, places)
        if typed:
            self.notes.append(say("as_phrase", term=term))
        return _adjacent(units, places)

    def _equivalents(self, text: str) -> tuple[Equivalent, ...]:
        if self.exact:
            return ()
        if text not in self._otherwise:
            bounds = {bound for word in self._tokens(text).words for bound in (word.start, word.end)}
            self._otherwise[text] = find_equivalents(text, bounds)
        return self._otherwise[text]

    def _spellings(self, text: str) -> list[str]:
        """Return a run, and the run with each of its equivalents put in; of many equivalents the first."""
        whole = Span(0, len(text))
        found = self._equivalents(text)[:_SPELLINGS]
        return [text, *(other for equivalent in found for other in _replaced(text, whole, equivalent))]

    def _phrase_of(self, text: str, places: tuple[Place, ...]) -> terms.Phrase:
        return _adjacent(self._units(text), places)

    def _phrase(self, node: tree.Phrase, places: tuple[Place, ...], weight: float) -> terms.Node | None:
        self._score(node, node.text, places, weight)
        if node.within is None:
            units = self._units(node.text)
            return _adjacent(units, places) if units else None
        parts = [self._units(part) for part in node.text.split()]
        phrases = [terms.Phrase(tuple(u.text for u in units), places) for units in parts if units]
        if len(phrases) < 2:  # noqa: PLR2004 - nothing to be near to
            return phrases[0] if phrases else None
        return terms.Near(tuple(phrases), node.within, places)

    def _pattern(self, node: tree.Pattern, places: tuple[Place, ...]) -> terms.Node | None:
        text = node.text
        if "*" not in text:
            pieces = [self._units(piece) for piece in text.split("?")]
            units = [name for piece in pieces for name in ("", *(unit.text for unit in piece))][1:]
            return terms.Phrase(tuple(units), places)
        head, _, tail = text.partition("*")
        prefix, suffix = ("".join(unit.text for unit in self._units(part)) for part in (head, tail))
        if text not in self._expansions:
            self._expansions[text] = self.vocabulary.words(prefix, suffix, _EXPANSIONS + 1)
        words = self._expansions[text]
        if len(words) > _EXPANSIONS:
            self.notes.append(say("too_many_words", pattern=text, most=_EXPANSIONS))
        return terms.Or(tuple(terms.Word(word, places) for word in words[:_EXPANSIONS])) if words else terms.Nothing()

    def analyze(self, texts: Iterable[str]) -> None:
        """Analyse texts together: of short ones many take as long as one."""
        new = list(dict.fromkeys(text for text in texts if text not in self._analysed))
        if new:
            found = self.analyzer.analyze(new)
            self._analysed |= {text: _Tokens(found.units_of(i), found.words_of(i)) for i, text in enumerate(new)}

    def _tokens(self, text: str) -> _Tokens:
        self.analyze([text])
        return self._analysed[text]

    def _units(self, text: str) -> list[Token]:
        return _inner(self._tokens(text).units)

    def _score(
        self, node: tree.Node, text: str, places: tuple[Place, ...], weight: float, *, again: bool = False
    ) -> None:
        """Count the terms of a searched text once, however often its node is rewritten."""
        key = (id(node), text if again else "")
        if "text" not in places or not weight or key in self._scored:
            return
        self._scored.add(key)
        for name, term in _terms(self._tokens(text)):
            self._scores[name, term] = self._scores.get((name, term), 0.0) + weight


def phrase_units(text: str, analyzer: Analyzer) -> tuple[str, ...]:
    """Return the units of a text as a phrase has them: outer breaks dropped."""
    return tuple(unit.text for unit in _inner(analyzer.analyze([text]).units_of()))


def one_of(name: str, values: Sequence[str]) -> terms.Among:
    """Return the filter of a keyword field; raise `UsageError` for what a field that names its values never is."""
    try:
        return _among(name, [keyword(BY_NAME[name], value) for value in values])
    except ValueFault as fault:
        raise UsageError(fault.said) from None


def _among(name: str, values: Sequence[str]) -> terms.Among:
    # A kind may be kept as its report writes it, or as we know it.
    return terms.Among(name, tuple(dict.fromkeys([*values, *map(fold, values)])))


def _texts(node: tree.Node) -> Iterator[str]:
    """Yield what is typed as runs and phrases, of a distance its parts too."""
    match node:
        case tree.Run():
            yield node.text
        case tree.Phrase():
            yield node.text
            if node.within is not None:
                yield from node.text.split()
        case _:
            for child in tree.children(node):
                yield from _texts(child)


def _inner(units: list[Token]) -> list[Token]:
    """Return the units without breaks at the ends."""
    start = bool(units) and units[0].text == BREAK
    end = len(units) - (len(units) > start and units[-1].text == BREAK)
    return units[start:end]


def _terms(tokens: _Tokens) -> Iterator[tuple[str, str | tuple[str, str]]]:
    for word in tokens.words:
        yield "words", word.text
    units = [unit.text for unit in tokens.units]
    for first, second in pairwise(units):
        if BREAK not in (first, second):
            yield "bigrams", (first, second)
    for unit in units:
        if unit != BREAK:
            yield "unigrams", unit


def _is_pair(units: list[Token]) -> bool:
    return len(units) == _PAIR and all(is_han(unit.text) for unit in units)


def _adjacent(units: list[Token], places: tuple[Place, ...]) -> terms.Phrase:
    return terms.Phrase(tuple(unit.text for unit in units), places)


def _outermost(words: list[Token]) -> Iterator[Token]:
    """Yield the words, not their parts."""
    end = 0
    for word in words:
        if word.start >= end:
            yield word
            end = word.end


def _regions(words: list[Span], equivalents: tuple[Equivalent, ...]) -> Iterator[tuple[Span, Equivalent | None]]:
    """Yield the words, those that a way of writing otherwise touches joined to one region with it."""
    waiting = list(words)
    for equivalent in equivalents:
        while waiting and waiting[0].end <= equivalent.start:
            yield waiting.pop(0), None
        start, end = equivalent.start, equivalent.end
        while waiting and waiting[0].start < end:
            word = waiting.pop(0)
            start, end = min(start, word.start), max(end, word.end)
        yield Span(start, end), equivalent
    for word in waiting:
        yield word, None


def _replaced(text: str, region: Span, equivalent: Equivalent) -> list[str]:
    """Return a region of a text, written in each of the other ways."""
    before, after = text[region.start : equivalent.start], text[equivalent.end : region.end]
    return [f"{before}{other}{after}" for other in equivalent.alternatives]


def _some(node: terms.Node | None) -> list[terms.Node]:
    return [] if node is None else [node]
