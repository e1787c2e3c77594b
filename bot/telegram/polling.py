"""Long polling that forgets nothing: an update is confirmed only once it has been handled.

The library's own updater confirms what it has queued in memory, and a killed process takes that
queue with it. Here Telegram keeps every update until its effect is in the database; what comes
twice is told apart by its number there. It hands out no more than 100, beginning with the oldest:
once so many wait, one is kept for HELD_S at most, as somebody's slow photo would make the bot deaf
to everybody.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from telegram import Bot, Update
from telegram.error import RetryAfter, TelegramError

Handle = Callable[[Update], Awaitable[None]]
Report = Callable[[TelegramError], None]

POLL = timedelta(seconds=25)
AT_WORK_PAUSE_S = 0.2
HELD_S = 1.0
MOST_AT_ONCE = 100
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 30.0
LAST_ORDERS_S = 20.0


class Polling:
    """Fetches updates, hands each to `handle` once, and confirms in order."""

    def __init__(
        self,
        bot: Bot,
        handle: Handle,
        *,
        allowed: Sequence[str],
        report: Report,
        held_s: float = HELD_S,
    ) -> None:
        self._bot = bot
        self._handle = handle
        self._allowed = allowed
        self._report = report
        self._offset = 0
        self._held_s = held_s
        self._is_crowded = False
        self._at_work: dict[int, asyncio.Task[None]] = {}
        self._held_until_s: dict[int, float] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """This function will poll until it is left, then finish what has been begun.

        Telegram refuses to be polled while there is a webhook: take it away before.
        """
        fetching = asyncio.create_task(self._fetch_forever())
        try:
            yield
        finally:
            fetching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await fetching
            await self._finish()

    async def _fetch_forever(self) -> None:
        failures = 0
        while True:
            try:
                await self._fetch()
            except TelegramError as error:
                self._report(error)
                await asyncio.sleep(_retry_s(error, failures))
                failures += 1
            else:
                failures = 0

    async def _fetch(self) -> None:
        """Ask once; while updates are at work the answer comes at once, so pause a little."""
        if held := [self._at_work[number] for number in self._held()]:
            await asyncio.wait(held, timeout=AT_WORK_PAUSE_S, return_when=asyncio.FIRST_COMPLETED)
        updates = await self._bot.get_updates(
            offset=self._confirmed(), timeout=POLL, allowed_updates=list(self._allowed)
        )
        self._is_crowded = len(updates) >= MOST_AT_ONCE
        for update in updates:
            if update.update_id >= self._offset and update.update_id not in self._at_work:
                until_s = asyncio.get_running_loop().time() + self._held_s
                self._held_until_s[update.update_id] = until_s
                self._at_work[update.update_id] = asyncio.create_task(self._run(update))

    def _held(self) -> list[int]:
        """Return the updates at work that Telegram is to send again if this process dies."""
        now_s = asyncio.get_running_loop().time()
        return [
            number
            for number, task in self._at_work.items()
            if task.cancelled() or (not task.done() and self._may_hold(number, now_s))
        ]

    def _may_hold(self, number: int, now_s: float) -> bool:
        return not self._is_crowded or now_s < self._held_until_s[number]

    def _confirmed(self) -> int | None:
        """Return the offset that keeps the oldest held update at Telegram."""
        below = min(self._held(), default=max(self._at_work, default=self._offset - 1) + 1)
        self._offset = max(self._offset, below)
        for number, task in list(self._at_work.items()):
            if number < self._offset and task.done():
                del self._at_work[number], self._held_until_s[number]
        return self._offset or None

    async def _run(self, update: Update) -> None:
        await self._handle(update)

    async def _finish(self) -> None:
        """Let what was begun end, and confirm it, so that it does not come again.

        What takes too long is stopped and stays at Telegram for the next start.
        """
        if self._at_work:
            _, late = await asyncio.wait(self._at_work.values(), timeout=LAST_ORDERS_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        offset = self._confirmed()
        with contextlib.suppress(TelegramError):
            await self._bot.get_updates(offset=offset, timeout=0, limit=1)


def retry_after_s(error: TelegramError) -> float:
    """This function will return how long Telegram itself asks to wait; 0 when it does not."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _retry_s(error: TelegramError, failures: int) -> float:
    if isinstance(error, RetryAfter):
        return retry_after_s(error)
    return min(FIRST_RETRY_S * 2.0 ** min(failures, 10), LONGEST_RETRY_S)
