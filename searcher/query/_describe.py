"""A rewritten tree in words, English and Chinese, so that a person sees what was searched."""

from collections.abc import Iterable
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
from searcher.schema import BY_NAME
from searcher.wording import Said

__all__ = ["describe"]


def describe(node: Node) -> Said:
    """Return a tree in words: a bare word stands as a word, a quoted phrase stands anywhere."""
    return Said(_English().describe(node), _Chinese().describe(node))


class _English:
    """The words between the words of a query."""

    both = " and "
    either = " or "
    without = "not {}"
    some = "{} of ({})"
    comma = ", "
    near = " near "
    within = "{} within {}"
    among = "{} is {}"
    exactly = "{} is {}"
    between = "{} in {}"
    everything = "everything"
    nothing = "nothing"

    def places(self, names: Iterable[str]) -> str:
        """Return where a leaf has to stand."""
        return f"{'|'.join(names)}:"

    def field(self, name: str) -> str:
        """Return what a field is called."""
        return name

    def value(self, field: str, value: str) -> str:  # noqa: ARG002 - other languages look it up there
        """Return what a value of a field is called."""
        return value

    def describe(self, node: Node) -> str:  # noqa: C901 - one case per node
        """Return a tree in words."""
        match node:
            case Word() | Phrase() | Near():
                return f"{'' if node.places == ANYWHERE else self.places(node.places)}{self._leaf(node)}"
            case Among():
                values = self.either.join(self.value(node.field, value) for value in node.values)
                return self.among.format(self.field(node.field), values)
            case Between():
                if node.low == node.high:
                    return self.exactly.format(self.field(node.field), node.low)
                bounds = ("" if bound is None else str(bound) for bound in (node.low, node.high))
                return self.between.format(self.field(node.field), "..".join(bounds))
            case Not():
                return self.without.format(self._enclosed(node.child))
            case And():
                return self.both.join(map(self._enclosed, node.children))
            case Or():
                return self.either.join(map(self._enclosed, node.children))
            case AtLeast():
                return self.some.format(node.minimum, self.comma.join(map(self._enclosed, node.children)))
            case Everything():
                return self.everything
            case Nothing():
                return self.nothing
            case _:
                assert_never(node)

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Word():
                return leaf.term
            case Phrase():
                shown = ("?" if unit == "" else "␣" if unit == BREAK else unit for unit in leaf.units)
                return f"“{''.join(shown)}”"
            case Near():
                return self.within.format(self.near.join(map(self._leaf, leaf.phrases)), leaf.within)

    def _enclosed(self, node: Node) -> str:
        said = self.describe(node)
        return f"({said})" if isinstance(node, And | Or) and len(node.children) > 1 else said


class _Chinese(_English):
    both = " 且 "
    either = " 或 "
    without = "不含 {}"
    some = "至少 {} 项（{}）"
    comma = "、"
    near = " 邻近 "
    within = "{}（相距 {} 字以内）"
    among = "{}为 {}"
    exactly = "{}为 {}"
    between = "{}在 {}"
    everything = "全部段落"
    nothing = "无"

    def places(self, names: Iterable[str]) -> str:
        return f"{'、'.join(map(self.field, names))}："

    def field(self, name: str) -> str:
        return BY_NAME[name].aliases[0] if name in BY_NAME else name

    def value(self, field: str, value: str) -> str:
        known = dict(BY_NAME[field].values) if field in BY_NAME else {}
        return known[value][0] if value in known else value
