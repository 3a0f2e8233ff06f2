"""A query rewritten to terms: the tree an engine ranks and `tests/oracle.py` defines the meaning of.

How a tree is true of a paragraph
---------------------------------
A leaf (`Word`, `Phrase`, `Near`) names the places it may stand in: the paragraph's own text, a heading of its section
path, or its report's title, institution or region. It must stand whole in one of them. A leaf that may stand in the
text is a *searching* leaf, one that may not is a filter, as `Among` and `Between` are.

`And`, `Or`, `AtLeast` and `Not` mean what they say, of whether the leaves stand anywhere they may. But 北京 就业 should
not answer with every paragraph of every report from Beijing; so a match must also be *grounded*:

- a searching leaf is grounded in a paragraph whose own text holds it, and in the first paragraph under a heading, or of
  a report, whose heading, title, institution or region holds it;
- filters and `Not` search nothing: they are neutral. A node is neutral if all its children are;
- `And` and `AtLeast` are grounded if a true, searching child is; `Or` if a true child is grounded or neutral;
- a paragraph matches if the tree is true of it and is grounded or neutral.

`Or(children)` is `AtLeast(children, 1)` with that one difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from searcher.model import Place

__all__ = [
    "ANYWHERE",
    "MAX_PHRASES",
    "Among",
    "And",
    "AtLeast",
    "Between",
    "Everything",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "Nothing",
    "Or",
    "Phrase",
    "Weighted",
    "Word",
    "is_neutral",
    "leaves",
    "words",
]

ANYWHERE: tuple[Place, ...] = ("text", "section", "title", "institution", "region")

MAX_PHRASES = 12
"""Phrases that can be asked to stand near each other: each more doubles the orders that may have to be tried."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that stands as a word or as a part of one: a term of the field `words`."""

    term: str
    places: tuple[Place, ...] = ANYWHERE


@dataclass(frozen=True, slots=True)
class Phrase:
    """Units that stand one after the other, inner breaks included; `""` stands for any one unit but a break.

    One unit alone is a term of `unigrams`; more are looked for in `bigrams` by position.
    """

    units: tuple[str, ...]
    places: tuple[Place, ...] = ANYWHERE


@dataclass(frozen=True, slots=True)
class Near:
    """Phrases that stand in one place in any order, without overlap, at most `within` units between the first's start
    and the last's end beyond their own lengths. More than `MAX_PHRASES` are refused.
    """  # noqa: D205 - one sentence

    phrases: tuple[Phrase, ...]
    within: int
    places: tuple[Place, ...] = ANYWHERE


@dataclass(frozen=True, slots=True)
class Among:
    """A keyword field that has one of these values; `report` and `paragraph` are keyword fields too."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number or date field within bounds, both included; None is open. Unknown values are in no range.

    Dates are ISO 8601, as exact as they are known; a bound means its whole month or year: `low <= date` and
    `date[:len(high)] <= high`.
    """

    field: str
    low: int | str | None
    high: int | str | None


@dataclass(frozen=True, slots=True)
class Not:
    """Paragraphs of which the child is not true."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Paragraphs of which every child is true."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Paragraphs of which a child is true."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Paragraphs of which that many children are true."""

    minimum: int
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paragraph. Neutral."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No paragraph. Neutral."""


Leaf: TypeAlias = Word | Phrase | Near
Node: TypeAlias = Leaf | Among | Between | Not | And | Or | AtLeast | Everything | Nothing


@dataclass(frozen=True, slots=True)
class Weighted:
    """A term that scores: its field is `words`, `bigrams` or `unigrams`; a bigram is a pair of units."""

    field: str
    term: str | tuple[str, str]
    weight: float = 1.0


def is_neutral(node: Node) -> bool:
    """Tell whether a node searches nothing, so that it need not be grounded."""
    match node:
        case Word() | Phrase() | Near():
            return "text" not in node.places
        case And() | Or() | AtLeast():
            return all(is_neutral(child) for child in node.children)
        case _:
            return True


def leaves(node: Node) -> tuple[Leaf, ...]:
    """Return the searching leaves of a tree, those under `Not` left out, each once, in order."""
    match node:
        case Word() | Phrase() | Near():
            return () if is_neutral(node) else (node,)
        case And() | Or() | AtLeast():
            return tuple(dict.fromkeys(leaf for child in node.children for leaf in leaves(child)))
        case _:
            return ()


def words(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    """Return the words that leaves are looked for as."""
    return tuple(leaf.term for leaf in leaves if isinstance(leaf, Word))
