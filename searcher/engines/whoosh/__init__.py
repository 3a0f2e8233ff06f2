"""The default engine: a Whoosh index whose segments are arrays."""

from searcher.engines.whoosh._engine import ArrayEngine

__all__ = ["ArrayEngine"]
