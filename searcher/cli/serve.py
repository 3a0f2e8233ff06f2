"""`searcher serve`: the page and the API."""

from importlib.util import find_spec
from pathlib import Path

import click

from searcher.cli._common import Seconds, index_option
from searcher.errors import UsageError

__all__ = ["command"]

_NEEDED = ("jinja2", "starlette", "uvicorn")


@click.command("serve")
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 is any that is free."
)
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that search.")
@click.option("--root-path", default="", metavar="PATH", help="Where a proxy mounts it, as in /search.")
@click.option("--timeout", type=Seconds(min=0.01), default=5.0, show_default=True, help="Seconds for a request.")
@click.option(
    "--per-client", type=click.IntRange(min=1), default=16, show_default=True, help="Requests of one client at once."
)
@click.option(
    "--trust-proxy", "proxies", multiple=True, metavar="ADDRESS",
    help="A proxy whose X-Forwarded-For says who asks; again for more.",
)  # fmt: skip
@click.option("--outline", is_flag=True, help="Also read files that are sent to /api/v1/outline.")
def command(
    folder: Path,
    *,
    host: str,
    port: int,
    workers: int,
    root_path: str,
    timeout: float,
    per_client: int,
    proxies: tuple[str, ...],
    outline: bool,
) -> None:
    """Open the index in a browser, and to programs over HTTP.

    Prints the address; follows new commits; ends with Ctrl-C. The access log goes to standard error.

    \b
    Example:
      searcher serve
      searcher serve --port 8080 --workers 2
    """
    if not all(map(find_spec, _NEEDED)):
        raise UsageError("The page needs the extra `web`: run `pip install 'searcher[web]'`")
    from searcher.web import Settings, serve  # noqa: PLC0415 - other installations do not have what it imports

    mounted = f"/{root_path.strip('/')}" if root_path.strip("/") else ""
    settings = Settings(
        folder, root_path=mounted, outline=outline, timeout=timeout, workers=workers, per_client=per_client
    )
    serve(settings, host, port, proxies)
