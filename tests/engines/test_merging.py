"""Merging: segments woven into one are the segment that would have been built of the same reports at once."""

import random
import time
from bisect import bisect_left, bisect_right
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from searcher.analysis import analyzer
from searcher.engines import make_batch, select
from searcher.engines.whoosh import _names, _spool, _texts, _weave, _writer
from searcher.engines.whoosh._build import Builder
from searcher.engines.whoosh._commits import read_commit
from searcher.engines.whoosh._container import ArrayFile
from searcher.engines.whoosh._merge import worn
from searcher.engines.whoosh._postings import MAX_DOCS, place_of
from searcher.engines.whoosh._segment import Segment, Shard
from searcher.engines.whoosh._spool import Joined, Spool, Sums
from searcher.errors import UsageError
from searcher.model import Metadata, Paragraph, Report, Section
from tests.engines.conftest import Merged, Unmerged, commit
from tests.engines.strategies import PIECES

OF_ALL = "，".join(PIECES)


def make_report(number, chance):
    """Return a report of a few paragraphs, every other one with all there is to say in it."""
    name = f"r{chance.randrange(1000):03}-{number}"
    texts = [
        "改" + "，".join(chance.choices(PIECES, k=chance.randrange(1, 150))) for _ in range(chance.randrange(1, 5))
    ]
    own = "".join(chr(97 + int(digit)) for digit in f"{number:03}")  # a name that no other has
    texts += [OF_ALL] * (number % 2)
    texts[0] += own * (number // 3 % 2)
    section = (f"第{number % 2}章",)
    paragraphs = tuple(Paragraph(name, at, text, section, None, "tasks") for at, text in enumerate(texts))
    about = Metadata(title=f"{2000 + number % 2}年报告 {own}", year=2000 + number, region=chance.choice(["北京", None]))
    return Report(name, about, (Section(section[0], 1, 0, len(texts)),), paragraphs, "simplified")


def make_reports(count, seed):
    chance = random.Random(seed)
    return [make_report(number, chance) for number in range(count)]


def built(reports, path):
    """Return the segment of some reports, built at once."""
    builder = Builder(path.parent)
    builder.add(make_batch(reports, analyzer()))
    builder.write(path)
    return Shard(ArrayFile(path), Segment(path.stem, builder.paragraphs))


def assert_alike(found, wanted, apart="-"):
    """Assert that two files have the same facts and arrays, but for those whose names begin so."""
    assert found.facts == wanted.facts
    assert set(found.names()) == set(wanted.names())
    for name in wanted.names():
        if not name.startswith(apart):
            assert found[name].dtype == wanted[name].dtype, name
            assert np.array_equal(found[name], wanted[name]), name


@pytest.mark.parametrize("few", [1, 7, 1 << 40])
@pytest.mark.parametrize("segments", [1, 2, 5])
@pytest.mark.parametrize("block", [1 << 10, 4])  # none is large enough to be copied as it is; many are
def test_woven_segments_are_one_built_at_once(tmp_path, monkeypatch, few, segments, block):
    monkeypatch.setattr(_weave, "_RANGE", few)
    monkeypatch.setattr(_weave, "_SHARE", few)
    monkeypatch.setattr(_names, "_HELD", few)
    monkeypatch.setattr(_spool, "_SMALL", few)
    monkeypatch.setattr(_spool, "_PIECE", 16)
    monkeypatch.setattr(_texts, "TEXTS_PER_BLOCK", block)
    chance = random.Random(segments)
    live, shards = [], []
    for number in range(segments):
        reports = [make_report(6 * number + at, chance) for at in range(6)]
        shard = built(reports, tmp_path / f"{number}.arrays")
        gone = [0, 3] if number % 2 == 0 else []  # rows
        shard.segment.deleted_rows = tuple(gone)
        shards.append(shard)
        live += [report for row, report in enumerate(reports) if row not in gone]
    paragraphs = _weave.weave(shards, tmp_path / "woven.arrays")
    assert paragraphs == sum(len(report.paragraphs) for report in live)
    woven, whole = ArrayFile(tmp_path / "woven.arrays"), built(live, tmp_path / "whole.arrays")
    assert_alike(woven, whole.file, apart="text." if block == 4 else "-")
    texts = Shard(woven, whole.segment).text_of
    assert [texts(doc) for doc in range(paragraphs)] == [whole.text_of(doc) for doc in range(paragraphs)]
    woven.verify()
    assert {path.suffix for path in tmp_path.iterdir()} == {".arrays"}


@pytest.mark.parametrize("kind", [np.uint8, np.uint32, np.uint64])
def test_a_bound_may_lie_beyond_the_numbers(kind):
    most = int(np.iinfo(kind).max)
    numbers = np.array([0, 5, 5, most - 1, most], kind)
    for bound in (0, 1, 5, 6, most - 1, most, most + 1, most + 2, 1 << 65):
        assert place_of(numbers, bound) == bisect_left(numbers.tolist(), bound)
        assert place_of(numbers, bound, "right") == bisect_right(numbers.tolist(), bound)


def test_what_is_not_selected_leaves_nothing(tmp_path):
    reports = make_reports(6, seed=3)
    builder = Builder(tmp_path)
    builder.add(select(make_batch(reports, analyzer()), [number % 2 == 1 for number in range(6)]))
    builder.write(tmp_path / "part.arrays")
    assert_alike(ArrayFile(tmp_path / "part.arrays"), built(reports[1::2], tmp_path / "whole.arrays").file)


def test_what_is_gathered_is_written_before_it_is_much_and_merged_with_the_commit(tmp_path, monkeypatch):
    monkeypatch.setattr(_writer, "_GATHERED", 100)
    folder = tmp_path / "index"
    reports = make_reports(12, seed=1)
    engine = Unmerged.create(folder)
    with engine.writer() as writer:
        for report in reports:
            writer.add(make_batch([report], analyzer()))
            assert writer._builder.paragraphs <= len(report.paragraphs)
    segments = read_commit(folder).segments
    assert len(segments) == len(reports)
    # One merge takes two: as many follow as it takes.
    Pairs.open(folder).writer().cancel()
    commit(Pairs.open(folder), make_reports(1, seed=99))
    (segment,) = read_commit(folder).segments
    assert segment.paragraphs > sum(other.paragraphs for other in segments)


@pytest.mark.parametrize("about", [{}, {"title": "甲", "institution": "乙", "region": "丙"}])
def test_no_more_is_gathered_than_a_segment_can_hold(tmp_path, monkeypatch, about):
    monkeypatch.setattr(_writer, "MAX_DOCS", 6)
    reports = [Report(str(n), Metadata(**about), paragraphs=(Paragraph(str(n), 0, "改"),) * 2) for n in range(6)]
    engine = Unmerged.create(tmp_path / "index")
    with engine.writer() as writer:
        for report in reports:
            writer.add(make_batch([report], analyzer()))
        held = len(writer._builder.reports)
        with pytest.raises(UsageError, match="too large"):
            writer.add(make_batch(reports, analyzer()))
        assert len(writer._builder.reports) == held
    shards = Unmerged.open(tmp_path / "index")._view.shards
    assert [max(shard.size, shard.contexts.size) for shard in shards] == [6] * len(shards)


def test_removing_many_reports_takes_as_long_for_each(tmp_path):
    size = 20_000
    shard = SimpleNamespace(
        segment=Segment("", 2 * size), live_reports=np.ones(size, np.bool_), report_bounds=2 * np.arange(size + 1)
    )
    with Unmerged.create(tmp_path / "index").writer() as writer:
        began = time.process_time()
        for row in reversed(range(1, size)):
            writer._delete(shard, row)
            writer._delete(shard, row)
        assert time.process_time() - began < 1
    assert shard.segment.live_paragraphs == 2


def test_a_commit_on_the_way_merges_when_segments_are_many(tmp_path, monkeypatch):
    monkeypatch.setattr(_writer, "_MANY", 3)
    folder = tmp_path / "index"
    reports = make_reports(7, seed=2)
    engine = Merged.create(folder)
    found = []
    with engine.writer() as writer:
        for number, report in enumerate(reports[:6], 1):
            writer.add(make_batch([report], analyzer()))
            writer.commit(merge=False)
            found.append(len(read_commit(folder).segments))
            engine = engine.refresh()
            assert len(list(engine.reports())) == number
        writer.remove([reports[5].id])
        writer.commit(merge=False)
        found.append(len(read_commit(folder).segments))  # of the last one nothing is left
        writer.add(make_batch(reports[6:], analyzer()))
        writer.commit(merge=False)
        found.append(len(read_commit(folder).segments))
        writer.cancel()
    assert found == [1, 2, 3, 1, 2, 3, 2, 3]
    with Merged.open(folder).writer():
        pass  # what the run before has not come to
    generation = read_commit(folder).generation
    assert len(read_commit(folder).segments) == 1
    with Merged.open(folder).writer():
        pass
    assert read_commit(folder).generation == generation


class Pairs(Unmerged):
    """The default engine, merging two segments at once while there are two."""

    policy = staticmethod(lambda shards: list(shards[:2]) if len(shards) > 1 else [])


@pytest.mark.parametrize("small", [0, 1 << 20])
def test_a_spool_gives_back_what_it_got(tmp_path, monkeypatch, small):
    monkeypatch.setattr(_spool, "_SMALL", small)
    monkeypatch.setattr(_spool, "_PIECE", 24)
    numbers = np.arange(0, 1000, 7, np.uint64)
    narrow, wide = Spool(tmp_path), Spool(tmp_path)
    for some in np.array_split(numbers, 9):
        narrow.add(some)
        wide.add(some << np.uint64(30))
    assert (narrow.kind, wide.kind) == (np.uint32, np.uint64)
    joined = Joined((narrow, 0), (wide, 5))
    assert joined.kind == np.uint64
    assert np.array_equal(
        np.concatenate(list(joined.pieces())), [*numbers, *((numbers << np.uint64(30)) + np.uint64(5))]
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks /proc which files are open")
def test_a_spool_that_is_given_up_leaves_nothing_to_close(tmp_path, monkeypatch):
    monkeypatch.setattr(_spool, "_SMALL", 0)
    monkeypatch.setattr(_spool, "_PIECE", 8)
    spool = Spool(tmp_path, np.uint8)
    spool.add(np.arange(40, dtype=np.uint8))
    before = len(list(Path("/proc/self/fd").iterdir()))
    half = spool.pieces()
    assert next(half).tolist() == list(range(8))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    (left,) = tmp_path.iterdir()
    assert not hasattr(Spool, "__del__")  # an interruption that arrives in there is lost
    Unmerged.create(tmp_path / "index")
    left.rename(tmp_path / "index" / left.name)
    Unmerged.open(tmp_path / "index").writer().cancel()
    assert not (tmp_path / "index" / left.name).exists()


@pytest.mark.parametrize("every", [1, 4])
def test_sums_do_not_depend_on_how_counts_come(tmp_path, every):
    counts = np.arange(19)
    sums = Sums(tmp_path, every)
    for some in np.array_split(counts, 5):
        sums.add(some)
    found = np.concatenate(list(sums.spool().pieces()))
    starts = np.arange(0, len(counts), every)
    assert np.array_equal(found, np.cumsum([0, *np.add.reduceat(counts, starts)]))


def like(paragraphs, *, contexts=0):
    """Return what the policy looks at of a segment."""
    segment = Segment("", paragraphs)
    return SimpleNamespace(segment=segment, size=paragraphs, contexts=SimpleNamespace(size=contexts))


@pytest.mark.parametrize(
    ("segments", "chosen"),
    [
        ([like(20_000), like(20_000)], 2),
        ([like(20_000), like(90_000)], 0),
        ([like(MAX_DOCS // 2), like(MAX_DOCS // 2)], 2),
        ([like(MAX_DOCS // 2), like(MAX_DOCS // 2 + 1)], 0),  # very short paragraphs
        ([like(20_000, contexts=MAX_DOCS), like(20_000, contexts=1)], 0),
    ],
)
def test_no_more_is_merged_than_a_segment_can_hold(segments, chosen):
    assert len(worn(segments)) == chosen
