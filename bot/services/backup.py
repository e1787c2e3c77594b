"""Keeps copies of the books: one a day, the last few of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.services.ports import Clock

KEEP = 14
PREFIX = "qube-bot-"

Copy = Callable[[Path], Awaitable[None]]
"""Writes a proven copy of the books to a file that is not there yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """The copy that was written, and the old ones that were removed."""

    written: Path
    size_bytes: int
    removed: tuple[Path, ...]


class Backups:
    """Copies the books into a folder."""

    def __init__(
        self,
        copy: Copy,
        clock: Clock,
        folder: Path,
        *,
        suffix: str,
        keep: int = KEEP,
    ) -> None:
        self._copy = copy
        self._clock = clock
        self._folder = folder
        self._suffix = suffix
        self._keep = keep

    async def run(self) -> BackupReport:
        """This function will write a copy, and remove the oldest ones beyond those kept.

        Nothing is removed unless the copy was written. Raises OSError.
        """
        name = f"{PREFIX}{self._clock.now():%Y-%m-%dT%H%M%SZ}{self._suffix}"
        path = self._folder / name
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        await self._copy(path)
        removed = await asyncio.to_thread(self._prune)
        size_bytes = (await asyncio.to_thread(path.stat)).st_size
        return BackupReport(written=path, size_bytes=size_bytes, removed=removed)

    def _prune(self) -> tuple[Path, ...]:
        copies = sorted(self._folder.glob(f"{PREFIX}*{self._suffix}"))
        old = tuple(copies[: -self._keep])
        for path in old:
            path.unlink()
        return old
