"""Photos that people send of meters: kept, shown to those who may see them, and forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.people import Actor, Permission
from bot.services.jpeg import NotAJpeg, stripped
from bot.services.meter_photo import MeterReader, NotAPhoto, PhotoTooLarge, PhotoToolsMissing
from bot.services.photo_store import PhotoGone, PhotoStore
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores.photo import Photo

LARGEST_BYTES = 20 * 1024 * 1024
UNUSED_FOR = timedelta(days=2)
AT_A_TIME = 100

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_IN_BOXES = ((0, (b"RIFF",), 8, (b"WEBP",)), (4, (b"ftyp",), 8, (b"hei", b"hev", b"mif", b"avif")))


class PhotoUnknown(LookupError):
    """There is no such photo, it was deleted, or it is none of this person's business."""

    def __init__(self, photo_id: int) -> None:
        super().__init__(photo_id)
        self.photo_id = photo_id


class PhotoNotKept(Exception):
    """It is a picture, but nothing here can make it fit to be kept: only its number counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningReport:
    """How many photos were deleted."""

    deleted: int


def require_size(size_bytes: int | None) -> None:
    """Raises PhotoTooLarge; a size that is not known yet is all right."""
    if size_bytes is not None and size_bytes > LARGEST_BYTES:
        raise PhotoTooLarge(size=size_bytes, limit=LARGEST_BYTES, unit="bytes")


class Photos:
    """Keeps photos for as long as somebody may have to look at them."""

    def __init__(
        self, transactions: Transactions, clock: Clock, reader: MeterReader, store: PhotoStore
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._reader = reader
        self._store = store

    async def take(self, *, actor: Actor, content: bytes) -> Photo:
        """This function will keep a photo, with nothing told beside the picture.

        Raises PhotoTooLarge, NotAPhoto and PhotoNotKept.
        """
        require_size(len(content))
        jpeg = await self._fit_to_keep(content)
        file_name = await self._store.save(jpeg)
        async with self._transactions.begin() as unit:
            return await unit.photos.add(
                Photo(
                    id=0,
                    file_name=file_name,
                    size_bytes=len(jpeg),
                    taken_by=actor.person_id,
                    received_at=self._clock.now(),
                )
            )

    async def picture(self, *, actor: Actor, photo_id: int) -> bytes:
        """This function will return a JPEG to who took it, and to staff whose meter it shows, or
        to whom it is to prove something, and to those who question an amount with it.

        Raises PhotoUnknown.
        """
        async with self._transactions.read() as unit:
            photo = await unit.photos.get(photo_id)
            place_ids = await unit.photos.place_ids(photo_id)
            shown_at = {
                *await unit.photos.claimed_at(photo_id),
                *await unit.photos.disputed_at(photo_id),
            }
            lease_ids = await unit.photos.disputed_by(photo_id)
        is_own = photo is not None and photo.taken_by == actor.person_id
        is_own = is_own or bool(actor.lease_ids & set(lease_ids))
        is_theirs = any(actor.may(Permission.SEE_ROOMS, each) for each in place_ids)
        is_theirs = is_theirs or any(actor.may(Permission.SEE_MONEY, each) for each in shown_at)
        if photo is None or photo.deleted_at is not None or not (is_own or is_theirs):
            raise PhotoUnknown(photo_id)
        try:
            return await self._store.load(photo.file_name)
        except PhotoGone:
            raise PhotoUnknown(photo_id) from None

    async def _fit_to_keep(self, content: bytes) -> bytes:
        """Make the photo anew or, where nothing can, take out what it tells beside the picture."""
        try:
            return await self._reader.reencoded(content)
        except PhotoToolsMissing:
            pass
        try:
            return stripped(content)
        except NotAJpeg:
            raise (PhotoNotKept if looks_like_a_picture(content) else NotAPhoto) from None


class PhotoCleaning:
    """Deletes photos that nobody has to look at any more."""

    def __init__(self, transactions: Transactions, clock: Clock, store: PhotoStore) -> None:
        self._transactions = transactions
        self._clock = clock
        self._store = store

    async def run(self) -> CleaningReport:
        """This function will delete photos that are older than their place keeps them, or that
        no reading came of.

        The file goes first: a stop in between leaves a row that says too much, never a file that
        nobody knows of. Raises OSError.
        """
        deleted = 0
        while found := await self._clean():
            deleted += found
        return CleaningReport(deleted=deleted)

    async def _clean(self) -> int:
        now = self._clock.now()
        async with self._transactions.read() as unit:
            kept_since: dict[datetime, list[int]] = {}
            for place in await unit.places.all():
                kept_since.setdefault(now - place.photos_kept, []).append(place.id)
            found = await unit.photos.outdated(
                kept_since=kept_since, unused_before=now - UNUSED_FOR, limit=AT_A_TIME
            )
        if not found:
            return 0
        for each in found:
            await self._store.delete(each.file_name)
        async with self._transactions.begin() as unit:
            await unit.photos.mark_deleted([each.id for each in found], at=now)
        return len(found)


def looks_like_a_picture(content: bytes) -> bool:
    """Return whether bytes begin as pictures do, for when nothing can open them."""
    return content.startswith(_PICTURES) or any(
        content.startswith(box, at) and content.startswith(kinds, inner)
        for at, box, inner, kinds in _IN_BOXES
    )
