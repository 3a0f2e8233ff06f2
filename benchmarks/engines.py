"""Search engines side by side: the same paragraphs, the same three fields, the same tokens, the same queries.

    python benchmarks/engines.py laws.jsonl.xz --out benchmarks/runs/DATE-MACHINE.json

The corpus is JSON lines (`id`, `title`, `year`, `institution`, `paragraphs`), compressed or not; titles and
institutions, which the peers would neither index nor score, are left out. The analysis is ours for every engine, stock
Whoosh's by jieba in Python. Each indexes alone, from texts in memory to an index on the disk. Peers that are not
installed are left out. Stock Whoosh takes minutes: it gets `--stock` paragraphs, and so do a second index of ours and
SQLite beside it.
"""

import argparse
import json
import lzma
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise, product
from pathlib import Path

import peers

from searcher.analysis import Analyzer, analyzer
from searcher.engines import make_batch
from searcher.model import Metadata, Paragraph, Report
from searcher.query import terms

BATCH = 64  # reports
REPEATS = 3
SLOW = 0.1  # seconds
TEXT = ("text",)


@dataclass(frozen=True)
class Query:
    """A query of a class: the tree that must match, and what scores."""

    kind: str
    text: str
    tree: terms.Node
    scoring: tuple[terms.Weighted, ...]


def main() -> None:
    """Build every engine's index, ask every engine everything, print a table, keep the figures."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("corpus", type=Path)
    options.add_argument("--out", type=Path)
    options.add_argument("--queries", type=int, default=40, help="of each class")
    options.add_argument("--stock", type=int, default=10_000, help="paragraphs for stock Whoosh; 0 leaves it out")
    options.add_argument("--limit", type=int, help="reports of the corpus to take")
    options.add_argument("--peers", nargs="*", default=["tantivy"], help="beside ours")
    options.add_argument("--keep", type=Path, help="a folder to keep the indexes in, and to find them again")
    chosen = options.parse_args()
    reports = [replace(report, metadata=Metadata()) for report in load(chosen.corpus)[: chosen.limit]]
    beside = [peer for peer in (peers.Tantivy, peers.Sqlite) if peer.name in chosen.peers]
    folder = chosen.keep or Path(tempfile.mkdtemp())
    run = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "paragraphs": sum(len(report.paragraphs) for report in reports),
        "text_bytes": sum(len(p.text.encode()) for report in reports for p in report.paragraphs),
        **compare(reports, [peers.Ours, *beside], folder / "all", chosen.queries),
    }
    if chosen.stock:
        few = first(reports, chosen.stock)
        run["stock"] = compare(
            few, [peers.Ours, peers.StockWhoosh, peers.Sqlite], folder / "stock", max(chosen.queries // 4, 3)
        )
    if not chosen.keep:
        shutil.rmtree(folder)
    report(run)
    if chosen.out:
        chosen.out.parent.mkdir(parents=True, exist_ok=True)
        chosen.out.write_text(json.dumps(run, ensure_ascii=False, indent=1) + "\n")


def load(path: Path) -> list[Report]:
    """Read the corpus."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        Report(
            record["id"],
            Metadata(title=record["title"], year=record["year"], institution=record["institution"]),
            paragraphs=tuple(Paragraph(record["id"], n, text) for n, text in enumerate(record["paragraphs"])),
        )
        for record in records
    ]


def first(reports: list[Report], count: int) -> list[Report]:
    """Return reports up to a number of paragraphs."""
    chosen, size = [], 0
    for candidate in reports:
        if size >= count:
            break
        chosen.append(candidate)
        size += len(candidate.paragraphs)
    return chosen


