"""Days in seconds: simulated time moves forward in hops that whatever watches the clock can see."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo

from bot.sandbox.clock import SandboxClock

HOP_PAUSE_S = 0.05
"""Real seconds between hops: two hops make a simulated hour, twenty-five days make a minute."""
MAX_JOURNEY = timedelta(days=366)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ImpossibleJourney(Exception):
    """Time was told to stand still, to go back, or to go farther than a journey may."""

    def __init__(self, by: timedelta) -> None:
        super().__init__(by)
        self.by = by


class TimeTraveller:
    """Moves a clock forward and stops at :59 and at :00 of every local hour on the way.

    `next_stop` says where to stop instead; replace it for a program that has enough of fewer hops.
    `settle` is awaited after every hop, so that a program under the clock can finish what the hour
    asks of it; replace it at will. The clock may run meanwhile.
    """

    def __init__(
        self, clock: SandboxClock, zone: tzinfo, *, hop_pause_s: float = HOP_PAUSE_S
    ) -> None:
        self.settle: Callable[[], Awaitable[None]] = _nothing
        self.next_stop: Callable[[datetime], datetime] = lambda now: next_mark(now, zone)
        self._clock = clock
        self._hop_pause_s = hop_pause_s
        self._destination: datetime | None = None
        self._journey: asyncio.Task[None] | None = None

    @property
    def destination(self) -> datetime | None:
        """The instant that is travelled to, in UTC; None at rest."""
        return self._destination

    def depart(self, by: timedelta) -> datetime:
        """This function will set out for a later instant and return it, in UTC.

        On the way already, it travels on by the span. Raises ImpossibleJourney.
        """
        now = self._clock.now()
        wanted = (self._destination or now) + by
        if by <= timedelta() or wanted - now > MAX_JOURNEY:
            raise ImpossibleJourney(by)
        self._destination = wanted.astimezone(UTC)
        if self._journey is None:
            self._journey = asyncio.create_task(self._travel(), name="time travel")
        return self._destination

    async def travel(self, by: timedelta) -> None:
        """This function will depart and return on arrival. Raises ImpossibleJourney."""
        self.depart(by)
        await self.arrival()

    async def arrival(self) -> None:
        """This function will wait for the end of the journey, if there is one.

        Raises what `settle` raised.
        """
        if self._journey is not None:
            await asyncio.shield(self._journey)

    async def stop(self) -> None:
        """This function will end the journey where it is; the clock keeps what it has."""
        journey = self._journey
        if journey is None:
            return
        journey.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await journey

    async def _travel(self) -> None:
        try:
            while self._destination is not None and self._clock.now() < self._destination:
                mark = min(self.next_stop(self._clock.now()), self._destination)
                self._clock.move_to(mark)
                await asyncio.sleep(self._hop_pause_s)
                await self.settle()
        finally:
            self._destination = None
            self._journey = None


def next_mark(instant: datetime, zone: tzinfo) -> datetime:
    """This function will return the next :59 or :00 of a local hour, in UTC."""
    offset = instant.astimezone(zone).utcoffset() or timedelta()
    since_hour = (instant + offset - _EPOCH) % _HOUR
    ahead = _HOUR - _MINUTE if since_hour < _HOUR - _MINUTE else _HOUR
    return (instant - since_hour + ahead).astimezone(UTC)


async def _nothing() -> None:
    """Nobody watches the clock."""
