"""What every test stands on."""

import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from searcher.reading import is_sidecar

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# A shell's background job ignores Ctrl-C, and all it starts would too: the tests of interruptions need it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A shared machine may stall at any moment: how long one example takes says nothing.
settings.register_profile("searcher", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("searcher")


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden rankings anew")
    parser.addoption("--thorough", action="store_true", help="try everything, not a part: takes an hour")


@pytest.fixture(scope="session")
def many(request):
    """Return how many of something to try: all of them with `--thorough`, else some."""
    return lambda everything, some: everything if request.config.getoption("--thorough") else some


@pytest.fixture(scope="session")
def shared():
    """Real reports, which are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder of real reports, ../shared, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def real_files(shared):
    """Each real file with the folder its ids are relative to."""
    roots = [shared / "seed", shared / "reports"]
    files = [(file, root) for root in roots for file in sorted(root.rglob("*")) if file.is_file()]
    return [(file, root) for file, root in files if not is_sidecar(file) and file.stem != "README"]


@pytest.fixture(scope="session")
def corpus():
    """The project's own sample reports."""
    return ROOT / "corpus"
