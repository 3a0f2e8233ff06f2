"""Whose turn is it? A few requests at work, and those that wait: client after client, each one's own in order."""

import asyncio
from collections import Counter, deque
from ipaddress import IPv6Address, ip_address

from searcher.errors import SearcherError
from searcher.wording import say

__all__ = ["Busy", "TooMany", "Turns", "client_of"]

_SITE = 64  # bits of an IPv6 address that one site has


class Busy(SearcherError):
    """Too many requests wait already."""


class TooMany(SearcherError):
    """This client has too many requests at work or waiting."""


class Turns:
    """Gives turns away. Used by one event loop alone.

    At most `running` are at work and `waiting` wait; at most `each` of both are of one client. None as a client is the
    house itself, which no bound holds back.
    """

    def __init__(self, running: int, waiting: int, each: int) -> None:
        self._free = running
        self._room = waiting
        self._each = each
        self._present: Counter[str | None] = Counter()  # at work or waiting, by client
        self._queues: dict[str | None, deque[asyncio.Future[None]]] = {}  # the next client's first

    async def take(self, client: str | None) -> None:
        """Wait for a turn; raise `TooMany` or `Busy` where waiting would be too long. Each taken is given back."""
        if client is not None and self._present[client] >= self._each:
            raise TooMany(say("too_many", most=self._each))
        if client is not None and self._free <= 0 and self._room <= 0:
            raise Busy(say("busy"))
        self._present[client] += 1
        if self._free > 0:  # then nobody waits
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        self._room -= 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._forget(client, turn)
            else:  # it came at the same moment
                self.give(client)
            raise

    def give(self, client: str | None) -> None:
        """Give a turn back: the first request of the client whose turn it is gets it."""
        self._leave(client)
        self._free += 1
        while self._queues and self._free > 0:
            following, queue = next(iter(self._queues.items()))
            turn = queue.popleft()
            del self._queues[following]
            if queue:
                self._queues[following] = queue  # behind all others
            self._room += 1
            if not turn.done():  # else who waited for it has just given up
                self._free -= 1
                turn.set_result(None)

    def _forget(self, client: str | None, turn: "asyncio.Future[None]") -> None:
        queue = self._queues.get(client, deque())
        if turn in queue:
            queue.remove(turn)
            self._room += 1
            if not queue:
                del self._queues[client]
        self._leave(client)

    def _leave(self, client: str | None) -> None:
        self._present[client] -= 1
        if not self._present[client]:
            del self._present[client]


def client_of(host: str) -> str:
    """Return what one client is known by: an address, or of IPv6 the network of a site, whose addresses are free."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    return str(address.ipv4_mapped or (int(address) >> (128 - _SITE)))
