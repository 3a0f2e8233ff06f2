"""The same text under two names, and re-issues with other furniture: indexed once, linked, and never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searcher
from searcher import Index, Metadata, NotFound, Paragraph, Report
from searcher.ingesting._likeness import alike, likeness, parts
from tests.engines.strategies import PIECES

BODY = tuple(f"第{number}项工作已经完成，全年投入资金{number}百万元，群众反映良好。" for number in range(12))


def report(*paragraphs, year=None, institution=None):
    texts = tuple(Paragraph("r", ordinal, text) for ordinal, text in enumerate(paragraphs))
    return Report("r", Metadata(year=year, institution=institution), paragraphs=texts)


@pytest.mark.parametrize(
    ("copy", "other", "same"),
    [
        (report(*BODY), report(*BODY), True),
        (report("教育事业"), report("教　育事業"), True),  # folded, white space aside
        (report("教育事业"), report("教育事业发展"), False),
        (report(*BODY), report("打印本页", *BODY, "责任编辑：李强"), True),
        (report("来源：青山县人民政府办公室", *BODY), report(*BODY, "上一篇"), True),
        (report(*BODY[:6], "又及", *BODY[6:]), report(*BODY), False),  # a short line, but in the middle
        (report(*BODY, "另外，" * 30), report(*BODY), False),  # what is long would be lost
        (report(*BODY), report(*BODY, "另外，" * 100), False),  # a part of another report
        (report(*BODY[:6]), report(*BODY), False),
        (report(*BODY, year=2005), report(*BODY, year=2006), False),
        (report(*BODY, year=2005), report(*BODY), True),
        (report(*BODY, institution="教育局"), report(*BODY, institution="民政局"), False),
        (report(), report(), True),
    ],
)
def test_alike(copy, other, same):
    assert alike(likeness(copy), likeness(other)) == same


@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=8, max_size=12).map("".join), min_size=5, max_size=40))
def test_sketches_of_texts_in_another_order_agree(texts):
    mine, other = likeness(report(*texts)), likeness(report(*reversed(texts)))
    assert mine.sketch == other.sketch
    assert len(parts(mine.sketch)) in (0, 4)
    assert alike(mine, mine)


def test_a_text_under_two_names_is_indexed_once(write, ingest, told, tmp_path):
    write("一.txt", *BODY)
    write("二.txt", *BODY)
    first = ingest()
    assert (first["一.txt"].status, first["二.txt"].status) == ("indexed", "duplicate")
    (mine,) = first["一.txt"].reports
    assert first["二.txt"].copies == ((first["二.txt"].reports[0], mine),)
    assert "一.txt" in first["二.txt"].reason
    assert len(told()) == len(BODY)
    with Index.open(tmp_path / "index") as index:
        assert [copy.copy_of for copy in index.catalogue().copies()] == [mine]
        with pytest.raises(NotFound):
            index.report(first["二.txt"].reports[0])
    assert {outcome.status for outcome in ingest().values()} == {"unchanged"}
    assert {outcome.status for outcome in ingest(rebuild=True, duplicates="keep").values()} == {"indexed"}
    assert len(told()) == 2 * len(BODY)


def test_a_re_issue_with_other_furniture_is_linked_in_a_later_run_too(write, statuses, told):
    write("一.txt", *BODY)
    assert statuses() == {"一.txt": "indexed"}
    write("二.txt", "来源：青山县人民政府网站", *BODY, "责任编辑：王芳")
    assert statuses() == {"一.txt": "unchanged", "二.txt": "duplicate"}
    assert len(told()) == len(BODY)


def test_of_a_report_of_another_year_the_text_is_not_read(write, statuses, told, monkeypatch):
    write("教育局2005年工作总结.txt", *BODY)
    assert list(statuses().values()) == ["indexed"]
    write("教育局2006年工作总结.txt", *BODY)
    with monkeypatch.context() as patched:
        patched.setattr(Index, "report", None)
        assert sorted(statuses().values()) == ["indexed", "unchanged"]
    assert len(told()) == 2 * len(BODY)


@pytest.mark.parametrize("jobs", [0, 1])
def test_a_copy_takes_the_place_of_what_is_gone(write, folder, statuses, told, jobs):
    write("一.txt", *BODY)
    write("二.txt", *BODY)
    statuses()
    (folder / "一.txt").unlink()
    assert statuses(jobs=jobs) == {"一.txt": "removed", "二.txt": "indexed"}
    assert len(told()) == len(BODY)
    assert statuses() == {"二.txt": "unchanged"}


def test_a_copy_comes_in_when_the_other_says_something_else(write, statuses, told):
    write("一.txt", *BODY)
    write("二.txt", *BODY)
    statuses()
    write("一.txt", "教育事业稳步发展，教师待遇得到提高。")
    assert statuses()["一.txt"] == "updated"
    assert len(told()) == len(BODY) + 1
    assert set(statuses().values()) == {"unchanged"}


def test_a_copy_that_becomes_another_text_comes_in(write, statuses, told):
    write("一.txt", *BODY)
    write("二.txt", *BODY)
    statuses()
    write("二.txt", "教育事业稳步发展，教师待遇得到提高。")
    assert statuses() == {"一.txt": "unchanged", "二.txt": "updated"}
    assert len(told()) == len(BODY) + 1


def test_a_copy_is_found_again_after_the_run_was_broken_off(write, folder, statuses, told, monkeypatch, tmp_path):
    write("一.txt", *BODY)
    write("二.txt", *BODY)
    statuses()
    (folder / "一.txt").unlink()
    run = searcher.ingest([folder], index=tmp_path / "index")
    monkeypatch.setattr(searcher.ingesting, "_taken", _commit_and_stop)
    with pytest.raises(KeyboardInterrupt):
        list(run)
    monkeypatch.undo()
    assert told() == {}  # as of that commit the one is gone and the other has not been read
    assert statuses() == {"二.txt": "indexed"}
    assert len(told()) == len(BODY)


def _commit_and_stop(ledger, _parts, _count):
    """Read nothing; once files are to be read again commit, as if it were time, and be interrupted."""
    if ledger._missing.keys() & ledger._files.keys():
        return iter(())
    ledger.commit()
    raise KeyboardInterrupt


def test_records_that_are_copies_are_left_out_one_by_one(folder, ingest, told):
    def line(name, *paragraphs):
        texts = ", ".join(f'"{paragraph}"' for paragraph in paragraphs)
        return f'{{"id": "{name}", "paragraphs": [{texts}]}}\n'

    (folder / "甲.jsonl").write_text(line("a", *BODY) + line("b", "教育事业稳步发展。"), "utf-8")
    (folder / "乙.jsonl").write_text(line("c", *BODY) + line("d", "公路建设加快推进。"), "utf-8")
    outcomes = ingest()
    assert sum(len(outcome.copies) for outcome in outcomes.values()) == 1
    assert {outcome.status for outcome in outcomes.values()} == {"indexed"}
    assert {paragraph.partition("#")[0] for paragraph in told()} in ({"a", "b", "d"}, {"b", "c", "d"})


def test_the_same_text_of_two_years_hides_no_copy(write, statuses, told):
    for number, year in enumerate((2005, 2006, 2005)):
        write(f"{number}-教育局{year}年工作总结.txt", *BODY, title=f"教育局{year}年工作总结")
    assert sorted(statuses().values()) == ["duplicate", "indexed", "indexed"]
    assert len(told()) == 2 * len(BODY)
    assert set(statuses().values()) == {"unchanged"}


@pytest.mark.parametrize("duplicates", ["link", "keep"])
def test_an_export_is_read_back_as_it_is_whatever_resembles_what(write, ingest, told, tmp_path, duplicates):
    write("一.txt", *BODY)
    write("二.txt", *BODY)
    write("三.txt", *BODY[:6], "另外，" * 30 + "完。", *BODY[6:])
    ingest(duplicates=duplicates)
    lines = list(searcher.export(tmp_path / "index"))
    (tmp_path / "all.jsonl").write_text("\n".join(lines), "utf-8")
    list(searcher.ingest([tmp_path / "all.jsonl"], index=tmp_path / "again"))
    assert told(tmp_path / "again") == told()


def test_near_duplicates_are_told_whichever_comes_first(write, folder, statuses, told):
    longer = (*BODY[:6], "另外，" * 30 + "完。", *BODY[6:])
    write("a.txt", *BODY)
    statuses()
    write("b.txt", *longer)
    statuses()
    first = sorted(told().values())
    (folder / "a.txt").unlink()
    (folder / "b.txt").unlink()
    write("b.txt", *longer)
    statuses()
    write("a.txt", *BODY)
    statuses()
    assert sorted(told().values()) == first
    assert len(first) == 2 * len(BODY) + 1
