"""An index of the sample reports and of one that wants to break the page, and a client of the application over it."""

import pytest

from searcher import Index, Metadata, Paragraph, Report, Section, ingest
from searcher.analysis import analyzer
from searcher.engines import make_batch

pytest.importorskip("starlette", reason="needs the extra `web`")
pytest.importorskip("httpx2", reason="needs httpx2")

from starlette.testclient import TestClient

from searcher.web import Settings, create_app

SCRIPT = "<script>document.title='owned'</script>"
HOSTILE = Report(
    "hostile\"'</b>&#7",
    Metadata(
        title=f"{SCRIPT}标题",
        year=2020,
        institution='"><img src=x onerror=alert(1)>局',
        region="<svg onload=alert(2)>县",
        kind="{{ 7 * 7 }}",
        source="javascript:alert(3)",
        tags=("</title><script>alert(4)</script>",),
    ),
    (Section("<i>一、</i>恶意章节", 1, 0, 2),),
    (
        Paragraph("hostile\"'</b>&#7", 0, f"恶意文字{SCRIPT}在此，<b>粗体</b>。", ("<i>一、</i>恶意章节",)),
        Paragraph("hostile\"'</b>&#7", 1, "恶意&lt;实体&gt;。", ("<i>一、</i>恶意章节",)),
    ),
    script="simplified",
)

LONG = Report(
    "long",
    Metadata(title="长卷", year=2020, institution="长卷局", kind="年鉴"),
    tuple(Section(f"第{n + 1}部分", 1, n * 100, n * 100 + 100) for n in range(10)),
    tuple(
        Paragraph("long", n, f"长卷之{n}，{'渡槽' if n % 250 == 5 else '石渠'}。", (f"第{n // 100 + 1}部分",))
        for n in range(1000)
    ),
    script="simplified",
)
"""Of three pages, with a match of 渡槽 on the first and the second and two on the third."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory, corpus):
    path = tmp_path_factory.mktemp("web") / "index"
    assert all(outcome.status in ("indexed", "skipped") for outcome in ingest([corpus], index=path))
    with Index.open(path) as index, index.writer() as writer:
        writer.add(make_batch([HOSTILE, LONG], analyzer()))
        writer.commit()
    return path


@pytest.fixture(scope="session")
def index(folder):
    with Index.open(folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(folder):
    with TestClient(create_app(Settings(folder, outline=True)), raise_server_exceptions=False) as made:
        yield made
