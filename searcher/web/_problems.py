"""What went wrong, as the API tells it and as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from searcher.errors import IndexProblem, NotFound, QueryError, SearcherError, UsageError
from searcher.web._parameters import BadParameter
from searcher.web._turns import Busy, TooMany
from searcher.wording import Said, say

__all__ = ["LATER", "Problem", "as_problem"]

LATER = "1"
"""Seconds, for Retry-After."""

_KINDS: tuple[tuple[type[Exception], int, str], ...] = (
    (BadParameter, 400, "parameter"),
    (UsageError, 400, "usage"),
    (NotFound, 404, "not_found"),
    (TooMany, 429, "too_many"),
    (Busy, 503, "busy"),
    (TimeoutError, 503, "timeout"),
    (IndexProblem, 503, "index"),
)
_DETAILED = ("index", "not_found")
_RETRIED = (429, 503)


@dataclass(frozen=True, slots=True)
class Problem:
    """A status and what is told; by default what nobody expected."""

    status: int = 500
    kind: str = "internal"
    message: str = say("internal")
    position: int | None = None  # of the fault in the query
    parameter: str | None = None  # which one cannot be so

    @property
    def headers(self) -> dict[str, str]:
        """What is said beside."""
        return {"Retry-After": LATER} if self.status in _RETRIED else {}

    @property
    def told(self) -> Mapping[str, Any]:
        """The error as JSON."""
        params = self.message.params if isinstance(self.message, Said) else None
        more = {"position": self.position, "parameter": self.parameter, "params": params or None}
        return {
            "kind": self.kind,
            "message": self.message,
            **{name: value for name, value in more.items() if value is not None},
        }


def as_problem(error: Exception) -> Problem | None:
    """Return what is told of an error; None where it is none of those that are expected."""
    if isinstance(error, QueryError):
        return Problem(400, error.kind, error.said, position=error.position)
    for expected, status, kind in _KINDS:
        if isinstance(error, expected):
            return Problem(status, kind, _said(error, kind), parameter=getattr(error, "parameter", None))
    return None


def _said(error: Exception, kind: str) -> str:
    """Return what an error says; where it only speaks English, its kind speaks Chinese."""
    if isinstance(error, SearcherError) and isinstance(error.said, Said):
        return error.said
    if isinstance(error, TimeoutError):
        return say("timeout")
    return say(kind, detail=str(error)) if kind in _DETAILED else str(error)
