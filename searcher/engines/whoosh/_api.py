"""What is used of Whoosh 2.7.4, imported in one place: its old string escapes warn when they are first compiled."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh.codec.base import Codec, PerDocumentReader, Segment, TermsReader
    from whoosh.fields import ID, STORED, FieldType, Schema
    from whoosh.filedb.filestore import FileStorage
    from whoosh.formats import Existence, Frequency, Positions
    from whoosh.index import TOC

__all__ = [
    "ID",
    "STORED",
    "TOC",
    "Codec",
    "Existence",
    "FieldType",
    "FileStorage",
    "Frequency",
    "PerDocumentReader",
    "Positions",
    "Schema",
    "Segment",
    "TermsReader",
]
