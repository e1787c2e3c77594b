"""No more than the vendor's requests a minute, the urgent ones first.

The rate is a GCRA: one instant, the *theoretical arrival time*, says everything. With r requests
a minute and a burst of b, no window of sixty seconds, wherever it begins, holds more than
floor(r) + b; both are chosen so that this stays within the limit. The last of the burst is kept
for commands to relays, so that they need not wait even while a sweep takes every slot there is.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self

from bot.qube.lanes import Lanes, Waiter
from bot.qube.ticker import Ticker
from bot.services.ports import Lane

_RESERVE = 0.03  # of the limit; pays for the burst and for jitter on the way to the vendor
_SMALLEST_RESERVE = 0.5  # of a request, so that a burst of one still fits a small limit
_BURST = 0.02  # of the limit; pays for waking up late, which would otherwise lose slots
_MOST_KEPT = 2  # a command asks the device first
_ROUNDING_SECONDS = 1e-6


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


class LimiterState(Protocol):
    """Where the rate is kept: in this process, or in one row that all replicas share."""

    async def reserve(self, now: float, lane: Lane) -> float:
        """Take a slot and return 0, or take none and return the seconds until asking pays."""
        ...

    async def pause(self, now: float, seconds: float) -> None:
        """Give no slot during the coming seconds; never shortens an earlier pause."""
        ...


class InMemoryLimiterState:
    """The rate of a single process, on its own monotonic time."""

    def __init__(self, rate: Rate) -> None:
        self._interval = rate.interval_seconds
        self._tolerance = (rate.burst - 1) * rate.interval_seconds
        self._kept = rate.kept_for_commands * rate.interval_seconds
        self._arrival = float("-inf")
        self._paused_until = float("-inf")

    async def reserve(self, now: float, lane: Lane) -> float:
        tolerance = self._tolerance + (self._kept if lane <= Lane.CUT else 0)
        opens = max(self._arrival - tolerance, self._paused_until)
        if now < opens - _ROUNDING_SECONDS:
            return opens - now
        self._arrival = max(now, self._arrival) + self._interval
        return 0.0

    async def pause(self, now: float, seconds: float) -> None:
        self._paused_until = max(self._paused_until, now + seconds)


class Limiter:
    """Hands out slots one by one; a slot goes to whoever is most urgent when it opens."""

    def __init__(self, *, state: LimiterState, ticker: Ticker) -> None:
        self._state = state
        self._ticker = ticker
        self._lanes = Lanes()
        self._pump: asyncio.Task[None] | None = None
        self._nap: asyncio.Task[None] | None = None

    async def acquire(self, lane: Lane) -> None:
        """This function will return when the caller may send one request."""
        now = self._ticker.monotonic()
        if not self._lanes and await self._state.reserve(now, lane) <= 0:
            return
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
        await self._state.pause(self._ticker.monotonic(), seconds)

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
                wait = await self._state.reserve(self._ticker.monotonic(), self._lanes.first)
                if wait > 0:
                    await self._rest(wait)
                elif self._lanes:
                    waiter = self._lanes.pop(self._ticker.monotonic())
                    if not waiter.turn.done():
                        waiter.turn.set_result(None)
        finally:
            self._pump = None

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
