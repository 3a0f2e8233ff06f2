"""The command line is a contract: what it prints, where, and with which exit code."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import Mock

import click
import pytest
from rich.cells import cell_len

from searcher import Index, IndexProblem
from searcher.cli import _COMMANDS, cli
from searcher.cli.index import _Lines
from searcher.engines.whoosh._writer import ArrayWriter
from searcher.ingesting import Progress
from tests.conftest import ROOT


def searcher(*args, index=None, env=None, **options):
    environment = {k: v for k, v in os.environ.items() if k not in ("SEARCHER_INDEX", "NO_COLOR", "FORCE_COLOR")}
    if index:
        environment["SEARCHER_INDEX"] = str(index)
    return subprocess.run(
        [sys.executable, "-m", "searcher", *map(str, args)],
        capture_output=True,
        encoding="utf-8",
        env=environment | (env or {}),
        cwd=options.pop("cwd", ROOT),
        check=False,
        **options,
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory, corpus):
    folder = tmp_path_factory.mktemp("cli") / "index"
    done = searcher("index", corpus, "--index", folder, "--jobs", 1)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "reports" in done.stderr
    return folder


def test_a_person_sees_where_it_stands(index):
    done = searcher("search", "校长竞聘上岗", index=index)
    assert done.returncode == 0
    first = done.stdout.split("\n\n")[0]
    assert first.startswith("  1 ")
    assert " › " in first
    assert "#" in first.splitlines()[-1]
    assert "\x1b" not in done.stdout
    assert "match" in done.stderr


def test_colour_is_asked_for(index):
    assert "\x1b[1;31m" in searcher("search", "民生", "--color", "always", index=index).stdout
    assert "\x1b" not in searcher("search", "民生", "--color", "never", index=index, env={"FORCE_COLOR": "1"}).stdout


def test_json(index):
    done = searcher("search", "民生", "就业", "--json", "--facets", "year,kind", "--limit", 3, index=index)
    answer = json.loads(done.stdout)
    assert list(answer) == [
        "schema", "query", "total", "took_ms", "notes", "understood", "hits", "relaxed", "facets", "told",
    ]  # fmt: skip
    assert answer["query"] == "民生 就业"
    assert set(answer["facets"]) == {"year", "kind"}
    for hit in answer["hits"]:
        assert hit["id"] == f"{hit['report_id']}#{hit['ordinal']}"
        for start, end in hit["spans"]:
            assert 0 <= start < end <= len(hit["text"])
    jsonl = searcher("search", "民生", "就业", "--jsonl", "--limit", 3, index=index).stdout.splitlines()
    assert [json.loads(line)["id"] for line in jsonl] == [hit["id"] for hit in answer["hits"]]


def test_csv_and_count(index):
    rows = list(csv.DictReader(io.StringIO(searcher("search", "教育", "--csv", index=index).stdout)))
    assert len(rows) == 10
    assert rows[0]["rank"] == "1"
    count = int(searcher("search", "教育", "--count", index=index).stdout)
    assert count == json.loads(searcher("search", "教育", "--json", index=index).stdout)["total"]


def test_a_count_is_of_what_was_asked(index):
    def count(*options):
        return int(searcher("search", "水库 教育", "--count", *options, index=index).stdout)

    assert count() == count("--match", "all") < count("--match", "any")


def test_filters(index):
    def years(*options):
        return {
            hit["year"]
            for hit in json.loads(searcher("search", "工作", "--json", "--limit", 100, *options, index=index).stdout)[
                "hits"
            ]
        }

    assert years("--year", 2006) == {2006}
    assert years("--year", "..2003") <= set(range(1998, 2004))
    assert years("--institution", "水利局") == {2003}
    assert years("--script", "traditional") <= {1999, 2005, 2009, 2011, 2017, 2024}


def test_every_script_finds_the_same(index):
    simplified, traditional = (
        json.loads(searcher("search", query, "--json", index=index).stdout)["hits"]
        for query in ("校长竞聘上岗", "校長競聘上崗")
    )
    assert simplified == traditional
    assert {"校長競聘上崗", "校长竞聘上岗"} <= {hit["text"][a:b] for hit in simplified for a, b in hit["spans"]}


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["search", "麒麟瑞兽"], 1, "0 paragraphs"),
        (["search", "麒麟瑞兽", "--count"], 1, ""),
        (["search", "民生", "--index", "nowhere"], 2, "searcher index"),
        (["search", '"民生'], 2, "position 1"),
        (["search", ""], 2, "empty"),
        (["search", "colour:red"], 2, "colour"),
        (["search", "year:abc"], 2, "year"),
        (["search", "民生", "--year", "abc"], 2, "abc"),
        (["search", "民生", "--json", "--csv"], 2, "exclude"),
        (["search", "民生", "--facets", "colour"], 2, "colour"),
        (["show", "nobody#1"], 2, "nobody"),
        (["show", "nobody"], 2, "nobody"),
        (["outline", "nowhere.txt"], 2, "nowhere"),
        (["index", "nowhere"], 2, "nowhere"),
        *((["index", "corpus", option, "nan"], 2, "nan") for option in ("--wait", "--timeout", "--commit-every")),
        (["watch", "corpus", "--debounce", "nan"], 2, "nan"),
        (["watch", "corpus", "--debounce", "inf"], 2, "inf"),
        (["serve", "--timeout", "nan"], 2, "nan"),
        (["nonsense"], 2, "nonsense"),
        (["search", "--", "-民生", "就业"], 0, ""),
        (["--version"], 0, ""),
    ],
)
def test_exit_codes(index, args, code, told):
    done = searcher(*args, index=index)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_concordance_is_aligned_on_the_match(index):
    lines = searcher("search", "民生", "--kwic", "--limit", 5, index=index).stdout.splitlines()
    assert len(lines) >= 5
    assert len({cell_len(line[: line.index("民生", len(line) // 4)]) for line in lines if line.count("民生") == 1}) == 1
    for order in ("left", "right", "year"):
        done = searcher("search", "民生", "--kwic", "--kwic-sort", order, "--limit", 5, index=index)
        assert sorted(done.stdout.splitlines()) == sorted(lines)


def test_other_shapes(index):
    quoted = searcher("search", "民生", "--markdown", "--limit", 1, index=index).stdout
    assert quoted.startswith("> ")
    assert "**民生**" in quoted
    assert "《" in quoted
    reports = searcher("search", "民生", "-l", "--limit", 100, index=index).stdout.splitlines()
    assert len({line.split("\t")[0] for line in reports}) == len(reports) > 5
    years = [
        line.split("\t") for line in searcher("search", "民生", "--count-by", "year", index=index).stdout.splitlines()
    ]
    assert [year for year, _ in years] == sorted(year for year, _ in years)
    assert sum(int(count) for _, count in years) == int(searcher("search", "民生", "--count", index=index).stdout)
    assert searcher("search", "民生", "--csv", "--bom", index=index).stdout.startswith("\ufeffrank")


def test_context_explanation_and_width(index):
    asked = ("search", "民生", "--limit", 2, "--json")
    answer = json.loads(searcher(*asked, "--context", 1, "--explain", "--snippet", 20, index=index).stdout)
    for hit in answer["hits"]:
        assert hit["ordinal"] in [paragraph["ordinal"] for paragraph in hit["context"]]
        assert hit["contributions"]
        assert len(hit["snippet"]["text"]) <= 30
    shown = searcher("search", "民生", "--limit", 1, "--context", 1, "--explain", index=index).stdout
    assert "(words)" in shown
    assert "国内生产总值" in searcher("search", "GDP", "--json", index=index).stdout
    assert "also searched" not in searcher("search", "GDP", "--exact", index=index).stderr


def test_show(index):
    hit = json.loads(searcher("search", "校长竞聘上岗", "--json", index=index).stdout)["hits"][0]
    assert json.loads(searcher("show", hit["id"], "--json", index=index).stdout)["text"] == hit["text"]
    around = json.loads(searcher("show", hit["id"], "-C", 2, "--json", index=index).stdout)
    assert [p["ordinal"] for p in around] == list(range(hit["ordinal"] - 2, hit["ordinal"] + 3))
    assert hit["text"] in searcher("show", hit["id"], "-C", 1, index=index).stdout
    whole = json.loads(searcher("show", hit["report_id"], "--json", index=index).stdout)
    assert whole["title"] == hit["title"]
    assert whole["paragraphs"][hit["ordinal"]]["text"] == hit["text"]
    assert hit["title"] in searcher("show", hit["report_id"], index=index).stdout


def test_outline(corpus):
    file = corpus / "2005年霧陽縣教育局工作總結.txt"
    outline = json.loads(searcher("outline", file, "--json").stdout)
    assert outline["year"] == 2005
    assert outline["headings"]
    assert {"ordinal", "section", "runin", "text"} <= set(outline["paragraphs"][0])
    assert outline["title"] in searcher("outline", file).stdout
    assert len(json.loads(searcher("outline", file, file, "--json").stdout)) == 2


def test_outline_of_something_unreadable(tmp_path):
    (tmp_path / "x.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    done = searcher("outline", tmp_path / "x.doc")
    assert done.returncode == 2
    assert "x.doc" in done.stderr


def test_analyze():
    answer = json.loads(searcher("analyze", "依法治國", "--json").stdout)
    assert answer["folded"] == "依法治国"
    assert [word["text"] for word in answer["words"]] == ["依法治国", "依法", "治国"]
    assert answer["bigrams"][0] == {"text": "依法", "start": 0, "end": 2}
    assert "治国[2:4]" in searcher("analyze", "依法治國").stdout


def test_stats(index):
    answer = json.loads(searcher("stats", "--json", index=index).stdout)
    assert answer["reports"] == 18
    assert answer["years"] == [1998, 2025]
    assert "paragraphs" in searcher("stats", index=index).stdout


def test_some_files_fail(tmp_path, corpus):
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "好.txt").write_bytes((corpus / "2003年云麓县水利局工作总结.txt").read_bytes())
    (reports / "坏.txt").write_bytes("工作总结".encode("gb18030") * 30 + b"\xff\xff\xff\xff")
    done = searcher("index", reports, "--index", tmp_path / "index", "--json")
    assert done.returncode == 2
    assert "坏.txt" in done.stderr
    answer = json.loads(done.stdout)
    assert answer["counts"] == {"failed": 1, "indexed": 1}
    assert searcher("search", "水利", index=tmp_path / "index").returncode == 0


def test_an_index_is_kept_up_to_date(tmp_path, corpus):
    reports, folder = tmp_path / "reports", tmp_path / "index"
    reports.mkdir()
    text = (corpus / "2003年云麓县水利局工作总结.txt").read_bytes()
    (reports / "甲.txt").write_bytes(text)
    (reports / "乙\n.txt").write_bytes(text)
    done = searcher("index", reports, "--dry-run", index=folder)
    assert "2 files: 1 indexed, 1 duplicate" in done.stderr
    assert "--dry-run" in done.stderr
    assert not folder.exists()
    done = searcher("index", reports, "--verbose", "--report", tmp_path / "outcomes.jsonl", index=folder)
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    assert lines[0].startswith("indexed: ")
    assert "\\n" in lines[0]
    assert lines[1].startswith("duplicate: ")
    assert "1 indexed, 1 duplicate" in lines[2]
    told = [json.loads(line) for line in (tmp_path / "outcomes.jsonl").read_text("utf-8").splitlines()]
    assert [outcome["status"] for outcome in told] == ["indexed", "duplicate"]
    ((copy, mine),) = told[1]["copies"]
    assert f"{copy} " in searcher("stats", "--duplicates", index=folder).stdout
    assert json.loads(searcher("stats", "--duplicates", "--json", index=folder).stdout)[0]["copy_of"] == mine
    assert mine in searcher("show", copy, index=folder).stderr
    assert "2 unchanged" in searcher("index", reports, index=folder).stderr
    assert searcher("remove", index=folder).returncode == 2
    assert searcher("remove", "nobody", index=folder).returncode == 2
    assert searcher("remove", "--query", "年份:1949", index=folder).returncode == 1
    done = searcher("remove", mine, "--dry-run", index=folder)
    assert done.stdout.startswith(f"would be removed: {mine}")
    assert searcher("export", "--output", tmp_path / "all.jsonl", index=folder).returncode == 0
    assert (tmp_path / "all.jsonl").read_text("utf-8") == searcher("export", index=folder).stdout
    assert json.loads(searcher("remove", mine, "--json", index=folder).stdout)[0]["reports"] == [mine]
    assert searcher("export", index=folder).stdout == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_names_that_are_no_text_are_written_down(tmp_path, corpus):
    reports = tmp_path / "reports"
    reports.mkdir()
    name = os.fsdecode(b"\xff.txt")
    (reports / name).write_bytes((corpus / "2003年云麓县水利局工作总结.txt").read_bytes())
    folder, told = tmp_path / "index", tmp_path / "told.jsonl"
    done = searcher("index", reports, "--verbose", "--json", "--report", told, index=folder, env={"LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    (outcome,) = json.loads(done.stdout)["outcomes"]
    assert [json.loads(line) for line in told.read_text("utf-8").splitlines()] == [outcome]
    assert outcome["path"] == str(reports / name)
    assert searcher("export", "-o", tmp_path / "all.jsonl", index=folder, env={"LC_ALL": "C"}).returncode == 0
    assert (tmp_path / "all.jsonl").read_text("utf-8") == searcher("export", index=folder).stdout
    assert len((tmp_path / "all.jsonl").read_text("utf-8").splitlines()) == 1


@pytest.mark.parametrize("args", [["index", "corpus", "--report"], ["export", "-o"]])
def test_where_nothing_can_be_written_nothing_is_done(tmp_path, index, args):
    folder = tmp_path / "index" if args[0] == "index" else index
    done = searcher(*args, tmp_path / "nowhere" / "x", index=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such file or directory" in done.stderr
    assert not (tmp_path / "index").exists()


def test_a_report_is_of_its_run(tmp_path):
    (tmp_path / "empty").mkdir()
    told = tmp_path / "told.jsonl"
    told.write_text("what another run has told", "utf-8")
    assert searcher("index", tmp_path / "empty", "--report", told, index=tmp_path / "index").returncode == 0
    assert told.read_bytes() == b""


@pytest.mark.parametrize(
    ("error", "said"), [(IndexProblem("no room"), "no room"), (KeyboardInterrupt(), "KeyboardInterrupt")]
)
def test_the_report_of_a_run_that_fails_says_so_at_last(tmp_path, corpus, monkeypatch, error, said):
    monkeypatch.setattr(ArrayWriter, "commit", Mock(side_effect=error))
    told = tmp_path / "told.jsonl"
    arguments = ["index", str(corpus), "--index", str(tmp_path / "index"), "--report", str(told), "--jobs", "1"]
    with pytest.raises((type(error), click.Abort)):
        cli.main(arguments, standalone_mode=False)
    *others, last = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
    assert {outcome["status"] for outcome in others} == {"indexed", "skipped"}
    assert (last["path"], last["status"]) == (str(tmp_path / "index"), "failed")
    assert last["reason"] == f"what was read since the last commit is not in the index: {said}"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("args", [["index", "corpus", "--jobs", "1", "--report"], ["export", "-o"]])
def test_an_output_file_that_is_full_is_an_error(tmp_path, index, args):
    folder = tmp_path / "index" if args[0] == "index" else index
    done = searcher(*args, "/dev/full", index=folder)
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_export_is_there_whole_or_not_at_all(tmp_path, index, monkeypatch):
    kept = tmp_path / "kept.jsonl"
    kept.write_text("before", "utf-8")
    kept.chmod(0o600)
    (tmp_path / "link.jsonl").symlink_to(kept)
    arguments = ["export", "--index", str(index), "-o", str(tmp_path / "link.jsonl")]
    with monkeypatch.context() as patch:
        patch.setattr(Index, "report", Mock(side_effect=IndexProblem("damaged")))
        with pytest.raises(IndexProblem):
            cli.main(arguments, standalone_mode=False)
    assert kept.read_text("utf-8") == "before"
    cli.main(arguments, standalone_mode=False)
    assert kept.read_text("utf-8") == searcher("export", "-o", "-", index=index).stdout
    assert kept.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"kept.jsonl", "link.jsonl"}
    if Path("/dev/stdout").exists():
        assert kept.read_text("utf-8") == searcher("export", "-o", "/dev/stdout", index=index).stdout


def test_progress_is_told_now_and_then(capsys, monkeypatch):
    show = _Lines()
    show(Progress(1, 10, 100, 1000, 5))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("searcher.cli.index._PAUSE", 0)
    show(Progress(5, 10, 500, 1000, 25))
    assert capsys.readouterr().err.startswith("5/10 files, 25 paragraphs, 500 bytes, ")
    show(Progress(1, 10, 0, 1000, 0))
    assert "left" not in capsys.readouterr().err
    show(Progress(10, 10, 1000, 1000, 50))
    assert capsys.readouterr().err == "10 files, 50 paragraphs; writing the index\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes and signals")
def test_a_person_sees_a_bar(tmp_path, corpus):
    import pty  # noqa: PLC0415 - not everywhere

    main, other = pty.openpty()
    command = [sys.executable, "-m", "searcher", "index", corpus, "--index", tmp_path / "index", "--jobs", "1"]
    with subprocess.Popen(command, cwd=ROOT, stderr=other, env=os.environ | {"COLUMNS": "120"}) as running:
        os.close(other)
        seen = b""
        try:
            while some := os.read(main, 4096):
                seen += some
        except OSError:  # how the end looks on a terminal
            pass
    os.close(main)
    assert running.returncode == 0
    assert b"paragraphs" in seen
    assert b"files" in seen


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes and signals")
@pytest.mark.parametrize("form", ["", "--json", "--jsonl", "--kwic", "--csv"])
def test_a_closed_pipe_is_quiet_and_a_success(index, form):
    reading, writing = os.pipe()
    os.close(reading)  # before anything is written: a reader that goes later may find that all of it had room
    done = subprocess.run([sys.executable, "-m", "searcher", "search", "教育", *form.split()],
                          stdout=writing, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT, check=False,
                          env=os.environ | {"SEARCHER_INDEX": str(index)})  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("form", ["", "--json", "--jsonl", "--kwic", "--csv"])
def test_output_that_cannot_be_written_is_an_error(index, form):
    command = f"{sys.executable} -m searcher search 教育 {form} > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8", cwd=ROOT, check=False,
                          env=os.environ | {"SEARCHER_INDEX": str(index)})  # fmt: skip
    assert done.returncode == 2
    assert (
        done.stderr.splitlines()[-1]
        == "Error: [Errno 28] No space left on device; is there room where the output goes?"
    )


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes and signals")
def test_an_interrupted_run_leaves_the_old_index_whole(tmp_path, index, corpus):
    many = tmp_path / "many"
    many.mkdir()
    text = (corpus / "2003年云麓县水利局工作总结.txt").read_bytes()
    for n in range(600):
        (many / f"{n}.txt").write_bytes(text)
    before = json.loads(searcher("stats", "--json", index=index).stdout)["reports"]
    running = subprocess.Popen(
        [sys.executable, "-m", "searcher", "index", many, "--index", index, "--jobs", "2"],
        stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (index / "writer.lock").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130, told
    assert b"Traceback" not in told
    assert json.loads(searcher("stats", "--json", index=index).stdout)["reports"] == before


def test_every_command_has_help():
    listed = searcher("--help").stdout
    for name in _COMMANDS:
        assert f"  {name} " in listed
        assert "Usage: searcher" in searcher(name, "--help").stdout
