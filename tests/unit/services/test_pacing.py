"""Turns to write are given out at a pace, in time that passes only when it is told to."""

import asyncio

from bot.services.pacing import REMEMBERED_CHATS, Pacing
from tests.unit.qube.virtual_time import VirtualTicker, settle


async def times_of_turns(pacing: Pacing, ticker: VirtualTicker, chats: list[int]) -> list[float]:
    times: list[float] = []

    async def write(chat_id: int) -> None:
        assert await pacing.turn(chat_id)
        times.append(round(ticker.monotonic(), 3))

    await ticker.run(asyncio.wait_for(asyncio.gather(*map(write, chats)), None))
    return times


async def test_different_chats_share_thirty_a_second() -> None:
    ticker = VirtualTicker()
    times = await times_of_turns(Pacing(ticker=ticker), ticker, list(range(61)))

    assert (times[0], times[30], times[60]) == (0, 1, 2)


async def test_one_chat_bears_a_short_burst_and_then_one_a_second() -> None:
    ticker = VirtualTicker()
    pacing = Pacing(in_all_per_s=1000, ticker=ticker)

    assert [round(at) for at in await times_of_turns(pacing, ticker, [7] * 5)] == [0, 0, 1, 2, 3]


async def test_a_chat_that_was_left_alone_may_have_a_burst_again() -> None:
    ticker = VirtualTicker()
    pacing = Pacing(in_all_per_s=1000, ticker=ticker)
    await times_of_turns(pacing, ticker, [7] * 4)
    await ticker.pass_until(100)

    assert [round(at) for at in await times_of_turns(pacing, ticker, [7] * 3)] == [100, 100, 101]


async def test_a_slow_chat_does_not_slow_down_the_others() -> None:
    ticker = VirtualTicker()
    pacing = Pacing(ticker=ticker)
    waiting = asyncio.gather(*(pacing.turn(7) for _ in range(9)))
    await settle()

    assert await times_of_turns(pacing, ticker, [8]) == [0.067]
    await ticker.pass_until(10)
    assert await waiting == [True] * 9


async def test_in_a_pause_nobody_gets_a_turn() -> None:
    ticker = VirtualTicker()
    pacing = Pacing(ticker=ticker)
    pacing.pause(seconds=5)
    pacing.pause(seconds=2)

    assert not await pacing.turn(7)
    await ticker.pass_until(4.9)
    assert pacing.is_paused
    await ticker.pass_until(5)
    assert await pacing.turn(7)


async def test_a_pause_that_begins_takes_the_turn_of_those_who_wait() -> None:
    ticker = VirtualTicker()
    pacing = Pacing(ticker=ticker)
    waiting = asyncio.gather(*(pacing.turn(7) for _ in range(3)))
    await settle()
    pacing.pause(seconds=30)
    await ticker.pass_until(10)

    assert await waiting == [True, False, False]


async def test_chats_that_are_paid_for_are_forgotten() -> None:
    ticker = VirtualTicker()
    pacing = Pacing(in_all_per_s=10**6, ticker=ticker)
    for round_number in range(3):
        chats = range(round_number * REMEMBERED_CHATS, (round_number + 1) * REMEMBERED_CHATS)
        await times_of_turns(pacing, ticker, list(chats))
        await ticker.pass_until(ticker.monotonic() + 100)

    assert len(pacing._chats) <= REMEMBERED_CHATS
