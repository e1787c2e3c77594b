"""No more than the vendor's requests a minute, the urgent ones first.

The rate is a GCRA: one instant, when the next request of an even stream is *due*, says everything.
With r requests a minute and a burst of b, no window of sixty seconds, wherever it begins, holds
more than floor(r) + b; both are chosen so that this stays within the limit. The last of the burst
is kept for commands to relays, so that they need not wait even while a sweep takes every slot
there is.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, Self

from bot.qube.answers import LONGEST_RETRY_AFTER_SECONDS
from bot.qube.lanes import Lanes, Waiter
from bot.qube.ticker import Ticker
from bot.services.ports import Lane
from bot.services.request_budget import (
    LONG_AGO,
    BudgetSeen,
    RequestBudget,
    RequestBudgets,
)

_RESERVE = 0.03  # of the limit; pays for the burst and for jitter on the way to the vendor
_SMALLEST_RESERVE = 0.5  # of a request, so that a burst of one still fits a small limit
_BURST = 0.02  # of the limit; pays for waking up late, which would otherwise lose slots
_MOST_KEPT = 2  # a command asks the device first
_BATCH_SECONDS = 0.05  # slots that are closer together are taken at once: each costs a write


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Seconds from one request to the next, and how many may come at once after a rest.

    Commands may go so many requests further than others.
    """

    interval_seconds: float
    burst: int
    kept_for_commands: int = 0

    @classmethod
    def within(cls, requests_per_minute: int) -> Self:
        """This function will return the fastest even rate that never exceeds the limit.

        Raises ValueError when nothing is allowed at all.
        """
        if requests_per_minute < 1:
            raise ValueError(requests_per_minute)
        reserve = max(_RESERVE * requests_per_minute, _SMALLEST_RESERVE)
        burst = max(1, int(_BURST * requests_per_minute))
        even = requests_per_minute - reserve
        kept = min(_MOST_KEPT, requests_per_minute - int(even) - burst)
        return cls(interval_seconds=60 / even, burst=burst, kept_for_commands=kept)

    @property
    def batch(self) -> int:
        """How many slots are worth taking at once; one, unless they follow very fast."""
        return max(1, min(self.burst, int(_BATCH_SECONDS / self.interval_seconds)))


class LimiterState(Protocol):
    """What is left of the rate, and who is told to wait how long."""

    async def reserve(self, lane: Lane, count: int = 1) -> float:
        """Take so many slots and return 0, or take none and return the seconds until it pays."""
        ...

    async def pause(self, seconds: float) -> None:
        """Give no slot during the coming seconds; never shortens an earlier pause."""
        ...


class MemoryBudgets:
    """The budget of a single process, on its own monotonic time. Implements RequestBudgets."""

    def __init__(self, ticker: Ticker) -> None:
        self._ticker = ticker
        self._budget = RequestBudget()

    async def look(self) -> BudgetSeen:
        now = LONG_AGO + timedelta(seconds=self._ticker.monotonic())
        return BudgetSeen(now=now, budget=self._budget)

    async def replace(self, seen: RequestBudget, new: RequestBudget) -> bool:
        if self._budget != seen:
            return False
        self._budget = new
        return True


