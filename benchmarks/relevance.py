"""How well hits are ranked: nDCG@10 on judged sets, beside each single analyzer.

    python benchmarks/relevance.py FOLDER [--set NAME]… [--queries N] [--baselines [FIELD…]] [--json FILE]

A set is a folder with `corpus.jsonl`, `qrels.tsv` and one or more `queries*.jsonl`, plain or xz-compressed. Each is
ingested by `searcher.ingest` and asked through `Index.search(match="any", per_report=1)`, as a user of the library
would. A baseline is the same search, scored by one analyzer alone: words, bigrams, unigrams, or the last two together.
"""

import argparse
import json
import lzma
import math
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import searcher
import searcher.index
from searcher.query import Rewritten

DEPTH = 10
RESAMPLES = 2000
BASELINES = ("words", "bigrams", "unigrams", "unigrams+bigrams")

Scores = dict[str, float]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", dest="sets", action="append")
    parser.add_argument("--queries", type=int, help="a seeded sample of so many")
    parser.add_argument("--baselines", nargs="*", metavar="FIELD", help="measure single analyzers too, or those named")
    parser.add_argument("--indexes", type=Path, help="keep the indexes in this folder, and use those that are there")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = []
    names = options.sets or sorted(path.parent.name for path in options.folder.glob("*/qrels.tsv*"))
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            index = index_of(options.folder / name, (options.indexes or Path(scratch)) / name)
            for row in measure(
                index,
                options.folder / name,
                options.queries,
                baselines=BASELINES if options.baselines == [] else options.baselines or (),
            ):
                found.append(row)
                print(json.dumps(row, ensure_ascii=False), flush=True)
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


def index_of(folder: Path, path: Path) -> Path:
    """Ingest a set's corpus."""
    if not path.exists():
        with tempfile.TemporaryDirectory() as scratch:
            corpus = Path(scratch, "corpus.jsonl")
            corpus.write_bytes(read(folder / "corpus.jsonl"))
            outcomes = list(searcher.ingest([corpus], index=path, duplicates="keep"))
        assert [outcome.status for outcome in outcomes] == ["indexed"], outcomes  # noqa: S101 - nothing to measure else
    return path


def read(path: Path) -> bytes:
    """Return a file's bytes, plain or from `.xz`."""
    return path.read_bytes() if path.exists() else lzma.decompress(Path(f"{path}.xz").read_bytes())


def measure(path: Path, folder: Path, sample: int | None, *, baselines: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield a row per query file."""
    judged: dict[str, dict[str, int]] = {}
    for line in read(folder / "qrels.tsv").decode().splitlines():
        query, document, grade = line.split("\t")
        if grade.isdigit():
            judged.setdefault(query, {})[document] = int(grade)
    for file in sorted(path.name.removesuffix(".xz") for path in folder.glob("queries*.jsonl*")):
        rows = map(json.loads, read(folder / file).decode().splitlines())
        queries = {str(row["id"]): row["text"] for row in rows if str(row["id"]) in judged}
        if sample:
            queries = dict(random.Random(1).sample(sorted(queries.items()), min(sample, len(queries))))  # noqa: S311
        started = time.perf_counter()
        ours = run(path, queries, judged)
        took = time.perf_counter() - started
        row = {"set": f"{folder.name}/{file}", "queries": len(queries), "ours": mean(ours)}
        row["ms"] = round(took / len(queries) * 1000, 1)
        for name in baselines:
            alone = run(path, queries, judged, lambda rewritten, field=name: only(rewritten, field))
            row[name] = mean(alone)
            row[f"{name}_p"] = bootstrap(ours, alone)
        yield row


def run(
    path: Path,
    queries: dict[str, str],
    judged: dict[str, dict[str, int]],
    change: Callable[[Rewritten], Rewritten] | None = None,
) -> Scores:
    """Return nDCG@10 of each query."""
    original = searcher.index.rewrite
    if change:
        searcher.index.rewrite = lambda *args, **options: change(original(*args, **options))  # type: ignore[assignment]
    try:
        with searcher.Index.open(path) as index:
            return {name: ndcg(ranked(index, text), judged[name]) for name, text in queries.items()}
    finally:
        searcher.index.rewrite = original


def ranked(index: searcher.Index, text: str) -> list[str]:
    """Return the reports that answer a question, best first. A question is text: nothing in it is an operator."""
    plain = "".join(char if char.isalnum() else " " for char in text)
    query = " ".join(f"\\{word}" if word in ("AND", "OR", "NOT", "与", "或", "非") else word for word in plain.split())
    return [hit.report_id for hit in index.search(query, match="any", per_report=1, limit=DEPTH).hits]


def only(rewritten: Rewritten, field: str) -> Rewritten:
    """Score by one field, or by those that a `+` joins."""
    return replace(rewritten, scoring=tuple(term for term in rewritten.scoring if term.field in field.split("+")))


def ndcg(ranking: list[str], grades: dict[str, int]) -> float:
    """Return nDCG@10 with exponential gain (Burges et al. 2005)."""
    gain = sum((2 ** grades.get(name, 0) - 1) / math.log2(rank + 2) for rank, name in enumerate(ranking))
    best = sorted(grades.values(), reverse=True)[:DEPTH]
    ideal = sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(best))
    return gain / ideal if ideal else 0.0


def mean(scores: Scores) -> float:
    """Return the mean, to four places."""
    return round(sum(scores.values()) / len(scores), 4)


def bootstrap(ours: Scores, theirs: Scores) -> float:
    """Return the share of paired resamples in which ours is not better (Efron & Tibshirani 1993)."""
    gaps = [ours[name] - theirs[name] for name in ours]
    pick = random.Random(1)  # noqa: S311 - a seeded resample
    worse = sum(sum(pick.choices(gaps, k=len(gaps))) <= 0 for _ in range(RESAMPLES))
    return round(worse / RESAMPLES, 4)


if __name__ == "__main__":
    main()
