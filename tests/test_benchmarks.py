"""The benchmarks run, and the engines they compare count the same matches."""

import json
import subprocess
import sys

import pytest

import searcher
from tests.conftest import ROOT


@pytest.fixture
def corpus(tmp_path):
    """Return the sample reports as the benchmarks read them."""
    path = tmp_path / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for report in (report for file in sorted((ROOT / "corpus").iterdir()) for report in searcher.read(file)):
            record = {
                "id": report.id,
                "title": report.metadata.title,
                "year": report.metadata.year,
                "institution": report.metadata.institution,
                "paragraphs": [paragraph.text for paragraph in report.paragraphs],
            }
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def test_engines_count_the_same(corpus, tmp_path):
    out = tmp_path / "run.json"
    command = [sys.executable, "benchmarks/engines.py", str(corpus), "--queries", "2", "--peers", "sqlite"]
    done = subprocess.run(
        [*command, "--stock", "100", "--out", str(out)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    run = json.loads(out.read_text())
    assert run["totals_that_differ"] == run["stock"]["totals_that_differ"] == 0
    assert set(run["median_ms"]) == {"ours", "sqlite"}
    assert set(run["stock"]["median_ms"]) == {"ours", "whoosh", "sqlite"}
