"""The characters of the query language: what `_parse` reads is what `tree` writes.

The expressions are possessive where they repeat, so that no query makes them go back over what they have read.
"""

import re

__all__ = [
    "BOOST",
    "CLOSING",
    "ENGLISH",
    "NAME",
    "OPENING",
    "OPERATOR",
    "PHRASES",
    "PLUS",
    "QUOTES",
    "RUN",
    "SIGN",
    "SIGNS",
    "YEARS",
    "escape",
    "quote",
    "unescape",
]

OPENING, CLOSING = "(（", ")）"
PLUS = "+＋"
SIGNS = "-－!" + PLUS
_DOUBLE = '"＂“”„‟〝〞〟'  # typed in any pairing, so that any of them closes any other
QUOTES = _DOUBLE + "「」『』"  # what ends a run; ‘ is a quotation mark at the start of one only
_EDGE = r"(?=[\s()（）]|\Z)"
_HALT = re.escape(QUOTES)

RUN = re.compile(rf"(?:\\(?:.|\Z)|[^\s()（）{_HALT}\\^＾]|[\^＾](?!\d++(?:[.．]\d++)?{_EDGE}))++", re.DOTALL)
SIGN = re.compile(rf"[{re.escape(SIGNS)}](?![\s)）{re.escape(SIGNS)}]|\Z)")
OPERATOR = re.compile(
    rf"(?:(?P<and>AND|&&)|(?P<or>OR|\|\|)|(?P<not>NOT))(?=[\s()（）{_HALT}]|\Z)"
    # A Chinese operator stands between spaces and has something to work on; elsewhere it is a word.
    rf"|(?:(?P<also>[与與])|(?P<either>或)|(?P<no>非))(?=\s++(?!(?:AND|OR|&&|\|\|){_EDGE}|[)）]|\Z))"
)
ENGLISH = frozenset({"and", "or", "not"})  # groups of OPERATOR
NAME = re.compile(r"([^\W\d_]++)[:：](?!//)")
BOOST = re.compile(rf"[\^＾](\d++(?:[.．]\d++)?){_EDGE}")
YEARS = re.compile(r"(?:(\d{4})年?)?[.．]{2}(?:(\d{4})年?)?")

_BODY = r"(?:\\.|[^\\{}])*+"
PHRASES = {
    **dict.fromkeys(_DOUBLE, re.compile(rf".({_BODY.format(_DOUBLE)})[{_DOUBLE}]", re.DOTALL)),
    "「": re.compile(rf".({_BODY.format('」')})」", re.DOTALL),
    "『": re.compile(rf".({_BODY.format('』')})』", re.DOTALL),
    # ’ between two Latin letters is an apostrophe.
    "‘": re.compile(r".((?:\\.|[^\\’]|(?<=[A-Za-z])’(?=[A-Za-z]))*+)’", re.DOTALL),
}
"""By its opening mark, a quoted phrase; group 1 is what it holds, still escaped."""

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(rf"[\s\\()（）^＾‘{_HALT}]")
_WILDCARD = re.compile(r"[*?]")
_IN_QUOTES = re.compile(rf"[\\{_DOUBLE}]")
_OPERATORS = frozenset({"AND", "OR", "NOT", "&&", "||", "与", "與", "或", "非"})


def unescape(text: str) -> str:
    """Return `text` without its backslashes; one at the end stands for itself."""
    return _ESCAPED.sub(r"\1", text)


def escape(text: str, *, wildcards: bool = False) -> str:
    """Write `text` so that it is read as one run; the inverse of `unescape`.

    With `wildcards`, `*` and `?` keep their meaning.
    """
    name = NAME.match(text)
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    if not wildcards:
        escaped = _WILDCARD.sub(r"\\\g<0>", escaped)
    if name:  # letters only: nothing before the colon was escaped
        return f"{name[1]}\\{escaped[len(name[1]) :]}"
    return f"\\{escaped}" if text[0] in SIGNS or text in _OPERATORS or YEARS.fullmatch(text) else escaped


def quote(text: str) -> str:
    """Write `text` as a quoted phrase."""
    return '"' + _IN_QUOTES.sub(r"\\\g<0>", text) + '"'
