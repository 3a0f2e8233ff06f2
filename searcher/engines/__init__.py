"""Here are tokens, keep them; here is a tree, rank them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from searcher.engines._batch import make_batch, select
from searcher.engines._bounded import until
from searcher.engines._protocol import Batch, Context, Engine, Reader, Request, Response, Writer
from searcher.model import Checkup, Report

__all__ = [
    "Batch",
    "Context",
    "Engine",
    "Reader",
    "Request",
    "Response",
    "Writer",
    "check_engine",
    "create_engine",
    "generation_in",
    "make_batch",
    "open_engine",
    "rebuild_engine",
    "repair_engine",
    "select",
    "until",
]


def create_engine(path: Path, describe: Callable[[], None] | None = None) -> Engine:
    """Return an empty default engine in a folder, which is made where it is missing.

    `describe` is called before it is there, while nobody else makes one or writes. Raises `IndexLocked`.
    """
    from searcher.engines.whoosh import ArrayEngine  # noqa: PLC0415 - Whoosh is loaded when it is asked for

    return ArrayEngine.create(path, describe)


def open_engine(path: Path) -> Engine:
    """Return the default engine of a folder at its newest commit; raise `IndexMissing` or `IndexProblem`."""
    from searcher.engines.whoosh import ArrayEngine  # noqa: PLC0415 - likewise

    return ArrayEngine.open(path)


def rebuild_engine(path: Path, wait: float = 0.0) -> Writer:
    """Return a writer whose first commit takes the place of all that the default engine has in a folder."""
    from searcher.engines.whoosh import ArrayEngine  # noqa: PLC0415 - likewise

    return ArrayEngine.rebuild(path, wait)


def generation_in(path: Path) -> int:
    """Return the number of the newest commit in a folder, opening nothing; raise `IndexMissing` or `IndexDamaged`."""
    from searcher.engines.whoosh._commits import newest_generation  # noqa: PLC0415 - likewise

    return newest_generation(path)


def check_engine(path: Path) -> Checkup:
    """Read everything in the folder of the default engine, and say what is wrong; raise `IndexMissing`."""
    from searcher.engines.whoosh._checkup import check  # noqa: PLC0415 - likewise

    return check(path)


def repair_engine(
    path: Path,
    make_batch: Callable[[Sequence[Report]], Batch],
    reconcile: Callable[[bytes, Mapping[str, str]], bytes],
    wait: float = 0.0,
) -> Checkup:
    """Keep what is sound in the folder of the default engine; what can be read of the rest is indexed again.

    `reconcile` returns the catalogue that agrees with the reports that are there then, given as files by id.
    """
    from searcher.engines.whoosh._checkup import repair  # noqa: PLC0415 - likewise

    return repair(path, make_batch, reconcile, wait)
