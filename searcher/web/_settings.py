"""How much is served: where the index is, and the limits."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the web application is told."""

    folder: Path
    root_path: str = ""  # where a proxy mounts the application
    outline: bool = False  # whether files may be sent in to be read
    timeout: float = 5.0  # seconds a request may take, from its arrival to its answer
    workers: int = 1  # processes that search; one is this process itself
    running: int = 2  # threads that search, in one process
    waiting: int = 64  # requests that may wait for their turn
    per_client: int = 16  # requests of one client, at work or waiting
    cache_bytes: int = 32_000_000
    largest_file: int = 10_000_000  # bytes, of a file that is sent in

    @property
    def lanes(self) -> int:
        """How many requests are at work at once."""
        return self.running if self.workers == 1 else self.workers
