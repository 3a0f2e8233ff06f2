"""Many small files, end to end, beside the engine alone on the same paragraphs; memory, cores, and a second run.

    python benchmarks/files.py laws.jsonl.xz --files 100000 --folder /tmp/files

Files of thirty paragraphs (or `--paragraphs`), texts and pages in turn, are made in the folder unless they are there:
1,800 characters; of the reports this project was tried on a quarter have fewer than 2,400.
`searcher index` reads them, twice: the second time nothing has changed. The engine alone gets the same reports, read
beforehand, in one process: they are analysed and written. Rates are compared per second of processor, which does not
depend on how many processes there are, and per second of the clock. Memory is that of the process that writes: what it
holds itself (anonymous), and with the pages of files that are mapped. Linux only: /proc tells.
"""

import argparse
import json
import lzma
import os
import resource
import shutil
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

from memory import peaks, watching

from searcher import Index
from searcher.analysis import analyzer
from searcher.engines import make_batch
from searcher.model import Report
from searcher.reading import read

BATCH = 100  # reports
LEAST = 12  # characters of a paragraph
PLACES = ("青山县", "河东县", "云岭市", "金沙区", "白水县", "长丰县", "永安市", "临江区")
OFFICES = ("教育局", "水利局", "卫生局", "交通局", "民政局", "财政局", "林业局", "统计局", "审计局", "商务局")
PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title></head>
<body><div class="nav"><a href="/">首页</a> <a href="/list">政务公开</a></div>
<div class="article"><h1>{title}</h1>
{paragraphs}
</div><div class="footer">版权所有</div></body></html>
"""


def main() -> None:
    """Measure everything once and print it."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("corpus", type=Path)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--files", type=int, default=100_000)
    options.add_argument("--paragraphs", type=int, default=30, help="of each file")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("--commit-every", type=float, default=60.0)
    options.add_argument("--no-engine", action="store_true", help="leave the engine alone out")
    chosen = options.parse_args()
    files = chosen.folder / f"{chosen.files}x{chosen.paragraphs}"
    if not files.exists():
        make(chosen.corpus, files, chosen.files, chosen.paragraphs)
    told = {}
    folder = chosen.folder / "index"
    shutil.rmtree(folder, ignore_errors=True)
    told["files"] = run(files, folder, chosen.jobs, chosen.commit_every)
    told["again"] = run(files, folder, chosen.jobs, chosen.commit_every)
    if not chosen.no_engine:
        told["engine"] = alone(files, chosen.folder / "alone")
        per_cpu, per_second = (told["engine"][name] / told["files"][name] for name in ("cpu_s", "wall_s"))
        told["of_engine"] = {"by_processor": round(per_cpu, 3), "by_clock": round(per_second, 3)}
    print(json.dumps(told, indent=1))


def make(corpus: Path, folder: Path, count: int, paragraphs: int) -> None:
    """Write files: a title, and paragraphs of the corpus in their order, as often as it takes."""
    with (
        lzma.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".xz" else corpus.open(encoding="utf-8") as lines
    ):
        texts = [text for line in lines for text in json.loads(line)["paragraphs"] if len(text) >= LEAST]
    folder.mkdir(parents=True)
    for number in range(count):
        office, year = f"{PLACES[number % 8]}{OFFICES[number // 8 % 10]}", 1995 + number // 80 % 30
        title = f"{office}{year}年第{number // 2400 + 1}号工作总结"
        at = number * paragraphs
        mine = [texts[i % len(texts)] for i in range(at, at + paragraphs)]
        if number % 2:
            marked = "\n".join(f"<p>{text}</p>" for text in mine)
            (folder / f"{number:06}.html").write_text(PAGE.format(title=title, paragraphs=marked), "utf-8")
        else:
            (folder / f"{number:06}.txt").write_text("\n\n".join((title, *mine)) + "\n", "utf-8")


def run(files: Path, index: Path, jobs: int, commit_every: float) -> dict[str, object]:
    """Run `searcher index`, and tell how long it took and what it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, "-m", "searcher", "index", files, "--index", index, "--jobs", f"{jobs}"]
    command += ["--commit-every", f"{commit_every}"]
    with (
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process,
        watching(process) as memory,
    ):
        process.wait()
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told: dict[str, object] = {"wall_s": round(wall, 2), "cpu_s": round(cpu, 2), "cores_busy": round(cpu / wall, 2)}
    told |= peaks(memory)
    told["anonymous_mb_over_time"] = [sample.anonymous for sample in memory[:: max(len(memory) // 10, 1)]]
    with Index.open(index) as opened:
        statistics = opened.statistics()
    told |= {
        "paragraphs": statistics.paragraphs,
        "paragraphs_per_s": round(statistics.paragraphs / wall),
        "exit": process.returncode,
    }
    return told


def alone(files: Path, folder: Path) -> dict[str, float]:
    """Analyse and write the reports of the files in this process; they are read before, and not timed."""
    reports: list[Report] = [report for path in sorted(files.iterdir()) for report in read(path, root=files)]
    analysis = analyzer()
    analysis.analyze(["改革"])
    shutil.rmtree(folder, ignore_errors=True)
    with Index.create(folder) as index:
        given = iter(reports)
        start, cpu = time.perf_counter(), time.process_time()
        with index.writer() as writer:
            while batch := list(islice(given, BATCH)):
                writer.add(make_batch(batch, analysis))
            writer.commit()
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    paragraphs = sum(len(report.paragraphs) for report in reports)
    return {
        "wall_s": round(wall, 2),
        "cpu_s": round(cpu, 2),
        "paragraphs": paragraphs,
        "paragraphs_per_s": round(paragraphs / wall),
    }


if __name__ == "__main__":
    main()
