"""How long a search takes as a user of the library or of the command line meets it.

    python benchmarks/latency.py INDEX [--queries N] [--out FILE]

Queries are drawn from the texts of the index, always the same ones. `Index.search` gives ten hits with snippets, warm,
one query after the other. Parsing is timed alone. Then whole processes, in turns: `searcher search`, and an interpreter
that only imports what any search has to import. Linux only: /proc tells how much memory searching takes.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

from searcher import Index
from searcher.analysis import is_han
from searcher.query import parse

REPORTS = 300  # whose texts queries are drawn from
TURNS = 3
PAIR = 2  # characters of most words
PROCESSES = 15
PARSES = 1000
TYPED = [
    "民生",
    "（就业 OR 教育） -疫情",
    'year:[2004 TO 2008] "高质量 发展"~5 标题：规划',
    "碳中* 机构:教育局 2004..2008",
]
ASK = r"""
import json, re, sys
from pathlib import Path
from searcher import Index
with Index.open(sys.argv[1]) as index:
    for query in json.load(sys.stdin):
        index.search(query)
# Linux counts as `ru_maxrss` what the process that started this one has.
print(int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) >> 10)
"""
BARE = "import numpy, click, whoosh, rjieba"


def main() -> None:
    """Measure, print, and keep the figures."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("index", type=Path)
    options.add_argument("--queries", type=int, default=300, help="of each class")
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()
    with Index.open(chosen.index) as index:
        classes = draw(index, chosen.queries)
        run = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "paragraphs": index.statistics().paragraphs,
            "warm_ms": warm(index, classes),
        }
    run["memory_peak_mb"] = memory(chosen.index, list(chain.from_iterable(classes.values())))
    run["parsing_ms"] = parsing()
    run["cold_s"] = cold(chosen.index, classes["up to 12 characters"][0])
    print(json.dumps(run, ensure_ascii=False, indent=1))
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n", "utf-8")


def draw(index: Index, count: int) -> dict[str, list[str]]:
    """Return the queries: runs of Han characters, and two to four words of a paragraph."""
    chance = random.Random(20240305)  # noqa: S311 - nothing secret
    ids = [report.id for report in index.reports()]
    reports = [index.report(name) for name in chance.sample(ids, min(REPORTS, len(ids)))]
    texts = [paragraph.text for paragraph in chain.from_iterable(report.paragraphs for report in reports)]

    def run(fewest: int, most: int) -> str:
        while True:
            size = chance.randint(fewest, most)
            text = chance.choice(texts)
            at = chance.randrange(max(len(text) - size, 1))
            found = text[at : at + size]
            if len(found) == size and all(map(is_han, found)):
                return found

    def words() -> str:
        while True:
            found = sorted({word.text for word in index.analyzer.analyze([chance.choice(texts)]).words_of()})
            found = [word for word in found if len(word) == PAIR and all(map(is_han, word))]
            size = chance.randint(2, 4)
            if len(found) >= size:
                return " ".join(chance.sample(found, size))

    return {
        "up to 12 characters": [run(1, 12) if number % 2 else words() for number in range(count)],
        "20 to 40 characters": [run(20, 40) for _ in range(count)],
    }


def warm(index: Index, classes: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Return the median, the 90th and the 99th percentile of each class, each query's time the median of its turns."""
    every = list(chain.from_iterable(classes.values()))
    times: dict[str, list[float]] = {query: [] for query in every}
    for turn in range(1 + TURNS):
        for query in every:
            took = timed(partial(index.search, query))
            if turn:
                times[query].append(took * 1e3)
    found = {}
    for name, queries in classes.items():
        here = sorted(statistics.median(times[query]) for query in queries)
        found[name] = {
            "median": round(statistics.median(here), 2),
            "p90": round(here[int(len(here) * 0.9)], 2),
            "p99": round(here[int(len(here) * 0.99)], 2),
        }
    return found


def memory(index: Path, queries: list[str]) -> int:
    """Return how much memory a process has at most that asks the queries: MB, the pages of mapped files included."""
    command = [sys.executable, "-c", ASK, str(index)]
    return int(subprocess.run(command, input=json.dumps(queries), stdout=subprocess.PIPE, text=True, check=True).stdout)


def parsing() -> dict[str, float]:
    """Return the median of each typed query."""
    return {
        query: round(statistics.median(timed(partial(parse, query)) for _ in range(PARSES)) * 1e3, 3) for query in TYPED
    }


def cold(index: Path, query: str) -> dict[str, float]:
    """Return the medians of whole processes; all but the first find the byte code of what they import."""
    search = [str(Path(sysconfig.get_path("scripts"), "searcher")), "search", query, "--index", str(index)]
    commands = {"bare imports": [sys.executable, "-c", BARE], "searcher search": search}
    times: dict[str, list[float]] = {name: [] for name in commands}
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for turn in range(1 + PROCESSES):
        for name, command in commands.items():
            took = timed(partial(subprocess.run, command, env=env, capture_output=True, check=False))
            if turn:
                times[name].append(took)
    found = {name: round(statistics.median(took), 3) for name, took in times.items()}
    return found | {"ratio": round(found["searcher search"] / found["bare imports"], 2)}


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
