"""What charging a stretch of a chain anew comes to. Nothing is written here. Rules 1.4 and 3.8."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from bot.domain.billing import (
    ChargeLine,
    LineKind,
    MonthToDate,
    UsageKey,
    UsageWithoutVersion,
    charge_span,
)
from bot.domain.deduction import Sighting, Stretch, day_of_end, stretches
from bot.domain.metering import Meter, MeterTerms, Reading, ReadingType
from bot.domain.period import close_of, first_of_month, next_month
from bot.domain.reading_chain import trusting
from bot.domain.tariff import NoTariffOn
from bot.domain.timeline import Timeline
from bot.services.book import LeaseBook, ServiceWithoutTariff
from bot.services.boundary import ReadingInTheWay
from bot.services.check import CheckOutcome, Step
from bot.services.favour import Use
from bot.services.recharge_favour import coming_uses
from bot.services.store import BookedEntry, MonthLine
from bot.services.stores import Unit

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Readings between which a lease is charged anew, oldest first; the first is charged up to.

    What was charged for use that ends after `from_at` rests on them. `terms` are those by which
    their installation counts. `moves_anchor`: from the last of them the lease goes on.
    """

    meter_id: int
    installation_id: int
    terms: MeterTerms
    from_at: datetime
    points: tuple[Reading, ...]
    moves_anchor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is taken back, and what is charged instead; of each step the readings it lies between.

    A reading that is None was interpolated, and is not stored yet. `given_away` are charges that
    were taken back with their whole bill: that use is charged again. `uses` is what that counts of
    what was given back before.
    """

    span: Span
    undone: tuple[BookedEntry, ...] = ()
    given_away: tuple[BookedEntry, ...] = ()
    steps: tuple[Step, ...] = ()
    ends: tuple[Reading | None, ...] = ()
    uses: tuple[Use, ...] = ()

    @property
    def returned_paise(self) -> int:
        """What the tenant gets back."""
        return -sum(each.tenant_paise for each in self.undone)

    @property
    def charged_paise(self) -> int:
        """What is charged instead."""
        return sum(step.charge.total_paise for step in self.steps)

    @property
    def counted_paise(self) -> int:
        """What of that was given back before; negative where it is good again."""
        return sum(each.amount_paise for each in self.uses)

    @property
    def change_paise(self) -> int:
        """What becomes of the balance."""
        return self.returned_paise - self.charged_paise - self.counted_paise


@dataclass(slots=True, kw_only=True)
class _Months:
    """The months of a lease's service while they are charged anew."""

    timeline: Timeline
    months: dict[date, MonthToDate]
    charged_through: Mapping[date, date]
    used_before: Mapping[date, Decimal]
    again: dict[date, Decimal] = field(default_factory=dict)

    def charge(self, book: LeaseBook, stretch: Stretch, reading: Reading) -> Step:
        """Return the stretch as charged, after those before it."""
        month_on = first_of_month(stretch.on)
        charge = charge_span(
            timeline=self.timeline,
            occupancy=book.lease.occupancy,
            month=self.months.get(month_on) or MonthToDate(month_on=month_on),
            quantity=stretch.quantity,
            on=stretch.on,
            standing_through_on=self.charged_through.get(month_on),
        )
        self.months[month_on] = charge.month
        lines = tuple(self._explained(book, stretch, line) for line in charge.lines)
        self.again[month_on] = self.again.get(month_on, Decimal(0)) + stretch.quantity
        return Step(reading=reading, stretch=stretch, charge=replace(charge, lines=lines))

    def _explained(self, book: LeaseBook, stretch: Stretch, line: ChargeLine) -> ChargeLine:
        """Return an energy line in the slabs where the use lies in its month, whatever is later."""
        month_on = first_of_month(stretch.on)
        if line.kind is not LineKind.ENERGY or month_on not in self.used_before:
            return line
        run = self.timeline.run_on(stretch.on)
        key = UsageKey(version_id=run.version.id, since_on=run.since_on)
        start = self.used_before[month_on] + self.again.get(month_on, Decimal(0))
        alone = charge_span(
            timeline=self.timeline,
            occupancy=book.lease.occupancy,
            month=MonthToDate(month_on=month_on, used={key: start}),
            quantity=stretch.quantity,
            on=stretch.on,
        )
        found = (each for each in alone.lines if each.kind is LineKind.ENERGY)
        return replace(line, portions=next((each.portions for each in found), ()))


async def plan_recharge(unit: Unit, book: LeaseBook, span: Span) -> Plan:
    """Return what has to be taken back and charged so that the books say what the readings say.

    Raises ReadingInTheWay when there is no price for some of the days.
    """
    plan = await _plan(unit, book, span)
    uses = await coming_uses(
        unit,
        book.lease.id,
        undone=plan.undone,
        given_away=plan.given_away,
        steps=plan.steps,
    )
    return replace(plan, uses=tuple(uses))


