"""The application: which address is answered by what, and how what goes wrong is told."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from searcher.errors import IndexProblem, NotFound, QueryError, UsageError
from searcher.web import _api, _pages
from searcher.web._answering import Busy, Desk
from searcher.web._guard import Guard
from searcher.web._openapi import document
from searcher.web._settings import Settings

__all__ = ["create_app"]

_API = "/api/v1"
_HERE = Path(__file__).parent
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (QueryError, 400),
    (UsageError, 400),
    (NotFound, 404),
    (Busy, 503),
    (TimeoutError, 503),
    (IndexProblem, 503),
)
_Told = dict[str, dict[str, Any]]
_UNEXPECTED: _Told = {"error": {"kind": "internal", "message": "Something went wrong here"}}
_LATER = "1"  # seconds, for Retry-After


def create_app(settings: Settings) -> ASGIApp:
    """Return the web application over the index in a folder, as an ASGI application."""
    desk = Desk(settings)

    async def outline(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > settings.largest_file:
            raise UsageError(f"Send a file of no more than {settings.largest_file:,} bytes, with its Content-Length")
        data = await request.body()
        name = request.query_params.get("name", "report.txt")
        return Response(await desk.turn(partial(_api.read_file, name, data)), media_type=_api.JSON)

    async def health(_request: Request) -> Response:
        generation = (await desk.turn(desk.current.index)).generation
        return JSONResponse({"status": "ok", "generation": generation})

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
        await to_thread.run_sync(desk.current.index)  # the first request does not wait for it
        yield

    app = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _http_error,
            Exception: partial(_told, 500),
            **{kind: partial(_told, status) for kind, status in _STATUS},
        },
        lifespan=opened,
    )
    app.state.settings = settings
    return Guard(app, settings.root_path)


async def _told(status: int, request: Request, error: Exception) -> Response:
    expected = status != 500  # noqa: PLR2004 - the one status of what nobody expected
    told = _api.as_error(error) if expected else _UNEXPECTED
    headers = {"Retry-After": _LATER} if status == 503 else {}  # noqa: PLR2004 - likewise
    return _shaped(request, status, told, headers)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as it is registered
    kind = error.detail.lower().replace(" ", "_")
    told: _Told = {"error": {"kind": kind, "message": f"{error.detail}: {request.method} {request.url.path}"}}
    return _shaped(request, error.status_code, told, dict(error.headers or {}))


def _shaped(request: Request, status: int, told: _Told, headers: dict[str, str]) -> Response:
    if request.url.path.startswith(("/api/", "/healthz")):
        body = json.dumps(told, ensure_ascii=False)
        return Response(body, status, {**headers, "Cache-Control": "no-store"}, _api.JSON)
    return _pages.problem(request, status, told["error"], headers)
