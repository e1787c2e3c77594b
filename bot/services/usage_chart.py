"""Electricity per day, for the picture: what history knows, completed by the books. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.deduction import day_of_end
from bot.domain.ledger import EntryKind
from bot.domain.period import close_of, days, local_date, start_of
from bot.services.book import LeaseBook, MeterLink
from bot.services.check import Step
from bot.services.home_card import charges_among, energy_of, uncharged
from bot.services.home_day import of_electricity
from bot.services.ports import DayClose, UsageChart, UsageDay
from bot.services.store import BookedEntry
from bot.services.stores.usage import Switch

ONE_DAY = timedelta(days=1)
DAY_PARTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSpan:
    """The days that a picture shows, and those before them that it is held against."""

    today_on: date
    number: int

    @property
    def from_on(self) -> date:
        """The first day shown."""
        return self.today_on - ONE_DAY * (self.number - 1)

    @property
    def before_on(self) -> date:
        """The first day of the period before."""
        return self.from_on - ONE_DAY * self.number

    @property
    def end_on(self) -> date:
        """The day after the last one shown."""
        return self.today_on + ONE_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFacts:
    """What a picture is drawn from; `closes` None when history could not be had."""

    book: LeaseBook
    span: UsageSpan
    entries: Sequence[BookedEntry]
    switches: Sequence[Switch]
    closes: Sequence[DayClose] | None
    installed_on: date | None
    now: datetime


def usage_chart(facts: UsageFacts) -> UsageChart:
    """Return the chart; days before and after the lease are nobody's business and stay empty."""
    book, span = facts.book, facts.span
    energy = _energy_by_day(facts)
    costs = _costs_by_day(facts)
    recharges = _recharges_by_day(facts)
    spans = _dark_spans(facts.switches, facts.now)
    shown = tuple(
        UsageDay(
            on=on,
            energy_kwh=energy.get(on),
            cost_paise=costs.get(on),
            recharged_paise=recharges.get(on, 0),
            dark=tuple(_dark_shares(on, spans, book.place.zone)),
            lived_in=_lived_in(book, on),
        )
        for on in days(span.from_on, span.end_on)
    )
    before = [energy.get(on) for on in days(span.before_on, span.from_on)]
    known = [each for each in before if each is not None]
    return UsageChart(
        room=book.room.name,
        place=book.place.name,
        currency=book.place.currency,
        days=shown,
        today_on=span.today_on,
        total_kwh=sum((day.energy_kwh or Decimal(0) for day in shown), Decimal(0)),
        total_paise=sum(day.cost_paise or 0 for day in shown),
        previous_total_kwh=sum(known, Decimal(0)) if len(known) == len(before) else None,
    )


def marked_chart(
    chart: UsageChart, from_on: date, to_on: date, *, charged_kwh: Decimal | None = None
) -> UsageChart:
    """Return a chart with the days that somebody asks about marked, and added up.

    Where days are missing in it, what was charged for them all is their sum.
    """
    asked = [day for day in chart.days if from_on <= day.on <= to_on]
    metered_kwh = sum((day.energy_kwh or Decimal(0) for day in asked), Decimal(0))
    has_gap = any(day.energy_kwh is None for day in asked)
    return replace(
        chart,
        marked=(asked[0].on, asked[-1].on) if asked else (from_on, to_on),
        total_kwh=charged_kwh if has_gap and charged_kwh else metered_kwh,
        total_paise=sum(day.cost_paise or 0 for day in asked),
        previous_total_kwh=None,
    )


def day_charged(entry: BookedEntry, zone: ZoneInfo) -> date:
    """Return the local day whose use an entry charges; a close belongs to the day before it."""
    return day_of_end(entry.occurred_at, zone)


def _lived_in(book: LeaseBook, on: date) -> bool:
    lived = book.lease.occupancy
    return lived.start_on <= on and (lived.end_on is None or on < lived.end_on)


