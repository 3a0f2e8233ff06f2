"""The engines that are compared, behind one face: batches in, trees asked, totals back."""
# ruff: noqa: D102, PLC0415 - `Peer` says what the methods do; an engine is imported only where it is compared

import sqlite3
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from searcher.analysis import Analyzer, analyzer
from searcher.analysis._segment import jieba_segmenter
from searcher.engines import Batch, Request, create_engine, open_engine
from searcher.query import terms

__all__ = ["Ours", "Peer", "Sqlite", "StockWhoosh", "Tantivy"]

TOP = 10
BETWEEN = "\u02d0"  # joins the units of a bigram: a letter to every tokenizer
BREAK = "\u02d1"


def name_of(term: str | tuple[str, str]) -> str:
    """Return a token as one string without white space or punctuation."""
    units = (term,) if isinstance(term, str) else term
    return BETWEEN.join(BREAK if unit == " " else unit.replace(".", "\u02d2").replace("%", "\u02d3") for unit in units)


def documents(batch: Batch) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each text of a batch and its tokens by field, with white space between them."""
    units, words = batch.paragraphs.units, batch.paragraphs.words  # as indexed: without offsets
    word_names = list(map(name_of, words.names))
    every_word = [word_names[word] for word in words.ids.tolist()]
    named = {unit: name_of(units.name(unit)) for unit in set(units.ids.tolist())}
    every_unit = [named[unit] for unit in units.ids.tolist()]
    texts = [paragraph.text for report in batch.reports for paragraph in report.paragraphs]
    for text, (first, last), (first_word, last_word) in zip(
        texts, pairwise(units.bounds.tolist()), pairwise(words.bounds.tolist()), strict=True
    ):
        here = every_unit[first:last]
        yield (
            text,
            {
                "words": " ".join(every_word[first_word:last_word]),
                "bigrams": " ".join(map(BETWEEN.join, pairwise(here))),
                "unigrams": " ".join([unit for unit in here if unit != BREAK]),
            },
        )


class Peer:
    """An engine."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def available(cls) -> bool:
        """Tell whether it is installed."""
        return True

    def exists(self) -> bool:
        """Tell whether its index is there already."""
        return self.folder.exists() and any(self.folder.iterdir())

    def size(self) -> int:
        """Return the bytes its index takes."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def analyzer(self) -> Analyzer:
        """Return what gives it tokens."""
        return analyzer()

    def begin(self) -> None:
        """Start to index."""
        self.folder.mkdir(parents=True)

    def add(self, batch: Batch) -> None:
        """Index a batch."""
        raise NotImplementedError

    def commit(self) -> None:
        """End indexing: one segment, where the engine can."""
        raise NotImplementedError

    def open(self) -> None:
        """Open the index for searching."""
        raise NotImplementedError

    def prepare(self, tree: terms.Node, scoring: tuple[terms.Weighted, ...]) -> Any:  # noqa: ANN401 - each its own
        """Return a query in the engine's own terms."""
        raise NotImplementedError

    def ask(self, asked: Any) -> int:  # noqa: ANN401 - likewise
        """Fetch the ids of the top ten, and return the exact total."""
        raise NotImplementedError


class Ours(Peer):
    """This project's default engine."""

    name = "ours"

    def begin(self) -> None:
        self._writer = create_engine(self.folder).writer()

    def add(self, batch: Batch) -> None:
        self._writer.add(batch)

    def commit(self) -> None:
        self._writer.commit()
        self._writer.cancel()

    def open(self) -> None:
        self._engine = open_engine(self.folder)

    def prepare(self, tree: terms.Node, scoring: tuple[terms.Weighted, ...]) -> Request:
        return Request(tree, scoring, limit=TOP)

    def ask(self, asked: Request) -> int:
        return self._engine.search(asked).total


class Tantivy(Peer):
    """tantivy-py: a thread of its own for writing, merged to what its policy gives; white space between tokens."""

    name = "tantivy"

    @classmethod
    def available(cls) -> bool:
        return find_spec("tantivy") is not None

    def begin(self) -> None:
        import tantivy

        super().begin()
        builder = tantivy.SchemaBuilder()
        builder.add_bytes_field("text", stored=True, indexed=False)
        for field, option in (("words", "freq"), ("bigrams", "position"), ("unigrams", "freq")):
            builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option=option)
        index = tantivy.Index(builder.build(), path=str(self.folder))
        self._writer = index.writer(heap_size=1_000_000_000, num_threads=1)

    def add(self, batch: Batch) -> None:
        import tantivy

        for text, tokens in documents(batch):
            self._writer.add_document(tantivy.Document(text=[text], **tokens))

    def commit(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def open(self) -> None:
        import tantivy

        self._index = tantivy.Index.open(str(self.folder))
        self._searcher = self._index.searcher()

    def prepare(self, tree: terms.Node, scoring: tuple[terms.Weighted, ...]) -> Any:  # noqa: ANN401 - a compiled type
        import tantivy

        schema = self._index.schema
        must = self._query(tree)
        should = [tantivy.Query.term_query(schema, t.field, name_of(t.term), "freq") for t in scoring]
        kept = tantivy.Query.const_score_query(must, 0.0)
        optional = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in should])
        if _same(tree, scoring):
            return optional
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, kept), (tantivy.Occur.Should, optional)])

    def ask(self, asked: Any) -> int:  # noqa: ANN401 - likewise
        return self._searcher.search(asked, TOP, count=True).count

    def _query(self, node: terms.Node) -> Any:  # noqa: ANN401 - likewise
        import tantivy

        schema = self._index.schema
        match node:
            case terms.Word():
                return tantivy.Query.term_query(schema, "words", name_of(node.term), "freq")
            case terms.Phrase(units=(unit,)):
                return tantivy.Query.term_query(schema, "unigrams", name_of(unit), "freq")
            case terms.Phrase(units=(first, second)):
                return tantivy.Query.term_query(schema, "bigrams", name_of((first, second)), "freq")
            case terms.Phrase():
                return tantivy.Query.phrase_query(schema, "bigrams", [name_of(pair) for pair in pairwise(node.units)])
            case terms.And() | terms.Or():
                occur = tantivy.Occur.Must if isinstance(node, terms.And) else tantivy.Occur.Should
                return tantivy.Query.boolean_query([(occur, self._query(child)) for child in node.children])
            case _:
                raise AssertionError(node)


