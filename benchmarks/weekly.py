"""Ten years of weekly updates beside a fresh build of the same files: segments, size, and time per query.

    python benchmarks/weekly.py FOLDER [--weeks 520] [--new 10] [--changed 1]

FOLDER holds report files, as many as weeks × new at least. Each week some arrive and some of those before change.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import searcher
from searcher import Index

QUERIES = (
    "教育",
    "民生 就业",
    '"完成投资"',
    "安全生产 资金监管",
    "城乡一体化",
    "同比增长 -教育",
    "年份:2006 水利",
    "依法行政水平",
)
ROUNDS = 15


def main() -> None:
    """Build both, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weeks", type=int, default=520)
    parser.add_argument("--new", type=int, default=10)
    parser.add_argument("--changed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(1)  # noqa: S311 - a seeded sample
    files = sorted(options.folder.iterdir())[: options.weeks * options.new]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        reports = root / "reports"
        reports.mkdir()
        started = time.perf_counter()
        for week in range(options.weeks):
            arriving = files[week * options.new : (week + 1) * options.new]
            for path in arriving:
                shutil.copy(path, reports)
            for path in chance.sample(sorted(reports.iterdir()), options.changed):
                path.write_text(path.read_text("utf-8") + f"\n第{week}周补充：有关情况另行报告。\n", "utf-8")
            list(searcher.ingest([reports], index=root / "weekly"))
        print(f"{options.weeks} weeks of {options.new} new and {options.changed} changed files")
        print(f"a week took {(time.perf_counter() - started) / options.weeks:.2f} s")
        list(searcher.ingest([reports], index=root / "fresh"))
        compare(root / "weekly", root / "fresh")


def compare(weekly: Path, fresh: Path) -> None:
    """Print segments, sizes and times, the rounds of both taking turns."""
    with Index.open(weekly) as one, Index.open(fresh) as other:
        assert one.statistics().paragraphs == other.statistics().paragraphs  # noqa: S101 - else nothing is compared
        sizes = one.statistics().bytes, other.statistics().bytes
        segments = [len(list(folder.glob("*.arrays"))) for folder in (weekly, fresh)]
        ratios = []
        for query in QUERIES:
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(ROUNDS):
                for index, told in zip((one, other), times, strict=True):
                    began = time.perf_counter()
                    index.search(query)
                    told.append(time.perf_counter() - began)
            medians = [statistics.median(told) * 1000 for told in times]
            ratios.append(medians[0] / medians[1])
            print(f"{query:<20} {medians[0]:6.1f} ms  fresh {medians[1]:6.1f} ms  {ratios[-1]:.2f}")
        print(f"paragraphs {one.statistics().paragraphs}; segments {segments[0]}, fresh {segments[1]}")
        print(f"size {sizes[0] / 1e6:.1f} MB, fresh {sizes[1] / 1e6:.1f} MB: {sizes[0] / sizes[1]:.2f}")
        print(f"time per query: {statistics.geometric_mean(ratios):.2f} of fresh (geometric mean of medians)")


if __name__ == "__main__":
    main()
