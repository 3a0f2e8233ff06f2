"""A history of commits that is always the same: whoever knows a commit's number knows what must be found.

Run as a script it is what the fault tests kill: told a folder and how many seconds a writer shall live, line by line,
it forks a writer, kills it, and prints the last commit that the writer said it had made, and how it ended.
"""

import os
import random
import signal
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from searcher import Index, Metadata, Paragraph, Report
from searcher.analysis import analyzer
from searcher.catalogue import Catalogue, KnownFile
from searcher.engines import Request, make_batch
from searcher.query.terms import And, Everything, Not, Phrase, Word
from tests.engines.strategies import PIECES
from tests.oracle import Oracle

TREES = (
    Everything(),
    Word("改革"),
    Word("人民"),
    Phrase(("改", "革", "开", "放")),
    Phrase(("5.5", "%")),
    Phrase(("中",)),
    And((Word("教育"), Not(Phrase(("北", "京"))))),
)


def change(number):
    """Return what a commit adds and what it removes; the first commit is 1."""
    chance = random.Random(number)
    chosen = {f"r{chance.randrange(30)}" for _ in range(chance.randrange(1, 6))}
    removed = {f"r{chance.randrange(30)}" for _ in range(chance.randrange(3))} - chosen
    return [_report(name, number, chance) for name in sorted(chosen)], sorted(removed)


def _report(name, number, chance):
    texts = ["".join(chance.choices(PIECES, k=8)) for _ in range(chance.randrange(1, 5))]
    paragraphs = tuple(Paragraph(name, ordinal, text) for ordinal, text in enumerate(texts))
    return Report(name, Metadata(title=f"第{number}号改革", year=number), paragraphs=paragraphs)


@cache
def state(number):
    """Return the reports that are there after a commit, by id."""
    if not number:
        return {}
    added, removed = change(number)
    held = {name: report for name, report in state(number - 1).items() if name not in removed}
    return held | {report.id: report for report in added}


@cache
def expected(number):
    """Return the reports after a commit, the paragraphs that match each of `TREES`, and the catalogue."""
    oracle = Oracle(analyzer(), state(number).values())
    return dict(state(number)), tuple(frozenset(oracle.matches(tree)) for tree in TREES), catalogue(number)


def told(index):
    """Return what an index says: its reports, the paragraphs that match each of `TREES`, and its catalogue."""
    reports = {record.id: index.report(record.id) for record in index.reports()}
    found = (index._engine.search(Request(tree, limit=1000)) for tree in TREES)
    matching = tuple(frozenset(f"{report}#{ordinal}" for report, ordinal in answer.ids) for answer in found)
    return reports, matching, index._engine.catalogue()


def catalogue(number):
    """Return what is kept with a commit."""
    if not number:
        return b""
    path = f"/{number}.txt"
    return Catalogue({path: KnownFile(path, "/", path[1:], number, number, "", "indexed")}).dump()


def commit(writer, number, *, merge=True):
    """Make one commit of the history."""
    added, removed = change(number)
    writer.remove(removed)
    writer.add(make_batch(added, analyzer()))
    writer.keep(catalogue(number))
    writer.commit(merge=merge)


def write(folder, said, last=1 << 30):
    """Go on with the history from where an index has it, and say which commits were made."""
    with Index.create(folder) as index, index.writer() as writer:
        index.refresh()
        for number in range(index._engine.generation + 1, last + 1):
            commit(writer, number, merge=number % 3 == 0 or number == last)  # nothing is left for the end
            os.write(said, b"%d\n" % number)


def _main():
    with tempfile.TemporaryDirectory() as folder:  # what is loaded before the fork is loaded once
        write(Path(folder) / "index", os.open(os.devnull, os.O_WRONLY), 2)
    for line in sys.stdin:
        folder, seconds = line.rstrip("\n").split("\t")
        read, said = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            write(Path(folder), said)
        os.close(said)
        time.sleep(float(seconds))
        os.kill(child, signal.SIGKILL)
        with os.fdopen(read, "rb") as heard:
            commits = heard.read().split()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{int(commits[-1]) if commits else -1} {status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
