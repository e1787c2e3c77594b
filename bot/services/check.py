"""One check of one lease: what its meter showed, what that costs. No I/O. Rules 3, 5."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from bot.domain.billing import Charge, LineKind, MonthToDate, charge_span
from bot.domain.deduction import Sighting, Stretch, Stretches, stretches
from bot.domain.ledger import EntryKind, LedgerEntry
from bot.domain.metering import Reading, ReadingStatus, RegisterPoint
from bot.domain.money import round_half_up
from bot.domain.period import first_of_month
from bot.services.book import LeaseBook, MeterLink
from bot.services.ports import GatewayError
from bot.services.store import MonthLine

WEEK = timedelta(days=7)


class CheckOutcome(Enum):
    """How a check of one lease's meter went."""

    CHARGED = "charged"
    NOTHING_USED = "nothing_used"
    OPENED = "opened"
    OFFLINE = "offline"
    HELD = "held"
    FELL = "fell"
    MISSING = "missing"
    REPLACED = "replaced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the vendor said about a lease's meter, asked at an instant."""

    lease_id: int
    meter_id: int
    device_id: str | None
    at: datetime
    sightings: tuple[Sighting, ...] = ()
    power_w: Decimal | None = None
    relay_on: bool | None = None
    is_live: bool = False
    failure: GatewayError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stretch charged: the reading it ends with, and its charge."""

    reading: Reading
    stretch: Stretch
    charge: Charge


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a check found out about one meter of a lease."""

    book: LeaseBook
    link: MeterLink
    observation: Observation
    outcome: CheckOutcome
    steps: tuple[Step, ...] = ()
    held: Reading | None = None
    held_stretch: Stretch | None = None
    fell: Sighting | None = None
    opening: Reading | None = None


def check(book: LeaseBook, link: MeterLink, seen: Observation) -> Check:
    """Return what the observation means for the lease, as its book stands now.

    An observation of a device that the meter no longer has counts for nothing.
    """
    if link.installation_id is None or link.device_id != seen.device_id:
        return _without(book, link, seen, CheckOutcome.REPLACED)
    if link.has_held_reading:
        return _without(book, link, seen, CheckOutcome.HELD)
    if link.anchor is None or link.anchor.installation_id != link.installation_id:
        return _opened(book, link, seen)
    found = stretches(
        link.anchor.point,
        seen.sightings,
        terms=link.meter.terms,
        zone=book.place.zone,
        tariff=book.tariff,
    )
    if found.fell is not None:
        return replace(_without(book, link, seen, CheckOutcome.FELL), fell=found.fell)
    steps = _charged(book, link, found)
    return _concluded(book, link, seen, steps, found)


def _without(book: LeaseBook, link: MeterLink, seen: Observation, outcome: CheckOutcome) -> Check:
    return Check(book=book, link=link, observation=seen, outcome=outcome)


def _opened(book: LeaseBook, link: MeterLink, seen: Observation) -> Check:
    """The first reading of an installation opens it; nothing is charged up to it. Rule 3.4."""
    if not seen.is_live:
        return _without(book, link, seen, CheckOutcome.OFFLINE)
    opening = _reading(book, link, seen.sightings[-1], ReadingStatus.ACCEPTED)
    return replace(_without(book, link, seen, CheckOutcome.OPENED), opening=opening)


def _reading(
    book: LeaseBook,
    link: MeterLink,
    sighting: Sighting,
    status: ReadingStatus,
    stretch: Stretch | None = None,
) -> Reading:
    return Reading(
        meter_id=link.meter.id,
        installation_id=link.installation_id or 0,
        point=sighting.point,
        type=sighting.type,
        status=status,
        previous_value=None if stretch is None else stretch.start.value,
        consumption=None if stretch is None else stretch.quantity,
        lease_id=book.lease.id,
    )


def _charged(book: LeaseBook, link: MeterLink, found: Stretches) -> tuple[Step, ...]:
    months: dict[date, MonthToDate] = dict(book.months)
    steps = []
    for stretch in found.proven:
        month_on = first_of_month(stretch.on)
        charge = charge_span(
            tariff=book.tariff,
            occupancy=book.lease.occupancy,
            month=months.get(month_on) or MonthToDate(month_on=month_on),
            quantity=stretch.quantity,
            on=stretch.on,
        )
        months[month_on] = charge.month
        reading = _reading(book, link, stretch.end, ReadingStatus.ACCEPTED, stretch)
        steps.append(Step(reading=reading, stretch=stretch, charge=charge))
    return tuple(steps)


def _concluded(
    book: LeaseBook,
    link: MeterLink,
    seen: Observation,
    steps: tuple[Step, ...],
    found: Stretches,
) -> Check:
    charged = any(step.charge.lines for step in steps)
    outcome = CheckOutcome.CHARGED if charged else CheckOutcome.NOTHING_USED
    if not charged and not seen.is_live:
        outcome = CheckOutcome.OFFLINE
    strange, held = found.implausible, None
    if strange is not None:
        held = _reading(book, link, strange.end, ReadingStatus.HELD, strange)
    if held is not None and not charged:
        outcome = CheckOutcome.HELD
    months = {step.charge.month.month_on: step.charge.month for step in steps}
    return Check(
        book=replace(book, months={**book.months, **months}),
        link=link,
        observation=seen,
        outcome=outcome,
        steps=steps,
        held=held,
        held_stretch=strange,
    )


