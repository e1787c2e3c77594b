"""Tenants who send photos of their meters, all at once."""

import asyncio
from pathlib import Path

from bot.sandbox.telegram import SandboxPerson, TelegramWorld

OTHER_TENANTS = 700_000_002
PATIENCE_S = 600.0


class PhotoQueue:
    """The photos that wait, each from another tenant."""

    def __init__(self) -> None:
        self._tenants: list[SandboxPerson] = []
        self._waiting: list[asyncio.Task[None]] = []

    def fill(self, world: TelegramWorld, photos: int, folder: Path) -> None:
        """This function will let so many photos wait."""
        pictures = [path.read_bytes() for path in sorted(folder.glob("*.jpg"))[:photos]]
        self._tenants += [
            world.person("Tenant", user_id=OTHER_TENANTS + number)
            for number in range(len(self._tenants), photos)
        ]
        self._waiting = [
            asyncio.create_task(_read(tenant, picture))
            for tenant, picture in zip(self._tenants, pictures, strict=False)
        ]

    @property
    def waiting(self) -> int:
        """How many were not answered yet."""
        return sum(not each.done() for each in self._waiting)


async def _read(tenant: SandboxPerson, picture: bytes) -> None:
    """Send a photo, and wait until the bot puts what it read in the place of "Reading …"."""
    sent = tenant.send_photo(picture)

    def is_read(_: SandboxPerson) -> bool:
        last = tenant.messages[-1]
        return last.from_bot and last.message_id > sent.message_id and last.edited_at is not None

    await tenant.until(is_read, timeout_s=PATIENCE_S)
