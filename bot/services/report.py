"""What tenants, and staff in their place, look at. Reads only; the meter is asked on request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.domain.metering import in_thousandths
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date, start_of
from bot.services.book import LeaseBook, MeterLink
from bot.services.home_card import (
    Freshness,
    HomeCard,
    Power,
    after_midnight,
    home_card,
    included_ids,
    month_start,
    span_before,
    uncharged,
)
from bot.services.home_dues import home_dues
from bot.services.invoice_record import Invoice
from bot.services.payment import EntryUnknown, LeaseUnknown
from bot.services.ports import (
    Clock,
    DayClose,
    DeviceUnreachable,
    GatewayError,
    Lane,
    LiveMetrics,
    MeterGateway,
    UsageChart,
)
from bot.services.settle import has_ended
from bot.services.store import BookedEntry, LastSeen, Transactions
from bot.services.stores import Unit
from bot.services.usage_chart import UsageFacts, UsageSpan, usage_chart

PAGE_ENTRIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReport:
    """A chart ready to be drawn; `has_history` is False when only the books could be used."""

    lease_id: int
    chart: UsageChart
    has_history: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """Entries of a lease, newest first, and from where older ones go on.

    `documents` are the bills and credit notes that they are on, by entry id.
    """

    book: LeaseBook
    entries: tuple[BookedEntry, ...]
    before_id: int | None
    older_before_id: int | None
    documents: Mapping[int, Invoice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedEntry:
    """One entry with the lease it is of, the entry that took it back, and who booked it.

    `by` is None where nobody's hand did, `document` where no bill or credit note tells of it. Rule
    2.5.
    """

    book: LeaseBook
    entry: BookedEntry
    reversed_by: BookedEntry | None
    by: str | None = None
    document: Invoice | None = None


class Reports:
    """Cards, pictures and statements of leases that the person may see."""

    def __init__(self, transactions: Transactions, gateway: MeterGateway, clock: Clock) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock

    async def leases(self, *, actor: Actor) -> Sequence[LeaseBook]:
        """This function will return a person's own leases; ended ones only if none runs."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            books = await unit.books.load(actor.lease_ids, now=now, lock=False)
        running = [book for book in books.values() if not has_ended(book, now=now)]
        return running or list(books.values())

    async def home(self, *, actor: Actor, lease_id: int) -> HomeCard:
        """This function will return a lease at a glance. Raises LeaseUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            book = await visible(unit, actor, lease_id, now)
            usual = span_before(book, now=now)
            charged = await unit.usage.charged(
                lease_id,
                today_at=after_midnight(now, book.place.zone),
                month_at=month_start(book, now=now),
                usual_from_at=usual.start_at,
                usual_to_at=usual.end_at,
                included_ids=included_ids(book),
            )
            dues = await home_dues(unit, book, uncharged(book)[1], now=now)
        return home_card(book, charged=charged, dues=dues, now=now)

    async def refresh(self, *, actor: Actor, lease_id: int) -> HomeCard:
        """This function will ask the meter and return the card; nothing is charged by it.

        What cannot be reached is said by the card's freshness. Raises LeaseUnknown.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            book = await visible(unit, actor, lease_id, now)
        link = book.supply_meter
        if link is None or link.device_id is None or has_ended(book, now=now):
            return await self.home(actor=actor, lease_id=lease_id)
        try:
            live = await self._gateway.metrics(link.device_id, lane=Lane.FRESH)
        except GatewayError as error:
            card = await self.home(actor=actor, lease_id=lease_id)
            offline = isinstance(error, DeviceUnreachable)
            return replace(card, freshness=Freshness.OFFLINE if offline else Freshness.UNAVAILABLE)
        await self._keep(book, link, live)
        return _live(await self.home(actor=actor, lease_id=lease_id), live)

    async def usage(self, *, actor: Actor, lease_id: int, days: int) -> UsageReport:
        """This function will return use and cost of the last days, today among them.

        Raises LeaseUnknown.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            book = await visible(unit, actor, lease_id, now)
            zone = book.place.zone
            span = UsageSpan(today_on=local_date(now, zone), number=days)
            entries = await unit.ledger.between(
                lease_id, from_at=start_of(span.before_on, zone), to_at=now + SOON
            )
            switches = await unit.usage.switched(lease_id, to_at=now + SOON)
            installed_on = await _installed_on(unit, book)
        closes = await self._closes(book, span)
        facts = UsageFacts(
            book=book,
            span=span,
            entries=entries,
            switches=switches,
            closes=closes,
            installed_on=installed_on,
            now=now,
        )
        return UsageReport(
            lease_id=lease_id, chart=usage_chart(facts), has_history=closes is not None
        )

    async def statement(
        self, *, actor: Actor, lease_id: int, before_id: int | None = None
    ) -> StatementPage:
        """This function will return a page of entries. Raises LeaseUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            book = await visible(unit, actor, lease_id, now)
            found = await unit.ledger.page(lease_id, before_id=before_id, limit=PAGE_ENTRIES + 1)
            shown = tuple(found[:PAGE_ENTRIES])
            documents = await _documents(unit, shown)
        return StatementPage(
            book=book,
            entries=shown,
            before_id=before_id,
            older_before_id=shown[-1].id if len(found) > PAGE_ENTRIES else None,
            documents=documents,
        )

    async def entry(self, *, actor: Actor, entry_id: int) -> OpenedEntry:
        """This function will return one entry. Raises EntryUnknown, LeaseUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            entry = await unit.ledger.get(entry_id)
            if entry is None:
                raise EntryUnknown(entry_id)
            book = await visible(unit, actor, entry.lease_id, now)
            reversed_by = await unit.ledger.reversed_by(entry_id)
            by = await _name(unit, entry.actor_id)
            document = (await _documents(unit, [entry])).get(entry_id)
        return OpenedEntry(
            book=book, entry=entry, reversed_by=reversed_by, by=by, document=document
        )

    async def _keep(self, book: LeaseBook, link: MeterLink, live: LiveMetrics) -> None:
        """Remember what the meter showed, unless no counter can show that."""
        if live.energy_kwh < 0:
            return
        seen = LastSeen(
            lease_id=book.lease.id,
            meter_id=link.meter.id,
            value=in_thousandths(live.energy_kwh),
            power_w=None if live.power_w is None else in_thousandths(live.power_w),
            at=self._clock.now(),
        )
        async with self._transactions.begin() as unit:
            await unit.metering.save_last_seen([seen])

    async def _closes(self, book: LeaseBook, span: UsageSpan) -> Sequence[DayClose] | None:
        """Return the registers at the closes of finished days; None when they cannot be had."""
        link = book.supply_meter
        if link is None or link.device_id is None:
            return None
        from_on = span.before_on - timedelta(days=1)
        yesterday_on = span.today_on - timedelta(days=1)
        try:
            return await self._gateway.day_closes(
                link.device_id, from_on=from_on, to_on=yesterday_on, lane=Lane.FRESH
            )
        except GatewayError:
            return None


SOON = timedelta(seconds=1)
"""Added to the present where a period is half-open and what happens now belongs to it."""


async def visible(unit: Unit, actor: Actor, lease_id: int, now: datetime) -> LeaseBook:
    """Return the book of a lease that is the person's own, or in their care.

    Raises LeaseUnknown, also where the lease exists: a stranger to it learns nothing.
    """
    book = await unit.books.look(lease_id, now=now)
    if book is None:
        raise LeaseUnknown(lease_id)
    is_own = lease_id in actor.lease_ids
    if not is_own and not actor.may(Permission.SEE_MONEY, book.place.id):
        raise LeaseUnknown(lease_id)
    return book


async def _documents(unit: Unit, entries: Sequence[BookedEntry]) -> Mapping[int, Invoice]:
    of = await unit.invoices.of_entries([each.id for each in entries])
    documents = {each.id: each for each in await unit.invoices.among(set(of.values()))}
    return {entry_id: documents[document_id] for entry_id, document_id in of.items()}


async def _name(unit: Unit, person_id: int | None) -> str | None:
    people = {} if person_id is None else await unit.people.get({person_id})
    return next((each.name for each in people.values()), None)


async def _installed_on(unit: Unit, book: LeaseBook) -> date | None:
    link = book.supply_meter
    if link is None:
        return None
    installation = await unit.metering.open_installation(link.meter.id)
    return None if installation is None else local_date(installation.opened_at, book.place.zone)


def _live(card: HomeCard, live: LiveMetrics) -> HomeCard:
    """Return the card with the relay as the meter itself reports it."""
    is_unsaid = live.relay_on is None or card.by_hand
    if is_unsaid or card.power in {Power.COMING_ON, Power.GOING_OFF}:
        return replace(card, freshness=Freshness.LIVE)
    power = Power.ON if live.relay_on else Power.OFF
    return replace(card, freshness=Freshness.LIVE, power=power)
