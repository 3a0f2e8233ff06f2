"""From a request to an answer: one way for pages and API, with its limits."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from searcher.errors import SearcherError
from searcher.index import Index
from searcher.web._current import Cache, Current
from searcher.web._settings import Settings

__all__ = ["Answer", "Asking", "Busy", "Desk", "Work", "preferred_language"]


class Busy(SearcherError):
    """Too many requests wait already."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request asks, as far as an answer may depend on it."""

    path: str  # where the page is, for whoever asks
    given: tuple[tuple[str, str], ...]  # the parameters of the URL, decoded
    path_values: dict[str, Any]
    language: str  # zh or en, as the browser prefers
    index: Index
    settings: Settings


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and what is said of it."""

    body: str
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


Work = Callable[[Asking], Answer]


class Desk:
    """Answers requests: those that did not change, those it has answered before, and the others in a few threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.current = Current(settings.folder)
        self._cache = Cache(settings.cache_bytes)
        self._threads = CapacityLimiter(settings.running)
        self._present = 0  # at work or waiting; changed by the event loop alone

    def endpoint(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        """Return a handler that answers by `work`."""
        return partial(self._answer, work)

    async def turn(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `work` returns
        """Do blocking work in a thread when one is free; raise `Busy` where too many wait."""
        if self._present >= self.settings.running + self.settings.waiting:
            raise Busy("Too many requests wait already: try again in a moment")
        self._present += 1
        try:
            return await to_thread.run_sync(work, limiter=self._threads)
        finally:
            self._present -= 1

    async def _answer(self, work: Work, request: Request) -> Response:
        language = preferred_language(request)
        commit = self.current.tag()
        tag = f'W/"{commit}-{language}"'
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag})
        key = (tag, request.url.path, request.url.query)
        self._cache.begin(commit)
        kept = self._cache.get(key)
        if kept is None:
            answer = await self.turn(partial(self._work, work, request, language))
            headers = {
                "ETag": tag,
                "Cache-Control": "no-cache",  # ask whether it is still so
                "Vary": "Accept-Language",
                "Content-Type": answer.media_type,
                **answer.headers,
            }
            kept = answer.body.encode(), headers
            self._cache.put(key, *kept)
        body, headers = kept
        return Response(body, headers=headers)

    def _work(self, work: Work, request: Request, language: str) -> Answer:
        return work(
            Asking(
                path=self.settings.root_path + request.url.path,
                given=tuple(request.query_params.multi_items()),
                path_values=dict(request.path_params),
                language=language,
                index=self.current.index(),
                settings=self.settings,
            )
        )


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
