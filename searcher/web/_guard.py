"""Around everything: the headers that keep a page inert, and the access log."""

import logging
import time
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guard"]

_LOG = logging.getLogger("searcher.access")
_LONGEST_URL = 16_000  # bytes behind the question mark
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # what was searched is nobody else's business
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_RAW = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_TOO_LONG = b'{"error": {"kind": "too_long", "message": "The address is too long: ask for less at once"}}'


class Guard:
    """Sets the headers of every response, refuses addresses that are too long, and logs a line for each request.

    A proxy may mount the application under a path, and take that away or not: the application never sees it.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._root and f"{scope['path']}/".startswith(f"{self._root}/"):
            scope = {**scope, "path": scope["path"].removeprefix(self._root) or "/"}
        started = time.perf_counter()
        status = size = 0

        async def guarded(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], *_RAW]}
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            if len(scope["query_string"]) > _LONGEST_URL:
                await _refuse(guarded)
            else:
                await self._app(scope, receive, guarded)
        finally:
            if _LOG.isEnabledFor(logging.INFO):
                _log(scope, status, size, (time.perf_counter() - started) * 1000)


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_TOO_LONG)).encode())]
    await send({"type": "http.response.start", "status": 414, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_LONG})


def _log(scope: Scope, status: int, size: int, took: float) -> None:
    client = (scope.get("client") or ("-",))[0]
    asked = scope["query_string"].decode("latin-1")
    path = quote(scope["path"]) + (f"?{quote(asked, safe='%&=+;,:/')}" if asked else "")  # one line, whatever is asked
    _LOG.info('%s "%s %s" %d %d %.1fms', client, scope["method"], path, status, size, took)
