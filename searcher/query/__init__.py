"""Here is what someone typed; what did they mean?"""

from searcher.query._describe import describe
from searcher.query._parse import parse
from searcher.query._rewrite import Rewritten, Vocabulary, one_of, phrase_units, rewrite

__all__ = ["Rewritten", "Vocabulary", "describe", "one_of", "parse", "phrase_units", "rewrite"]
