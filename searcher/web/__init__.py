"""How is it asked for in a browser, and over HTTP? Pages and an API over an index; needs the extra `searcher[web]`."""

from searcher.web._app import create_app
from searcher.web._serve import serve
from searcher.web._settings import Settings

__all__ = ["Settings", "create_app", "serve"]
