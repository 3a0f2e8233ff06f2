"""The OpenAPI document, from the same table of parameters as the handlers."""

from collections.abc import Sequence
from typing import Any

from searcher._version import __version__
from searcher.web._parameters import CONTEXT, SEARCH, TREND, WINDOW, Parameter
from searcher.web._settings import Settings

__all__ = ["document"]

_Schema = dict[str, Any]
_TEXT: _Schema = {"type": "string"}
_WHOLE: _Schema = {"type": "integer"}
_NUMBER: _Schema = {"type": "number"}
_FLAG: _Schema = {"type": "boolean"}


def document(settings: Settings) -> _Schema:
    """Return the description of the API as it is served."""
    paths = {
        "/api/v1/search": _get("Find paragraphs", _parameters(SEARCH), "Results", {
            "text/csv": {"schema": _TEXT}, "application/x-ndjson": {"schema": _TEXT},
        }),
        "/api/v1/trend": _get("Count matches year by year", _parameters(TREND), "Trend"),
        "/api/v1/reports/{id}": _get(
            "Get a report with its paragraphs, or a page of it", [_ID, *_parameters(WINDOW)], "Report", found=False
        ),
        "/api/v1/paragraphs/{id}": _get(
            "Get a paragraph by its id, report#7", [_ID, *_parameters([CONTEXT])], "PlacedParagraph", found=False
        ),
        "/api/v1/stats": _get("Tell what the index holds", [], "Statistics"),
        "/healthz": _get("Tell whether searches can be answered", [], "Health"),
    }  # fmt: skip
    if settings.outline:
        paths["/api/v1/outline"] = _outline(settings)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "searcher",
            "version": __version__,
            "description": "Full-text search over Chinese government reports.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": settings.root_path or "/"}],
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }


def _parameters(table: Sequence[Parameter]) -> list[_Schema]:
    return [
        {
            "name": parameter.name,
            "in": "query",
            "description": parameter.help,
            "required": parameter.required,
            "schema": {"type": "array", "items": dict(parameter.schema)}
            if parameter.repeated
            else dict(parameter.schema),
        }
        for parameter in table
    ]


_ID: _Schema = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _get(
    summary: str, parameters: list[_Schema], schema: str, also: _Schema | None = None, *, found: bool = True
) -> _Schema:
    """Describe a GET; without `found` there may be nothing of the id that is asked for."""
    missing = {} if found else {"404": _problem("There is none of this id.")}
    return {
        "get": {
            "summary": summary,
            "operationId": schema[0].lower() + schema[1:],
            "parameters": parameters,
            "responses": {
                "200": {
                    "description": "The answer. Its ETag is that of the commit it was given from.",
                    "headers": {"ETag": {"schema": _TEXT}} if schema != "Health" else {},
                    "content": {"application/json": {"schema": _ref(schema)}, **(also or {})},
                },
                "400": _problem("The request cannot be understood: `kind` says why, `position` where in the query."),
                **missing,
                "429": _problem(
                    "Too many of this client's requests wait already: try again after `Retry-After` seconds."
                ),
                "503": _problem("Too busy, too slow, or no index: try again after `Retry-After` seconds."),
            },
        }
    }


