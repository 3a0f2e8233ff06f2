"""Turns: bounded, and fair between clients."""

import asyncio

import pytest

from searcher.web._turns import Busy, TooMany, Turns, client_of


def play(turns, requests):
    """Let requests (client, number) ask one after the other; return those that come through, in order, and refusals."""
    through, refused = [], []

    async def ask(client, number):
        try:
            await turns.take(client)
        except (Busy, TooMany) as error:
            refused.append((client, number, type(error).__name__))
            return
        through.append((client, number))
        await asyncio.sleep(0)
        turns.give(client)

    async def everybody():
        await asyncio.gather(*(ask(*request) for request in requests))

    asyncio.run(everybody())
    return through, refused


def test_clients_take_turns():
    asked = [("a", n) for n in range(4)] + [("b", 0), ("b", 1), ("c", 0)]
    through, refused = play(Turns(1, 10, 10), asked)
    assert through == [("a", 0), ("a", 1), ("b", 0), ("c", 0), ("a", 2), ("b", 1), ("a", 3)]
    assert not refused


def test_one_client_cannot_take_all():
    through, refused = play(Turns(2, 10, 3), [("a", n) for n in range(5)] + [("b", 0), (None, 0)])
    assert refused == [("a", 3, "TooMany"), ("a", 4, "TooMany")]
    assert {("b", 0), (None, 0)} < set(through)


def test_so_many_wait_and_no_more():
    through, refused = play(Turns(1, 2, 10), [(name, 0) for name in "abcd"] + [(None, 0)])
    assert refused == [("d", 0, "Busy")]
    assert through == [("a", 0), ("b", 0), ("c", 0), (None, 0)]  # the house itself is never told to come back


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_who_gives_up_leaves_nothing_behind(ahead):
    async def everybody():
        turns = Turns(1, 3, 3)
        await turns.take("a")
        waiting = [asyncio.create_task(turns.take("b")) for _ in range(3)]
        await asyncio.sleep(0)
        for task in waiting[:ahead]:
            task.cancel()
        turns.give("a")  # at the same moment
        await asyncio.sleep(0)
        for task in waiting[ahead:]:
            await task
            turns.give("b")
        for _ in range(2):
            for client in ("a", "b", "c"):
                await asyncio.wait_for(turns.take(client), 1)
                turns.give(client)

    asyncio.run(everybody())


@pytest.mark.parametrize(
    ("host", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("testclient", "somebody", False),
    ],
)
def test_who_is_one_client(host, other, same):
    assert (client_of(host) == client_of(other)) is same
