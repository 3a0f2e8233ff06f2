"""What HTML and XML share: names without namespaces, and white space that only lays out the source."""

import re
from functools import lru_cache

from lxml import etree

__all__ = ["collapse", "local_name"]

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u3000-\u303f\u2018-\u201d\u2014\u2026\U00020000-\U0003ffff"
_BROKEN = re.compile(f"(?<=[{_WIDE}])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_SPACES = re.compile("[ \t\r\n\f]+")


def collapse(*texts: str | bytes | None) -> str:
    """Return the texts as they are shown, one after the other.

    White space is one space, and none where the source broke a line between Han.
    """
    text = "".join(text for text in texts if isinstance(text, str))  # as lxml's types would have it
    if "\n" in text or "\r" in text:
        text = _BROKEN.sub("", text)
    if "  " in text or not text.isprintable():  # as no white space but " " is
        text = _SPACES.sub(" ", text)
    return text.strip(" ")


def local_name(element: etree._Element) -> str:
    """Return the element's name in lower case, without its namespace; of a comment, nothing."""
    tag = element.tag
    return "" if callable(tag) else _local(str(tag))


@lru_cache(1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()
