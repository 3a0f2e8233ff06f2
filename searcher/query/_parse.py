"""From a query string to the tree that was typed.

One pass over the query, one frame for each parenthesis that is open. Nothing recurses, so that two thousand
parentheses are read like two. NOT, `+` and `-` bind tightest, then things side by side, then AND, then OR.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import field as _field
from typing import TypeVar

from searcher.analysis import fold, is_han
from searcher.errors import QueryError
from searcher.query import _syntax as syntax
from searcher.query._values import ValueFault, keyword, span
from searcher.query.terms import MAX_PHRASES
from searcher.query.tree import (
    And,
    Boosted,
    Group,
    Is,
    Must,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Range,
    Run,
    Within,
    children,
)
from searcher.schema import BY_NAME, FIELDS, Field, Kind
from searcher.wording import Said, say

__all__ = ["MAX_BOOST", "MAX_DEPTH", "MAX_LENGTH", "parse"]

MAX_LENGTH = 4096
"""Code points a query may have."""

MAX_DEPTH = 64
"""Nodes that may stand one in the other; parentheses that change nothing do not count."""

MAX_BOOST = 1000.0

_T = TypeVar("_T")

_LONGEST_NAME = max(map(len, (name for field in FIELDS for name in field.aliases)))
_SPACE = re.compile(r"\s++")
_NOTHING = re.compile(rf"[\s{re.escape(syntax.SIGNS)}]*+\Z")
_DISTANCE = re.compile(r"[~～](?:(\d{1,3})(?!\d))?")
_BRACKETS = re.compile(r"[\[［][^\]］]*+[\]］]")
_WILD = re.compile(r"\\.|([*?])", re.DOTALL)
_FULL_WIDTH = str.maketrans("*?", "＊？")


def parse(query: str) -> Node:
    """Read a query string; raise `QueryError` where it cannot be understood.

    The error knows the position of the fault, in code points, and its kind: see `docs/query-language.md`.
    """
    if len(query) > MAX_LENGTH:
        raise QueryError(
            say("query_too_long", length=len(query), most=MAX_LENGTH),
            query=query,
            position=MAX_LENGTH,
            kind="too_long",
        )
    return _Parser(query).parse()


@dataclass(slots=True)
class _Frame:
    """What stands between two parentheses, as far as it is read."""

    start: int
    within: tuple[str, int] | None = None  # the text field before the parenthesis, and its position
    prefixes: list[tuple[type[Not | Must], int]] = _field(default_factory=list)  # they wait for their operand
    operator: int | None = None  # the last AND or OR
    operands: list[Node] = _field(default_factory=list)
    conjuncts: list[Node] = _field(default_factory=list)
    alternatives: list[Node] = _field(default_factory=list)

    def add(self, node: Node) -> None:
        while self.prefixes:
            kind, position = self.prefixes.pop()
            node = kind(node, position)
        self.operands.append(node)

    def conjoin(self) -> None:
        self.conjuncts.append(_joined(Group, self.operands))
        self.operands = []

    def alternate(self) -> None:
        self.conjoin()
        self.alternatives.append(_joined(And, self.conjuncts))
        self.conjuncts = []


@dataclass(slots=True)
class _Parser:
    """The state of one reading."""

    query: str
    at: int = 0
    frame: _Frame = _field(default_factory=lambda: _Frame(0))
    outer: list[_Frame] = _field(default_factory=list)

    def parse(self) -> Node:
        query = self.query
        if _NOTHING.match(query):
            if signs := query.strip():
                raise self._fault("missing_operand", say("signs_alone", signs=signs), query.index(signs))
            raise self._fault("empty_query", say("empty_query"), 0)
        free = True  # at the start of a term, where signs, operators and field names are read as such
        while True:
            free |= self._skip()
            if self.at == len(query):
                return self._finish()
            char = query[self.at]
            if char in syntax.OPENING:
                self._open(None)
                free = True
            elif char in syntax.CLOSING:
                self._close()
                free = False
            elif not ((free and self._sign()) or self._operator(free=free)):
                free = self._term(free=free)

    # -- Parentheses -------------------------------------------------------------------------------------------------

    def _open(self, within: tuple[str, int] | None) -> None:
        self.outer.append(self.frame)
        self.frame = _Frame(self.at, within)
        self.at += 1

    def _close(self) -> None:
        if not self.outer:
            raise self._fault("unbalanced_parenthesis", say("not_opened"))
        node = self._whole()
        if self.frame.within:
            name, position = self.frame.within
            node = Within(name, node, position)
        self.frame = self.outer.pop()
        self.at += 1
        self._add(node)

    def _finish(self) -> Node:
        if self.outer:
            raise self._unclosed(self.frame.start)
        tree = self._whole()
        level: tuple[Node, ...] = (tree,)
        for _ in range(MAX_DEPTH):
            level = tuple(child for node in level for child in children(node))
        if level:
            raise self._fault("too_deep", say("too_deep", most=MAX_DEPTH), level[0].position)
        return tree

    def _whole(self) -> Node:
        """Return what the frame holds; raise where something is wanting."""
        frame = self.frame
        if frame.prefixes:
            raise self._lonely(frame.prefixes[-1][1])
        if not frame.operands:
            if frame.operator is not None:
                raise self._lonely(frame.operator)
            raise self._fault("empty_group", say("empty_parentheses"), frame.start)
        frame.alternate()
        return _joined(Or, frame.alternatives)

    def _add(self, node: Node) -> None:
        """Take a node as the next operand, with the boost that may follow it."""
        if self.query[self.at : self.at + 1] in {"^", "＾"}:
            boost = syntax.BOOST.match(self.query, self.at)
            factor = round(float(boost[1].replace("．", ".")), 3) if boost else 0.0
            if not boost or not 0 < factor <= MAX_BOOST:
                raise self._fault("bad_boost", say("boost_form", most=MAX_BOOST))
            if isinstance(node, Is | Range):
                raise self._fault("bad_boost", say("boost_of_filter"))
            node = Boosted(node, factor, node.position)
            self.at = boost.end()
        self.frame.add(node)

    # -- Signs and operators -----------------------------------------------------------------------------------------

    def _sign(self) -> bool:
        if not syntax.SIGN.match(self.query, self.at):
            return False
        kind = Must if self.query[self.at] in syntax.PLUS else Not
        self.frame.prefixes.append((kind, self.at))
        self.at += 1
        return True

    def _operator(self, *, free: bool) -> bool:
        found = syntax.OPERATOR.match(self.query, self.at)
        if not found or not (free or found.lastgroup in syntax.ENGLISH):
            return False
        frame, name = self.frame, found.lastgroup
        if name in {"not", "no"}:
            frame.prefixes.append((Not, self.at))
        elif frame.operands and not frame.prefixes:
            frame.operator = self.at
            if name in {"and", "also"}:
                frame.conjoin()
            else:
                frame.alternate()
        elif name in syntax.ENGLISH:
            raise self._lonely(self.at)
        else:
            return False
        self.at = found.end()
        return True

    # -- Terms -------------------------------------------------------------------------------------------------------

    def _term(self, *, free: bool) -> bool:
        """Read a run, a phrase or a filter, and tell whether what follows is at the start of a term."""
        start = self.at
        named = syntax.NAME.match(self.query, start) if free else None
        field = self._field(named[1]) if named else None
        if not named or not field:
            self._add(self._text(ranges=free))
            return False
        self.at = named.end()
        self._skip()
        self._expect_value(named)
        if field.kind is not Kind.TEXT:
            self._add(self._filter(field, start))
        elif self.query[self.at] in syntax.OPENING:
            self._open((field.name, start))
            return True
        else:
            self._add(Within(field.name, self._text(ranges=False), start))
        return False

    def _field(self, name: str) -> Field | None:
        """Return the field of that name; None where it is text that happens to stand before a colon."""
        field = BY_NAME.get(fold(name))
        if field or (len(name) > _LONGEST_NAME and any(map(is_han, name))):
            return field
        known = tuple(f"{field.name} ({field.aliases[0]})" for field in FIELDS)
        raise self._fault("unknown_field", say("unknown_field", name=name, known=known))

    def _expect_value(self, named: re.Match[str]) -> None:
        """Raise where what follows a field's name is no value."""
        word = syntax.OPERATOR.match(self.query, self.at)
        if self._ended() or (word and word.lastgroup in syntax.ENGLISH):
            raise self._fault("missing_value", say("no_value", field=named[0], name=named[1]), named.start())
        if syntax.SIGN.match(self.query, self.at):
            raise self._fault("misplaced_sign", say("sign_before_field", sign=self.query[self.at], field=named[0]))

    def _text(self, *, ranges: bool) -> Run | Phrase | Pattern | Range:
        """Read a phrase, a run or what is written like one."""
        start = self.at
        if self.query[start] in syntax.PHRASES:
            return self._phrase()
        raw = self._run()
        years = syntax.YEARS.fullmatch(raw) if ranges else None
        if years and any(years.groups()):
            return Range("year", *self._checked(span, BY_NAME["year"], raw, start), start)
        if any(_WILD.findall(raw)):
            return self._pattern(raw, start)
        return Run(syntax.unescape(raw), start)

    def _run(self) -> str:
        """Read a run as it is written, backslashes included."""
        found = syntax.RUN.match(self.query, self.at)
        if found:
            self.at = found.end()
            return found[0]
        char = self.query[self.at]
        if char in "^＾":
            raise self._fault("bad_boost", say("boost_of_nothing"))
        raise self._fault("unbalanced_quote", say("quotation_not_opened", mark=char))

    def _phrase(self) -> Phrase:
        start = self.at
        text = self._quoted()
        distance = _DISTANCE.match(self.query, self.at)
        if not distance:
            return Phrase(text, None, start)
        if not distance[1]:
            raise self._fault("bad_distance", say("distance_form"))
        parts = len(text.split())
        if parts > MAX_PHRASES:
            raise self._fault("bad_distance", say("too_many_parts", parts=parts, most=MAX_PHRASES), start)
        self.at = distance.end()
        return Phrase(text, int(distance[1]), start)

    def _quoted(self) -> str:
        start = self.at
        mark = self.query[start]
        found = syntax.PHRASES[mark].match(self.query, start)
        if not found:
            raise self._fault("unbalanced_quote", say("quotation_not_closed", mark=mark))
        text = syntax.unescape(found[1]).strip()
        if not text:
            raise self._fault("empty_phrase", say("empty_phrase"))
        self.at = found.end()
        return text

    def _pattern(self, raw: str, start: int) -> Pattern:
        text = _WILD.sub(lambda found: found[1] or found[0][1].translate(_FULL_WIDTH), raw)
        beside = sum(map(str.isalnum, text))
        if "*" not in text and beside:
            return Pattern(text, start)
        if "*" not in text:
            remedy = say("beside_question_mark")
        elif text.count("*") > 1 or "?" in text or "*" not in {text[0], text[-1]}:
            remedy = say("one_star")
        elif beside > 1:
            return Pattern(text, start)
        else:
            remedy = say("beside_star")
        raise self._fault("bad_pattern", say("pattern_form", pattern=raw, remedy=remedy), start)

    # -- Filters -----------------------------------------------------------------------------------------------------

    def _filter(self, field: Field, start: int) -> Node:
        """Read the value of a filter, or several between parentheses."""
        values = self._values(field) if self.query[self.at] in syntax.OPENING else [self._value(field)]
        if field.kind is Kind.KEYWORD:
            named = dict.fromkeys(self._checked(keyword, field, *value) for value in values)
            return Is(field.name, tuple(named), start)
        ranges = [Range(field.name, *self._checked(span, field, *value), value[1]) for value in values]
        return replace(ranges[0], position=start) if len(ranges) == 1 else Or(tuple(ranges), start)

    def _values(self, field: Field) -> list[tuple[str, int]]:
        opened = self.at
        values: list[tuple[str, int]] = []
        self.at += 1
        self._skip()
        while not self._ended():
            word = syntax.OPERATOR.match(self.query, self.at)
            if word and word.lastgroup not in {"or", "either"}:
                raise self._fault("bad_value", say("only_or", field=field.name))
            if word:
                self.at = word.end()
            else:
                values.append(self._value(field))
            self._skip()
        if self.at == len(self.query):
            raise self._unclosed(opened)
        if not values:
            raise self._fault("empty_group", say("empty_values"), opened)
        self.at += 1
        return values

    def _value(self, field: Field) -> tuple[str, int]:
        """Read one value of a filter as text, with its position."""
        start = self.at
        brackets = _BRACKETS.match(self.query, start) if field.kind is not Kind.KEYWORD else None
        if brackets:
            self.at = brackets.end()
            return brackets[0], start
        if self.query[start] in syntax.PHRASES:
            return self._quoted(), start
        raw = self._run()
        if field.kind is Kind.KEYWORD and any(_WILD.findall(raw)):
            raise self._fault("bad_value", say("compared_whole", field=field.name), start)
        return syntax.unescape(raw), start

    def _checked(self, read: Callable[[Field, str], _T], field: Field, text: str, position: int) -> _T:
        try:
            return read(field, text)
        except ValueFault as fault:
            raise self._fault(fault.kind, fault.said, position) from None

    # -- Places and faults -------------------------------------------------------------------------------------------

    def _skip(self) -> bool:
        """Go past white space and tell whether there was any."""
        space = _SPACE.match(self.query, self.at)
        if space:
            self.at = space.end()
        return bool(space)

    def _ended(self) -> bool:
        return self.at == len(self.query) or self.query[self.at] in syntax.CLOSING

    def _lonely(self, position: int) -> QueryError:
        word = syntax.OPERATOR.match(self.query, position)
        said = say("no_operand", word=word[0] if word else self.query[position])
        return self._fault("missing_operand", said, position)

    def _unclosed(self, position: int) -> QueryError:
        return self._fault("unbalanced_parenthesis", say("parenthesis_not_closed"), position)

    def _fault(self, kind: str, said: Said, position: int | None = None) -> QueryError:
        return QueryError(said, query=self.query, position=self.at if position is None else position, kind=kind)


def _joined(kind: type[Group | And | Or], nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else kind(tuple(nodes), nodes[0].position)
