"""From the photo of a meter to a reading: what it may show, and what a person says it shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.metering import ReadingType
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.services.cause import AlreadyHandled, Cause
from bot.services.meter_photo import MeterReader, PhotoFlaw, PhotoProposal, ReaderTrouble
from bot.services.photo import Photos, PhotoUnknown
from bot.services.photo_expectation import Asked, as_shown, meter_to_read, plausible_use
from bot.services.ports import Clock
from bot.services.reading_entry import (
    NewReading,
    Preview,
    ReadingEntry,
    Recorded,
)
from bot.services.store import Transactions
from bot.services.stores.meter_sheet import MeterLine
from bot.services.stores.photo import Photo, Proposed, ReadableQuery

MOST_METERS = 8
FAR_OFF = Decimal(1)
"""A confirmed value this far from all that were proposed is somebody else's reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """Meters that a person may read; `has_more` when there are others besides."""

    lines: tuple[MeterLine, ...]
    has_more: bool = False

    @property
    def obvious(self) -> MeterLine | None:
        """The one that is meant when nobody says which: the only one that no device reads."""
        read_by_hand = [each for each in self.lines if each.sheet.udf1 is None]
        asked = read_by_hand or self.lines
        return asked[0] if len(asked) == 1 and not self.has_more else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """What a photo may show of a meter: values best first, and what the best would mean.

    Without values there is a flaw of the photo, or a trouble of the reader. `is_implausible` tells
    that the best was read clearly although it is more than can be; whatever is said then is held.
    """

    asked: Asked
    values: tuple[Decimal, ...] = ()
    is_implausible: bool = False
    preview: Preview | None = None
    flaw: PhotoFlaw | None = None
    trouble: ReaderTrouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says that a meter shows; `photo_id` is the photo that they sent of it."""

    meter_id: int
    value: Decimal
    photo_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What saying it would mean; `proposed` is what the photo seems to show, if that is far off."""

    asked: Asked
    preview: Preview
    proposed: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seeming:
    """The values that a photo seems to show; only the best of them where that is implausible."""

    values: tuple[Decimal, ...] = ()
    is_implausible: bool = False


