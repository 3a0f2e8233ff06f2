"""What a person writes beside a file."""

import json
from pathlib import Path

import pytest

from searcher.errors import DamagedFile
from searcher.model import Metadata
from searcher.reading._sidecar import is_sidecar, sidecars, written


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("meta.toml", True),
        ("a/meta.json", True),
        ("总结.txt.meta.toml", True),
        ("总结.meta.json", True),
        ("meta.txt", False),
        ("metameta.toml", False),
        ("总结.toml", False),
    ],
)
def test_sidecars_are_known_by_their_names(name, answer):
    assert is_sidecar(name) is answer
    assert is_sidecar(Path(name)) is answer


def test_the_nearer_word_wins(folder):
    root = folder(
        **{
            "meta.toml": 'institution = "省政府"\nregion = "青山省"\nyear = 2001\n["*/b.txt"]\nkind = "总结"\n',
            "sub__meta.toml": 'institution = "县政府"\n["b.*"]\ninstitution = "教育局"\ntags = ["教育"]\n',
            "sub__b.meta.json": json.dumps({"年份": "2006"}, ensure_ascii=False),
            "sub__b.txt.meta.toml": 'title = "总结"',
        }
    )
    path = root / "sub" / "b.txt"
    assert written(path, sidecars(path, root)) == Metadata(
        title="总结", year=2006, institution="教育局", region="青山省", kind="总结", tags=("教育",)
    )
    other = root / "sub" / "c.txt"
    assert written(other, sidecars(other, root)) == Metadata(year=2001, institution="县政府", region="青山省")
    assert written(other, sidecars(other)) == Metadata(institution="县政府")


def test_a_member_of_an_archive_can_be_named(folder):
    root = folder(**{"meta.toml": '["a.zip/x/*.txt"]\nyear = 2006\n["*.csv"]\nyear = 2007\n'})
    path = root / "a.zip"
    beside = sidecars(path, root)
    assert written(path, beside, "x/b.txt").year == 2006
    assert written(path, beside, "x/b.csv").year == 2007
    assert written(path, beside, "b.txt").year is None


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("meta.toml", "title = ", "cannot be read"),
        ("meta.json", "{", "cannot be read"),
        ("meta.json", "[1]", "holds no entries"),
        ("meta.toml", 'titel = "x"', "unknown entry 'titel'; the entries are title, year, institution"),
        ("meta.toml", 'year = "last"', "year = 'last' cannot be meant"),
        ("meta.toml", '["*.txt"]\nsource = "here"', "source = 'here' cannot be meant"),
    ],
)
def test_what_a_person_wrote_wrong_is_an_error(folder, name, text, says):
    root = folder(**{name: text})
    path = root / "a.txt"
    with pytest.raises(DamagedFile, match=says) as caught:
        written(path, sidecars(path))
    assert name in str(caught.value)
