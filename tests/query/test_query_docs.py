"""What docs/query-language.md says is true."""

import re
from itertools import groupby
from pathlib import Path

import pytest

from searcher.errors import QueryError
from searcher.query import _parse, _values
from searcher.query._parse import MAX_DEPTH, MAX_LENGTH, parse
from searcher.query.terms import MAX_PHRASES
from searcher.schema import FIELDS

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text("utf-8")


def tables():
    """Yield the header and the rows of each table."""
    for is_table, lines in groupby(PAGE.splitlines(), lambda line: line.startswith("|")):
        if is_table:
            header, _, *rows = [tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines]
            yield header, rows


def rows_of(*header):
    return [row for found, rows in tables() if found == header for row in rows]


def code(cell):
    return re.fullmatch(r"`(.*)`", cell)[1].replace(r"\|", "|")


EXAMPLES = [(code(row[2]), code(row[3])) for row in rows_of("Form", "Meaning", "Example", "Read as")]
FAULTS = [(code(row[2]), code(row[0]), int(row[3])) for row in rows_of("Kind", "What is wrong", "Example", "Position")]


@pytest.mark.parametrize(("query", "read_as"), EXAMPLES)
def test_examples(query, read_as):
    assert str(parse(query)) == read_as


@pytest.mark.parametrize(("query", "kind", "position"), FAULTS)
def test_faults(query, kind, position):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.kind, caught.value.position) == (kind, position)


def test_every_kind_of_fault_is_documented():
    source = "".join(Path(module.__file__).read_text("utf-8") for module in (_parse, _values))
    raised = set(re.findall(r'(?:Fault|_fault)\(\s*"(\w+)"|kind="(\w+)"', source))
    assert {name for pair in raised for name in pair if name} == {kind for _, kind, _ in FAULTS} | {
        "too_long",
        "too_deep",
    }


def test_fields():
    documented = [
        (code(name), tuple(aliases.split(", "))) for name, aliases, _ in rows_of("Field", "Other names", "Holds")
    ]
    assert documented == [(field.name, field.aliases) for field in FIELDS]


def test_named_values():
    documented = [(code(name), code(value), others) for name, value, others in rows_of("Field", "Value", "Other names")]
    assert documented == [(field.name, value, ", ".join(names)) for field in FIELDS for value, names in field.values]


def test_limits():
    assert f"at most {MAX_LENGTH:,} characters (`too_long`), and at most {MAX_DEPTH} levels" in PAGE
    assert f"or behind more than {MAX_PHRASES} parts" in PAGE