def entry_for(book: LeaseBook, step: Step, *, from_id: int, to_id: int) -> LedgerEntry | None:
    """Return the entry of a charged stretch, None when nothing was charged. Rules 2.3, 2.5."""
    if not step.charge.lines:
        return None
    return LedgerEntry(
        key=f"deduction:{book.lease.id}:reading:{to_id}",
        kind=EntryKind.DEDUCTION,
        place_id=book.place.id,
        lease_id=book.lease.id,
        occurred_at=step.stretch.end.point.at,
        postings=step.charge.postings(book.lease.id),
        why=_why(book, step, from_id=from_id, to_id=to_id),
    )


def _why(book: LeaseBook, step: Step, *, from_id: int, to_id: int) -> dict[str, object]:
    start, end, charge = step.stretch.start, step.stretch.end.point, step.charge
    portions = [pair for line in charge.lines for pair in line.portions]
    version = book.tariff.version_on(step.stretch.on)
    link = next(each for each in book.meters if each.meter.id == step.reading.meter_id)
    return {
        "reading_from": from_id,
        "reading_to": to_id,
        "reading_type": step.reading.type.value,
        "meter": link.meter.udf1,
        "unit": link.meter.unit,
        **_ends(start, end),
        "quantity": str(charge.quantity),
        "portions": [[str(quantity), str(rate)] for quantity, rate in portions],
        "lines": [
            {"kind": line.kind.value, "name": line.name, "amount_paise": line.amount_paise}
            for line in charge.lines
        ],
        "tariff": book.tariff.name,
        "tariff_from": version.from_on.isoformat(),
        "version_id": version.id,
        "generator": charge.usage.generator,
        "adjusted_paise": _adjusted(charge),
    }


def _ends(start: RegisterPoint, end: RegisterPoint) -> dict[str, object]:
    return {
        "from_at": start.at.isoformat(),
        "from_value": str(start.value),
        "to_at": end.at.isoformat(),
        "to_value": str(end.value),
    }


def _adjusted(charge: Charge) -> int:
    """Return by how many paise the energy line differs from its own arithmetic. Rule 1.4."""
    energy = [line for line in charge.lines if line.kind is LineKind.ENERGY]
    plain = sum(
        (quantity * rate for line in energy for quantity, rate in line.portions), Decimal(0)
    )
    return sum(line.amount_paise for line in energy) - round_half_up(plain)


def month_lines(book: LeaseBook, step: Step) -> list[MonthLine]:
    """Return what a charged stretch adds to its month, whole even where the price is nil."""
    energy = [line for line in step.charge.lines if line.kind is LineKind.ENERGY]
    return [
        MonthLine(
            lease_id=book.lease.id,
            month_on=step.charge.month.month_on,
            kind=line.kind,
            name=line.name,
            version_id=step.charge.usage.version_id,
            by_generator=step.charge.usage.generator,
            quantity=step.charge.quantity if energy and line is energy[0] else Decimal(0),
            amount_paise=line.amount_paise,
        )
        for line in step.charge.lines
    ]


def book_after(checked: Check, *, now: datetime) -> LeaseBook:
    """Return the book with the check's charges in it: balance and week's cost."""
    book, steps = checked.book, checked.steps
    total_paise = sum(step.charge.total_paise for step in steps)
    recent = [step for step in steps if step.stretch.end.point.at > now - WEEK]
    first_at = min((step.stretch.start.at for step in recent), default=now)
    days = min(max((now - first_at + timedelta(hours=1)).days, 1), WEEK.days)
    return replace(
        book,
        balance_paise=book.balance_paise - total_paise,
        week_cost_paise=book.week_cost_paise + sum(s.charge.total_paise for s in recent),
        week_days=max(book.week_days, days),
        meters=tuple(_link_after(checked, link) for link in book.meters),
    )


def _link_after(checked: Check, link: MeterLink) -> MeterLink:
    """Return the link with the relay's state as it was seen, if that is news."""
    seen, supply = checked.observation, link.supply
    if link.meter.id != seen.meter_id or supply is None or seen.relay_on is None:
        return link
    newest = max(supply.decided_at, supply.confirmed_at or supply.decided_at)
    if seen.at <= newest:
        return link
    if supply.actual_on == seen.relay_on:
        return link
    actual = replace(supply, actual_on=seen.relay_on, confirmed_at=seen.at)
    return replace(link, supply=actual)


def readings_of(checked: Check) -> Sequence[Reading]:
    """Return the readings to store, in order: opening or charged ones, then a held one."""
    opened = () if checked.opening is None else (checked.opening,)
    held = () if checked.held is None else (checked.held,)
    return (*opened, *(step.reading for step in checked.steps), *held)
