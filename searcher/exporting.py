"""What an index holds, as lines that an index can be built from again: each a report, as it was understood."""

import json
import os
from collections.abc import Iterator

from searcher.index import DEFAULT, Index
from searcher.reading import exported

__all__ = ["export"]


def export(index: str | os.PathLike[str] = DEFAULT) -> Iterator[str]:
    """Yield a line of JSON for each report, by id: metadata, outline and paragraphs.

    A file of such lines, its name ending in `.jsonl`, is read back as it was: searches give the same. Reports that are
    copies of others are left out, as they are in the index.
    """
    with Index.open(index) as opened:
        for record in opened.reports():
            line = exported(opened.report(record.id))
            text = json.dumps(line, ensure_ascii=False)
            yield text if _encodable(text) else json.dumps(line)


def _encodable(text: str) -> bool:
    """Tell whether a text has no half of a character, as damaged files have."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
