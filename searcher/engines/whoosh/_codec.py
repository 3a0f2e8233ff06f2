"""The codec: Whoosh's own matchers over the arrays, a second reading of what the engine reads."""

from searcher.engines.whoosh._api import Codec

__all__ = ["ArrayCodec"]


class ArrayCodec(Codec):  # type: ignore[misc] # Whoosh is untyped
    """Reads segments of arrays."""
