"""Monotonic seconds and waiting, so that nothing here depends on the wall clock."""

import asyncio
import time
from typing import Protocol


class Ticker(Protocol):
    """Counts seconds from an arbitrary start, and waits."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        ...


class SystemTicker:
    """The computer's own monotonic time."""

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