class BudgetedState:
    """A rate whose budget is kept where everybody who uses the key can see it.

    Nobody is locked out meanwhile: whoever finds that the budget has changed looks again.
    """

    def __init__(self, rate: Rate, budgets: RequestBudgets) -> None:
        self._budgets = budgets
        self._interval = timedelta(microseconds=math.ceil(rate.interval_seconds * 1e6))
        self._tolerance = (rate.burst - 1) * self._interval
        self._kept = rate.kept_for_commands * self._interval

    async def reserve(self, lane: Lane, count: int = 1) -> float:
        while True:
            seen = await self._budgets.look()
            now, budget = seen.now, self._believable(seen)
            ahead = self._tolerance + (self._kept if lane <= Lane.CUT else timedelta())
            opens = max(budget.due_at + (count - 1) * self._interval - ahead, budget.paused_until)
            if now < opens:
                return (opens - now).total_seconds()
            due_at = max(now, budget.due_at) + count * self._interval
            if await self._budgets.replace(seen.budget, replace(budget, due_at=due_at)):
                return 0.0

    async def pause(self, seconds: float) -> None:
        while True:
            seen = await self._budgets.look()
            budget = self._believable(seen)
            until = max(budget.paused_until, seen.now + timedelta(seconds=seconds))
            if await self._budgets.replace(seen.budget, replace(budget, paused_until=until)):
                return

    def _believable(self, seen: BudgetSeen) -> RequestBudget:
        """Forget instants so far ahead that the clock must have been set back since."""
        furthest = seen.now + self._tolerance + self._kept + self._interval
        longest = seen.now + 2 * timedelta(seconds=LONGEST_RETRY_AFTER_SECONDS)
        return RequestBudget(
            due_at=_unless_after(furthest, seen.budget.due_at),
            paused_until=_unless_after(longest, seen.budget.paused_until),
        )


def _unless_after(latest: datetime, at: datetime) -> datetime:
    return at if at <= latest else LONG_AGO


class Limiter:
    """Hands out slots one by one; a slot goes to whoever is most urgent when it opens."""

    def __init__(self, *, state: LimiterState, ticker: Ticker, batch: int = 1) -> None:
        self._state = state
        self._ticker = ticker
        self._batch = batch
        self._lanes = Lanes()
        self._pump: asyncio.Task[None] | None = None
        self._nap: asyncio.Task[None] | None = None

    async def acquire(self, lane: Lane) -> None:
        """This function will return when the caller may send one request."""
        now = self._ticker.monotonic()
        waiter = Waiter(lane=lane, since=now, turn=asyncio.get_running_loop().create_future())
        is_first = not self._lanes or lane < self._lanes.first
        self._lanes.add(waiter)
        self._start_pump()
        if is_first and self._nap is not None:
            self._nap.cancel()  # its slot may open earlier than that of who was first
        try:
            await waiter.turn
        except asyncio.CancelledError:
            self._lanes.discard(waiter)
            raise

    async def pause(self, seconds: float) -> None:
        """This function will hold every request of the key back for that many seconds."""
        await self._state.pause(seconds)

    def dismiss(self, error: Callable[[], Exception]) -> None:
        """This function will let everybody who waits fail at once."""
        for waiter in self._lanes.drain():
            if not waiter.turn.done():
                waiter.turn.set_exception(error())

    async def aclose(self) -> None:
        """This function will stop handing out slots; whoever waits is cancelled."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.wait([self._pump])

    def _start_pump(self) -> None:
        if self._pump is None:
            self._pump = asyncio.create_task(self._hand_out(), name="qube limiter")
            self._pump.add_done_callback(self._pump_ended)

    async def _hand_out(self) -> None:
        try:
            while self._lanes:
                lane = self._lanes.first
                count = 1 if lane <= Lane.CUT else min(self._batch, len(self._lanes))
                wait = await self._state.reserve(lane, count)
                if wait <= 0:
                    self._let_through(count)
                elif self._lanes and lane <= self._lanes.first:  # else somebody may go earlier
                    await self._rest(wait)
        finally:
            self._pump = None

    def _let_through(self, count: int) -> None:
        """Whoever gave up while a slot was taken leaves it unused."""
        for _ in range(min(count, len(self._lanes))):
            waiter = self._lanes.pop(self._ticker.monotonic())
            if not waiter.turn.done():
                waiter.turn.set_result(None)

    async def _rest(self, seconds: float) -> None:
        self._nap = asyncio.create_task(self._ticker.sleep(seconds))
        try:
            await asyncio.wait([self._nap])
        finally:
            self._nap.cancel()
            self._nap = None

    def _pump_ended(self, pump: asyncio.Task[None]) -> None:
        if pump.cancelled():
            for waiter in self._lanes.drain():
                waiter.turn.cancel()
        elif error := pump.exception():
            for waiter in self._lanes.drain():
                if not waiter.turn.done():
                    waiter.turn.set_exception(error)
