"""The bell that saves workers from waiting for their hour."""

import asyncio

from bot.services.doorbell import Doorbell


async def test_everybody_who_waits_hears_it() -> None:
    doorbell = Doorbell()
    ears = [doorbell.listener() for _ in range(3)]
    waiting = [asyncio.create_task(ear.wait(seconds=60)) for ear in ears]
    await asyncio.sleep(0)
    doorbell.ring()
    assert await asyncio.gather(*waiting) == [True] * 3


async def test_a_ring_before_the_wait_is_not_missed_and_heard_once() -> None:
    doorbell = Doorbell()
    ear = doorbell.listener()
    doorbell.ring()
    doorbell.ring()
    assert await ear.wait(seconds=60)
    assert not await ear.wait(seconds=0)
