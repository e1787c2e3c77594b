"""Files on the stand-in's shelf: photos and documents, by their id and by their path."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import PurePosixPath
from typing import Any

from bot.sandbox.telegram.images import NotAPicture, grey_png, mime_type, pixel_size
from bot.sandbox.telegram.refusals import Refusal, bad_request

MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
_MAX_SIDES_PX = 10_000
_MAX_RATIO = 20
_THUMBNAIL_PX = 90


class FileKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as a chat shows it; `path` is where the bot downloads it."""

    file_id: str
    unique_id: str
    path: str
    kind: FileKind
    name: str
    mime: str
    data: bytes

    def payload(self) -> dict[str, Any]:
        """This function will return the Bot API's File object."""
        return self.reference() | {"file_path": self.path}

    def reference(self) -> dict[str, Any]:
        """This function will return the three fields that every kind of file begins with."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture and its reduced copy, sizes in pixels."""

    full: StoredFile
    width: int
    height: int
    thumbnail: StoredFile
    thumbnail_width: int
    thumbnail_height: int

    @property
    def data(self) -> bytes:
        return self.full.data

    def payload(self) -> list[dict[str, Any]]:
        """This function will return the sizes, the smallest first as Telegram does."""
        small = {"width": self.thumbnail_width, "height": self.thumbnail_height}
        large = {"width": self.width, "height": self.height}
        return [self.thumbnail.reference() | small, self.full.reference() | large]


class FileShelf:
    """Keeps every file that was sent in either direction."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._files: dict[str, StoredFile] = {}
        self._paths: dict[str, StoredFile] = {}
        self._photos: dict[str, Photo] = {}

    def add_document(self, data: bytes, name: str, mime: str) -> StoredFile:
        """This function will shelve a document of at most 50 MB; raises Refusal."""
        if not data:
            raise bad_request("file must be non-empty")
        if len(data) > MAX_UPLOAD_BYTES:
            raise Refusal(413, "Request Entity Too Large")
        return self._add(FileKind.DOCUMENT, data, name, mime)

    def add_photo(self, data: bytes) -> Photo:
        """This function will shelve a PNG or JPEG of at most 10 MB; raises Refusal."""
        if len(data) > MAX_PHOTO_BYTES:
            raise bad_request(f"too big for a photo; the maximum size is {MAX_PHOTO_BYTES} bytes")
        width, height = _photo_size(data)
        full = self._add(FileKind.PHOTO, data, "photo", mime_type(data))
        scale = _THUMBNAIL_PX / max(width, height, _THUMBNAIL_PX)
        small = max(1, round(width * scale)), max(1, round(height * scale))
        photo = Photo(
            full=full,
            width=width,
            height=height,
            thumbnail=self._add(FileKind.PHOTO, grey_png(*small), "thumbnail", "image/png"),
            thumbnail_width=small[0],
            thumbnail_height=small[1],
        )
        self._photos[full.file_id] = photo
        return photo

    def document(self, file_id: str) -> StoredFile:
        """This function will return a document that was sent before; raises Refusal."""
        found = self._files.get(file_id)
        if found is None:
            raise _wrong_identifier()
        if found.kind is not FileKind.DOCUMENT:
            raise bad_request("can't use file of type Photo as Document")
        return found

    def photo(self, file_id: str) -> Photo:
        """This function will return a photo that was sent before; raises Refusal."""
        found = self._files.get(file_id)
        if found is not None and found.kind is FileKind.DOCUMENT:
            raise bad_request("can't use file of type Document as Photo")
        if file_id not in self._photos:
            raise _wrong_identifier()
        return self._photos[file_id]

    def by_id(self, file_id: str) -> StoredFile | None:
        """This function will find a file by its id."""
        return self._files.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """This function will find a file by the path that getFile gave out."""
        return self._paths.get(path)

    def _add(self, kind: FileKind, data: bytes, name: str, mime: str) -> StoredFile:
        number = next(self._numbers)
        extension = PurePosixPath(name).suffix or {"image/png": ".png", "image/jpeg": ".jpg"}.get(
            mime, ""
        )
        stored = StoredFile(
            file_id=f"SANDBOX-{kind.value}-{number:06d}-{'x' * 40}",
            unique_id=f"u{hashlib.sha256(data).hexdigest()[:14]}{number}",
            path=f"{kind.value}s/file_{number}{extension}",
            kind=kind,
            name=name,
            mime=mime,
            data=data,
        )
        self._files[stored.file_id] = stored
        self._paths[stored.path] = stored
        return stored


def _photo_size(data: bytes) -> tuple[int, int]:
    try:
        width, height = pixel_size(data)
    except NotAPicture as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    longest, shortest = max(width, height), min(width, height)
    if shortest < 1 or width + height > _MAX_SIDES_PX or longest > _MAX_RATIO * shortest:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _wrong_identifier() -> Refusal:
    return bad_request("wrong file identifier/HTTP URL specified")