def _energy_by_day(facts: UsageFacts) -> dict[date, Decimal]:
    """What history shows wins over the books, which may hold several days in one entry."""
    booked = _booked_energy(facts)
    metered = _metered_energy(facts)
    return {on: kwh for on, kwh in (booked | metered).items() if _lived_in(facts.book, on)}


def _booked_energy(facts: UsageFacts) -> dict[date, Decimal]:
    zone = facts.book.place.zone
    by_day: dict[date, list[BookedEntry]] = defaultdict(list)
    for entry in charges_among(facts.entries):
        by_day[day_charged(entry, zone)].append(entry)
    energy = {on: energy_of(entries) for on, entries in by_day.items()}
    for step in _open_steps(facts):
        energy[step.stretch.on] = energy.get(step.stretch.on, Decimal(0)) + step.charge.quantity
    return energy


def _open_steps(facts: UsageFacts) -> Iterable[Step]:
    return of_electricity(facts.book, uncharged(facts.book)[1])


def _metered_energy(facts: UsageFacts) -> dict[date, Decimal]:
    """Return whole days between two closes of the device, as long as it was in this meter."""
    link = facts.book.supply_meter
    if link is None or facts.installed_on is None:
        return {}
    since_on = max(facts.installed_on, facts.book.lease.occupancy.start_on)
    registers = {close.on: close.energy_kwh for close in facts.closes or ()}
    registers |= _now_as_close(facts, link, registers)
    found = {}
    for on, register in registers.items():
        before = registers.get(on - ONE_DAY)
        if before is not None and on > since_on and register >= before:
            found[on] = (register - before) * link.meter.terms.multiplier
    return found


def _now_as_close(
    facts: UsageFacts, link: MeterLink, closes: Mapping[date, Decimal]
) -> dict[date, Decimal]:
    """Return what the meter showed last as today's register, if that was today."""
    if link.last_value is None or link.last_read_at is None or not closes:
        return {}
    read_on = local_date(link.last_read_at, facts.book.place.zone)
    return {read_on: link.last_value} if read_on == facts.span.today_on else {}


def _costs_by_day(facts: UsageFacts) -> dict[date, int]:
    costs: dict[date, int] = defaultdict(int)
    for entry in charges_among(facts.entries):
        costs[day_charged(entry, facts.book.place.zone)] -= entry.tenant_paise
    for step in _open_steps(facts):
        costs[step.stretch.on] += step.charge.total_paise
    return dict(costs)


def _recharges_by_day(facts: UsageFacts) -> dict[date, int]:
    undone = {each.reverses_id for each in facts.entries}
    found: dict[date, int] = defaultdict(int)
    for entry in facts.entries:
        if entry.kind is EntryKind.PAYMENT and entry.id not in undone:
            found[local_date(entry.occurred_at, facts.book.place.zone)] += entry.tenant_paise
    return dict(found)


def _dark_shares(
    on: date, spans: Iterable[tuple[datetime, datetime]], zone: ZoneInfo
) -> Iterable[tuple[int, int]]:
    """Return from when to when power was off in a day, in ten-thousandths of it."""
    begin, end = start_of(on, zone), close_of(on, zone)
    for off_at, on_at in spans:
        if off_at < end and on_at > begin:
            first, last = max(off_at, begin) - begin, min(on_at, end) - begin
            yield first * DAY_PARTS // (end - begin), last * DAY_PARTS // (end - begin)


def _dark_spans(switches: Sequence[Switch], now: datetime) -> list[tuple[datetime, datetime]]:
    spans: list[tuple[datetime, datetime]] = []
    off_at: datetime | None = None
    for switch in switches:
        if not switch.on and off_at is None:
            off_at = switch.at
        elif switch.on and off_at is not None:
            spans.append((off_at, switch.at))
            off_at = None
    return spans if off_at is None else [*spans, (off_at, now)]
