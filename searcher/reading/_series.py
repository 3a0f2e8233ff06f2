"""Series: which numbered lines count on from one another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["Member", "Series", "series"]


@dataclass(frozen=True, slots=True)
class Member:
    """A numbered line: its index, its style and value, and whether it is nothing but a heading."""

    index: int
    style: str
    value: int
    whole: bool


@dataclass(slots=True)
class Series:
    """Numbers of one style that follow one another; `inner`: between two of another series of that style."""

    style: str
    members: list[Member] = field(default_factory=list)
    inner: bool = False
    crossed: bool = False  # a number of an outer style stands behind its last one

    @property
    def last(self) -> Member:
        """The member that is counted on from."""
        return self.members[-1]


def series(members: Iterable[Member]) -> list[Series]:
    """Return the series that `members`, in reading order, make.

    1 begins a series, and any other number goes on with the last one it fits. A number of an outer style ends the
    inner ones, but for one that may run on through its sections; which is outer, the order of first use tells.
    """
    found: list[Series] = []
    open_: dict[str, list[Series]] = defaultdict(list)  # style → its open series, outermost first
    used: list[str] = []
    for member in members:
        style = member.style
        if style not in used:
            used.append(style)
        for inner in used[used.index(style) + 1 :]:
            del open_[inner][:-1]
            for item in open_[inner]:
                item.crossed = True  # and may yet run on through the sections
        stack = open_[style]
        one = _continued(stack, member)
        if one is None:
            stack[:] = [item for item in stack if not item.crossed]
            one = Series(style)
            found.append(one)
            stack.append(one)
        while stack[-1] is not one:
            stack.pop().inner = True
        one.members.append(member)
        one.crossed = False
    return found


def _continued(stack: Sequence[Series], member: Member) -> Series | None:
    """Return the open series that `member` goes on with."""
    if member.value == 1 or not stack:
        return None
    fits = [item for item in stack if item.last.value + 1 == member.value]
    alike = [item for item in fits if item.last.whole == member.whole]
    if fits:
        return (alike or fits)[-1]
    return stack[-1] if stack[-1].last.value < member.value else None  # some numbers between are missing
