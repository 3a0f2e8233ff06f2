"""A rewritten tree in words, so that a person sees what was searched."""

from typing import assert_never

from searcher.analysis import BREAK
from searcher.query.terms import (
    ANYWHERE,
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
)

__all__ = ["describe"]


def describe(node: Node) -> str:
    """Return a tree in words: a bare word stands as a word, a quoted phrase stands anywhere."""
    match node:
        case Word() | Phrase() | Near():
            place = "" if node.places == ANYWHERE else f"{'|'.join(node.places)}:"
            return f"{place}{_leaf(node)}"
        case Among():
            return f"{node.field} is {' or '.join(node.values)}"
        case Between():
            return f"{node.field} {_range(node)}"
        case Not():
            return f"not {_enclosed(node.child)}"
        case And():
            return " and ".join(map(_enclosed, node.children))
        case Or():
            return " or ".join(map(_enclosed, node.children))
        case AtLeast():
            return f"{node.minimum} of ({', '.join(map(_enclosed, node.children))})"
        case Everything():
            return "everything"
        case Nothing():
            return "nothing"
        case _:
            assert_never(node)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Word():
            return leaf.term
        case Phrase():
            shown = ("?" if unit == "" else "␣" if unit == BREAK else unit for unit in leaf.units)
            return f"“{''.join(shown)}”"
        case Near():
            return f"{' near '.join(map(_leaf, leaf.phrases))} within {leaf.within}"


def _range(node: Between) -> str:
    if node.low == node.high:
        return f"is {node.low}"
    return f"in {'' if node.low is None else node.low}..{'' if node.high is None else node.high}"


def _enclosed(node: Node) -> str:
    return f"({describe(node)})" if isinstance(node, And | Or) and len(node.children) > 1 else describe(node)
