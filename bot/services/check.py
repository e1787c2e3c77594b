"""One check of one lease: what its meter showed, what that costs. No I/O. Rules 3, 5."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from bot.domain.billing import (
    Charge,
    MonthToDate,
    UsageWithoutVersion,
    charge_span,
)
from bot.domain.deduction import (
    Sighting,
    Stretch,
    Stretches,
    stretches,
    terms_change_days,
)
from bot.domain.metering import Reading, ReadingStatus
from bot.domain.period import first_of_month, start_of
from bot.domain.supply import SupplyReason
from bot.domain.tariff import NoTariffOn
from bot.domain.timeline import Timeline
from bot.services.book import LeaseBook, MeterLink, ServiceWithoutTariff, SupplyState
from bot.services.ports import GatewayError

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
    OUTDATED = "outdated"
    FAILED = "failed"
    SEEN = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the vendor said about a lease's meter, asked at an instant.

    One that is `for_show` charges nothing: the lease is billed by the closes of days. One that
    `is_last` ends the lease: it counts though its day is no day of the lease any more.
    `timeline` is what the lease was known to pay when it was decided which closes to ask for.
    """

    lease_id: int
    meter_id: int
    device_id: str | None
    at: datetime
    sightings: tuple[Sighting, ...] = ()
    power_w: Decimal | None = None
    relay_on: bool | None = None
    is_live: bool = False
    failure: GatewayError | None = None
    timeline: Timeline | None = None
    for_show: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why what was seen could not be charged, in words for staff."""

    code: str
    detail: str


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
    problem: Problem | None = None


def check(book: LeaseBook, link: MeterLink, seen: Observation) -> Check:
    """Return what the observation means for the lease, as its book stands now.

    An observation of a device that the meter no longer has counts for nothing. A price that is
    missing fails this lease alone.
    """
    try:
        return _check(book, link, seen)
    except NoTariffOn as error:
        problem = Problem(code="no_tariff", detail=error.on.isoformat())
    except ServiceWithoutTariff as error:
        problem = Problem(code="no_tariff", detail=error.medium.service.value)
    except UsageWithoutVersion as error:
        problem = Problem(code="tariff_changed", detail=str(sorted(error.version_ids)))
    return replace(_without(book, link, seen, CheckOutcome.FAILED), problem=problem)


def _check(book: LeaseBook, link: MeterLink, seen: Observation) -> Check:
    if link.installation_id is None or link.device_id != seen.device_id:
        return _without(book, link, seen, CheckOutcome.REPLACED)
    if seen.for_show:
        return _without(book, link, seen, CheckOutcome.SEEN)
    if link.has_held_reading:
        return _without(book, link, seen, CheckOutcome.HELD)
    if link.anchor is None or link.anchor.installation_id != link.installation_id:
        return _opened(book, link, seen)
    timeline = book.prices_of(link.meter)
    if _is_outdated(book, timeline, link.anchor.point.at, seen):
        return _without(book, link, seen, CheckOutcome.OUTDATED)
    found = stretches(
        link.anchor.point,
        [each for each in _of_lease(book, seen) if each.point.at not in link.rejected_at],
        terms=link.meter.terms,
        zone=book.place.zone,
        timeline=timeline,
    )
    if found.fell is not None:
        return replace(_without(book, link, seen, CheckOutcome.FELL), fell=found.fell)
    steps = _charged(book, link, timeline, found)
    return _concluded(book, link, seen, steps, found)


def _of_lease(book: LeaseBook, seen: Observation) -> Sequence[Sighting]:
    """Return what was seen until the tenants left; what is used later is not their matter."""
    end_on = book.lease.occupancy.end_on
    if end_on is None or seen.is_last:
        return seen.sightings
    until_at = start_of(end_on, book.place.zone)
    return [each for each in seen.sightings if each.point.at <= until_at]


def _is_outdated(
    book: LeaseBook, timeline: Timeline, since_at: datetime, seen: Observation
) -> bool:
    """Return whether prices were changed inside the span after its closes were asked for."""
    known = seen.timeline
    if known is None or known == timeline or not seen.sightings:
        return False
    until_at, zone = seen.sightings[-1].point.at, book.place.zone
    changes = terms_change_days(since_at, until_at, zone, timeline)
    return changes != terms_change_days(since_at, until_at, zone, known)


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


def _charged(
    book: LeaseBook, link: MeterLink, timeline: Timeline, found: Stretches
) -> tuple[Step, ...]:
    months: dict[date, MonthToDate] = {}
    steps = []
    for stretch in found.proven:
        month_on = first_of_month(stretch.on)
        charge = charge_span(
            timeline=timeline,
            occupancy=book.lease.occupancy,
            month=months.get(month_on) or book.month(month_on, link.meter.service),
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
    service = link.meter.service
    months = {(service, step.charge.month.month_on): step.charge.month for step in steps}
    return Check(
        book=replace(book, months={**book.months, **months}),
        link=link,
        observation=seen,
        outcome=outcome,
        steps=steps,
        held=held,
        held_stretch=strange,
    )


def book_after(checked: Check, *, now: datetime) -> LeaseBook:
    """Return the book with the check's charges in it: balance, week's cost, relay as seen."""
    book = checked.book
    recent = [s.charge.total_paise for s in checked.steps if s.stretch.end.point.at > now - WEEK]
    return replace(
        book,
        balance_paise=book.balance_paise - sum(step.charge.total_paise for step in checked.steps),
        week_cost_paise=book.week_cost_paise + sum(recent),
        meters=tuple(_link_after(checked, link) for link in book.meters),
    )


def _link_after(checked: Check, link: MeterLink) -> MeterLink:
    """Return the link with the relay's state as it was seen, if that is news."""
    seen, supply = checked.observation, link.supply
    is_another = link.meter.id != seen.meter_id or link.device_id != seen.device_id
    if is_another or seen.relay_on is None or link.by_hand:
        return link
    if supply is None:
        return _first_seen(checked.book, link, seen.relay_on, seen.at)
    newest = max(supply.decided_at, supply.confirmed_at or supply.decided_at)
    if seen.at <= newest or supply.actual_on == seen.relay_on:
        return link
    return replace(link, supply=supply.seen(seen.relay_on, seen.at))


def _first_seen(book: LeaseBook, link: MeterLink, relay_on: bool, at: datetime) -> MeterLink:
    """A room has power until a decision takes it."""
    if book.supply_meter is None or book.supply_meter.meter.id != link.meter.id:
        return link
    supply = SupplyState(
        meter_id=link.meter.id,
        desired_on=True,
        reason=SupplyReason.IN_ORDER,
        decided_at=at,
        actual_on=relay_on,
        confirmed_at=at,
    )
    return replace(link, supply=supply)


def readings_of(checked: Check) -> Sequence[Reading]:
    """Return the readings to store, in order: opening or charged ones, then a held one."""
    opened = () if checked.opening is None else (checked.opening,)
    held = () if checked.held is None else (checked.held,)
    return (*opened, *(step.reading for step in checked.steps), *held)
