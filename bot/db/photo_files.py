"""Photos as files of a folder that nobody else can look into."""

import asyncio
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from bot.services.photo_store import PhotoGone

_OWN_NAME = re.compile(r"[0-9a-f]{32}\.jpg")
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


class PhotoFolder:
    """A PhotoStore: each photo is a file with a random name, and whole or not there."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made for the first photo."""
        self._folder = folder

    async def save(self, jpeg: bytes) -> str:
        """Keep a photo and return the name that was made for it. Raises OSError."""
        name = f"{secrets.token_hex(16)}.jpg"
        await asyncio.to_thread(self._write, name, jpeg)
        return name

    async def load(self, file_name: str) -> bytes:
        """Return a photo. Raises PhotoGone and OSError."""
        path = self._path(file_name)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            raise PhotoGone(file_name) from None

    async def delete(self, file_name: str) -> None:
        """Destroy a photo; one that is gone is all right. Raises OSError."""
        with suppress(PhotoGone):
            await asyncio.to_thread(self._path(file_name).unlink, missing_ok=True)

    def _path(self, file_name: str) -> Path:
        """Raises PhotoGone for a name that is none of ours, which could lead anywhere."""
        if _OWN_NAME.fullmatch(file_name) is None:
            raise PhotoGone(file_name)
        return self._folder / file_name

    def _write(self, name: str, jpeg: bytes) -> None:
        self._folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self._folder.chmod(_FOLDER_MODE)
        partial = self._folder / f".{name}.partial"
        try:
            made = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
            with os.fdopen(made, "wb") as file:
                file.write(jpeg)
                os.fsync(file.fileno())
            partial.replace(self._folder / name)
        finally:
            partial.unlink(missing_ok=True)