def compare(reports: list[Report], kinds: list[type[peers.Peer]], folder: Path, count: int) -> dict[str, object]:
    """Index with each engine and ask each engine."""
    engines = [kind(folder / kind.name) for kind in kinds if kind.available()]
    took = {engine.name: index(engine, reports) for engine in engines if not engine.exists()}
    queries = list(make_queries(reports, analyzer(), count))
    for engine in engines:
        engine.open()
    answers, differing = ask(engines, queries)
    return {
        "indexing_s": took,
        "size_bytes": {engine.name: engine.size() for engine in engines},
        "queries": len(queries),
        "totals_that_differ": differing,
        "median_ms": {
            name: {kind: round(statistics.median(times), 3) for kind, times in kinds.items()}
            for name, kinds in answers.items()
        },
        "geometric_mean_ms": {
            name: {kind: round(statistics.geometric_mean(times), 3) for kind, times in kinds.items()}
            for name, kinds in answers.items()
        },
    }


def ask(engines: list[peers.Peer], queries: list[Query]) -> tuple[dict[str, dict[str, list[float]]], int]:
    """Return how many milliseconds the answers took by engine and class, and how many totals differ.

    All is asked once, then three times more, each time everything: what an engine keeps of the last answers helps it
    no more than it would help with as many queries of different users. The engines take turns, so that they see the
    machine alike, but each asks everything in its turn: in the caches of the processor it finds what it has left there,
    as it would alone. A time is the median of the three; what takes long is asked once.
    """
    prepared = [[engine.prepare(query.tree, query.scoring) for engine in engines] for query in queries]
    times: list[list[list[float]]] = [[[] for _ in engines] for _ in queries]
    totals: list[set[int]] = [set() for _ in queries]
    for turn, number in product(range(1 + REPEATS), range(len(engines))):
        for asked, took, total in zip(prepared, times, totals, strict=True):
            mine = took[number]
            if turn and mine[0] > SLOW:
                continue
            start = time.perf_counter()
            total.add(engines[number].ask(asked[number]))
            mine.append(time.perf_counter() - start)
    answers: dict[str, dict[str, list[float]]] = {engine.name: defaultdict(list) for engine in engines}
    for query, took in zip(queries, times, strict=True):
        for engine, mine in zip(engines, took, strict=True):
            answers[engine.name][query.kind].append(statistics.median(mine[1:] or mine) * 1e3)
    return answers, sum(len(total) > 1 for total in totals)


def index(engine: peers.Peer, reports: list[Report]) -> dict[str, float]:
    """Index reports, from texts in memory to an index on the disk; tell what took how long, by the clock.

    `analysis` is what gives the tokens; the strings that a peer needs of them are made as it is fed.
    """
    analysis, analysing = engine.analyzer(), 0.0
    analysis.analyze(["就绪"])  # the dictionary is there
    start = time.perf_counter()
    engine.begin()
    for at in range(0, len(reports), BATCH):
        analysed = time.perf_counter()
        batch = make_batch(reports[at : at + BATCH], analysis)
        analysing += time.perf_counter() - analysed
        engine.add(batch)
    engine.commit()
    return {"whole": round(time.perf_counter() - start, 2), "analysis": round(analysing, 2)}


def make_queries(reports: list[Report], analysis: Analyzer, count: int) -> list[Query]:
    """Draw queries from the text, always the same ones."""
    chance = random.Random(20240305)  # noqa: S311 - nothing secret
    texts = [p.text for report in reports for p in report.paragraphs]

    def run(size: int) -> str:
        while True:
            text = chance.choice(texts)
            if len(text) >= size:
                at = chance.randrange(len(text) - size + 1)
                found = text[at : at + size]
                if all("\u4e00" <= c <= "\u9fff" for c in found):
                    return found

    sample = analysis.analyze(chance.sample(texts, min(20_000, len(texts))))
    seen: dict[str, int] = defaultdict(int)
    for number in sample.words.ids.tolist():
        seen[sample.words.names[number]] += 1
    ranked = [word for word in sorted(seen, key=lambda word: (-seen[word], word)) if len(word) == 2]  # noqa: PLR2004
    classes = {"frequent": ranked[:60], "middling": ranked[60:600], "rare": ranked[600:6000]}
    queries = []
    for _ in range(count):
        queries += [default(f"default {size}", run(size), analysis) for size in (1, 2, 3, 4, 6, 8)]
        queries += [default(f"question {size}", run(size), analysis) for size in (20,)]
        queries += [any_of(f"any {size}", run(size), analysis) for size in (2, 4, 8)]
        for size in (2, 3, 5, 8):
            text = run(size)
            queries.append(Query(f"phrase {size}", text, terms.Phrase(tuple(text), TEXT), bigrams(tuple(text))))
        for name, words in classes.items():
            for size in (1, 2, 4):
                drawn = chance.sample(words, size)
                leaves = tuple(terms.Word(word, TEXT) for word in drawn)
                scoring = tuple(terms.Weighted("words", word) for word in drawn)
                queries.append(Query(f"AND {name} {size}", " ".join(drawn), terms.And(leaves), scoring))
                queries.append(Query(f"OR {name} {size}", " ".join(drawn), terms.Or(leaves), scoring))
    return queries


