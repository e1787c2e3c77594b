"""What a tenant sees first: pure facts, worked out from the lease's book."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from bot.domain.deduction import Sighting
from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.domain.metering import RegisterPoint
from bot.domain.period import Period, first_of_month, local_date, start_of
from bot.domain.service_kind import BillingType, Medium, ServiceKind
from bot.domain.supply import SupplyReason, decide, review_at
from bot.domain.warning import Forecast
from bot.services.book import LeaseBook, MeterLink
from bot.services.check import Observation, Step, check
from bot.services.home_day import Spent, today_of
from bot.services.home_dues import HomeDues
from bot.services.outlook import lease_forecast, supply_facts
from bot.services.owing import wants_money, wants_power_kept
from bot.services.settle import has_ended
from bot.services.store import BookedEntry
from bot.services.stores.usage import Charged


class Freshness(Enum):
    """Where the values of the meter come from."""

    STORED = "stored"
    LIVE = "live"
    OFFLINE = "offline"
    UNAVAILABLE = "unavailable"


class Power(Enum):
    """What the relay is, or is about to be."""

    ON = "on"
    OFF = "off"
    COMING_ON = "coming_on"
    GOING_OFF = "going_off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMedium:
    """Use of the month beside electricity; a cost of None is included in the rent."""

    medium: Medium
    quantity: Decimal
    cost_paise: int | None
    decimals: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCard:
    """A lease at a glance; money in paise.

    `today` is of electricity, begins earlier than today when checks were missed, and is None when
    nobody has read a meter today. `decided_by` is what the rules now go by, and `spared_until` when
    that ends by itself. `month` counts what is not charged yet, and all money that was charged in
    the month, whatever for; `usual_paise` is what the same span of the month before was charged
    with, if the lease ran then. `by_hand`: a person switches the power, no meter. Rule 6.7.
    """

    lease_id: int
    room: str
    place: str
    currency: str
    zone: ZoneInfo
    mode: BillingMode
    balance_paise: int
    cut_off_paise: int
    low_balance_paise: int
    forecast: Forecast
    today: Spent | None
    month: Spent
    today_on: date
    usual_paise: int | None
    power: Power
    power_reason: SupplyReason | None
    power_w: Decimal | None
    read_at: datetime | None
    has_ended: bool
    freshness: Freshness = Freshness.STORED
    disputed_paise: int = 0
    others: tuple[OtherMedium, ...] = ()
    has_electricity: bool = True
    decided_by: SupplyReason | None = None
    spared_until: datetime | None = None
    can_refresh: bool = True
    by_hand: bool = False
    dues: HomeDues | None = None
    has_bills: bool = False
    wants_money: bool = False
    may_promise: bool = False

    @property
    def shortfall_paise(self) -> int:
        """What has to be paid for the balance to be at the cut-off. Rule 10.3."""
        return max(self.cut_off_paise - self.balance_paise - self.disputed_paise, 0)

    @property
    def may_pay(self) -> bool:
        """Whether paying makes sense: who has left pays only what is owed."""
        return self.wants_money or not self.has_ended

    @property
    def month_on(self) -> date:
        """The first day of the month."""
        return first_of_month(self.today_on)


def span_before(book: LeaseBook, *, now: datetime) -> Period:
    """Return the same span of the month before, as long as that month allows."""
    zone = book.place.zone
    month_on = first_of_month(local_date(now, zone))
    start_at = start_of(first_of_month(month_on - timedelta(days=1)), zone)
    end_at = start_of(month_on, zone)
    return Period(start_at=start_at, end_at=min(start_at + (now - end_at), end_at))


def month_start(book: LeaseBook, *, now: datetime) -> datetime:
    """Return the first instant of the month at the place."""
    return start_of(first_of_month(local_date(now, book.place.zone)), book.place.zone)


def included_ids(book: LeaseBook) -> frozenset[int]:
    """Return the lease's meters whose use is included in the rent."""
    meters = (each.meter for each in book.meters)
    return frozenset(each.id for each in meters if each.billing_type is BillingType.INCLUDED)


def after_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant that belongs to use of today: a close is the day's before it."""
    return start_of(local_date(now, zone), zone) + timedelta(microseconds=1)


def home_card(
    book: LeaseBook, *, charged: Charged, dues: HomeDues | None = None, now: datetime
) -> HomeCard:
    """Return the card, counting what was used since the last charge at today's terms."""
    estimated, steps = uncharged(book)
    ended = has_ended(book, now=now)
    link = None if ended else book.supply_meter
    reason = decide(around := supply_facts(book, link, now=now)).reason
    return HomeCard(
        lease_id=book.lease.id,
        room=book.room.name,
        place=book.place.name,
        currency=book.place.currency,
        zone=book.place.zone,
        mode=book.lease.mode,
        balance_paise=book.balance_paise,
        cut_off_paise=book.terms.cut_off_paise,
        low_balance_paise=book.terms.low_balance_paise,
        forecast=lease_forecast(book),
        today=today_of(book, charged, steps, now),
        month=_month(estimated, now),
        today_on=local_date(now, book.place.zone),
        usual_paise=charged.usual_paise if _ran_before(book, now) else None,
        power=power_of(link),
        power_reason=None if link is None or link.supply is None else link.supply.reason,
        power_w=None if link is None else _power_w(link),
        read_at=None if ended else _read_at(book),
        has_ended=ended,
        disputed_paise=book.disputed_paise,
        others=() if ended else tuple(_others(estimated, charged, now)),
        has_electricity=book.main_service is ServiceKind.ELECTRICITY,
        decided_by=reason,
        spared_until=review_at(around, reason),
        can_refresh=link is not None and link.device_id is not None,
        by_hand=link is not None and link.by_hand,
        dues=dues,
        has_bills=bool(book.dues),
        wants_money=wants_money(book),
        may_promise=not ended and wants_power_kept(book, now=now),
    )


