"""How much is served: where the index is, and the limits."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What one worker of the web application is told."""

    folder: Path
    root_path: str = ""  # where a proxy mounts the application
    outline: bool = False  # whether files may be sent in to be read
    timeout: float = 5.0  # seconds a search may take
    running: int = 4  # requests at work at once
    waiting: int = 64  # requests that may wait for their turn
    cache_bytes: int = 32_000_000
    largest_file: int = 10_000_000  # bytes, of a file that is sent in
