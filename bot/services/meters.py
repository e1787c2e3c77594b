"""Meters as staff look for them: lists with filters, page by page, and what is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.meter import BillingType, MeterSheet, MeterStatus, ServiceKind
from bot.domain.metering import MeterType
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place, Room
from bot.services.meter_rule import cleaned_number
from bot.services.place import name_key
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.stores.meter_sheet import MeterLine, MeterQuery

PAGE_METERS = 8
MOST_FOUND = 8
MOST_PLACES = 20
INSPECTED_WITHIN = timedelta(days=30)
"""So long before it is due an inspection is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFilters:
    """What a list is narrowed to; None leaves a question open."""

    place_id: int | None = None
    room_id: int | None = None
    service: ServiceKind | None = None
    type: MeterType | None = None
    status: MeterStatus | None = None
    billing_type: BillingType | None = None
    is_main: bool | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the place is asked for."""
        return replace(self, place_id=None) != MeterFilters()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterPage:
    """Meters of one page; `place` and `room` are those that are asked for.

    A person who sees one place only has asked for it; `several` tells of others.
    """

    lines: tuple[MeterLine, ...]
    filters: MeterFilters
    place: Place | None
    several: bool
    room: str | None = None
    has_before: bool = False
    has_after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionsDue:
    """The meters that are to be inspected soon or should have been, the most urgent first."""

    lines: tuple[MeterLine, ...]
    today_on: date
    has_more: bool


class MeterLists:
    """Lists the meters of the places that a person may see. Reads only."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def page(
        self,
        *,
        actor: Actor,
        filters: MeterFilters,
        after_id: int | None = None,
        before_id: int | None = None,
    ) -> MeterPage:
        """This function will return the first page of a list, or the one next to a meter.

        Nothing is counted: one meter more than is shown tells whether there is another page.
        """
        async with self._transactions.read() as unit:
            query = _query(actor, filters)
            after = None if after_id is None else await unit.sheets.get(after_id)
            before = None if before_id is None else await unit.sheets.get(before_id)
            found = await unit.sheets.page(query, limit=PAGE_METERS + 1, after=after, before=before)
            has_more = len(found) > PAGE_METERS
            shown = found[-PAGE_METERS:] if before is not None else found[:PAGE_METERS]
            places = await _places(unit, actor, limit=2)
            return MeterPage(
                lines=tuple(shown),
                filters=filters,
                place=await _place(unit, actor, filters, places),
                several=len(places) > 1,
                room=await _room(unit, filters),
                has_before=has_more if before is not None else after is not None,
                has_after=before is not None or has_more,
            )

    async def places(self, *, actor: Actor) -> Sequence[Place]:
        """This function will return the first places whose meters a person may see, by name."""
        async with self._transactions.read() as unit:
            return await _places(unit, actor, limit=MOST_PLACES)

    async def numbered(self, *, actor: Actor, text: str) -> Sequence[MeterLine]:
        """This function will return the meters whose serial number begins with a text."""
        number = cleaned_number(text)
        if number is None:
            return ()
        async with self._transactions.read() as unit:
            return await unit.sheets.starting_with(
                number, place_ids=actor.places(Permission.SEE_ROOMS), limit=MOST_FOUND
            )

    async def called(self, *, actor: Actor, text: str) -> Sequence[MeterLine]:
        """This function will return the first meters whose names hold a text."""
        wanted = " ".join(text.split())
        if not wanted:
            return ()
        async with self._transactions.read() as unit:
            return await unit.sheets.called(
                wanted, place_ids=actor.places(Permission.SEE_ROOMS), limit=MOST_FOUND
            )

    async def rooms(self, *, actor: Actor, place_id: int, limit: int) -> Sequence[Room]:
        """This function will return the first rooms of a place. Raises NotAllowed."""
        actor.require(Permission.SEE_ROOMS, place_id)
        async with self._transactions.read() as unit:
            return (await unit.places.rooms(place_id))[:limit]

    async def named(
        self, *, actor: Actor, place_id: int, text: str, limit: int
    ) -> Sequence[MeterSheet]:
        """This function will return the meters of a place that a text means, by name or serial
        number; one that is called just so is the only one. Raises NotAllowed."""
        actor.require(Permission.SEE_ROOMS, place_id)
        wanted, number = name_key(text), cleaned_number(text) or ""
        async with self._transactions.read() as unit:
            names = await unit.sheets.names(place_id)
            numbered = (await unit.sheets.by_serial_number([number])).get(number)
            exact = [meter_id for meter_id, name in names.items() if name_key(name) == wanted]
            like = [meter_id for meter_id, name in names.items() if wanted in name_key(name)]
            if numbered is not None and numbered.place_id == place_id:
                exact.append(numbered.id)
            found = [await unit.sheets.get(meter_id) for meter_id in (exact or like)[:limit]]
        return [each for each in found if each is not None]

    async def inspections(self, *, actor: Actor) -> InspectionsDue:
        """This function will return what is to be inspected within a month, or should have been."""
        async with self._transactions.read() as unit:
            now = self._clock.now()
            zones = await unit.places.zones()
            today_on = max((local_date(now, zone) for zone in zones), default=now.date())
            found = await unit.sheets.to_inspect(
                place_ids=actor.places(Permission.SEE_ROOMS),
                through_on=today_on + INSPECTED_WITHIN,
                limit=PAGE_METERS + 1,
            )
        return InspectionsDue(
            lines=tuple(found[:PAGE_METERS]),
            today_on=today_on,
            has_more=len(found) > PAGE_METERS,
        )


def _query(actor: Actor, filters: MeterFilters) -> MeterQuery:
    allowed = actor.places(Permission.SEE_ROOMS)
    if filters.place_id is not None:
        asked = frozenset({filters.place_id})
        allowed = asked if allowed is None else allowed & asked
    return MeterQuery(
        place_ids=allowed,
        room_id=filters.room_id,
        service=filters.service,
        type=filters.type,
        status=filters.status,
        billing_type=filters.billing_type,
        is_main=filters.is_main,
    )


async def _places(unit: Unit, actor: Actor, *, limit: int) -> Sequence[Place]:
    return await unit.places.first(actor.places(Permission.SEE_ROOMS), limit=limit)


async def _place(
    unit: Unit, actor: Actor, filters: MeterFilters, places: Sequence[Place]
) -> Place | None:
    if filters.place_id is None:
        return places[0] if len(places) == 1 else None
    if not actor.may(Permission.SEE_ROOMS, filters.place_id):
        return None
    return await unit.places.get(filters.place_id)


async def _room(unit: Unit, filters: MeterFilters) -> str | None:
    room = None if filters.room_id is None else await unit.places.room(filters.room_id)
    return None if room is None else room.name
