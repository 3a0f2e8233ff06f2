"""JSON, and JSON of one record a line."""

import json
from collections.abc import Iterator, Mapping

from searcher.errors import DamagedFile
from searcher.reading._declared import key
from searcher.reading._source import Source
from searcher.reading.formats._file import File
from searcher.reading.formats._records import TEXT_NAMES, Record, from_records
from searcher.reading.formats._text import lines

__all__ = ["read"]


def read(file: File) -> Iterator[Source]:
    """Yield the records of the file: one a line, or a list of them, or one alone."""
    text = file.text.strip("\ufeff \t\r\n\f")
    first = text.partition("\n")[0].rstrip()
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        pass
    else:
        if first == text:
            yield from _whole(value, file)
            return
        if isinstance(value, Mapping):
            yield from from_records(_lines(text, file.path), file)
            return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedFile(f"{file.path}: not valid JSON ({error}); export it again") from error
    yield from _whole(value, file)


def _lines(text: str, where: str) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):  # not splitlines: JSON allows U+2028 in a string
        if line and not line.isspace():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DamagedFile(f"{where}: line {number} is not valid JSON ({error}); mend or delete it") from error
            if not isinstance(record, Mapping):
                raise DamagedFile(f"{where}: line {number} is no record; write each as {{…}} on a line")
            yield record


def _whole(value: object, file: File) -> Iterator[Source]:
    match value:
        case list() if _is_records(value):
            yield from from_records(value, file)
        case list() if value and all(isinstance(item, str) for item in value):
            blocks = tuple(block for item in value for block in lines(item, file.path))
            yield Source(blocks, file.stem, notes=file.notes)
        case Mapping():
            listed = [(name, item) for name, item in value.items() if _is_records(item) and key(name) not in TEXT_NAMES]
            if len(listed) == 1:
                name, records = listed[0]
                common = {other: item for other, item in value.items() if other != name}
                yield from from_records(records, file, common=common)
            elif value and all(isinstance(item, Mapping) for item in value.values()):
                yield from from_records(({"id": name, **item} for name, item in value.items()), file)
            else:
                yield from from_records([value], file, alone=True)
        case _:
            raise DamagedFile(f"{file.path}: JSON without records; write a list of {{…}}, or one {{…}} a line")


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
