"""What is asked, and what is done for it: wherever it is done, in a thread or in another process."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from searcher.index import Index
from searcher.schema import FACETS
from searcher.web._current import Current
from searcher.web._problems import Problem, as_problem
from searcher.web._settings import Settings

__all__ = ["Answer", "Asking", "Clerk", "Done", "Job", "Question", "Work"]

_ANY = "工作"  # a query like another
_LOG = logging.getLogger("searcher.web")


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks, as far as an answer may depend on it."""

    path: str  # where the page is, for whoever asks
    given: tuple[tuple[str, str], ...]  # the parameters of the URL, decoded
    path_values: dict[str, Any]
    language: str  # zh or en, as the browser prefers
    body: bytes = b""  # a file that is sent in


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, the index it is asked of, and until when."""

    question: Question
    index: Index
    settings: Settings
    deadline: float  # a `time.monotonic()`

    @property
    def timeout(self) -> float:
        """The seconds that are left; negative where it is too late."""
        return self.deadline - time.monotonic()


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and what is said of it."""

    body: str
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


Work = Callable[[Asking], Answer]


class Job(NamedTuple):
    """Work to be done within some seconds."""

    work: Work
    question: Question
    seconds: float


class Done(NamedTuple):
    """What came of a job: an answer or a problem, and the tag of the commit it was given from."""

    outcome: Answer | Problem
    commit: str = ""


class Clerk:
    """Does jobs with the newest commit of an index. Safe in several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.current = Current(settings.folder)
        self._followed = ""  # the tag of the commit that was read already

    def do(self, job: Job) -> Done:
        """Do a job; whatever goes wrong becomes a problem."""
        deadline = time.monotonic() + job.seconds
        try:
            index, commit = self.current.index()
            return Done(job.work(Asking(job.question, index, self._settings, deadline)), commit)
        except Exception as error:  # noqa: BLE001 - somebody waits, whatever it is
            problem = as_problem(error)
            if problem is None:
                _LOG.exception("%s", job.question.path)
            return Done(problem or Problem())

    def follow(self) -> None:
        """Move on to the newest commit, and read what every search needs, before somebody waits for it."""
        with suppress(Exception):  # whoever asks next is told
            index, commit = self.current.index()
            if commit != self._followed:
                self._followed = commit
                index.search(_ANY, limit=1, per_report=1, facets=FACETS, timeout=self._settings.timeout)
