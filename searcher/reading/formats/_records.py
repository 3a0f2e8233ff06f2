"""Records: rows of a table or objects of JSON, each a report, its text in one column and its metadata in others."""

import datetime as dt
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from searcher.errors import DamagedFile, UsageError
from searcher.model import Metadata
from searcher.reading._declared import FIELD_OF, declared, field_of_ending, key
from searcher.reading._source import Block, Source
from searcher.reading.formats._file import File
from searcher.reading.formats._sniff import looks_like_html
from searcher.reading.formats._text import lines

__all__ = ["MAX_EMPTY_ROWS", "MAX_ROWS", "TEXT_NAMES", "Record", "from_records", "from_rows", "row_block"]

Record = Mapping[str, object]
"""Column to value. The columns of a table without a header have the empty name and a number: `" 2"`."""

MAX_ROWS = 200_000
"""The most rows a table may have that is one report, not a list of reports."""

MAX_EMPTY_ROWS = 10_000
"""The most rows without content that may follow each other."""

_SAMPLE = 50  # records looked at to find the column of the text
_PROSE = 30  # Han characters the cells of a table's text column have at least, on average
_HEADER_ROWS = 5  # a header is one of the first rows, below a caption
_NAME_LENGTH = 50  # of a column, at most

TEXT_NAMES = frozenset(
    (
        "text",
        "body",
        "content",
        "contents",
        "fulltext",
        "paragraphs",
        "article",
        "正文",
        "全文",
        "内容",
        "內容",
        "原文",
        "文本",
    )
)  # as `key` writes them
_ID_NAMES = frozenset(("id", "reportid", "docid"))
_FIELDS = tuple(field.name for field in fields(Metadata))
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FIGURES = re.compile(r"[\d\s.,:/%+\-年月日]*")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column is what."""

    text: str
    named: Mapping[str, str]  # field → column, as a person said
    id: str | None


def from_records(
    records: Iterable[Record], file: File, *, common: Record | None = None, alone: bool = False
) -> Iterator[Source]:
    """Yield a source for each record that has text; `common` is what all share, `alone` says that there is one.

    Raises `DamagedFile` where none of the first records has any, `UsageError` where a named column is not there.
    """
    stream = iter(records)
    sample = list(itertools.islice(stream, _SAMPLE))
    columns = _columns(sample, file, least=1)
    if columns is None:
        raise DamagedFile(f"{file.path}: no record holds text; name its column: --columns text=NAME")
    for source in _reports(itertools.chain(sample, stream), columns, file, common=common or {}):
        numbered = source.record is None or source.record.startswith("#")
        yield replace(source, record=None) if alone and numbered else source


def from_rows(rows: Iterable[Sequence[object]], file: File, *, sheet: int = 1) -> Iterator[Source]:
    """Yield the table `rows` as its reports: one a row where a column holds prose, else the whole as one."""
    stream = _filled(rows, file.path)
    head = list(itertools.islice(stream, _SAMPLE + _HEADER_ROWS))
    header, body = _header(head)
    sample = [_record(header, row) for row in body]
    columns = _columns(sample, file, least=_PROSE)
    if columns is None:
        blocks = tuple(map(row_block, itertools.islice(itertools.chain(head, stream), MAX_ROWS)))
        if next(stream, None) is not None:
            raise DamagedFile(
                f"{file.path}: a table of more than {MAX_ROWS:,} rows without prose is data, not a report"
            )
        if blocks:
            yield Source(blocks, file.stem, record=None if sheet == 1 else f"#{sheet}", notes=file.notes)
        return
    records = itertools.chain(sample, (_record(header, row) for row in stream))
    yield from _reports(records, columns, file, prefix="" if sheet == 1 else f"{sheet}.")


def row_block(cells: Iterable[object]) -> Block:
    """Return a row of a table as it is read: `指标 | 2023年 | 增长`, empty cells left out."""
    return Block(" | ".join(filter(None, map(_shown, cells))), role="row")


def _reports(
    records: Iterable[Record], columns: _Columns, file: File, *, common: Record | None = None, prefix: str = ""
) -> Iterator[Source]:
    taken = {columns.text, *columns.named.values()}
    stem, notes, shared = file.stem, file.notes, list((common or {}).items())
    for number, record in enumerate(records, start=1):
        text = record.get(columns.text) or next((record[name] for name in record if key(name) in TEXT_NAMES), None)
        blocks = tuple(_blocks(text, file.path))
        if not any(block.text for block in blocks):
            continue
        named = [(field, record.get(column)) for field, column in columns.named.items()]
        others = [(name, value) for name, value in record.items() if name not in taken]
        said, foreign = _in_the_language_of(blocks, declared([*named, *_described(others), *shared]))
        own = record.get(columns.id) if columns.id else None
        yield Source(
            blocks=blocks,
            name=foreign.title or stem,
            declared=said,
            suggested=foreign,
            record=str(own) if isinstance(own, str | int) and str(own).strip() else f"#{prefix}{number}",
            notes=notes,
        )


def _columns(sample: Sequence[Record], file: File, *, least: int) -> _Columns | None:
    """Return which column is what, or None where none holds text: `least` Han characters on average."""
    known = dict.fromkeys(name for record in sample for name in record)
    for field, column in file.columns.items():
        if field not in {"text", "id", *_FIELDS}:
            raise UsageError(f"--columns: no field {field!r}; the fields are text, id, {', '.join(_FIELDS)}")
        if column not in known:
            there = ", ".join(name.strip() for name in list(known)[:20]) or "none"
            raise UsageError(f"{file.path}: no column {column!r}; the columns are {there}")
    named = {field: column for field, column in file.columns.items() if field in _FIELDS}
    by_id = next((name for name in known if key(name) in _ID_NAMES), None)
    text = file.columns.get("text") or _text_column(sample, [name for name in known if name != by_id], least)
    return _Columns(text, named, file.columns.get("id", by_id)) if text else None


def _text_column(sample: Sequence[Record], names: Sequence[str], least: int) -> str | None:
    """Return the column of the longest Han text on average; one that is called text goes before one that is not."""
    han = {name: sum(len(_HAN.findall(_plain(record.get(name)))) for record in sample) for name in names}
    called = [name for name in names if key(name) in TEXT_NAMES and han[name] * 3 >= least * len(sample)]
    longest = max(called or names, key=lambda name: han[name], default=None)
    return longest if longest and (called or han[longest] >= least * len(sample)) else None


def _described(values: Sequence[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Yield what columns say, by field: those called by its name, those that end in one, those whose values tell."""
    alike = [(name, value) for name, value in values if key(name) not in FIELD_OF]
    yield from ((name, value) for name, value in values if key(name) in FIELD_OF)
    yield from ((field_of_ending(name) or "", value) for name, value in alike)
    yield from ((_field_of_value(_shown(value)), value) for name, value in alike if name.startswith(" "))


