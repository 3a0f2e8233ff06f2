"""The codec: Whoosh's own matchers over the arrays, a second reading of what the engine reads.

Term, And, Or, Not, Prefix, Wildcard and Phrase queries of Whoosh run over it, on the fields of the paragraphs' text. A
term of `bigrams` is its two units with `BETWEEN` between them. Segments are written by the engine's own writer: what
writes posting by posting is refused.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from searcher.analysis import BREAK_ID, NAMED
from searcher.engines.whoosh._api import Codec, ListMatcher, PerDocumentReader, TermInfo, TermNotFound, TermsReader
from searcher.engines.whoosh._container import ArrayFile
from searcher.engines.whoosh._postings import Postings
from searcher.engines.whoosh._segment import Shard
from searcher.engines.whoosh._strings import encode
from searcher.engines.whoosh._toc import ArraySegment
from searcher.errors import UsageError

__all__ = ["BETWEEN", "ArrayCodec"]

BETWEEN = "\x1f"


class ArrayCodec(Codec):  # type: ignore[misc] # Whoosh is untyped
    """Reads segments of arrays."""

    def terms_reader(self, storage: Any, segment: ArraySegment) -> "ArrayTerms":  # noqa: ANN401 - Whoosh is untyped
        """Return the terms of a segment and their matchers."""
        return ArrayTerms(_opened(storage, segment))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> "ArrayDocuments":  # noqa: ANN401 - likewise
        """Return what is kept of each paragraph of a segment."""
        return ArrayDocuments(_opened(storage, segment))

    def new_segment(self, storage: Any, indexname: str) -> NoReturn:  # noqa: ANN401, ARG002 - likewise
        """Refuse to begin a segment."""
        raise UsageError("Segments are written whole, from batches: ask the engine for its writer.")

    def per_document_writer(self, storage: Any, segment: ArraySegment) -> NoReturn:  # noqa: ANN401, ARG002 - likewise
        """Refuse to write document by document."""
        raise UsageError("Paragraphs are added in batches: ask the engine for its writer.")

    def field_writer(self, storage: Any, segment: ArraySegment) -> NoReturn:  # noqa: ANN401, ARG002 - likewise
        """Refuse to write posting by posting."""
        raise UsageError("Postings are written in batches: ask the engine for its writer.")


def _opened(storage: Any, segment: ArraySegment) -> Shard:  # noqa: ANN401 - Whoosh is untyped
    return Shard(ArrayFile(segment.segment.path(Path(storage.folder))), segment.segment)


class ArrayTerms(TermsReader):  # type: ignore[misc] # Whoosh is untyped
    """The terms of a segment, as Whoosh asks for them: by field name and bytes."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that have terms."""
        return list(self._shard.terms)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._find(*term) is not None

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field and term, in order."""
        for field in sorted(self._shard.terms):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of a field from one on, in order."""
        yield from ((fieldname, text) for text in self._sorted[fieldname] if text >= prefix)

    def cursor(self, fieldname: str, fieldobj: Any) -> NoReturn:  # noqa: ANN401, ARG002 - Whoosh is untyped
        """Refuse what walks the terms by an automaton: FuzzyTerm, Variations."""
        raise UsageError("Fuzzy queries of Whoosh are not supported: ask for Term, Prefix or Wildcard.")

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield every field and term and what is known of it."""
        yield from ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield the terms of a field from one on, and what is known of them."""
        yield from ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> Any:  # noqa: ANN401 - Whoosh is untyped
        """Return what is known of a term; raise `KeyError`."""
        postings, at = self._postings(fieldname, text)
        docs, frequencies = postings.docs(at), postings.frequencies(at)
        lengths = self._shard.text.lengths[fieldname][docs]
        return TermInfo(
            float(frequencies.sum()),
            len(docs),
            int(lengths.min()),
            int(lengths.max()),
            float(frequencies.max()),
            int(docs[0]),
            int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return how often a term stands in all paragraphs."""
        postings, at = self._postings(fieldname, text)
        return float(postings.frequencies(at).sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return in how many paragraphs a term stands."""
        postings, at = self._postings(fieldname, text)
        return postings.df(at)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Any:  # noqa: ANN401 - Whoosh's
        """Return Whoosh's matcher over a term's postings."""
        try:
            postings, at = self._postings(fieldname, text)
        except KeyError as error:
            raise TermNotFound(f"{fieldname}:{text!r}") from error
        frequencies = postings.frequencies(at)
        values = None
        if format_.supports("positions"):
            positions = (postings.occurrences(at) & 0xFFFFFFFF).astype(np.int64)
            parts = np.split(positions, np.cumsum(frequencies)[:-1])
            values = [format_.encode(part.tolist()) for part in parts]
        return ListMatcher(
            postings.docs(at).tolist(),
            frequencies.astype(float).tolist(),
            values=values,
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _postings(self, field: str, text: bytes) -> tuple[Postings, int]:
        at = self._find(field, text)
        if at is None:
            raise KeyError(field, text)
        return self._shard.text.postings, at

    def _find(self, field: str, text: bytes) -> int | None:
        if field not in self._shard.terms:
            return None
        term: str | tuple[str, str] = text.decode("utf-8", "surrogatepass")
        if field == "bigrams":
            first, between, second = str(term).partition(BETWEEN)
            if not between:
                return None
            term = (first, second)
        at = self._shard.term(field, term)
        return at if at is not None and self._shard.text.postings.df(at) else None

    @cached_property
    def _sorted(self) -> dict[str, list[bytes]]:
        shard = self._shard
        names = shard.unit_names.texts()

        def name(unit: int) -> str:
            return " " if unit == BREAK_ID else chr(unit) if unit < NAMED else names[unit - NAMED]

        texts = {
            "words": shard.word_names.texts(),
            "unigrams": [name(key) for key in shard.keys["unigrams"].tolist()],
            "bigrams": [name(key >> 32) + BETWEEN + name(key & 0xFFFFFFFF) for key in shard.keys["bigrams"].tolist()],
        }
        return {
            field: sorted(
                encode(text) for at, text in enumerate(found, shard.terms[field][0]) if shard.text.postings.df(at)
            )
            for field, found in texts.items()
        }


class ArrayDocuments(PerDocumentReader):  # type: ignore[misc] # Whoosh is untyped
    """The paragraphs of a segment, as Whoosh asks for them."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard

    def doc_count(self) -> int:
        """Return the number of paragraphs."""
        return self._shard.segment.live_paragraphs

    def doc_count_all(self) -> int:
        """Return the number of paragraphs, deleted ones included."""
        return self._shard.size

    def has_deletions(self) -> bool:
        """Tell whether any paragraph is deleted."""
        return self._shard.live is not None

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a paragraph is deleted."""
        live = self._shard.live
        return live is not None and docnum < len(live) and not live[docnum]  # Whoosh asks beyond the last one

    def deleted_docs(self) -> list[int]:
        """Return the deleted paragraphs."""
        if self._shard.live is None:
            return []
        deleted: list[int] = np.flatnonzero(~self._shard.live).tolist()
        return deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many tokens of a field a paragraph has."""
        lengths = self._shard.text.lengths.get(fieldname)
        return default if lengths is None else int(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return how many tokens of a field there are."""
        return int(self._shard.text.lengths[fieldname].sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        """Return the smallest number of tokens of a field in a paragraph."""
        lengths = self._shard.text.lengths[fieldname]
        return int(lengths.min()) if len(lengths) else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the largest number of tokens of a field in a paragraph."""
        return int(self._shard.text.lengths[fieldname].max(initial=0))

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a paragraph."""
        report, ordinal = self._shard.id_of(docnum)
        return {"report": report, "ordinal": ordinal, "text": self._shard.text_of(docnum)}
