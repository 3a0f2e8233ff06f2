"""The application: which address is answered by what, and how what goes wrong is told."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from searcher.errors import UsageError
from searcher.web import _api, _pages
from searcher.web._answering import Desk, client_of_request
from searcher.web._guard import Guard
from searcher.web._openapi import document
from searcher.web._problems import Problem, as_problem
from searcher.web._settings import Settings
from searcher.web._work import Answer, Question
from searcher.wording import say

__all__ = ["create_app"]

_API = "/api/v1"
_NO_PAGE = 404
_HERE = Path(__file__).parent


def create_app(settings: Settings) -> ASGIApp:
    """Return the web application over the index in a folder, as an ASGI application."""
    desk = Desk(settings, _shaped)

    async def outline(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > settings.largest_file:
            raise UsageError(f"Send a file of no more than {settings.largest_file:,} bytes, with its Content-Length")
        name = request.query_params.get("name", "report.txt")
        asked = Question("", (), {"name": name}, "", await request.body())
        return _plain(request, (await desk.do(_api.outline, asked, client_of_request(request))).outcome)

    async def health(request: Request) -> Response:
        return _plain(request, (await desk.do(_api.health, Question("", (), {}, ""), None)).outcome)

    async def openapi(_request: Request) -> Response:
        return JSONResponse(described)

    described = document(settings)
    api = [
        Route("/search", desk.endpoint(_api.search)),
        Route("/trend", desk.endpoint(_api.trend)),
        Route("/reports/{id:path}", desk.endpoint(_api.report)),
        Route("/paragraphs/{id:path}", desk.endpoint(_api.paragraph)),
        Route("/stats", desk.endpoint(_api.stats)),
        Route("/openapi.json", openapi),
        *([Route("/outline", outline, methods=["POST"])] if settings.outline else []),
    ]
    routes = [
        Route("/", desk.endpoint(_pages.search)),
        Route("/trend", desk.endpoint(_pages.trend)),
        Route("/reports/{id:path}", desk.endpoint(_pages.report)),
        Route("/healthz", health),
        Mount(_API, routes=api),
        Mount("/static", StaticFiles(directory=_HERE / "static"), name="static"),
    ]

    @asynccontextmanager
    async def opened(_app: Starlette) -> AsyncIterator[None]:
        desk.open()
        try:
            await desk.do(_api.health, Question("", (), {}, ""), None)  # the first request does not wait for the index
            yield
        finally:
            desk.close()

    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _http_error, UsageError: _told, Exception: _told},
        lifespan=opened,
    )
    app.state.settings = settings
    return Guard(app, settings.root_path)


async def _told(request: Request, error: Exception) -> Response:
    return _shaped(request, as_problem(error) or Problem())


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as it is registered
    kind = error.detail.lower().replace(" ", "_")
    detail = f"{error.detail}: {request.method} {request.url.path}"
    said = say("no_page", detail=detail) if error.status_code == _NO_PAGE else detail
    answer = _shaped(request, Problem(error.status_code, kind, said))
    answer.headers.update(error.headers or {})
    return answer


def _plain(request: Request, outcome: Answer | Problem) -> Response:
    """Return an answer that is not kept."""
    if isinstance(outcome, Problem):
        return _shaped(request, outcome)
    return Response(outcome.body, media_type=outcome.media_type, headers={"Cache-Control": "no-store"})


def _shaped(request: Request, problem: Problem) -> Response:
    if request.url.path.startswith(("/api/", "/healthz")):
        body = json.dumps({"error": problem.told}, ensure_ascii=False)
        return Response(body, problem.status, {**problem.headers, "Cache-Control": "no-store"}, _api.JSON)
    return _pages.problem(request, problem)
