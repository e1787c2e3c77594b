"""Time that passes only when it is told to, so that minutes cost nothing."""

import asyncio
import heapq
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SETTLING_ROUNDS = 12


class VirtualTicker:
    """A Ticker whose sleepers wake in order, while somebody lets the time pass."""

    def __init__(self, *, lateness_seconds: float = 0.0) -> None:
        self.seconds = 0.0
        self._lateness = lateness_seconds
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(
            self._sleepers, (self.seconds + seconds + self._lateness, self._count, woken)
        )
        await woken

    async def pass_until(self, second: float) -> None:
        """This function will let the time pass up to a second, waking whoever is due."""
        await settle()
        while self._sleepers and self._sleepers[0][0] <= second:
            due, _, woken = heapq.heappop(self._sleepers)
            self.seconds = max(self.seconds, due)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self.seconds = max(self.seconds, second)

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """This function will let as much time pass as the work needs, and return its result."""
        task = asyncio.ensure_future(work)
        await settle()
        while not task.done():
            due = self._sleepers[0][0] if self._sleepers else self.seconds
            await self.pass_until(due)
        return await task


async def settle() -> None:
    """This function will let everything run that needs no time to pass."""
    for _ in range(_SETTLING_ROUNDS):
        await asyncio.sleep(0)
