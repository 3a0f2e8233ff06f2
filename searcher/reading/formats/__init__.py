"""A file's bytes to `Source`s: the content decides which format it is, the suffix only hints."""

from collections.abc import Callable, Iterator
from importlib import import_module

from searcher.errors import DamagedFile, ReadError, SearcherError, UnsupportedFormat
from searcher.reading._source import Source
from searcher.reading.formats._file import MAX_BYTES, File
from searcher.reading.formats._sniff import sniff

__all__ = ["MAX_BYTES", "File", "sources"]


def sources(file: File) -> Iterator[tuple[File, Source]]:
    """Yield every report in `file`, with the file it stands in: itself, or a member of the archive it is.

    Raises `ReadError` and what stands under it, and nothing else. One member at fault does not keep the others
    from being read: the error comes after them.
    """
    kind = sniff(file)
    if kind == "zip":
        yield from _unpacked(file)
        return
    # Each format is imported when the first such file comes: lxml and pdfium are of no use to a text file.
    read: Callable[[File], Iterator[Source]] = import_module(f"{__name__}._{kind}").read
    try:
        for source in read(file):
            yield file, source
    except SearcherError:
        raise
    except MemoryError as error:
        raise DamagedFile(f"{file.path}: needs more memory than there is; split it into smaller files") from error
    except Exception as error:  # a damaged file makes a parser raise anything
        raise DamagedFile(
            f"{file.path}: broken inside, as {kind.upper()} ({type(error).__name__}: {error}); save it anew"
        ) from error


def _unpacked(file: File) -> Iterator[tuple[File, Source]]:
    from searcher.reading.formats._zip import members  # noqa: PLC0415 - zipfile is of no use to a text file

    passed_over: list[UnsupportedFormat] = []
    failed: list[ReadError] = []
    any_read = False
    for member in members(file):
        try:
            for found in sources(member):
                any_read = True
                yield found
        except UnsupportedFormat as error:
            passed_over.append(error)
        except ReadError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    if not any_read:
        reasons = "; ".join(map(str, passed_over[:3])) or "it is empty"
        raise UnsupportedFormat(f"{file.path}: no report in this zip file: {reasons}")
