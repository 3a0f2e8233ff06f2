"""Nothing was found: why, and what is near?"""

from collections.abc import Callable, Iterator, Sequence

from searcher.engines import Reader, Request
from searcher.query import describe
from searcher.query.terms import And, Leaf, Node, Or, Phrase, Word, is_neutral, leaves
from searcher.wording import Said, say

__all__ = ["explain_nothing"]

_NAMED = 5  # parts, of those that occur nowhere
_TRIED = 8  # parts of which each is left out to see what the others find
_NEAR = 5  # words that are suggested
_SHORTEST = 2  # characters of a word that others can be near to
_LONGEST = 8
_LOOKED_AT = 2000  # words that begin and end alike


def explain_nothing(engine: Reader, tree: Node, filters: Sequence[Node]) -> Iterator[Said]:
    """Yield sentences: which part occurs nowhere, which filter or combination excludes, what is near."""

    def count(*nodes: Node) -> int:
        return engine.search(Request(And(nodes), limit=0)).total

    parts = list(dict.fromkeys(_parts(tree)))
    wanted = [part for part in parts if not is_neutral(part)]
    conditions = [*filters, *(part for part in parts if is_neutral(part))]
    missing = [part for part in wanted if not count(part)]
    for part in missing[:_NAMED]:
        yield say("nowhere", part=describe(part))
        near = [word for leaf in leaves(part) for word in _near(engine, leaf)]
        if near:
            yield say("near", part=describe(part), words=tuple(dict.fromkeys(near)))
    if len(missing) > _NAMED:
        yield say("more_nowhere", count=len(missing) - _NAMED)
    if not missing:
        yield from _excluding(wanted, conditions, count)


def _parts(tree: Node) -> Iterator[Node]:
    """Yield what all has to be there; of a typed run, which may also stand whole, its words."""
    match tree:
        case And():
            for child in tree.children:
                yield from _parts(child)
        case Or(children=(*_, And() as words)):
            yield from _parts(words)
        case _:
            yield tree


def _excluding(wanted: Sequence[Node], conditions: Sequence[Node], count: Callable[..., int]) -> Iterator[Said]:
    """Say which condition or combination leaves nothing, where every part occurs by itself."""
    if conditions and (total := count(*wanted)):
        yield say("filtered_out", count=total)
        for condition in conditions if len(conditions) > 1 else ():
            if not count(*wanted, condition):
                yield say("none_where", condition=describe(condition))
        return
    if len(wanted) > 1:
        yield say("never_together")
        for left_out in wanted if len(wanted) <= _TRIED else ():
            rest = [part for part in wanted if part is not left_out]
            if total := count(*rest, *conditions):
                yield say("without", part=describe(left_out), count=total)


def _near(engine: Reader, leaf: Leaf) -> list[str]:
    """Return words the index knows that differ from a leaf in one character."""
    word = leaf.term if isinstance(leaf, Word) else "".join(leaf.units) if isinstance(leaf, Phrase) else ""
    if not _SHORTEST <= len(word) <= _LONGEST:
        return []
    found: list[str] = []
    for at in range(len(word)):
        known = engine.words(word[:at], word[at + 1 :], _LOOKED_AT)
        found += [other for other in known if len(other) == len(word) and other != word][:_NEAR]
    return list(dict.fromkeys(found))[:_NEAR]
