"""Answers that are remembered for as long as who gave them lives, and do not keep it alive.

A cache that held its owner, which holds the cache, would wait for the garbage collector: so long the files of a commit
that is gone would stay mapped, and take room on the disk.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakMethod

__all__ = ["remembered"]

P = ParamSpec("P")
T = TypeVar("T")


def remembered(method: Callable[P, T], size: int) -> Callable[P, T]:
    """Return a bound method that remembers its last `size` answers; asked only while its owner lives."""
    living: Callable[[], Any] = WeakMethod(method)

    @lru_cache(size)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        answer: T = living()(*args, **kwargs)
        return answer

    return cast(Callable[P, T], asked)