def _others(book: LeaseBook, charged: Charged, now: datetime) -> Iterator[OtherMedium]:
    """Yield what is used this month beside electricity, as the meters count it."""
    month_on = first_of_month(local_date(now, book.place.zone))
    meters = {each.meter.medium: each.meter for each in book.meters if each.meter.is_charged}
    for medium, meter in meters.items():
        month = book.month(month_on, medium.service)
        timeline = book.timelines.get(medium.service)
        if medium.service is ServiceKind.ELECTRICITY or timeline is None:
            continue
        if timeline.medium == medium and (month.used or month.charged_paise):
            yield OtherMedium(
                medium=medium,
                quantity=sum(month.used.values(), Decimal(0)),
                cost_paise=sum(month.charged_paise.values()),
                decimals=meter.decimals,
            )
    for meter_id, quantity in charged.included.items():
        meter = book.link_to(meter_id).meter
        yield OtherMedium(
            medium=meter.medium, quantity=quantity, cost_paise=None, decimals=meter.decimals
        )


def uncharged(book: LeaseBook) -> tuple[LeaseBook, tuple[Step, ...]]:
    """Return the book as it would stand if all that was seen were charged, and the charges."""
    steps: list[Step] = []
    for link in book.meters:
        seen = _as_seen(book, link) if link.meter.is_charged else None
        if seen is not None:
            checked = check(book, link, seen)
            steps += checked.steps
            book = replace(book, months=checked.book.months)
    return book, tuple(steps)


def energy_of(entries: Iterable[BookedEntry]) -> Decimal:
    """Return what entries say was used, in the meter's unit."""
    return sum((Decimal(str(each.why.get("quantity", 0))) for each in entries), Decimal(0))


def charges_among(
    entries: Sequence[BookedEntry], service: ServiceKind = ServiceKind.ELECTRICITY
) -> list[BookedEntry]:
    """Return the deductions for a service that were not taken back."""
    undone = {each.reverses_id for each in entries}
    return [
        each
        for each in entries
        if each.kind is EntryKind.DEDUCTION
        and each.id not in undone
        and service_of(each) is service
    ]


def service_of(entry: BookedEntry) -> ServiceKind:
    """Return what an entry charges for; what does not say so is electricity."""
    return ServiceKind(entry.why.get("service", ServiceKind.ELECTRICITY.value))


def _as_seen(book: LeaseBook, link: MeterLink) -> Observation | None:
    if link.last_value is None or link.last_read_at is None:
        return None
    point = RegisterPoint(at=link.last_read_at, value=link.last_value)
    return Observation(
        lease_id=book.lease.id,
        meter_id=link.meter.id,
        device_id=link.device_id,
        at=link.last_read_at,
        sightings=(Sighting(point=point),),
    )


def _ran_before(book: LeaseBook, now: datetime) -> bool:
    """Return whether the lease ran through the whole span that this month is held against."""
    start_at = span_before(book, now=now).start_at
    return book.lease.occupancy.start_on <= local_date(start_at, book.place.zone)


def _month(estimated: LeaseBook, now: datetime) -> Spent:
    zone = estimated.place.zone
    month_on = first_of_month(local_date(now, zone))
    month = estimated.month(month_on)
    return Spent(
        since_at=start_of(month_on, zone),
        energy_kwh=sum(month.used.values(), Decimal(0)),
        cost_paise=sum(
            sum(each.charged_paise.values())
            for (_, on), each in estimated.months.items()
            if on == month_on
        ),
    )


def power_of(link: MeterLink | None) -> Power:
    """Return what a relay is, or is about to be; nobody knows until a person has said it."""
    supply = None if link is None else link.supply
    if link is not None and supply is not None and link.awaits_hand:
        return Power.COMING_ON if supply.desired_on else Power.GOING_OFF
    if supply is None or (supply.desired_on and supply.actual_on is None):
        return Power.UNKNOWN
    if supply.desired_on:
        return Power.ON if supply.actual_on else Power.COMING_ON
    return Power.OFF if supply.actual_on is False else Power.GOING_OFF


def _power_w(link: MeterLink) -> Decimal | None:
    """Return what the room drew when it was read, unless the relay was switched since then."""
    confirmed_at = None if link.supply is None else link.supply.confirmed_at
    if confirmed_at and link.last_read_at and confirmed_at > link.last_read_at:
        return None
    return link.last_power_w


def _read_at(book: LeaseBook) -> datetime | None:
    link = book.supply_meter
    shown = book.meters if link is None else (link,)
    return max((each.last_read_at for each in shown if each.last_read_at), default=None)
