"""Doctor: what it finds, what it saves, and what it says."""

import json
import os
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from searcher import Index, IndexLocked, IndexMissing, IndexOutdated, Metadata, Paragraph, Report, doctor
from searcher.analysis import analyzer
from searcher.engines import make_batch
from searcher.engines.whoosh._commits import read_commit, toc_path, write_commit
from searcher.engines.whoosh._container import ArrayFile, write_arrays
from searcher.meta import META, write_meta
from searcher.model import Origin
from tests.cli.test_cli import searcher
from tests.engines.conftest import Unmerged


def report(name, *texts, title="改革工作总结"):
    paragraphs = tuple(Paragraph(name, ordinal, text) for ordinal, text in enumerate(texts))
    return Report(name, Metadata(title=title), paragraphs=paragraphs, origin=Origin(f"reports/{name}.txt", 1, 1, "0"))


@pytest.fixture
def index(tmp_path):
    """Return the folder of an index of three segments; a later one replaces a report of the first."""
    folder = tmp_path / "index"
    Index.create(folder).close()
    for batch in (("a", "b"), ("c",), ("b", "d")):
        with Unmerged.open(folder).writer() as writer:
            reports = [report(name, f"改革开放{name}", "人民生活，5.5%", "教育" * 40) for name in batch]
            writer.add(make_batch(reports, analyzer()))
    return folder


def segment(folder, number):
    return read_commit(folder).segments[number].path(folder)


def spoil(path, name):
    """Change a byte in the middle of an array."""
    _, offset, length, _ = ArrayFile(path)._directory[name]
    size = length * ArrayFile(path)[name].itemsize
    with path.open("r+b") as file:
        file.seek(offset + size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 16]))


def texts(folder):
    with Index.open(folder) as opened:
        return {record.id: [p.text for p in opened.report(record.id).paragraphs] for record in opened.reports()}


def rewritten(path, **changed):
    """Write a segment anew with some arrays changed, checksums and all."""
    file = ArrayFile(path)
    arrays = {name: np.array(file[name]) for name in file.names()}
    for name, change in changed.items():
        arrays[name.replace("__", ".")] = change(arrays[name.replace("__", ".")])
    facts = file.facts
    path.unlink()
    write_arrays(path, arrays, facts)


def test_a_sound_index(index):
    found = doctor.check(index)
    assert (found.faults, found.notes, found.lost) == ((), (), ())
    assert (found.segments, found.reports, found.paragraphs) == (3, 4, 12)
    assert doctor.repair(index) == found


def test_no_index(tmp_path):
    for work in (doctor.check, doctor.repair):
        with pytest.raises(IndexMissing):
            work(tmp_path)


def test_an_index_of_another_analysis_is_not_touched(index):
    write_meta(index, SimpleNamespace(fingerprint="0" * 8))
    for work in (doctor.check, doctor.repair):
        with pytest.raises(IndexOutdated, match="another analysis"):
            work(index)


@pytest.mark.parametrize(
    "array",
    [
        "paragraph.postings",
        "bigrams.keys",
        "words.bytes",
        "context.start",
        "report.order",
        "institution.values.bounds",
    ],
)
def test_what_only_a_search_reads_is_made_anew(index, array):
    before = texts(index)
    path = segment(index, 0)
    spoil(path, array)
    assert doctor.check(index).faults[0].path == path
    mended = doctor.repair(index)
    assert [fault.path for fault in mended.repaired] == [path]
    assert (mended.faults, mended.lost, mended.saved) == ((), (), 1)  # b stands in a later segment
    assert texts(index) == before
    with Index.open(index) as opened:
        assert opened.search("改革开放").total == 4


@pytest.mark.parametrize(
    ("array", "lost"),
    [
        ("text.blocks.bytes", {("b", "reports/b.txt"), ("d", "reports/d.txt")}),
        ("report.bounds", {("b", "reports/b.txt"), ("d", "reports/d.txt")}),
        ("paragraph.path", {("b", "reports/b.txt"), ("d", "reports/d.txt")}),
    ],
)
def test_what_cannot_be_saved_is_named(index, array, lost):
    spoil(segment(index, 2), array)
    mended = doctor.repair(index)
    assert not mended.faults
    assert {(loss.report, loss.path) for loss in mended.lost} == lost
    assert set(texts(index)) == {"a", "b", "c", "d"} - {name for name, _ in lost}
    assert not doctor.check(index).faults


def test_a_record_that_cannot_be_read_costs_its_report(index):
    spoil(segment(index, 2), "report.records.bytes")
    mended = doctor.repair(index)
    (loss,) = mended.lost
    assert (loss.report in {"b", "d"}, loss.path) == (True, None)
    assert set(texts(index)) == {"a", "b", "c", "d"} - {loss.report}
    assert not doctor.check(index).faults


def test_a_segment_that_cannot_be_opened(index):
    path = segment(index, 1)
    path.write_bytes(path.read_bytes()[:100])
    mended = doctor.repair(index)
    assert [(loss.report, loss.path) for loss in mended.lost] == [(None, None)]
    assert "3 paragraphs" in mended.lost[0].reason
    assert set(texts(index)) == {"a", "b", "d"}


def test_a_segment_that_is_missing(index):
    segment(index, 1).unlink()
    assert "missing" in doctor.check(index).faults[0].what
    assert len(doctor.repair(index).lost) == 1
    assert set(texts(index)) == {"a", "b", "d"}


def test_without_a_table_of_contents_the_newest_version_of_each_report_stays(index):
    before = texts(index)
    toc_path(index, 3).unlink()
    assert "no table of contents" in doctor.check(index).faults[0].what
    mended = doctor.repair(index)
    assert (mended.faults, mended.lost) == ((), ())
    assert texts(index) == before
    assert doctor.check(index).paragraphs == 12


