"""Every command of the README works as it stands there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    return folder


def run(command, cwd):
    bin_folder = str(Path(sys.executable).parent)
    environment = {k: v for k, v in os.environ.items() if k != "SEARCHER_INDEX"}
    return subprocess.run(
        ["bash", "-euc", command], cwd=cwd, capture_output=True, encoding="utf-8", check=False,
        env=environment | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip


def test_the_two_commands_exist():
    done = run("make --dry-run demo test", ROOT)
    assert done.returncode == 0, done.stderr
    assert blocks("sh")[0].split("\n")[0].startswith("make demo")


def test_the_shell_lines_work(home):
    for line in blocks("sh")[1].splitlines():
        done = run(line, home)
        assert done.returncode == 0, (line, done.stderr)


def test_the_python_lines_work(home):
    (home / "example.py").write_text(blocks("python")[0], "utf-8")
    done = run("python example.py", home)
    assert done.returncode == 0, done.stderr
    assert "教育局" in done.stdout


def test_links_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), (page.name, target)
