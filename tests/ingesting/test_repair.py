"""After a repair the next run reads again what was lost, and knows what was saved."""

from searcher import Index, doctor
from searcher.engines.whoosh._commits import _TRAILER, read_commit, toc_path


def test_lost_reports_come_back_with_the_next_run(write, statuses, told, tmp_path):
    for number in range(4):
        write(f"{number}.txt", f"第{number}项工作已经完成。")
    statuses()
    before = told()
    (segment,) = read_commit(tmp_path / "index").segments
    segment.path(tmp_path / "index").write_bytes(b"rubbish")
    assert doctor.repair(tmp_path / "index").lost
    assert told() == {}
    assert set(statuses().values()) == {"indexed"}
    assert told() == before


def test_reports_whose_catalogue_is_lost_are_known_by_their_files(write, folder, statuses, told, tmp_path):
    for number in range(3):
        write(f"甲/{number}.txt", f"第{number}项工作已经完成。")
    statuses()
    before = told()
    path = toc_path(tmp_path / "index", read_commit(tmp_path / "index").generation)
    data = bytearray(path.read_bytes())
    data[-_TRAILER.size - 1] ^= 1  # the end of the catalogue
    path.write_bytes(data)
    (fault,) = doctor.check(tmp_path / "index").faults
    assert "catalogue" in fault.what
    assert told() == before  # searches do not need it
    assert not doctor.repair(tmp_path / "index").lost
    with Index.open(tmp_path / "index") as index:
        assert len(index.catalogue().owners()) == 3
    (folder / "甲" / "0.txt").unlink()
    assert statuses() == {"甲/0.txt": "removed", "甲/1.txt": "updated", "甲/2.txt": "updated"}
    assert told() == {key: text for key, text in before.items() if "0" not in text}
    assert set(statuses().values()) == {"unchanged"}


def test_a_catalogue_that_is_mistaken_is_found_and_mended(write, statuses, told, tmp_path):
    write("一.txt", "全年发放低保金。")
    write("二.txt", "全年发放低保金。")
    write("三.txt", "教育事业稳步发展。")
    statuses()
    before = told()
    with Index.open(tmp_path / "index") as index, index.writer() as writer:
        writer.remove([record.id for record in index.reports()])
    whats = [fault.what for fault in doctor.check(tmp_path / "index").faults]
    assert [what.split()[:2] for what in whats] == [["2", "reports"], ["1", "reports"]]
    with Index.open(tmp_path / "index") as index:
        generation = index.generation
    mended = doctor.repair(tmp_path / "index")
    assert (mended.faults, len(mended.repaired)) == ((), 2)
    with Index.open(tmp_path / "index") as index:
        assert index.generation == generation + 1  # killed after it, a repair is whole
    assert sorted(statuses().values()) == ["duplicate", "indexed", "indexed"]
    assert sorted(told().values()) == sorted(before.values())
