"""`searcher serve`: it says where, follows the index, and ends when told to."""

import os
import re
import signal
import socket
import subprocess
import sys

import httpx2
import pytest

from searcher import UsageError
from searcher.cli import serve as command
from searcher.web import Settings, serve
from tests.conftest import ROOT


def started(folder, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "searcher", "serve", "--index", str(folder), "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(
    ("options", "end"),
    [([], signal.SIGINT), (["--workers", "2"], signal.SIGTERM), (["--trust-proxy", "127.0.0.1"], signal.SIGTERM)],
)
def test_it_serves_and_ends(folder, options, end):
    running = started(folder, "--root-path", "/reports/", *options)
    try:
        address = running.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/reports/", address)
        assert httpx2.get(f"{address}api/v1/search?q=GDP&limit=1", timeout=60).json()["hits"]
        asked_through = {"X-Forwarded-For": "203.0.113.9"}
        httpx2.get(f"{address}api/v1/stats", timeout=60, headers=asked_through)
        bare = address.replace("/reports/", "/")  # as a proxy asks that takes the prefix away
        assert 'href="/reports/static/style.css' in httpx2.get(bare, timeout=60).text
    finally:
        running.send_signal(end)
        out, log = running.communicate(timeout=60)
    assert running.returncode == 0, log
    assert out == ""
    assert re.search(r'127\.0\.0\.1 "GET /api/v1/search\?q=GDP&limit=1" 200 \d+ [\d.]+ms', log)
    believed = "203.0.113.9" if "--trust-proxy" in options else "127.0.0.1"
    assert f'{believed} "GET /api/v1/stats" 200' in log
    assert "Traceback" not in log


def test_what_cannot_be_served_is_told(folder, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match="--port"):
            serve(Settings(folder), "127.0.0.1", port)
    missing = started(tmp_path)
    assert missing.wait(60) == 2
    assert "searcher index" in missing.communicate()[1]


def test_without_the_extra_the_message_names_it(folder, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "uvicorn" else object())
    with pytest.raises(UsageError, match=r"searcher\[web\]"):
        command.command.callback(
            folder, host="", port=0, workers=1, root_path="", timeout=1.0, per_client=1, proxies=(), outline=False
        )
