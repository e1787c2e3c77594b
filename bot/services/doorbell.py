"""Wakes the workers of this process when there is something to do at once.

Only a convenience: what is to be done stands in the database, and the workers also look by
themselves.
"""

import asyncio
import contextlib


class Doorbell:
    """Rung after a commit; everybody who waits hears it."""

    def __init__(self) -> None:
        self._rung: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Wake everybody who waits."""
        for event in self._rung:
            event.set()

    def listener(self) -> "Listener":
        """Return something that waits for the bell and misses no ring in between."""
        event = asyncio.Event()
        self._rung.add(event)
        return Listener(event)


class Listener:
    """One worker's ear at the door."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def wait(self, *, seconds: float) -> bool:
        """Wait until the bell rings or the time is up; return whether it rang."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        rang = self._event.is_set()
        self._event.clear()
        return rang
