"""Here are tokens, keep them; here is a tree, rank them."""

from pathlib import Path

from searcher.engines._batch import make_batch
from searcher.engines._protocol import Batch, Context, Engine, Request, Response, Writer

__all__ = ["Batch", "Context", "Engine", "Request", "Response", "Writer", "create_engine", "make_batch", "open_engine"]


def create_engine(path: Path) -> Engine:
    """Return an empty default engine in a folder, which is made where it is missing."""
    from searcher.engines.whoosh import ArrayEngine  # noqa: PLC0415 - Whoosh is loaded when it is asked for

    return ArrayEngine.create(path)


def open_engine(path: Path) -> Engine:
    """Return the default engine of a folder at its newest commit; raise `IndexMissing` or `IndexProblem`."""
    from searcher.engines.whoosh import ArrayEngine  # noqa: PLC0415 - likewise

    return ArrayEngine.open(path)
