"""What a question is judged by: readings, days, prices, and earlier questions. Rule 10.2."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from bot.domain.deduction import day_of_end
from bot.domain.dispute import Dispute
from bot.domain.metering import Reading
from bot.domain.people import Actor
from bot.domain.period import close_of, local_date, start_of
from bot.domain.service_kind import ServiceKind
from bot.services.book import LeaseBook, MeterLink
from bot.services.dispute_item import Item, item_of
from bot.services.dispute_list import seen
from bot.services.home_card import charges_among, energy_of
from bot.services.ports import (
    Clock,
    DayClose,
    DeviceUnreachable,
    GatewayError,
    Lane,
    MeterGateway,
    UsageChart,
)
from bot.services.store import BookedEntry, Transactions
from bot.services.stores import Unit
from bot.services.stores.usage import Switch
from bot.services.usage_chart import UsageFacts, UsageSpan, marked_chart, usage_chart

DAY = timedelta(days=1)
AROUND = timedelta(days=7)
MOST_DAYS = 45
MOST_READINGS = 4
SOON = timedelta(seconds=1)
AN_HOUR = timedelta(hours=1)
"""What begins so shortly before midnight is use of the day after."""


class History(Enum):
    """Whether Qube could tell of the days."""

    KNOWN = "known"
    EMPTY = "empty"
    OFFLINE = "offline"
    SILENT = "silent"
    NO_DEVICE = "no_device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price that was in force: the tariff, since when, and its rates in paise per unit."""

    tariff: str
    since_on: date
    rates: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that there is about a question; `chart` has the days in question marked."""

    dispute: Dispute
    item: Item
    book: LeaseBook
    from_on: date
    to_on: date
    readings: tuple[Reading, ...]
    unit: str
    meter_id: int | None
    prices: tuple[Price, ...]
    entries: int
    charged_paise: int
    earlier: tuple[Dispute, ...]
    history: History
    chart: UsageChart


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the store knows of it."""

    dispute: Dispute
    item: Item
    book: LeaseBook
    from_on: date
    to_on: date
    charges: Sequence[BookedEntry]
    readings: tuple[Reading, ...]
    earlier: tuple[Dispute, ...]
    entries: Sequence[BookedEntry]
    switches: Sequence[Switch]
    installed_on: date | None


