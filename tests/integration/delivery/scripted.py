"""A messenger that does what it is told to, and remembers what it was asked."""

import asyncio
from collections import deque
from itertools import count

from bot.services.messenger import Recipient
from bot.services.store import Notice


class LeapingTicker:
    """Time that passes as soon as somebody waits for it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let the seconds pass at once."""
        self.seconds += seconds
        await asyncio.sleep(0)


class Crash(Exception):
    """The process dies here, as far as anything after it is concerned."""


class ScriptedMessenger:
    """Shows everything at once unless errors were planned; `shown` holds what people saw."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.calls: list[str] = []
        self.errors: deque[Exception] = deque()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.was_asked = asyncio.Event()
        self._ids = count(100)

    async def send(self, to: Recipient, notice: Notice) -> int:
        """Show a notice under a new number."""
        message_id = next(self._ids)
        await self._show(f"send to {to.person.chat_id}", notice)
        return message_id

    async def edit(self, to: Recipient, message_id: int, notice: Notice) -> None:
        """Show a notice under an old number."""
        await self._show(f"edit {message_id} of {to.person.chat_id}", notice)

    async def _show(self, how: str, notice: Notice) -> None:
        self.calls.append(how)
        self.was_asked.set()
        await self.may_answer.wait()
        if self.errors:
            raise self.errors.popleft()
        self.shown.append((how, notice.key))
