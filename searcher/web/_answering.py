"""From a request to an answer: one way for pages and API, with its limits."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from searcher.errors import IndexProblem
from searcher.web._current import Cache, Current
from searcher.web._lanes import Lanes
from searcher.web._problems import Problem, as_problem
from searcher.web._settings import Settings
from searcher.web._turns import Busy, TooMany, Turns, client_of
from searcher.web._work import Answer, Done, Job, Question, Work
from searcher.wording import say

__all__ = ["Desk", "client_of_request", "preferred_language"]

_PATIENCE = 1.0  # seconds more than it has, that a job may take to notice that it is late
_LATE = Done(Problem(503, "timeout", say("timeout")))
_CROWDED = ("busy", "too_many")

Shape = Callable[[Request, Problem], Response]
"""How a problem is told to who made a request."""


class Desk:
    """Answers requests: those that did not change, those it has answered before, and the others by its lanes.

    Used by the event loop alone.
    """

    def __init__(self, settings: Settings, shape: Shape) -> None:
        self.settings = settings
        self._shape = shape
        self._current = Current(settings.folder)  # only asked for its tag
        self._cache = Cache(settings.cache_bytes)
        self._turns = Turns(settings.lanes, settings.waiting, settings.per_client)
        self._lanes: Lanes | None = None
        self._flights: dict[tuple[str, ...], asyncio.Future[Response | Problem]] = {}

    def open(self) -> None:
        """Begin to work."""
        self._lanes = Lanes(self.settings)

    def close(self) -> None:
        """End what `open` began."""
        if self._lanes:
            self._lanes.close()
        self._lanes = None

    def endpoint(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler that answers by `work`, once for each commit, address and language."""
        return partial(self._answer, work)

    async def do(self, work: Work, question: Question, client: str | None) -> Done:
        """Have work done when it is this client's turn, within the time a request has from now."""
        deadline = time.monotonic() + self.settings.timeout
        try:
            await asyncio.wait_for(self._turns.take(client), self.settings.timeout + _PATIENCE)
        except TimeoutError:
            return _LATE
        except (Busy, TooMany) as error:
            return Done(as_problem(error) or Problem())
        if self._lanes is None:
            self.open()
        lanes = self._lanes
        assert lanes is not None  # noqa: S101 - as was just seen to
        done = lanes.do(Job(work, question, deadline - time.monotonic()))
        there = asyncio.wrap_future(done)
        there.add_done_callback(lambda _: self._turns.give(client))
        late = max(0, deadline - time.monotonic()) + _PATIENCE
        try:
            return await asyncio.wait_for(asyncio.shield(there), late)
        except TimeoutError:
            lanes.abandon(done)
            return _LATE

    async def _answer(self, work: Work, request: Request) -> Response:
        language = preferred_language(request)
        commit = self._newest()
        tag = _tag(commit, language)
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag})
        self._cache.begin(commit)
        key = (request.scope["path"], request.scope["query_string"].decode("latin-1"), language)
        kept: Response | Problem | None = self._cache.get(key)
        while kept is None:  # who asks the same at the same time waits for the same answer
            flight = self._flights.get((*key, commit))
            if flight is None:
                kept = await self._fly(work, request, key, commit)
                break
            kept = await asyncio.shield(flight)
            if isinstance(kept, Problem) and kept.kind in _CROWDED:
                kept = None  # that was said to another client
        return self._shape(request, kept) if isinstance(kept, Problem) else kept

    def _newest(self) -> str:
        try:
            return self._current.tag()
        except IndexProblem:
            return ""  # whoever does the work says what is wrong

    async def _fly(self, work: Work, request: Request, key: tuple[str, str, str], commit: str) -> Response | Problem:
        """Have an answer made that others may wait for, and keep it."""
        *_, language = key
        flight = asyncio.get_running_loop().create_future()
        self._flights[*key, commit] = flight
        made: Response | Problem = Problem()
        try:
            question = Question(
                path=self.settings.root_path + request.scope["path"],
                given=tuple(request.query_params.multi_items()),
                path_values=dict(request.path_params),
                language=language,
            )
            outcome, of = await self.do(work, question, client_of_request(request))
            if isinstance(outcome, Answer):
                made = _kept(outcome, of, language)
                if of == self._newest():
                    self._cache.begin(of)  # it may have come while this was asked
                    self._cache.put(key, made)
            else:
                made = outcome
        finally:
            del self._flights[*key, commit]
            flight.set_result(made)
        return made


def _kept(answer: Answer, commit: str, language: str) -> Response:
    """Return an answer as it goes out, to whoever asks for it."""
    return Response(
        answer.body,
        headers={
            "ETag": _tag(commit, language),
            "Cache-Control": "no-cache",  # ask whether it is still so
            "Vary": "Accept-Language",
            "Content-Type": answer.media_type,
            **answer.headers,
        },
    )


def _tag(commit: str, language: str) -> str:
    return f'W/"{commit}-{language}"'


def client_of_request(request: Request) -> str:
    """Return what counts as one client."""
    return client_of(request.client.host) if request.client else ""


def preferred_language(request: Request) -> str:
    """Return the language a browser prefers: English only where it stands before Chinese."""
    accepted = request.headers.get("accept-language", "")
    wanted: list[tuple[float, int, str]] = []
    for at, part in enumerate(accepted.lower().split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), at, name[:2]))
        except ValueError:
            continue
    return next((name for _, _, name in sorted(wanted) if name in ("zh", "en")), "zh")
