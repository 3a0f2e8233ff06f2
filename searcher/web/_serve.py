"""A socket, some workers, and an end without loose ends."""

import os
import signal
import socket
import sys
from collections.abc import Sequence
from functools import partial
from types import FrameType

import uvicorn

from searcher.errors import UsageError
from searcher.index import Index
from searcher.web._app import create_app
from searcher.web._settings import Settings

__all__ = ["serve"]

_BACKLOG = 2048
_SWITCH = 0.001  # seconds until a thread that searches lets the one that answers go first
_GRACE = 5  # seconds that requests at work have to end
_LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
    "loggers": {
        "searcher.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def serve(settings: Settings, host: str, port: int, proxies: Sequence[str] = ()) -> None:
    """Serve an index until told to stop (SIGINT, SIGTERM); raise `UsageError` where nobody can listen there.

    What `proxies` (addresses, networks, or *) say of who asks through them, by X-Forwarded-For, is believed.
    """
    Index.open(settings.folder).close()  # what is wrong with it is told now, not to the first visitor
    listening = _listen(host, port)
    config = uvicorn.Config(
        partial(create_app, settings),
        factory=True,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        log_config=_LOGGING,
        access_log=False,  # `Guard` writes one that knows how long it took
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        backlog=_BACKLOG,
    )
    sys.setswitchinterval(_SWITCH)
    signal.signal(signal.SIGTERM, _ended)  # uvicorn raises again what it was told to end by
    sys.stdout.write(f"http://{_name(host)}:{listening.getsockname()[1]}{settings.root_path}/\n")
    sys.stdout.flush()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # likewise: everything has ended by now
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        raise UsageError(f"Cannot listen on {host}, port {port}: {reason}. Choose another --host or --port") from error
    return listening


def _ended(_number: int, _frame: FrameType | None) -> None:
    """Take a signal for what it was: the wish to end, which has been granted."""


def _name(host: str) -> str:
    return f"[{host}]" if ":" in host else host
