"""What is used of Whoosh 2.7.4, imported in one place: its old string escapes warn when they are first compiled."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh.codec.base import Codec, PerDocumentReader, Segment, TermsReader
    from whoosh.fields import STORED, FieldType, Schema
    from whoosh.filedb.filestore import RamStorage
    from whoosh.formats import Frequency, Positions
    from whoosh.index import TOC
    from whoosh.matching import ListMatcher
    from whoosh.reading import TermInfo, TermNotFound

__all__ = [
    "STORED",
    "TOC",
    "Codec",
    "FieldType",
    "Frequency",
    "ListMatcher",
    "PerDocumentReader",
    "Positions",
    "RamStorage",
    "Schema",
    "Segment",
    "TermInfo",
    "TermNotFound",
    "TermsReader",
]
