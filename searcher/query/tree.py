"""A query as it was typed: the tree `parse` makes, before any analysis.

Text is in the script it was typed in. `str(node)` is a query that parses to an equal tree. `position` is where a node
begins in the query, in code points; it does not count when nodes are compared.

`And` is an operator that was typed, `Group` is things side by side: only a `Group` and a `Run` may be relaxed.
"""

from dataclasses import dataclass
from dataclasses import field as _field
from typing import TypeAlias

from searcher.query._syntax import escape, quote

__all__ = [
    "And",
    "Boosted",
    "Group",
    "Is",
    "Must",
    "Node",
    "Not",
    "Or",
    "Pattern",
    "Phrase",
    "Range",
    "Run",
    "Within",
    "children",
]


@dataclass(frozen=True, slots=True)
class Run:
    """Bare text between spaces and operators."""

    text: str
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return escape(self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Quoted text. With `within`, its parts between white space stand in any order, that many units apart at most."""

    text: str
    within: int | None = None
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return quote(self.text) + ("" if self.within is None else f"~{self.within}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A run with one `*`, at its start or end, for any characters, or with `?`s for one character each; never both.

    It holds at least two letters or figures beside a `*`, at least one beside a `?`. Every `*` and `?` is a wildcard:
    a literal one was turned into its full-width form, which folds to the same.
    """

    text: str
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return escape(self.text, wildcards=True)


@dataclass(frozen=True, slots=True)
class Within:
    """What must stand in one text field. Where such fields are nested, the innermost holds."""

    field: str
    child: "Node"
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.field}:{_enclosed(self.child, (Run, Phrase, Pattern))}"


@dataclass(frozen=True, slots=True)
class Is:
    """A keyword field that has one of these values, as they were typed or, where a field names its values, as named."""

    field: str
    values: tuple[str, ...]
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        values = [quote(value) if any(map(str.isspace, value)) else escape(value) for value in self.values]
        return f"{self.field}:{values[0]}" if len(values) == 1 else f"{self.field}:({' OR '.join(values)})"


@dataclass(frozen=True, slots=True)
class Range:
    """A field within bounds, both included; None is open. At least one is given.

    Years are integers. Dates are ISO 8601 text, as exact as they were typed, and mean their whole month or year:
    a date is in the range if `low <= date` and `date[:len(high)] <= high`.
    """

    field: str
    low: int | str | None
    high: int | str | None
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        low, high = ("" if bound is None else str(bound).rjust(4, "0") for bound in (self.low, self.high))
        return f"{self.field}:{low}" if low == high else f"{self.field}:{low}..{high}"


@dataclass(frozen=True, slots=True)
class Boosted:
    """What counts `factor` times in the score; never a filter."""

    child: "Node"
    factor: float
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{_enclosed(self.child, (Run, Phrase, Pattern, Within))}^{self.factor:g}"


@dataclass(frozen=True, slots=True)
class Must:
    """What no reading may leave out."""

    child: "Node"
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return f"+{_enclosed(self.child, _SIGNED)}"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be true."""

    child: "Node"
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return f"-{_enclosed(self.child, _SIGNED)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Two things or more side by side: all are wanted."""

    children: tuple["Node", ...]
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return _listed(" ", self.children)


@dataclass(frozen=True, slots=True)
class And:
    """Two things or more with AND between them."""

    children: tuple["Node", ...]
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return _listed(" AND ", self.children)


@dataclass(frozen=True, slots=True)
class Or:
    """Two things or more with OR between them."""

    children: tuple["Node", ...]
    position: int = _field(default=0, compare=False)

    def __str__(self) -> str:
        return _listed(" OR ", self.children)


Node: TypeAlias = Run | Phrase | Pattern | Within | Is | Range | Boosted | Must | Not | Group | And | Or

_SIGNED = (Run, Phrase, Pattern, Within, Is, Range, Boosted)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right under a node."""
    match node:
        case Group() | And() | Or():
            return node.children
        case Within() | Boosted() | Must() | Not():
            return (node.child,)
        case _:
            return ()


def _enclosed(node: Node, bare: tuple[type[Node], ...]) -> str:
    return str(node) if isinstance(node, bare) else f"({node})"


def _listed(operator: str, nodes: tuple[Node, ...]) -> str:
    return operator.join(f"({node})" if isinstance(node, Group | And | Or) else str(node) for node in nodes)