def _outline(settings: Settings) -> _Schema:
    return {
        "post": {
            "summary": "Tell how a file is read; nothing of it is kept",
            "operationId": "outline",
            "parameters": [{"name": "name", "in": "query", "description": "The file's name.", "schema": _TEXT}],
            "requestBody": {
                "required": True,
                "description": f"The file, at most {settings.largest_file:,} bytes.",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            },
            "responses": {
                "200": {
                    "description": "The reports in it.",
                    "content": {"application/json": {"schema": _list(_ref("Report"))}},
                },
                "400": _problem("The file cannot be read: `message` says why."),
                "429": _problem("Too many of this client's requests wait already."),
                "503": _problem("Too busy: try again after `Retry-After` seconds."),
            },
        }
    }


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _problem(description: str) -> _Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref("Problem")}}}


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _or_null(schema: _Schema) -> _Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(needed: dict[str, _Schema], optional: dict[str, _Schema] | None = None) -> _Schema:
    return {
        "type": "object",
        "properties": {**needed, **(optional or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


_SPANS = _list({"type": "array", "items": _WHOLE, "minItems": 2, "maxItems": 2})
_DESCRIBED: dict[str, _Schema] = {
    "title": _or_null(_TEXT),
    "year": _or_null(_WHOLE),
    "institution": _or_null(_TEXT),
    "region": _or_null(_TEXT),
    "kind": _or_null(_TEXT),
    "date": _or_null(_TEXT),
    "source": _or_null(_TEXT),
}
_PLACED: dict[str, _Schema] = {
    "id": _TEXT,
    "report_id": _TEXT,
    "ordinal": _WHOLE,
    "section": _list(_TEXT),
    "zone": _or_null(_TEXT),
}
_TOLD = _list(_object({"kind": _TEXT, "params": {"type": "object"}}))
_READ: dict[str, _Schema] = {"runin": _or_null(_TEXT), "text": _TEXT}

_SCHEMAS: dict[str, _Schema] = {
    "Results": _object(
        {
            "schema": _WHOLE,
            "query": _TEXT,
            "total": _WHOLE,
            "took_ms": _NUMBER,
            "notes": _list(_TEXT),
            "told": _TOLD,
            "understood": _TEXT,
            "hits": _list(_ref("Hit")),
            "relaxed": _FLAG,
            "facets": {
                "type": "object",
                "additionalProperties": _list({"type": "array", "minItems": 2, "maxItems": 2}),
            },
            "next": _or_null(_TEXT),
            "previous": _or_null(_TEXT),
        },
        {"total_reports": _WHOLE},
    ),
    "Hit": _object(
        {
            "rank": _WHOLE,
            "score": _NUMBER,
            **_PLACED,
            **_DESCRIBED,
            "text": _TEXT,
            "spans": _SPANS,
            "matched_in": _list(_TEXT),
            "snippet": _object({"text": _TEXT, "spans": _SPANS}),
        },
        {
            "context": _list(_ref("Paragraph")),
            "contributions": _list(_object({"field": _TEXT, "term": _TEXT, "score": _NUMBER})),
        },
    ),
    "Paragraph": _object({**_PLACED, **_READ}),
    "PlacedParagraph": _object({**_PLACED, **_READ, **_DESCRIBED, "context": _list(_ref("Paragraph"))}),
    "Report": _object(
        {
            "id": _TEXT,
            **_DESCRIBED,
            "tags": _list(_TEXT),
            "script": _or_null(_TEXT),
            "headings": _list(_TEXT),
            "paragraphs": _list(
                _object({"ordinal": _WHOLE, "section": _list(_TEXT), "zone": _or_null(_TEXT), **_READ})
            ),
            "furniture": _list(_TEXT),
            "notes": _list(_TEXT),
            "origin": _or_null({"type": "object"}),
        },
        {
            "count": _WHOLE,  # of all paragraphs, where these are a page of them
            "page": _WHOLE,
            "pages": _WHOLE,
            "next": _or_null(_TEXT),
            "previous": _or_null(_TEXT),
        },
    ),
    "Trend": _object(
        {
            "query": _TEXT,
            "total": _WHOLE,
            "undated": _WHOLE,
            "years": _list(
                _object(
                    {
                        "year": _WHOLE,
                        "paragraphs": _or_null(_WHOLE),
                        "characters": _or_null(_WHOLE),
                        "per_10000": _or_null(_NUMBER),
                    }
                )
            ),
            "understood": _TEXT,
            "notes": _list(_TEXT),
            "told": _TOLD,
        }
    ),
    "Statistics": _object(
        {
            "reports": _WHOLE,
            "paragraphs": _WHOLE,
            "years": _or_null(_list(_WHOLE)),
            "institutions": _list({"type": "array", "minItems": 2, "maxItems": 2}),
            "bytes": _WHOLE,
            "analysis": _TEXT,
            "generation": _WHOLE,
        }
    ),
    "Health": _object({"status": {"const": "ok"}, "generation": _WHOLE}),
    "Problem": _object(
        {
            "error": _object(
                {"kind": _TEXT, "message": _TEXT},
                {"position": _WHOLE, "parameter": _TEXT, "params": {"type": "object"}},
            )
        }
    ),
}
