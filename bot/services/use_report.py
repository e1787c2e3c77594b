"""Reports what a place used in a month, and what of it got lost. Rules 3.1, 8.2 and 8.4."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.domain.account import month_before, month_ends_on
from bot.domain.allocation import Span
from bot.domain.lease import Lease
from bot.domain.meter import BillingType, MeterSheet, MeterStatus
from bot.domain.meter_tree import residual
from bot.domain.metered_use import Use
from bot.domain.people import Actor
from bot.domain.period import Period, local_date, start_of
from bot.domain.place import Place
from bot.domain.service_kind import Medium, ServiceKind
from bot.domain.walk import walk_key
from bot.services.accounts import seen_month
from bot.services.allocation_use import Histories, Survey, ask_wanted
from bot.services.loss import is_in_doubt
from bot.services.meter_history import MeterHistories
from bot.services.ports import Clock, Lane
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.use_record import NONE, MediumUse, MeterUse, UnknownMeter, UseReport

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """The days that are counted, and as many of the month before; each to the midnight after."""

    month_on: date
    end_on: date
    before_on: date
    before_end_on: date

    @property
    def span(self) -> Span | None:
        """The days of the month, if there are any yet."""
        if self.end_on == self.month_on:
            return None
        return Span(from_on=self.month_on, to_on=self.end_on - DAY)


class UseReports:
    """Adds up what meters counted; `histories` None: from the readings of the store alone."""

    def __init__(
        self, transactions: Transactions, histories: MeterHistories | None, clock: Clock
    ) -> None:
        self._transactions = transactions
        self._histories = histories
        self._clock = clock

    async def month(self, *, actor: Actor, place_id: int, month_on: date) -> UseReport:
        """This function will return the use of a month, so far where it goes on.

        Where readings of the store are not close enough Qube is asked. Raises PlaceUnknown.
        """
        async with self._transactions.read() as unit:
            month = await seen_month(unit, actor, place_id, month_on, self._clock.now())
        return await self.of_place(month.place, month.month_on)

    async def of_place(self, place: Place, month_on: date) -> UseReport:
        """This function will return the use of a month of a place."""
        days = _days(place, month_on, self._clock.now())
        histories = Histories()
        async with self._transactions.read() as unit:
            found = await _survey(unit, place, days, histories)
        if not histories.wanted or self._histories is None:
            return found
        span = Span(from_on=days.before_on, to_on=days.end_on - DAY)
        await ask_wanted(histories, self._histories, span, lane=Lane.FRESH)
        async with self._transactions.read() as unit:
            return await _survey(unit, place, days, histories)


def _days(place: Place, month_on: date, now: datetime) -> _Days:
    today_on = local_date(now, place.zone)
    end_on = min(month_ends_on(month_on) + DAY, max(today_on, month_on))
    before_on = month_before(month_on)
    is_over = end_on > month_ends_on(month_on)
    before_end_on = month_on if is_over else min(before_on + (end_on - month_on), month_on)
    return _Days(month_on=month_on, end_on=end_on, before_on=before_on, before_end_on=before_end_on)


async def _survey(unit: Unit, place: Place, days: _Days, histories: Histories) -> UseReport:
    survey = Survey(
        unit=unit,
        zone=place.zone,
        histories=histories,
        devices=await unit.metering.installed(),
        trusts_estimates=False,
        is_report=True,
    )
    rooms = {each.id: each.name for each in await unit.places.rooms(place.id)}
    leases = await _leases_by_meter(unit, place, days)
    sheets = await unit.sheets.of_place(place.id)
    used = [
        await _used(survey, each, rooms.get(each.room_id or 0), leases.get(each.id, ()), days)
        for each in sheets
    ]
    known = {each.sheet.id: each for each in used if each is not None}
    meters = [
        await _with_residual(unit, place, each, sheets, known, days) for each in known.values()
    ]
    return UseReport(
        place=place,
        month_on=days.month_on,
        to_on=days.end_on - DAY,
        is_over=days.end_on > month_ends_on(days.month_on),
        meters=tuple(sorted(meters, key=lambda each: walk_key(each.room or each.sheet.name))),
        media=_media(meters, await _charged(unit, place, days)),
        unknown=tuple(
            UnknownMeter(name=_name(each, rooms), is_main=bool(_below(each, sheets)))
            for each in sheets
            if each.id not in known and each.status is not MeterStatus.RETIRED
        ),
    )


async def _leases_by_meter(unit: Unit, place: Place, days: _Days) -> Mapping[int, Sequence[Lease]]:
    if days.span is None:
        return {}
    leases = await unit.allocations.leases(place.id, days.span)
    own = await unit.allocations.own_meters([each.id for each in leases])
    found: dict[int, list[Lease]] = defaultdict(list)
    for lease in leases:
        for meter_id in own.get(lease.id, ()):
            found[meter_id].append(lease)
    return found


async def _used(
    survey: Survey, sheet: MeterSheet, room: str | None, leases: Sequence[Lease], days: _Days
) -> MeterUse | None:
    """Return what a meter counted; None where that is not known: the survey has noted it."""
    cuts = _cuts(leases, days)
    on = (days.before_on, days.before_end_on, *cuts)
    use = await survey.use(sheet, [start_of(each, survey.zone) for each in on], is_own=True)
    if use is None:
        return None
    is_of_room = sheet.billing_type is BillingType.INDIVIDUAL and sheet.room_id is not None
    return MeterUse(
        sheet=sheet,
        room=room,
        counted=use.counted[-1] - use.counted[2],
        before=use.counted[1],
        empty=_empty(cuts, use, leases) if is_of_room else NONE,
    )


def _cuts(leases: Sequence[Lease], days: _Days) -> tuple[date, ...]:
    """Return the beginning of the month, the days on which somebody came or left, and its end."""
    ends = {each.occupancy.start_on for each in leases}
    ends |= {each.occupancy.end_on for each in leases if each.occupancy.end_on is not None}
    inside = sorted(on for on in ends if days.month_on < on < days.end_on)
    return (days.month_on, *inside, days.end_on)


def _empty(cuts: Sequence[date], use: Use, leases: Sequence[Lease]) -> Decimal:
    """Return what was used between two of the days while nobody had the room."""
    reached = use.counted[2:]
    return sum(
        (
            reached[at + 1] - reached[at]
            for at, on in enumerate(cuts[:-1])
            if not any(
                each.occupancy.start_on <= on and not each.occupancy.has_ended_by(on)
                for each in leases
            )
        ),
        NONE,
    )


async def _with_residual(
    unit: Unit,
    place: Place,
    use: MeterUse,
    sheets: Sequence[MeterSheet],
    known: Mapping[int, MeterUse],
    days: _Days,
) -> MeterUse:
    every = _below(use.sheet, sheets)
    below = [each for each in every if each.id in known or each.status is not MeterStatus.RETIRED]
    if not below or days.span is None:
        return replace(use, is_main=bool(below))
    is_known = all(each.id in known for each in below)
    if not is_known or await is_in_doubt(unit, place, below, days.span):
        return replace(use, is_main=True)
    left = residual(use.counted, (known[each.id].counted for each in below))
    return replace(use, is_main=True, residual=left)


def _name(sheet: MeterSheet, rooms: Mapping[int, str]) -> str:
    """A meter that has no name of its own is known by its room."""
    room = rooms.get(sheet.room_id or 0)
    return room if room is not None and sheet.name == sheet.udf1 else sheet.name


def _below(sheet: MeterSheet, sheets: Sequence[MeterSheet]) -> Sequence[MeterSheet]:
    return [
        each for each in sheets if each.parent_id == sheet.id and _medium(each) == _medium(sheet)
    ]


def _medium(sheet: MeterSheet) -> Medium:
    return Medium(service=sheet.service, unit=sheet.unit)


async def _charged(unit: Unit, place: Place, days: _Days) -> dict[ServiceKind, Decimal]:
    """Return what tenants are charged for, their parts of what was split among it."""
    if days.span is None:
        return {}
    span = Period(
        start_at=start_of(days.month_on, place.zone), end_at=start_of(days.end_on, place.zone)
    )
    found = dict(await unit.accounts.used(place.id, span))
    shared = await unit.accounts.shared(place.id, from_on=days.span.from_on, to_on=days.span.to_on)
    for service, quantity in shared.items():
        found[service] = found.get(service, NONE) + quantity
    return found


def _media(
    meters: Sequence[MeterUse], charged: dict[ServiceKind, Decimal]
) -> tuple[MediumUse, ...]:
    """Add up by service; where one is counted in two units the first has the charges."""
    found: dict[Medium, list[MeterUse]] = defaultdict(list)
    for each in meters:
        found[_medium(each.sheet)].append(each)
    order = list(ServiceKind)
    return tuple(
        _sum(medium, found[medium], charged.pop(medium.service, NONE))
        for medium in sorted(found, key=lambda each: order.index(each.service))
    )


def _sum(medium: Medium, meters: Sequence[MeterUse], charged: Decimal) -> MediumUse:
    """What hangs below another meter is counted once, and a main meter that nothing hangs below
    not besides the others."""
    ids = {each.sheet.id for each in meters}
    tops = [each for each in meters if each.sheet.parent_id not in ids]
    tops = [each for each in tops if each.is_main or not each.sheet.is_main] or tops
    leaves = [each for each in meters if not each.is_main]
    included = [each for each in leaves if each.sheet.billing_type is BillingType.INCLUDED]
    return MediumUse(
        medium=medium,
        counted=sum((each.counted for each in tops), NONE),
        before=sum((each.before for each in tops), NONE),
        charged=charged,
        empty=sum((each.empty for each in leaves), NONE),
        included=sum((each.counted for each in included), NONE),
    )
