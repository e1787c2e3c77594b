"""The rooms among which a shared use is split, and what each weighs by. Rules 8.1 and 8.2."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.allocation import MeasureUnknown, SharedRoom, Span, Stay
from bot.domain.lease import Lease, Occupancy
from bot.domain.meter import BillingType, MeterSheet, SplitKey
from bot.domain.period import start_of
from bot.domain.place import Place, Room
from bot.services.allocation_use import Survey

DAY = timedelta(days=1)


async def rooms_of(
    survey: Survey, place: Place, sheet: MeterSheet, key: SplitKey, span: Span
) -> tuple[SharedRoom, ...]:
    """Return the rooms that have a part of what a meter counts, with what the key asks for.

    Raises MeasureUnknown; readings that are missing are noted by the survey.
    """
    unit = survey.unit
    rooms = await unit.places.rooms(place.id)
    leases = await unit.allocations.leases(place.id, span)
    if sheet.billing_type is BillingType.SHARED:
        ratios = await unit.allocations.ratios(sheet.id)
        named = {each.room_id for each in leases if each.id in ratios}
        return tuple(_by_ratio(room, leases, ratios) for room in rooms if room.id in named)
    below = await _rooms_below(survey, sheet)
    rooms = [room for room in rooms if not below or room.id in below]
    if key is SplitKey.OWN_CONSUMPTION:
        return tuple(await _counted(survey, sheet, rooms, leases, span))
    sizes = await unit.room_sizes.of_place(place.id, key)
    return tuple(
        SharedRoom(
            room_id=room.id,
            name=room.name,
            stays=tuple(_stay(each) for each in leases if each.room_id == room.id),
            sizes=sizes.get(room.id, ()),
        )
        for room in rooms
    )


def _stay(lease: Lease, measure: Decimal | None = None) -> Stay:
    return Stay(
        lease_id=lease.id,
        tenant=lease.tenant_name,
        occupancy=lease.occupancy,
        measure=measure,
    )


def _by_ratio(room: Room, leases: Sequence[Lease], ratios: Mapping[int, Decimal]) -> SharedRoom:
    stays = (
        _stay(each, ratios[each.id])
        for each in leases
        if each.room_id == room.id and each.id in ratios
    )
    return SharedRoom(room_id=room.id, name=room.name, stays=tuple(stays))


async def _rooms_below(survey: Survey, sheet: MeterSheet) -> Collection[int]:
    """Return the rooms whose meters hang below one that is itself below another: a floor's lamps
    are the floor's. Those of a main meter are the whole building's, metered or not: none."""
    if sheet.parent_id is None:
        return ()
    found: set[int] = set()
    above, sheets = {sheet.id}, await survey.unit.sheets.of_place(sheet.place_id)
    while above:
        below = [each for each in sheets if each.parent_id in above]
        found |= {each.room_id for each in below if each.room_id is not None}
        above = {each.id for each in below}
    return found


async def _counted(
    survey: Survey,
    sheet: MeterSheet,
    rooms: Sequence[Room],
    leases: Sequence[Lease],
    span: Span,
) -> list[SharedRoom]:
    """Return the rooms with what their own meters counted, lease by lease.

    Raises MeasureUnknown for rooms that somebody rents and no meter measures.
    """
    own = await survey.unit.allocations.own_meters([each.id for each in leases])
    sheets = [
        each
        for each in await survey.unit.sheets.of_place(sheet.place_id)
        if (each.service, each.unit) == (sheet.service, sheet.unit)
        and each.billing_type in {BillingType.INDIVIDUAL, BillingType.INCLUDED}
        and each.id != sheet.id
    ]
    found, unmeasured = [], []
    for room in rooms:
        stays = [each for each in leases if each.room_id == room.id]
        tied = {meter_id for each in stays for meter_id in own.get(each.id, ())}
        meters = [each for each in sheets if each.room_id == room.id or each.id in tied]
        if stays and not meters:
            unmeasured.append(room.name)
        found.append(await _metered(survey, room, stays, meters, span))
    if unmeasured:
        raise MeasureUnknown(SplitKey.OWN_CONSUMPTION, tuple(unmeasured))
    return found


async def _metered(
    survey: Survey,
    room: Room,
    stays: Sequence[Lease],
    meters: Sequence[MeterSheet],
    span: Span,
) -> SharedRoom:
    """What was counted in nobody's days is the owner's."""
    used = {each.id: Decimal(0) for each in stays}
    vacant = Decimal(0)
    for meter in meters:
        whole = await survey.use(meter, _instants(survey, span, None), is_own=True)
        counted = Decimal(0)
        for each in stays:
            part = await survey.use(meter, _instants(survey, span, each.occupancy), is_own=True)
            if part is not None:
                used[each.id] += part.counted[-1]
                counted += part.counted[-1]
        if whole is not None:
            vacant += max(whole.counted[-1] - counted, Decimal(0))
    return SharedRoom(
        room_id=room.id,
        name=room.name,
        stays=tuple(_stay(each, used[each.id]) for each in stays),
        vacant_measure=vacant,
    )


def _instants(survey: Survey, span: Span, occupancy: Occupancy | None) -> tuple[datetime, datetime]:
    from_on, to_on = span.from_on, span.to_on + DAY
    if occupancy is not None:
        from_on = max(from_on, occupancy.start_on)
        to_on = to_on if occupancy.end_on is None else min(to_on, occupancy.end_on)
    return start_of(from_on, survey.zone), start_of(to_on, survey.zone)
