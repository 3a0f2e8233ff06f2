import os

import pytest

import searcher
from searcher import Index


@pytest.fixture
def folder(tmp_path):
    """Return an empty folder for report files."""
    made = tmp_path / "reports"
    made.mkdir()
    return made


@pytest.fixture
def write(folder):
    """Write a report file of some paragraphs."""

    def writing(name, *paragraphs, title="青山县工作总结"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join((title, *paragraphs)) + "\n", "utf-8")
        return path

    return writing


@pytest.fixture
def ingest(folder, tmp_path):
    """Ingest the folder; return the status of each file by its path in the folder."""

    def ingesting(*paths, **options):
        found = searcher.ingest(paths or [folder], **{"index": tmp_path / "index", **options})
        return {_name(outcome.path, folder): outcome for outcome in found}

    return ingesting


@pytest.fixture
def statuses(ingest):
    """Ingest the folder; return the status of each file by its path in the folder."""
    return lambda *paths, **options: {name: outcome.status for name, outcome in ingest(*paths, **options).items()}


@pytest.fixture
def told(tmp_path):
    """Say what an index holds: its paragraphs' texts by id."""

    def telling(folder=tmp_path / "index"):
        with Index.open(folder) as index:
            reports = [index.report(record.id) for record in index.reports()]
        return {paragraph.id: paragraph.text for report in reports for paragraph in report.paragraphs}

    return telling


@pytest.fixture
def state(tmp_path):
    """Return the bytes and times of every file of the index."""
    return lambda: {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in (tmp_path / "index").iterdir()
    }


def _name(path, folder):
    return path.removeprefix(f"{folder}{os.sep}")