class DisputeEvidence:
    """Gathers what a question is judged by."""

    def __init__(self, transactions: Transactions, gateway: MeterGateway, clock: Clock) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock

    async def gather(self, *, actor: Actor, dispute_id: int) -> Evidence:
        """This function will return the evidence, days as Qube tells them now.

        What cannot be had is said by `history`. Raises DisputeUnknown.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            found = await _found(unit, await seen(unit, actor, dispute_id), now)
        zone = found.book.place.zone
        today_on = local_date(now, zone)
        shown = _shown(found, today_on)
        history, closes = await self._closes(found, shown, today_on)
        facts = UsageFacts(
            book=found.book,
            span=shown,
            entries=found.entries,
            switches=found.switches,
            closes=closes,
            installed_on=found.installed_on,
            now=now,
        )
        chart = replace(usage_chart(facts), today_on=today_on)
        charges = [each for each in found.charges if each.tenant_paise < 0]
        why: dict[str, Any] = dict(charges[0].why) if charges else {}
        return Evidence(
            dispute=found.dispute,
            item=found.item,
            book=found.book,
            from_on=found.from_on,
            to_on=found.to_on,
            readings=found.readings,
            unit=str(why.get("unit") or "kWh"),
            meter_id=found.readings[0].meter_id if found.readings else None,
            prices=_prices(charges),
            entries=len(charges),
            charged_paise=-sum(each.tenant_paise for each in charges),
            earlier=found.earlier,
            history=history,
            chart=marked_chart(chart, found.from_on, found.to_on, charged_kwh=_charged_kwh(found)),
        )

    async def _closes(
        self, found: _Found, shown: UsageSpan, today_on: date
    ) -> tuple[History, Sequence[DayClose] | None]:
        link = _link(found)
        if link is None or link.device_id is None:
            return History.NO_DEVICE, None
        to_on = min(shown.today_on, today_on - DAY)
        try:
            closes = await self._gateway.day_closes(
                link.device_id, from_on=shown.from_on - DAY, to_on=to_on, lane=Lane.FRESH
            )
        except DeviceUnreachable:
            return History.OFFLINE, None
        except GatewayError:
            return History.SILENT, None
        return (History.KNOWN if closes else History.EMPTY), closes


async def _found(unit: Unit, dispute: Dispute, now: datetime) -> _Found:
    item = await item_of(unit, dispute.item, dispute.item_id, dispute.lease_id)
    book = (await unit.books.load([dispute.lease_id], now=now, lock=False))[dispute.lease_id]
    zone, lease_id = book.place.zone, dispute.lease_id
    from_on, to_on = _days(item, book)
    charges = await _charges(unit, item, from_on, to_on, book)
    first_at = start_of(from_on - AROUND - DAY, zone)
    entries = await unit.ledger.between(lease_id, from_at=first_at, to_at=now + SOON)
    link = book.supply_meter
    installation = None if link is None else await unit.metering.open_installation(link.meter.id)
    every = await unit.disputes.of_leases([lease_id], limit=20)
    return _Found(
        dispute=dispute,
        item=item,
        book=book,
        from_on=from_on,
        to_on=to_on,
        charges=charges,
        readings=await _readings(unit, item, charges, close_of(to_on, zone)),
        earlier=tuple(each for each in every if each.id < dispute.id),
        entries=entries,
        switches=await unit.usage.switched(lease_id, to_at=now + SOON),
        installed_on=None if installation is None else local_date(installation.opened_at, zone),
    )


def _days(item: Item, book: LeaseBook) -> tuple[date, date]:
    """Return the first and the last day that are in question."""
    zone = book.place.zone
    if item.bill is not None and item.entry is None:
        period = item.bill.period
        return period.from_on + DAY, max(period.to_on, period.from_on + DAY)
    why: dict[str, Any] = {} if item.entry is None else dict(item.entry.why)
    if "from_at" in why and "to_at" in why:
        to_on = day_of_end(datetime.fromisoformat(why["to_at"]), zone)
        from_on = local_date(datetime.fromisoformat(why["from_at"]) + AN_HOUR, zone)
        return min(from_on, to_on), to_on
    to_on = local_date(datetime.fromisoformat(item.facts["at"]), zone)
    return to_on, to_on


async def _charges(
    unit: Unit, item: Item, from_on: date, to_on: date, book: LeaseBook
) -> Sequence[BookedEntry]:
    if item.entry is not None:
        return [item.entry]
    if item.bill is not None:
        return await unit.invoices.entries_of(item.bill.id)
    zone = book.place.zone
    found = await unit.chains.charges(
        item.lease_id, from_at=start_of(from_on - AROUND, zone), to_at=close_of(to_on, zone)
    )
    return found[-MOST_READINGS:]


async def _readings(
    unit: Unit, item: Item, charges: Sequence[BookedEntry], until_at: datetime
) -> tuple[Reading, ...]:
    """Return the last readings of the meter in question, up to the end of the days."""
    last = item.reading
    for each in charges:
        reading_id = each.why.get("reading_to")
        if isinstance(reading_id, int):
            last = await unit.metering.reading(reading_id) or last
    if last is None:
        return ()
    until = max(until_at, last.point.at) + SOON
    taken = await unit.chains.taken_before(last.meter_id, until, limit=MOST_READINGS)
    return tuple(sorted(taken, key=lambda each: each.point.at)[-MOST_READINGS:])


def _charged_kwh(found: _Found) -> Decimal | None:
    """Return the use that is paid for; around a reading there are charges of other days too."""
    if found.item.entry is None and found.item.bill is None:
        return None
    return energy_of(charges_among(found.charges))


def _link(found: _Found) -> MeterLink | None:
    """Return the meter of which Qube is asked; gas and water have no days there."""
    why = found.item.entry.why if found.item.entry is not None else {}
    if why.get("service") not in {None, ServiceKind.ELECTRICITY.value}:
        return None
    return found.book.supply_meter


def _shown(found: _Found, today_on: date) -> UsageSpan:
    """Return the days of the picture: those in question, and some around them."""
    last_on = min(found.to_on + AROUND // 2, today_on)
    first_on = found.from_on - AROUND
    number = min(max((last_on - first_on).days + 1, 2), MOST_DAYS)
    return UsageSpan(today_on=last_on, number=number)


def _prices(charges: Sequence[BookedEntry]) -> tuple[Price, ...]:
    """Return the prices that the charges rest on, each once."""
    found: dict[Price, None] = {}
    for each in charges:
        why: dict[str, Any] = dict(each.why)
        if "portions" in why and "tariff_from" in why:
            price = Price(
                tariff=str(why["tariff"]),
                since_on=date.fromisoformat(why["tariff_from"]),
                rates=tuple(dict.fromkeys(rate for _, rate in why["portions"])),
                unit=str(why["unit"]),
            )
            found[price] = None
    return tuple(found)
