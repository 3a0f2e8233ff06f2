"""The OpenAPI document and the handlers agree."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from searcher.web import Settings, create_app
from searcher.web._openapi import document
from searcher.web._parameters import PAGE, SEARCH
from tests.conftest import ROOT

schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")

from schemathesis import GenerationMode  # noqa: E402 - only where it is there
from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402 - likewise

PATHS = list(document(Settings(Path(), outline=True))["paths"])


@pytest.fixture(scope="module")
def described(folder):
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(Settings(folder, outline=True)))


@pytest.mark.parametrize("path", PATHS)
def test_handlers_do_as_they_say(described, path):
    method = "POST" if path.endswith("/outline") else "GET"
    tried = []

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=st.one_of(described[path][method].as_strategy(generation_mode=mode) for mode in GenerationMode))
    def do(case):
        answer = case.call_and_validate(excluded_checks=[positive_data_acceptance])
        tried.append(answer)
        if answer.status_code == 400 and case.meta.generation.mode is GenerationMode.POSITIVE:
            # No schema can say what a query or a file must be like; all else that it allows is taken.
            assert answer.json()["error"]["kind"] != "parameter"

    do()
    assert tried


def test_every_address_is_described(folder):
    with TestClient(create_app(Settings(folder, root_path="/reports"))) as client:
        document = client.get("/reports/api/v1/openapi.json").json()
        assert document["servers"] == [{"url": "/reports"}]
        assert client.get("/reports").text == client.get("/reports/").text == client.get("/").text
        assert "/api/v1/outline" not in document["paths"]
        named = {parameter["name"] for parameter in document["paths"]["/api/v1/search"]["get"]["parameters"]}
        assert named == {parameter.name for parameter in SEARCH}
        for path in document["paths"]:
            if "{" not in path:
                assert client.get(f"/reports{path}?q=民生").status_code in (200, 400)


def test_the_page_of_documentation_names_every_address_and_parameter():
    page = (ROOT / "docs" / "http.md").read_text("utf-8")
    for path in PATHS:
        assert path in page
    for parameter in (*SEARCH, *PAGE):
        assert f"`{parameter.name}`" in page or f"`{parameter.name}=" in page, parameter.name
