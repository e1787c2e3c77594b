"""Readings as people look through them: a meter's, one, those that wait. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.anomaly import Deviation
from bot.domain.meter import MeterSheet
from bot.domain.metering import (
    Reading,
    ReadingStatus,
    ReadingType,
)
from bot.domain.people import Actor, Permission
from bot.domain.period import start_of
from bot.domain.place import Place
from bot.services.meter import MeterUnknown
from bot.services.ports import Clock, ReadingsChart
from bot.services.reading_around import readings_around
from bot.services.reading_change import meter_at
from bot.services.readings import ReadingUnknown
from bot.services.room_card import permissions_at
from bot.services.room_name import search_words
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.stores.meter_sheet import MeterLine
from bot.services.stores.reading_list import HeldLine, ReadingQuery

PAGE_READINGS = 8
PAGE_METERS = 8
COUNTING = frozenset({ReadingStatus.ACCEPTED, ReadingStatus.HELD})
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFilter:
    """Which readings of a meter are wanted, through local days; None leaves a question open."""

    type: ReadingType | None = None
    is_billing: bool | None = None
    from_on: date | None = None
    through_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPage:
    """Readings of a meter, newest first, and from where older ones go on."""

    sheet: MeterSheet
    place: Place
    room: str | None
    readings: tuple[Reading, ...]
    before_id: int | None
    older_before_id: int | None
    may: frozenset[Permission]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingCard:
    """A reading with all that helps to judge it; values in the meter's unit."""

    reading: Reading
    sheet: MeterSheet
    place: Place
    room: str | None
    tenant: str | None
    since_at: datetime | None
    deviation: Deviation | None
    chart: ReadingsChart
    was: Reading | None
    corrected_by: Reading | None
    may: frozenset[Permission]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """Readings that wait to be judged, oldest first; pages count from 0."""

    lines: tuple[HeldLine, ...]
    number: int
    readings: int
    zones: Mapping[int, Place]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.readings // PAGE_READINGS), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterChoice:
    """Meters that a text may mean; pages count from 0."""

    lines: tuple[MeterLine, ...]
    text: str
    number: int
    has_more: bool


class ReadingLists:
    """Shows readings to those who see the rooms of a place."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def page(
        self,
        *,
        actor: Actor,
        meter_id: int,
        wanted: ReadingFilter | None = None,
        before_id: int | None = None,
        limit: int = PAGE_READINGS,
    ) -> ReadingPage:
        """This function will return readings of a meter, those that count or may yet.

        `before_id` is the reading before which a page begins. Raises MeterUnknown.
        """
        async with self._transactions.read() as unit:
            sheet, place, room = await _seen_meter(unit, actor, meter_id)
            before = None if before_id is None else await unit.metering.reading(before_id)
            query = _query(meter_id, place, wanted or ReadingFilter())
            found = await unit.reading_lists.page(query, limit=limit + 1, before=before)
        shown = tuple(found[:limit])
        return ReadingPage(
            sheet=sheet,
            place=place,
            room=room,
            readings=shown,
            before_id=before_id,
            older_before_id=shown[-1].id if len(found) > limit else None,
            may=permissions_at(actor, place.id),
            now=self._clock.now(),
        )

    async def latest(self, *, actor: Actor, meter_id: int) -> Reading | None:
        """This function will return the last reading of a meter that counts. Raises
        MeterUnknown."""
        async with self._transactions.read() as unit:
            await _seen_meter(unit, actor, meter_id)
            return await unit.metering.latest(meter_id)

    async def one(self, *, actor: Actor, reading_id: int) -> ReadingCard:
        """This function will return a reading with what is around it. Raises ReadingUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            reading = await unit.metering.reading(reading_id)
            if reading is None:
                raise ReadingUnknown(reading_id)
            try:
                sheet, place, room = await _seen_meter(unit, actor, reading.meter_id)
            except MeterUnknown:
                raise ReadingUnknown(reading_id) from None
            around = await readings_around(unit, reading, sheet)
            corrects_id = reading.corrects_id
            return ReadingCard(
                reading=reading,
                sheet=sheet,
                place=place,
                room=room,
                tenant=await _tenant(unit, reading, now),
                since_at=around.since_at,
                deviation=around.deviation(reading),
                chart=around.chart(reading, sheet, place, room),
                was=None if corrects_id is None else await unit.metering.reading(corrects_id),
                corrected_by=await unit.reading_lists.correction_of(reading),
                may=permissions_at(actor, place.id),
                now=now,
            )

    async def review(self, *, actor: Actor, number: int = 0) -> ReviewPage:
        """This function will return the readings that wait, where the person may judge them."""
        place_ids = actor.places(Permission.TAKE_PAYMENT)
        async with self._transactions.read() as unit:
            readings = await unit.rooms.held_readings(place_ids)
            shown = min(max(number, 0), max(-(-readings // PAGE_READINGS) - 1, 0))
            lines = await unit.reading_lists.held(
                place_ids, limit=PAGE_READINGS, offset=shown * PAGE_READINGS
            )
            zones = {place.id: place for place in await unit.places.all()}
        return ReviewPage(lines=tuple(lines), number=shown, readings=readings, zones=zones)

    async def held(self, *, actor: Actor) -> int:
        """This function will count the readings that the person may judge."""
        if not actor.may(Permission.TAKE_PAYMENT):
            return 0
        async with self._transactions.read() as unit:
            return await unit.rooms.held_readings(actor.places(Permission.TAKE_PAYMENT))

    async def meters(self, *, actor: Actor, text: str = "", number: int = 0) -> MeterChoice:
        """This function will return the meters in use that a text means, where the person sees
        rooms."""
        words, shown = search_words(text), max(number, 0)
        async with self._transactions.read() as unit:
            found = await unit.reading_lists.find_meters(
                words,
                actor.places(Permission.SEE_ROOMS),
                limit=PAGE_METERS + 1,
                offset=shown * PAGE_METERS,
            )
        return MeterChoice(
            lines=tuple(found[:PAGE_METERS]),
            text=text,
            number=shown,
            has_more=len(found) > PAGE_METERS,
        )


async def _seen_meter(
    unit: Unit, actor: Actor, meter_id: int
) -> tuple[MeterSheet, Place, str | None]:
    sheet, place = await meter_at(unit, meter_id)
    if not actor.may(Permission.SEE_ROOMS, place.id):
        raise MeterUnknown(meter_id)
    room = None if sheet.room_id is None else await unit.places.room(sheet.room_id)
    return sheet, place, None if room is None else room.name


def _query(meter_id: int, place: Place, wanted: ReadingFilter) -> ReadingQuery:
    from_on, through_on = wanted.from_on, wanted.through_on
    return ReadingQuery(
        meter_id=meter_id,
        type=wanted.type,
        is_billing=wanted.is_billing,
        statuses=COUNTING,
        from_at=None if from_on is None else start_of(from_on, place.zone),
        to_at=None if through_on is None else start_of(through_on + DAY, place.zone),
    )


async def _tenant(unit: Unit, reading: Reading, now: datetime) -> str | None:
    if reading.lease_id is None:
        return None
    book = await unit.books.look(reading.lease_id, now=now)
    return None if book is None else book.lease.tenant_name
