"""The bot as a process of its own that can be killed: `run`, with a clock that is ahead.

Orders and notices that a killed process was working on are held for minutes; who starts the next
one with a clock that is ahead need not wait for that.
"""

import asyncio
import os
from datetime import datetime, timedelta

from bot.clock import SystemClock
from bot.config import load_settings
from bot.jobs import Rhythm
from bot.logs import start_logging
from bot.running import running_bot

AHEAD_S = "CLOCK_AHEAD_SECONDS"
READY = "running"


class ClockAhead:
    """The time of this machine and a span more."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return SystemClock().now() + self._ahead


async def main() -> None:
    """Run until killed, and say when that can be."""
    settings = load_settings()
    start_logging("WARNING", secrets=settings.secrets())
    clock = ClockAhead(timedelta(seconds=float(os.environ[AHEAD_S])))
    async with running_bot(settings, clock=clock, rhythm=Rhythm(worker_s=0.1)):
        print(READY, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
