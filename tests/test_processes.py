"""Processes of our own say what they are told to say, and end when they should."""

import sys
import threading

import pytest

from searcher.processes import GONE, Processes

ECHO = """
from searcher.processes import ends
import pickle, sys
def main(argument):
    heard, said = ends()
    print("what a library prints is no answer")
    while True:
        what = pickle.load(heard)
        if what == "exit":
            sys.exit(3)
        pickle.dump((argument, what), said)
        said.flush()
"""


@pytest.fixture
def echoes(tmp_path, monkeypatch):
    (tmp_path / "echo_of_tests.py").write_text(ECHO)
    monkeypatch.syspath_prepend(tmp_path)
    made = Processes("echo_of_tests", "its argument", quiet=True)
    yield made
    made.close()
    for process in made:
        made.end(process)


def test_they_are_spoken_to(echoes):
    process = echoes.start()
    for what in ("a", {"改": [1, 2]}, b"x" * (1 << 21)):
        process.tell(what)
        assert process.hear() == ("its argument", what)
    assert process.alive
    assert list(echoes) == [process]
    echoes.end(process)
    assert not process.alive
    assert not list(echoes)


def test_one_that_has_ended_is_gone(echoes):
    process = echoes.start()
    process.tell("exit")
    with pytest.raises(GONE):
        process.hear()
    with pytest.raises(GONE):
        process.tell("a" * (1 << 22))  # more than a pipe has room for
    assert echoes.end(process) in {3, -9} or sys.platform == "win32"
    echoes.end(process)  # once more is no fault


def test_none_is_started_unseen(echoes):
    waiting = echoes.start()
    heard = []

    def hear():
        try:
            waiting.hear()
        except GONE as error:
            heard.append(error)

    listening = threading.Thread(target=hear)
    listening.start()
    echoes.close()
    listening.join(30)
    assert heard
    late = echoes.start()
    with pytest.raises(GONE):
        late.hear()