async def _plan(unit: Unit, book: LeaseBook, span: Span) -> Plan:
    undone, given_away = await _rested(unit, book, span)
    if len(span.points) < 2:
        return Plan(span=span, undone=undone, given_away=given_away)
    meter = book.link_to(span.meter_id).meter
    try:
        timeline = book.prices_of(meter)
    except ServiceWithoutTariff:
        raise ReadingInTheWay(CheckOutcome.FAILED, room=book.room.name) from None
    pairs = tuple(_stretched(book, timeline, span))
    try:
        found = [stretch for stretch, _ in pairs]
        months = await _months(unit, book, meter, [*undone, *given_away], found)
        steps = tuple(
            months.charge(book, stretch, _as_reading(book, span, stretch)) for stretch, _ in pairs
        )
    except (NoTariffOn, UsageWithoutVersion):
        raise ReadingInTheWay(CheckOutcome.FAILED, room=book.room.name) from None
    return Plan(
        span=span,
        undone=undone,
        given_away=given_away,
        steps=steps,
        ends=tuple(end for _, end in pairs),
    )


async def _rested(
    unit: Unit, book: LeaseBook, span: Span
) -> tuple[tuple[BookedEntry, ...], tuple[BookedEntry, ...]]:
    """Return the deductions that rest on readings of the span, and those of them that were given
    away."""
    from_at, to_at = span.from_at, span.points[-1].point.at
    stored = await unit.chains.between(span.installation_id, from_at=from_at, to_at=to_at)
    ids = {each.id for each in stored}
    charged = await unit.chains.charges(book.lease.id, from_at=from_at, to_at=to_at)
    given_away = await unit.chains.given_away(book.lease.id, from_at=from_at, to_at=to_at)
    return (
        tuple(each for each in charged if each.why.get("reading_to") in ids),
        tuple(each for each in given_away if each.why.get("reading_to") in ids),
    )


def _stretched(
    book: LeaseBook, timeline: Timeline, span: Span
) -> Iterator[tuple[Stretch, Reading | None]]:
    """Yield the stretches between the readings, cut wherever the terms change.

    Pair by pair: each was accepted, so that none is left out for the sake of another one.
    """
    for before, after in pairwise(span.points):
        try:
            found = stretches(
                before.point,
                [Sighting(point=after.point, type=after.type)],
                terms=trusting(span.terms),
                zone=book.place.zone,
                timeline=timeline,
            )
        except NoTariffOn:
            raise ReadingInTheWay(CheckOutcome.FAILED, room=book.room.name) from None
        if not found.proven:
            raise ReadingInTheWay(CheckOutcome.FELL, room=book.room.name)
        *interpolated, last = found.proven
        yield from ((stretch, None) for stretch in interpolated)
        yield last, after


def _as_reading(book: LeaseBook, span: Span, stretch: Stretch) -> Reading:
    return Reading(
        meter_id=span.meter_id,
        installation_id=span.installation_id,
        point=stretch.end.point,
        type=stretch.end.type,
        previous_value=stretch.start.value,
        consumption=stretch.quantity,
        lease_id=book.lease.id,
    )


async def _months(
    unit: Unit,
    book: LeaseBook,
    meter: Meter,
    undone: Sequence[BookedEntry],
    found: Sequence[Stretch],
) -> _Months:
    """Return the months that are touched, as they are once the entries are taken back."""
    ids, lease_id, service = [each.id for each in undone], book.lease.id, meter.service
    timeline = book.prices_of(meter)
    touched = {first_of_month(each.on) for each in found}
    lines = [line for _, line in await unit.chains.lines_of(ids)]
    stored = await unit.chains.months(lease_id, service=service, since_on=min(touched))
    through: dict[date, date] = {}
    used: dict[date, Decimal] = {}
    for month_on in touched:
        close_at = close_of(next_month(month_on) - DAY, book.place.zone)
        until = await unit.chains.charged_until(lease_id, service=service, to_at=close_at, but=ids)
        if until is not None and first_of_month(day_of_end(until, book.place.zone)) == month_on:
            through[month_on] = day_of_end(until, book.place.zone)
        if _has_slabs(timeline, found, month_on):
            first = min(each.start.at for each in found)
            used[month_on] = await unit.chains.used_before(
                lease_id, month_on, service=service, at=first, but=ids
            )
    return _Months(
        timeline=timeline,
        months={on: _without(month, lines) for on, month in stored.items()},
        charged_through=through,
        used_before=used,
    )


def _has_slabs(timeline: Timeline, found: Sequence[Stretch], month_on: date) -> bool:
    days = {each.on for each in found if first_of_month(each.on) == month_on}
    return any(len(timeline.run_on(on).version.slabs) > 1 for on in days)


def _without(month: MonthToDate, lines: Iterable[MonthLine]) -> MonthToDate:
    """Return a month less what some lines charged in it."""
    used, charged = dict(month.used), dict(month.charged_paise)
    for line in lines:
        if line.month_on != month.month_on:
            continue
        key = UsageKey(
            version_id=line.version_id, generator=line.by_generator, since_on=line.since_on
        )
        charged[line.kind, line.name] = charged.get((line.kind, line.name), 0) - line.amount_paise
        if line.kind is LineKind.ENERGY:
            used[key] = used.get(key, Decimal(0)) - line.quantity
    return MonthToDate(month_on=month.month_on, used=used, charged_paise=charged)


def is_interpolated(reading: Reading) -> bool:
    """Return whether a reading is only a point at which prices change, not one of its own."""
    return reading.type is ReadingType.ESTIMATED and not reading.is_billing
