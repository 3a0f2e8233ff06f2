"""Excel workbooks: each visible sheet is a table."""

import io
import warnings
from collections.abc import Iterable, Iterator

from openpyxl import load_workbook

from searcher.errors import DamagedFile
from searcher.reading._source import Source
from searcher.reading.formats._file import File
from searcher.reading.formats._records import from_rows
from searcher.reading.formats._zip import opened

__all__ = ["MAX_CELLS", "read"]

MAX_CELLS = 5_000_000
"""The most cells, empty ones among them, a sheet may have."""


def read(file: File) -> Iterator[Source]:
    """Yield the reports of the workbook, sheet by sheet."""
    opened(file).close()  # within the limits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which nobody reads here
        workbook = load_workbook(io.BytesIO(file.data), read_only=True, data_only=True)
    try:
        for number, sheet in enumerate(workbook.worksheets, start=1):
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()  # what the file claims of its size would be padded to it
                yield from from_rows(_cells(sheet.iter_rows(values_only=True), file.path), file, sheet=number)
    finally:
        workbook.close()


def _cells(rows: Iterable[tuple[object, ...]], where: str) -> Iterator[tuple[object, ...]]:
    cells = 0
    for row in rows:
        cells += len(row)
        if cells > MAX_CELLS:
            raise DamagedFile(
                f"{where}: a sheet of more than {MAX_CELLS:,} cells; delete the empty ones, or save it as CSV"
            )
        yield row