def scoring_of(text: str, analysis: Analyzer) -> tuple[terms.Weighted, ...]:
    """Return what scores for a typed run: all three fields."""
    analysed = analysis.analyze([text])
    units = tuple(token.text for token in analysed.units_of())
    words = dict.fromkeys(token.text for token in analysed.words_of())
    single = tuple(terms.Weighted("unigrams", unit) for unit in dict.fromkeys(units))
    return (*(terms.Weighted("words", word) for word in words), *bigrams(units), *single)


def bigrams(units: tuple[str, ...]) -> tuple[terms.Weighted, ...]:
    """Return the pairs of units as scoring terms."""
    return tuple(terms.Weighted("bigrams", pair) for pair in dict.fromkeys(pairwise(units)))


def default(kind: str, text: str, analysis: Analyzer) -> Query:
    """Return a typed run: the run as a phrase, or every one of its words; scored over all three fields."""
    leaves: list[terms.Leaf] = []
    end = 0
    for token in analysis.analyze([text]).words_of():
        if token.start >= end:
            end = token.end
            word = len(token.text) == 2  # noqa: PLR2004 - two characters stand as a word
            leaves.append(terms.Word(token.text, TEXT) if word else terms.Phrase(tuple(token.text), TEXT))
    tree: terms.Node = leaves[0] if len(leaves) == 1 else terms.And(tuple(leaves))
    if len(text) > 2 and len(leaves) > 1:  # noqa: PLR2004 - likewise
        tree = terms.Or((terms.Phrase(tuple(text), TEXT), tree))
    return Query(kind, text, tree, scoring_of(text, analysis))


def any_of(kind: str, text: str, analysis: Analyzer) -> Query:
    """Return a ranked query: whatever holds any of the tokens of all three fields."""
    scoring = scoring_of(text, analysis)
    leaves = [terms.Word(t.term, TEXT) for t in scoring if t.field == "words" and isinstance(t.term, str)]
    single = [terms.Phrase((t.term,), TEXT) for t in scoring if t.field == "unigrams" and isinstance(t.term, str)]
    return Query(kind, text, terms.Or((*leaves, *single)), scoring)


def report(run: dict[str, object]) -> None:
    """Print what was found."""
    for title, part in (("all", run), ("stock", run.get("stock"))):
        if not isinstance(part, dict):
            continue
        print(f"\n{title}: indexing {part['indexing_s']}, bytes {part['size_bytes']}")
        print(f"{part['queries']} queries, totals differ in {part['totals_that_differ']}; medians in ms")
        names = list(part["median_ms"])
        print(f"{'':20}" + "".join(f"{name:>12}" for name in names))
        for kind in part["median_ms"][names[0]]:
            print(f"{kind:20}" + "".join(f"{part['median_ms'][name][kind]:12.3f}" for name in names))
        defaults = {
            name: statistics.geometric_mean([v for kind, v in kinds.items() if kind.startswith("default")])
            for name, kinds in part["geometric_mean_ms"].items()
        }
        print(f"{'default, geom. mean':20}" + "".join(f"{defaults[name]:12.3f}" for name in names))


if __name__ == "__main__":
    sys.exit(main())
