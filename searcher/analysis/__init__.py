"""Here is a text; which tokens, and where did they stand?"""

from searcher.analysis._analyzer import Analysis, Analyzer, Token, Words, analyzer
from searcher.analysis._display import in_script
from searcher.analysis._fold import fold, fold_all
from searcher.analysis._units import BREAK, BREAK_ID, NAMED, Ints, Units, is_han

__all__ = [
    "BREAK",
    "BREAK_ID",
    "NAMED",
    "Analysis",
    "Analyzer",
    "Ints",
    "Token",
    "Units",
    "Words",
    "analyzer",
    "fold",
    "fold_all",
    "in_script",
    "is_han",
]