def _field_of_value(text: str) -> str:
    if re.fullmatch(r"(?:1[89]|20)\d\d年?", text):
        return "year"
    if re.fullmatch(r"(?:1[89]|20)\d\d[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?", text):
        return "date"
    return "source" if re.match(r"https?://", text) else ""


def _in_the_language_of(blocks: Sequence[Block], said: Metadata) -> tuple[Metadata, Metadata]:
    """Part `said` in what can stand over a Chinese text and what cannot: an English title is a last resort."""
    foreign = {
        name: value
        for name in ("title", "institution", "region", "kind")
        if (value := getattr(said, name)) and not _HAN.search(value) and re.search(r"[^\W\d]", value)
    }
    if not foreign or not any(_HAN.search(block.text) for block in blocks):
        return said, Metadata()
    rest = replace(said, **dict.fromkeys(foreign))  # type: ignore[arg-type]  # none of them is `tags`
    return rest, Metadata(**foreign)


def _blocks(value: object, where: str) -> Iterator[Block]:
    match value:
        case str():
            text = value
            if "\n" not in text and text.count("\\n") > 2:  # noqa: PLR2004 - escaped twice; a stray \n is no sign of it
                text = text.replace("\\r", "").replace("\\n", "\n")
            if "<" in text and looks_like_html(text):
                from searcher.reading.formats._html import page  # noqa: PLC0415 - lxml, only for records of HTML

                yield from page(text, where).blocks
            else:
                yield from lines(text, where)
        case list() | tuple():
            for item in value:
                yield from _blocks(item, where)
        case Mapping():  # a section: {"heading": …, "paragraphs": […]}
            for name, item in value.items():
                if key(name) in {"heading", "title", "section", "标题"} and isinstance(item, str):
                    yield Block(" ".join(item.split()), role="heading")
                elif key(name) in {"paragraph", "sections", *TEXT_NAMES}:
                    yield from _blocks(item, where)
        case _:
            yield from lines(_shown(value), where)


def _plain(value: object) -> str:
    match value:
        case str():
            return value
        case list() | tuple():
            return "".join(map(_plain, value))
        case Mapping():
            return "".join(map(_plain, value.values()))
        case _:
            return ""


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case _:
            return " ".join(str(value).split())


def _filled(rows: Iterable[Sequence[object]], where: str) -> Iterator[Sequence[object]]:
    empty = 0
    for row in rows:
        if any(cell is not None and cell != "" for cell in row):
            empty = 0
            yield row
        else:
            empty += 1
            if empty > MAX_EMPTY_ROWS:
                raise DamagedFile(
                    f"{where}: more than {MAX_EMPTY_ROWS:,} empty rows; delete them and save the table anew"
                )


def _header(rows: list[Sequence[object]]) -> tuple[list[str], list[Sequence[object]]]:
    """Return the names of the columns and the rows below them; unnamed columns are numbered."""
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        names = [_shown(cell) for cell in row]
        filled = [name for name in names if name]
        if len(filled) < min(2, width):
            continue  # a caption
        if any(len(name) > _NAME_LENGTH or _FIGURES.fullmatch(name) for name in filled):
            break
        seen: Counter[str] = Counter()
        for column, name in enumerate(names):
            seen[name] += 1
            names[column] = name if name and seen[name] == 1 else f" {column + 1}"
        return names, rows[index + 1 :]
    return [f" {column + 1}" for column in range(width)], rows


def _record(header: Sequence[str], row: Sequence[object]) -> Record:
    """Return `row` as a record; what stands beyond the last column belongs to it: a separator inside its text."""
    record = dict(zip(header, row, strict=False))
    surplus = [_plain(cell) or _shown(cell) for cell in row[len(header) :]]
    if header and any(surplus):
        record[header[-1]] = "\n".join([_plain(record[header[-1]]) or _shown(record[header[-1]]), *surplus])
    return record
