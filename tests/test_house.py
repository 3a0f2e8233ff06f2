"""The house: imports go down, the front door is exact, and importing costs nothing."""

import subprocess
import sys

import searcher
from searcher import errors
from tests.conftest import ROOT


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)


def test_imports_only_go_down():
    done = run("import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())")
    assert done.returncode == 0, done.stdout


def test_importing_the_package_loads_nothing_heavy():
    heavy = "{'jieba', 'rjieba', 'whoosh', 'numpy', 'click', 'rich', 'opencc', 'lxml', 'pypdfium2', 'starlette'}"
    done = run(f"import sys, searcher; print(sorted({heavy} & set(sys.modules)))")
    assert done.stdout.strip() == "[]"


def test_a_search_loads_neither_readers_nor_pure_jieba():
    code = (
        "import sys, searcher.cli.search; searcher.cli.search.Index; from searcher.analysis import analyzer;"
        "analyzer(); print(sorted({'jieba', 'rich', 'lxml', 'pypdfium2', 'searcher.reading'} & set(sys.modules)))"
    )
    assert run(code).stdout.strip() == "[]"


def test_the_front_door_is_exact():
    assert sorted(searcher.__all__) == searcher.__all__
    assert dir(searcher) == searcher.__all__
    for name in searcher.__all__:
        assert getattr(searcher, name) is not None
    assert callable(searcher.ingest)  # a function, whatever modules have been imported


def test_there_is_no_other_name():
    assert not hasattr(searcher, "nothing")


def test_every_error_is_in_the_tree():
    for name in errors.__all__:
        kind = getattr(errors, name)
        assert issubclass(kind, errors.SearcherError)
        assert f"─ {name}" in errors.__doc__ or name == "SearcherError"


def test_a_search_loads_nothing_it_does_not_need(tmp_path):
    heavy = {"whoosh", "jieba", "rich", "numpy.ma", "searcher.reading", "searcher.engines.whoosh._writer"}
    run(f"from searcher import Index; Index.create({str(tmp_path / 'index')!r})")
    done = run(
        f"import sys; from searcher import Index; Index.open({str(tmp_path / 'index')!r}).search('高质量发展'); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    assert done.stdout.strip() == "[]"
