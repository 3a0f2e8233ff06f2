"""Tables in text: columns parted by commas, tabs, semicolons or bars."""

import csv
import io
import threading
from collections.abc import Iterator

from searcher.errors import DamagedFile
from searcher.reading._source import Source
from searcher.reading.formats._file import MAX_LINE, File
from searcher.reading.formats._records import from_rows

__all__ = ["read"]

_DELIMITERS = ",\t;|"
_LIMIT = threading.Lock()


def read(file: File) -> Iterator[Source]:
    """Yield the reports of the table."""
    text = file.text.lstrip("\ufeff\r\n")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    if file.suffix in {".tsv", ".tab"} and "\t" in first:
        delimiter = "\t"
    yield from from_rows(_rows(text, delimiter, file.path), file)


def _rows(text: str, delimiter: str, where: str) -> list[list[str]]:
    try:
        return _parsed(text, delimiter)
    except csv.Error as error:
        if delimiter == "\t" and "limit" not in str(error):
            # By its own standard TSV quotes nothing, and a stray quote is a character.
            return [line.split("\t") for line in text.splitlines()]
        raise DamagedFile(f"{where}: not a valid table ({error}); export it again as UTF-8 CSV") from error


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    # The longest cell is a setting of the whole process: raised for as long as one table takes, and put back.
    with _LIMIT:
        before = csv.field_size_limit(MAX_LINE)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        finally:
            csv.field_size_limit(before)