def test_an_older_table_of_contents_is_gone_by_where_all_it_names_is_there(index):
    with Index.open(index) as opened, opened.writer() as writer:
        older = {path: path.read_bytes() for path in index.iterdir() if path.suffix in (".toc", ".arrays")}
        writer.remove(["c"])
        writer.commit()
    for path, data in older.items():
        path.write_bytes(data)
    toc_path(index, 4).write_bytes(b"rubbish")
    mended = doctor.repair(index)
    assert any("commit 3 is the newest" in note for note in mended.notes)
    assert set(texts(index)) == {"a", "b", "c", "d"}


@pytest.mark.parametrize("spoilt", [None, "", "{", '{"format": 4, "engine": "whoosh", "analysis": "?"}'])
def test_a_description_is_written_again(index, spoilt):
    before = texts(index)
    (index / META).unlink() if spoilt is None else (index / META).write_text(spoilt)
    mended = doctor.repair(index)
    assert [fault.path for fault in mended.repaired] == [index / META]
    assert texts(index) == before


def test_a_description_is_not_invented(index):
    with Index.open(index) as opened, opened.writer() as writer:
        other = make_batch([report("e", "乡村振兴")], analyzer())  # the tokens of one text, kept with another
        writer.add(replace(other, reports=(report("e", "就业培训"),)))
    (index / META).unlink()
    with pytest.raises(IndexOutdated, match="not found by its own words"):
        doctor.repair(index)


def rolled(array):
    return np.roll(array, 1)


@pytest.mark.parametrize(
    ("array", "change", "said"),
    [
        ("report.order", lambda array: array[::-1], "order of their ids"),
        ("report.bounds", lambda array: array + 1, "as many reports"),
        ("report.records.bytes", rolled, "record of report"),
        ("context.report", lambda array: array + 9, "a report that is not there"),
        ("context.end", lambda array: array + 1, "not its report's"),
        ("report.kind", lambda array: array + 1, "a value of kind"),
        ("bigrams.keys", rolled, "bigrams are not sorted"),
        ("paragraph.posting_bounds", rolled, "bounds of the terms"),
        ("paragraph.postings", rolled, "paragraph: "),
        ("paragraph.positions", lambda array: array + 200, "beyond its document"),
        ("paragraph.positions", lambda array: array * 0, "positions are not sorted"),
        ("paragraph.entries", lambda array: array & 0xFFFFFC00, "a bound is lower than what it bounds"),
        ("paragraph.lengths", rolled, "documents' lengths"),
        ("paragraph.entries", lambda array: array | 1 << 20, "a document that is not there"),
    ],
)
def test_arrays_that_contradict_each_other_are_found_though_their_checksums_are_right(index, array, change, said):
    before = texts(index)
    rewritten(segment(index, 0), **{array.replace(".", "__"): change})
    found = [fault.what for fault in doctor.check(index).faults]
    assert any(said in what for what in found), found
    assert not doctor.repair(index).faults
    assert texts(index).items() <= before.items()


def test_a_report_that_stands_twice_is_left_once(index):
    commit = read_commit(index)
    for part in commit.segments:
        part.deleted_rows, part.deleted_paragraphs = (), 0
    write_commit(index, commit)
    assert "report b stands in" in doctor.check(index).faults[0].what
    assert not doctor.repair(index).faults
    assert doctor.check(index).paragraphs == 12


def test_a_copy_is_noted_and_marked(index, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(index, copy, copy_function=shutil.copyfile)
    found = doctor.check(copy)
    assert not found.faults
    assert len(found.notes) == 3
    assert not doctor.repair(copy).notes
    assert not doctor.check(copy).notes


def test_leftovers_are_noted_and_removed(index):
    (index / "MAIN_0123456789abcdef.arrays").write_bytes(b"half")
    found = doctor.check(index)
    assert not found.faults
    assert "1 files" in found.notes[0]
    doctor.repair(index)
    assert not (index / "MAIN_0123456789abcdef.arrays").exists()


def test_what_cannot_be_read_today_is_not_given_up(index, monkeypatch):
    path = segment(index, 0)
    data = path.read_bytes()
    monkeypatch.setattr(np, "memmap", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(Exception, match=r"cannot be read \(Permission denied\)"):
        doctor.repair(index)
    assert path.read_bytes() == data


def test_nobody_repairs_while_somebody_writes(index):
    with Index.open(index) as opened, opened.writer(), pytest.raises(IndexLocked):
        doctor.repair(index, wait=0.1)


def test_the_command(index):
    done = searcher("doctor", index=index)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{index} is sound: 3 segments, 4 reports, 12 paragraphs\n"
    path = segment(index, 2)
    spoil(path, "text.blocks.bytes")
    for command in (("search", "改革"), ("show", "d"), ("index", "corpus")):
        failed = searcher(*command, index=index)
        assert failed.returncode == 2
        assert f"{path} is damaged" in failed.stderr
        assert f"searcher doctor --repair --index {index}" in failed.stderr
        assert "Traceback" not in failed.stderr
    found = searcher("doctor", index=index)
    assert found.returncode == 2
    assert f"wrong: {path}: array text.blocks.bytes does not have its checksum" in found.stdout
    told = json.loads(searcher("doctor", "--json", index=index).stdout)
    assert told["sound"] is False
    assert told["faults"] == [{"path": str(path), "what": "array text.blocks.bytes does not have its checksum"}]
    mended = searcher("doctor", "--repair", index=index)
    assert mended.returncode == 2
    assert "lost: d (reports/d.txt)" in mended.stdout
    assert searcher("doctor", "--json", index=index).returncode == 0
    assert searcher("search", "改革", index=index).returncode == 0
