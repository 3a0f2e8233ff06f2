"""What ten and a hundred times as much text does to indexing, memory, size and queries.

    python benchmarks/growth.py laws.jsonl.xz [--scales 0.1 1 10] [--out FILE]

The corpus is that of `engines.py`. Copies beyond the first are perturbed: in each paragraph every twentieth character
is drawn anew from the corpus, so that terms and frequencies grow as they do with real text. Each scale is built in a
process of its own, whose memory holds the corpus too.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import engines
import peers
from memory import peaks, watching

from searcher.analysis import analyzer
from searcher.engines import create_engine, make_batch, open_engine
from searcher.model import Report

EVERY = 20
KINDS = ("default 2", "default 4", "default 8", "phrase 5", "OR frequent 2", "OR middling 4", "AND frequent 2")


def main() -> None:
    """Measure each scale, print and keep the figures."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("corpus", type=Path)
    options.add_argument("--scales", type=float, nargs="+", default=[0.1, 1, 10])
    options.add_argument("--out", type=Path)
    options.add_argument("--one", type=float, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one is not None:
        print(json.dumps(build(chosen.corpus, chosen.one, chosen.folder)))
        return
    run = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "scales": [],
    }
    for scale in chosen.scales:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, str(chosen.corpus), "--one", str(scale), "--folder", folder]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process, watching(process) as memory:
                built = process.communicate()[0]
            found = json.loads(built) | peaks(memory) | asked(chosen.corpus, Path(folder))
        run["scales"].append(found)
        print(json.dumps(found), flush=True)
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", "utf-8")


def build(corpus: Path, scale: float, folder: Path) -> dict[str, float]:
    """Index so many times the corpus; to perturb it is not counted."""
    analysis, count, analysing, writing = analyzer(), 0, 0.0, 0.0
    with create_engine(folder / "index").writer() as writer:
        for reports in batches(engines.load(corpus), scale):
            start = time.perf_counter()
            batch = make_batch(reports, analysis)
            analysed = time.perf_counter()
            writer.add(batch)
            analysing, writing = analysing + analysed - start, writing + time.perf_counter() - analysed
            count += sum(len(report.paragraphs) for report in reports)
        start = time.perf_counter()
        writer.commit()
        writing += time.perf_counter() - start
    took = analysing + writing
    size = sum(path.stat().st_size for path in (folder / "index").iterdir())
    return {
        "paragraphs": count,
        "indexing_s": round(took, 1),
        "of_this_writing_s": round(writing, 1),
        "paragraphs_per_s": round(count / took),
        "size_mb": round(size / 1e6),
    }


def batches(reports: list[Report], scale: float) -> Iterator[list[Report]]:
    """Yield so many times the reports, copies perturbed."""
    chance = random.Random(20240305)  # noqa: S311 - nothing secret
    letters = "".join(p.text for report in chance.sample(reports, len(reports) // 10) for p in report.paragraphs)
    letters = "".join(char for char in letters if "\u4e00" <= char <= "\u9fff")
    for copy in range(max(1, int(scale))):
        some = reports[: int(len(reports) * min(scale, 1))]
        for at in range(0, len(some), engines.BATCH):
            batch = some[at : at + engines.BATCH]
            yield batch if not copy else [perturbed(report, copy, chance, letters) for report in batch]


def perturbed(report: Report, copy: int, chance: random.Random, letters: str) -> Report:
    """Return a copy of a report with another id and other characters here and there."""
    name = f"{report.id}-{copy}"
    paragraphs = []
    for paragraph in report.paragraphs:
        text = list(paragraph.text)
        for at in range(chance.randrange(EVERY), len(text), EVERY):
            if "\u4e00" <= text[at] <= "\u9fff":
                text[at] = letters[int(chance.random() * len(letters))]
        paragraphs.append(replace(paragraph, report_id=name, text="".join(text)))
    return replace(report, id=name, paragraphs=tuple(paragraphs))


def asked(corpus: Path, folder: Path) -> dict[str, object]:
    """Return how long queries take: the medians of two turns after a first one."""
    queries = [q for q in engines.make_queries(engines.load(corpus), analyzer(), 20) if q.kind in KINDS]
    engine = open_engine(folder / "index")
    times: dict[str, list[float]] = defaultdict(list)
    for turn in range(3):
        for query in queries:
            start = time.perf_counter()
            engine.search(peers.Request(query.tree, query.scoring, limit=peers.TOP))
            if turn:
                times[query.kind].append((time.perf_counter() - start) * 1e3)
    engine.close()
    return {"median_ms": {kind: round(statistics.median(found), 2) for kind, found in times.items()}}


if __name__ == "__main__":
    main()
