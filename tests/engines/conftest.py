from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from searcher.analysis import analyzer
from searcher.engines import Engine, create_engine, make_batch
from searcher.engines.whoosh import ArrayEngine
from searcher.model import Report


class Unmerged(ArrayEngine):
    """The default engine, each commit a segment."""

    policy = staticmethod(lambda shards: [])  # noqa: ARG005 - the policy's signature


class Merged(ArrayEngine):
    """The default engine, always one segment."""

    policy = staticmethod(lambda shards: shards)


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "whoosh": create_engine,
    "unmerged": Unmerged.create,
    "merged": Merged.create,
}


@pytest.fixture(params=ENGINES)
def create(request) -> Callable[[Path], Engine]:
    """Make an empty engine of each kind."""
    return ENGINES[request.param]


@pytest.fixture
def engine(create, tmp_path) -> Iterator[Engine]:
    """Return an empty engine in a folder of its own."""
    made = create(tmp_path / "index")
    yield made
    made.close()


def commit(engine: Engine, reports: Iterable[Report] = (), remove: Iterable[str] = ()) -> Engine:
    """Return a view of the engine with reports added and removed."""
    with engine.writer() as writer:
        writer.remove(list(remove))
        writer.add(make_batch(list(reports), analyzer()))
    return engine.refresh()
