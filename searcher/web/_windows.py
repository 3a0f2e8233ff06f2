"""A long report page by page: which paragraphs are on which, and where a paragraph's link leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["PAGE_SIZE", "Window", "page_of", "window"]

PAGE_SIZE = 400
"""Paragraphs of a report on a page."""


@dataclass(frozen=True, slots=True)
class Window:
    """The paragraphs of one page, by ordinal (half-open), and which page of how many it is (from 1)."""

    page: int
    pages: int
    start: int
    end: int

    def holds(self, ordinal: int) -> bool:
        """Tell whether a paragraph is on the page."""
        return self.start <= ordinal < self.end


def page_of(ordinal: int) -> int:
    """Return the page a paragraph is on."""
    return ordinal // PAGE_SIZE + 1


def window(count: int, asked: Mapping[str, Any]) -> Window:
    """Return the page asked for by its number (`page`) or by a paragraph on it (`around`).

    `count` is the number of paragraphs of the report. Where there is no such page any more, the last takes its place.
    """
    pages = max(1, page_of(count - 1))
    page = min(pages, page_of(asked["around"]) if "around" in asked else asked.get("page", 1))
    return Window(page, pages, (page - 1) * PAGE_SIZE, min(page * PAGE_SIZE, count))
