"""BM25 (Robertson & Zaragoza 2009): what an occurrence gives, and how the most of a block is kept in ten bits.

A kept bound is made with the average length that the segment had when it was written. With another one, and with other
parameters, what an occurrence gives changes by a factor that `exceeding` bounds for all frequencies and lengths.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from searcher.engines.whoosh._container import Array

__all__ = ["K1", "MOST", "B", "bounds", "exceeding", "gains", "parameters", "slopes", "weighed"]

K1 = 0.9
B = 0.6

MOST = (1 << 10) - 1
"""The largest kept bound: what an occurrence gives that is never outdone, K1 + 1."""

Lengths = TypeVar("Lengths", float, Array)

_SLACK = 1e-5  # more than what 32-bit floats lose


def slopes(averages: Lengths) -> Lengths:
    """Return by what a document's length counts, for its field's average length."""
    return K1 * B / averages


def gains(frequencies: Array, lengths: Array) -> Array:
    """Return what occurrences give before their weight; the lengths are times their slope."""
    found: Array = frequencies * (K1 + 1) / (frequencies + (K1 * (1 - B) + lengths))
    return found


def bounds(most: Array) -> Array:
    """Return what is kept of the largest gains: in parts of `MOST`, rounded up."""
    found: Array = np.ceil(np.minimum(most * ((1 + _SLACK) / (K1 + 1)), 1.0) * MOST)
    return found.astype(np.uint32)


def weighed(lengths: Array) -> Array:
    """Return the lengths of a field's documents times their slope, as bounds are made with them."""
    return (lengths * slopes(_average(lengths))).astype(np.float32)


def parameters(lengths: Sequence[Array]) -> dict[str, Any]:
    """Return what bounds were made with, from the lengths of the documents for each field."""
    return {"constant": K1 * (1 - B), "slopes": [slopes(_average(field)) for field in lengths]}


def _average(lengths: Array) -> float:
    return (float(lengths.mean()) if len(lengths) else 0.0) or 1.0


def exceeding(made_with: Mapping[str, Any], averages: Array) -> Array:
    """Return, for each field, what a kept bound of 1 allows now at most."""
    grown = np.maximum(made_with["constant"] / (K1 * (1 - B)), np.array(made_with["slopes"]) / slopes(averages))
    found: Array = np.maximum(grown, 1.0) * ((K1 + 1) / MOST * (1 + 1e-12))
    return found
