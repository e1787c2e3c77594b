"""How fast people are written to: in all, to one of them, and not at all for a while."""

import asyncio
import time
from typing import Protocol

IN_ALL_PER_S = 30
CHAT_PER_S = 1
CHAT_BURST = 2
"""One less than the messenger bears, which leaves room for the answer to a tap."""
REMEMBERED_CHATS = 1024


class Ticker(Protocol):
    """Counts real seconds from an arbitrary start, and waits."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds."""
        ...


class RealTime:
    """The computer's own monotonic time."""

    def monotonic(self) -> float:
        """Return the seconds of this machine."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let others work meanwhile."""
        await asyncio.sleep(seconds)


class _Rate:
    """A rate with a burst, as the instant at which all that was let through is paid for."""

    def __init__(self, *, per_s: float, burst: int = 1) -> None:
        self._interval_s = 1 / per_s
        self._burst_s = (burst - 1) / per_s
        self.paid_for_s = 0.0

    def take(self, now_s: float) -> float:
        """Take the next turn, and return how many seconds it is away."""
        wait_s = max(self.paid_for_s - self._burst_s - now_s, 0.0)
        self.paid_for_s = max(self.paid_for_s, now_s) + self._interval_s
        return wait_s


class Pacing:
    """Gives out turns to write. In memory: a restart at most asks for a pause once more."""

    def __init__(
        self,
        *,
        in_all_per_s: float = IN_ALL_PER_S,
        chat_per_s: float = CHAT_PER_S,
        chat_burst: int = CHAT_BURST,
        ticker: Ticker | None = None,
    ) -> None:
        self._chat_per_s = chat_per_s
        self._chat_burst = chat_burst
        self._ticker = ticker or RealTime()
        self._in_all = _Rate(per_s=in_all_per_s)
        self._chats: dict[int, _Rate] = {}
        self._paused_until_s = 0.0

    @property
    def is_paused(self) -> bool:
        """Whether nobody may be written to now."""
        return self._ticker.monotonic() < self._paused_until_s

    def pause(self, *, seconds: float) -> None:
        """Let nobody be written to for a while; a longer pause outlasts a shorter one."""
        until_s = self._ticker.monotonic() + seconds
        self._paused_until_s = max(self._paused_until_s, until_s)

    async def turn(self, chat_id: int) -> bool:
        """Return when a message may go into a chat; False when a pause has begun meanwhile."""
        await self._wait(self._chat(chat_id))
        if not self.is_paused:
            await self._wait(self._in_all)
        return not self.is_paused

    async def _wait(self, rate: _Rate) -> None:
        wait_s = rate.take(self._ticker.monotonic())
        if wait_s > 0:
            await self._ticker.sleep(wait_s)

    def _chat(self, chat_id: int) -> _Rate:
        if len(self._chats) >= REMEMBERED_CHATS:
            now_s = self._ticker.monotonic()
            self._chats = {
                chat: rate for chat, rate in self._chats.items() if rate.paid_for_s > now_s
            }
        return self._chats.setdefault(
            chat_id, _Rate(per_s=self._chat_per_s, burst=self._chat_burst)
        )
