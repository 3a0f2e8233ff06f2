"""Whatever happens to files between the runs, an index says what one that is built afresh says."""

import json
import os
from collections import Counter
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, note, settings
from hypothesis import strategies as st

import searcher
from searcher import Index, doctor

TEXTS = [
    "\n\n".join(f"第{number}项{word}工作已经完成，全年投入资金{number}百万元，群众反映良好。" for number in range(4))
    for word in ("教育", "水利", "民政", "交通")
]
NAMES = ("a.txt", "b.txt", "c.txt", "d.jsonl", "e.jsonl")
IDS = ("r1", "r2", "r3")

FURNITURE = "欢迎访问青山县人民政府网站"
TEXTS += [f"{text}\n\n{FURNITURE}" for text in TEXTS[:2]]  # the same with other furniture

texts = st.sampled_from(TEXTS)
records = st.dictionaries(st.sampled_from(IDS), texts, min_size=1)
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), texts, records),
    st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("swap"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
)
_TIMES = count(1_000_000_000)  # no two files with the same time: the clock of a file system is slower than a test


def take(folder, step):
    """Take a step, where it can be taken."""
    what, name, *rest = step
    path = folder / name
    if what == "write":
        text, several = rest
        if name.endswith(".jsonl"):
            lines = [{"id": one, "paragraphs": text.split("\n\n")} for one, text in several.items()]
            text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        path.write_text(text, "utf-8")
        os.utime(path, (next(_TIMES),) * 2)
    elif what == "delete":
        path.unlink(missing_ok=True)
    elif path.exists() and path.suffix == (folder / rest[0]).suffix and path.name != rest[0]:
        other = folder / rest[0]
        if what == "swap" and other.exists():
            other.rename(folder / "kept")
            path.rename(other)
            (folder / "kept").rename(path)
        else:
            path.rename(other)


def clash(folder):
    """Tell whether two files claim an id."""
    lines = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    return max(Counter(line["id"] for line in lines).values(), default=0) > 1


def told(index):
    """Return how often each text is in an index."""
    with Index.open(index) as opened:
        held = [opened.report(record.id) for record in opened.reports()]
    return Counter(
        "\n\n".join(paragraph.text for paragraph in report.paragraphs if paragraph.text != FURNITURE) for report in held
    )


def run(folder, index, **options):
    """Bring an index up to date; see that each file has one outcome, and return them."""
    outcomes = list(searcher.ingest([folder], index=index, **options))
    paths = [outcome.path for outcome in outcomes]
    assert len(paths) == len(set(paths))
    return outcomes


def _short(step):
    return [TEXTS.index(part) if part in TEXTS else sorted(part) if isinstance(part, dict) else part for part in step]


@settings(max_examples=60)
@given(st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_an_index_that_was_kept_up_to_date_says_what_a_fresh_one_says(history):
    note(repr([[_short(step) for step in steps] for steps in history]))
    with TemporaryDirectory() as made:
        folder, index, fresh = (Path(made) / name for name in ("reports", "index", "fresh"))
        folder.mkdir()
        for steps in history:
            for step in steps:
                take(folder, step)
            foretold = run(folder, index, dry_run=True)
            outcomes = run(folder, index)
            assert outcomes == foretold
            if not index.exists():  # an empty folder leaves nothing behind
                continue
            assert doctor.check(index).faults == ()
            run(folder, fresh, rebuild=True)
            if not clash(folder):  # else who came first has the id
                assert "failed" not in {outcome.status for outcome in outcomes}
                assert told(index) == told(fresh)
                assert max(told(index).values(), default=1) == 1
            assert {outcome.status for outcome in run(folder, index)} <= {"unchanged", "failed"}