class PhotoReadings:
    """Lets people read meters with a photo, or by typing what they see."""

    def __init__(
        self,
        transactions: Transactions,
        clock: Clock,
        reader: MeterReader,
        photos: Photos,
        entry: ReadingEntry,
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._reader = reader
        self._photos = photos
        self._entry = entry

    async def meters(self, *, actor: Actor, words: Sequence[str] = ()) -> Readable:
        """This function will return the meters that a person may read, called so."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            zones = await unit.places.zones()
            days = {local_date(now, zone) for zone in zones} or {now.date()}
            wanted = ReadableQuery(
                lease_ids=actor.lease_ids,
                place_ids=actor.places(Permission.READ_METERS),
                on=min(days),
                words=tuple(words),
            )
            found = await unit.photos.readable(wanted, limit=MOST_METERS + 1)
        return Readable(lines=tuple(found[:MOST_METERS]), has_more=len(found) > MOST_METERS)

    async def require_new(self, *, cause: Cause) -> None:
        """Raises AlreadyHandled for a photo that has been answered."""
        if cause.update_id is None:
            return
        async with self._transactions.read() as unit:
            if await unit.chats.is_handled(cause.update_id):
                raise AlreadyHandled

    async def answered(self, *, cause: Cause) -> None:
        """This function will remember that a photo was answered, when it is."""
        if cause.update_id is not None:
            async with self._transactions.begin() as unit:
                await unit.chats.is_new(cause.update_id, at=self._clock.now())

    async def first_to(self, *, actor: Actor, mark: str) -> bool:
        """This function will return whether something happens for the first time."""
        async with self._transactions.begin() as unit:
            now = self._clock.now()
            return await unit.chats.spend(mark, person_id=actor.person_id, at=now)

    async def ask(self, *, actor: Actor, meter_id: int) -> Asked:
        """This function will return a meter that is to be read.

        Raises MeterUnknown, NotAllowed and MeterNotInUse.
        """
        async with self._transactions.read() as unit:
            asked, _ = await meter_to_read(unit, actor, meter_id, now=self._clock.now())
        return await self._among_others(actor, asked)

    async def look(
        self, *, actor: Actor, meter_id: int, photo_id: int, content: bytes | None = None
    ) -> Sighted:
        """This function will look for a meter's number in a photo, and remember what it found.

        `content` is the photo as it was sent, which shows more than what is kept. Raises
        PhotoUnknown, NotAPhoto, PhotoTooLarge, MeterUnknown, NotAllowed, MeterNotInUse and
        ReadingBeforeInstallation.
        """
        photo = await self._own(actor, photo_id)
        if content is None:
            content = await self._photos.picture(actor=actor, photo_id=photo_id)
        async with self._transactions.read() as unit:
            asked, spot = await meter_to_read(
                unit, actor, meter_id, now=self._clock.now(), at=photo.received_at
            )
            plausible = await plausible_use(unit, spot)
        seen = await self._reader.propose(
            content,
            previous=as_shown(asked.previous_value, asked.sheet.decimals),
            plausible=plausible,
            decimals=asked.sheet.decimals,
        )
        values = tuple(each.value for each in seen.candidates)
        async with self._transactions.begin() as unit:
            await unit.photos.propose(photo_id, Proposed(meter_id=meter_id, values=values))
        photo = await self._own(actor, photo_id)
        return await self._sighted(actor, await self._among_others(actor, asked), photo, seen)

    async def weigh(self, *, actor: Actor, said: Said) -> Weighed:
        """This function will tell what saying a value would mean.

        Raises PhotoUnknown, and what `ReadingEntry.preview` raises.
        """
        photo = await self._photo_of(actor, said)
        seems = await self._seems(actor, said, photo)
        preview = await self._entry.preview(actor=actor, new=_new(said, photo, seems))
        at = None if photo is None else photo.received_at
        async with self._transactions.read() as unit:
            asked, _ = await meter_to_read(unit, actor, said.meter_id, now=self._clock.now(), at=at)
        asked = await self._among_others(actor, asked)
        is_far = _is_far(said.value, seems.values)
        return Weighed(asked=asked, preview=preview, proposed=seems.values[0] if is_far else None)

    async def record(self, *, cause: Cause, said: Said, again: bool = False) -> Recorded:
        """This function will store what a person has confirmed; of one photo only one reading.

        What is far from what the photo seems to show is held, and anything where that is more than
        is plausible. Raises PhotoUnknown, and what
        `ReadingEntry.record` raises.
        """
        photo = await self._photo_of(cause.actor, said)
        once = cause.nonce if photo is None else f"photo-{photo.id}"
        seems = await self._seems(cause.actor, said, photo)
        return await self._entry.record(
            cause=replace(cause, nonce=once), new=_new(said, photo, seems), again=again
        )

    async def _sighted(
        self, actor: Actor, asked: Asked, photo: Photo, seen: PhotoProposal
    ) -> Sighted:
        values = tuple(each.value for each in seen.candidates)
        if not values:
            return Sighted(asked=asked, flaw=seen.flaw, trouble=seen.trouble)
        best = Said(meter_id=asked.sheet.id, value=values[0], photo_id=photo.id)
        seems = await self._seems(actor, best, photo)
        preview = await self._entry.preview(actor=actor, new=_new(best, photo, seems))
        return Sighted(
            asked=asked, values=values, preview=preview, is_implausible=seems.is_implausible
        )

    async def _seems(self, actor: Actor, said: Said, photo: Photo | None) -> _Seeming:
        """Return what the photo shows of that meter, as far as somebody has looked."""
        values = _proposed(said, photo)
        if photo is None or not values:
            return _Seeming()
        async with self._transactions.read() as unit:
            asked, spot = await meter_to_read(
                unit, actor, said.meter_id, now=self._clock.now(), at=photo.received_at
            )
            plausible = await plausible_use(unit, spot)
        before = as_shown(asked.previous_value, asked.sheet.decimals)
        is_beyond = before is not None and plausible is not None and values[0] > before + plausible
        return _Seeming(values=values[:1] if is_beyond else values, is_implausible=is_beyond)

    async def _among_others(self, actor: Actor, asked: Asked) -> Asked:
        return replace(asked, has_others=len((await self.meters(actor=actor)).lines) > 1)

    async def _photo_of(self, actor: Actor, said: Said) -> Photo | None:
        return None if said.photo_id is None else await self._own(actor, said.photo_id)

    async def _own(self, actor: Actor, photo_id: int) -> Photo:
        async with self._transactions.read() as unit:
            photo = await unit.photos.get(photo_id)
        if photo is None or photo.taken_by != actor.person_id or photo.deleted_at is not None:
            raise PhotoUnknown(photo_id)
        return photo


def _new(said: Said, photo: Photo | None, seems: _Seeming) -> NewReading:
    """Return the reading; with a photo it is of the moment when that came."""
    if photo is None:
        return NewReading(meter_id=said.meter_id, value=said.value)
    return NewReading(
        meter_id=said.meter_id,
        value=said.value,
        at=photo.received_at,
        type=ReadingType.PHOTO,
        photo_id=photo.id,
        proposed_value=seems.values[0] if seems.values else None,
        is_doubtful=seems.is_implausible or _is_far(said.value, seems.values),
    )


def _proposed(said: Said, photo: Photo | None) -> tuple[Decimal, ...]:
    if photo is None or photo.proposed is None or photo.proposed.meter_id != said.meter_id:
        return ()
    return photo.proposed.values


def _is_far(value: Decimal, proposed: Sequence[Decimal]) -> bool:
    return bool(proposed) and all(abs(value - each) >= FAR_OFF for each in proposed)
