"""Tenants who send photos of their meters, so that there are always some to be read."""

import asyncio
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from bot.sandbox.telegram import SandboxPerson, TelegramWorld

OTHER_TENANTS = 700_000_002
PATIENCE_S = 600.0


class PhotoQueue:
    """As many tenants as photos wait; each sends the next when the last one is answered."""

    def __init__(self) -> None:
        self._answered = 0
        self._is_over = False
        self._tenants: list[SandboxPerson] = []
        self._senders: list[asyncio.Task[None]] = []

    def fill(self, world: TelegramWorld, photos: int, folder: Path) -> None:
        """This function will let so many photos wait from now on."""
        self._answered, self._is_over = 0, False
        pictures = cycle([path.read_bytes() for path in sorted(folder.glob("*.jpg"))])
        self._tenants += [
            world.person("Tenant", user_id=OTHER_TENANTS + number)
            for number in range(len(self._tenants), photos)
        ]
        senders = self._tenants[:photos]
        self._senders = [asyncio.create_task(self._send(each, pictures)) for each in senders]

    async def emptied(self) -> int:
        """This function will return how many were answered by now, and wait for the others."""
        answered, self._is_over = self._answered, True
        await asyncio.gather(*self._senders)
        return answered

    async def _send(self, tenant: SandboxPerson, pictures: Iterator[bytes]) -> None:
        while not self._is_over:
            sent = tenant.send_photo(next(pictures))
            await tenant.until(
                lambda each, to=sent.message_id: _is_read(each, to), timeout_s=PATIENCE_S
            )
            self._answered += 1


def _is_read(tenant: SandboxPerson, message_id: int) -> bool:
    """Return whether the bot has put what it read in the place of "Reading …"."""
    last = tenant.messages[-1]
    return last.from_bot and last.message_id > message_id and last.edited_at is not None