def _same(tree: terms.Node, scoring: tuple[terms.Weighted, ...]) -> bool:
    """Tell whether whatever scores matches, and the other way round: then nothing more need be asked."""
    leaves = tree.children if isinstance(tree, terms.Or) else (tree,)
    asked = {leaf.term if isinstance(leaf, terms.Word) else leaf.units[0] for leaf in leaves if _single(leaf)}
    given = {term.term for term in scoring if term.field != "bigrams"}  # a bigram's units are among them
    return all(map(_single, leaves)) and asked == given


def _single(node: terms.Node) -> bool:
    return isinstance(node, terms.Word) or (isinstance(node, terms.Phrase) and len(node.units) == 1)


class Sqlite(Peer):
    """SQLite's FTS5, three columns, its default tokenizer over tokens of letters, optimised into one segment."""

    name = "sqlite"

    def begin(self) -> None:
        super().begin()
        self._base = sqlite3.connect(self.folder / "index.sqlite")
        self._base.execute("CREATE VIRTUAL TABLE texts USING fts5(words, bigrams, unigrams, content='')")
        self._base.execute("CREATE TABLE stored(id INTEGER PRIMARY KEY, text)")

    def add(self, batch: Batch) -> None:
        for text, tokens in documents(batch):
            row = self._base.execute("INSERT INTO stored(text) VALUES (?)", (text,)).lastrowid
            put = "INSERT INTO texts(rowid, words, bigrams, unigrams) VALUES (?, ?, ?, ?)"
            self._base.execute(put, (row, *(tokens[field] for field in ("words", "bigrams", "unigrams"))))

    def commit(self) -> None:
        self._base.execute("INSERT INTO texts(texts) VALUES ('optimize')")
        self._base.commit()

    def open(self) -> None:
        self._base = sqlite3.connect(self.folder / "index.sqlite")

    def prepare(self, tree: terms.Node, scoring: tuple[terms.Weighted, ...]) -> str:  # noqa: ARG002 - the tree ranks
        return self._query(tree)

    def ask(self, asked: str) -> int:
        self._base.execute("SELECT rowid FROM texts(?) ORDER BY rank LIMIT ?", (asked, TOP)).fetchall()
        return self._base.execute("SELECT count(*) FROM texts(?)", (asked,)).fetchone()[0]

    def _query(self, node: terms.Node) -> str:
        match node:
            case terms.Word():
                return f'words:"{name_of(node.term)}"'
            case terms.Phrase(units=(unit,)):
                return f'unigrams:"{name_of(unit)}"'
            case terms.Phrase():
                return 'bigrams:"' + " ".join(name_of(pair) for pair in pairwise(node.units)) + '"'
            case terms.And() | terms.Or():
                between = " AND " if isinstance(node, terms.And) else " OR "
                return "(" + between.join(self._query(child) for child in node.children) + ")"
            case _:
                raise AssertionError(node)


class StockWhoosh(Peer):
    """Whoosh 2.7.4 as it is, fed the same tokens by jieba in Python."""

    name = "whoosh"

    def analyzer(self) -> Analyzer:
        return Analyzer(jieba_segmenter())

    def begin(self) -> None:
        super().begin()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from whoosh import fields, index
            from whoosh.analysis import SpaceSeparatedTokenizer
        kinds = {name: fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=name == "bigrams") for name in
                 ("words", "bigrams", "unigrams")}  # fmt: skip
        made = index.create_in(self.folder, fields.Schema(text=fields.STORED, **kinds))
        self._writer = made.writer(limitmb=512)

    def add(self, batch: Batch) -> None:
        for text, tokens in documents(batch):
            self._writer.add_document(text=text, **tokens)

    def commit(self) -> None:
        self._writer.commit(optimize=True)

    def open(self) -> None:
        from whoosh import index

        self._searcher = index.open_dir(self.folder).searcher()

    def prepare(self, tree: terms.Node, scoring: tuple[terms.Weighted, ...]) -> Any:  # noqa: ANN401 - Whoosh is untyped
        from whoosh import query

        should = query.Or([query.Term(t.field, name_of(t.term)) for t in scoring])
        return query.AndMaybe(self._query(tree), should)

    def ask(self, asked: Any) -> int:  # noqa: ANN401 - likewise
        return len(self._searcher.search(asked, limit=TOP))

    def _query(self, node: terms.Node) -> Any:  # noqa: ANN401 - likewise
        from whoosh import query

        match node:
            case terms.Word():
                return query.Term("words", name_of(node.term))
            case terms.Phrase(units=(unit,)):
                return query.Term("unigrams", name_of(unit))
            case terms.Phrase(units=(first, second)):
                return query.Term("bigrams", name_of((first, second)))
            case terms.Phrase():
                return query.Phrase("bigrams", [name_of(pair) for pair in pairwise(node.units)])
            case terms.And() | terms.Or():
                kind = query.And if isinstance(node, terms.And) else query.Or
                return kind([self._query(child) for child in node.children])
            case _:
                raise AssertionError(node)
