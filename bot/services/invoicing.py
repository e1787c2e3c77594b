"""Bills postpaid leases when their periods have closed. Rules 3.7, 7.1 and 7.2."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.domain.invoice import BillingPeriod, billing_periods
from bot.domain.lease import BillingMode
from bot.domain.period import local_date, start_of
from bot.services.book import LeaseBook, MeterLink
from bot.services.doorbell import Doorbell
from bot.services.invoice_issue import issue_period
from bot.services.invoice_record import Invoice
from bot.services.late_bill import bill_late, without_next_bill
from bot.services.meter_close import History, MeterClose, close_meter
from bot.services.meter_history import MeterHistories
from bot.services.notice import common_facts, tell
from bot.services.ports import Clock, GatewayError, KeyRejected, Lane, MeterGateway
from bot.services.settle import settle, store
from bot.services.store import NoticeKind, Transactions
from bot.services.stores import Unit
from bot.services.sweep import Swaps

ENDED_AGO = timedelta(days=120)
"""So long after its end a lease may still be billed for its last period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A bill that was issued, or one that waits; `problem` says for what."""

    place: str
    room: str
    tenant: str
    currency: str
    period: BillingPeriod
    invoice: Invoice | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReport:
    """How a run went."""

    lines: tuple[InvoiceLine, ...]

    @property
    def issued(self) -> tuple[Invoice, ...]:
        """The bills that were made."""
        return tuple(line.invoice for line in self.lines if line.invoice is not None)

    @property
    def waiting(self) -> int:
        """How many periods could not be billed yet."""
        return sum(line.invoice is None for line in self.lines)


@dataclass(slots=True, kw_only=True)
class _Due:
    """A lease with the periods that have closed, and what the vendor told of its meters."""

    book: LeaseBook
    periods: tuple[BillingPeriod, ...]
    histories: dict[int, History] = field(default_factory=dict)
    problem: str | None = None


class Invoicing:
    """The monthly bills."""

    def __init__(
        self,
        transactions: Transactions,
        gateway: MeterGateway,
        clock: Clock,
        swaps: Swaps,
        doorbell: Doorbell,
    ) -> None:
        self._transactions = transactions
        self._histories = MeterHistories(gateway, swaps)
        self._clock = clock
        self._doorbell = doorbell

    async def run(self) -> InvoiceReport:
        """This function will bill every period that has closed, once, also those that were missed.

        What was charged to tenants after their last bill gets one of its own.
        A lease whose meters cannot be asked now waits for the next run. Raises KeyRejected.
        """
        now = self._clock.now()
        lines: list[InvoiceLine] = []
        for due in await self._due(now):
            await self._ask(due, now)
            lines += await self._bill(due, now)
        lines += await self._bill_late(now)
        if lines:
            self._doorbell.ring()
        return InvoiceReport(lines=tuple(lines))

    async def _due(self, now: datetime) -> Sequence[_Due]:
        async with self._transactions.read() as unit:
            since_on = (now - ENDED_AGO).date()
            lease_ids = await unit.invoices.billed_later(ended_since_on=since_on)
            books = await unit.books.load(lease_ids, now=now, lock=False)
            billed = await unit.invoices.last_billed_on(lease_ids)
        found = [
            _Due(book=book, periods=closed_periods(book, billed.get(lease_id), now=now))
            for lease_id, book in books.items()
        ]
        due = [each for each in found if each.periods]
        return sorted(due, key=lambda each: (each.book.place.name, each.book.room.name))

    async def _bill_late(self, now: datetime) -> Sequence[InvoiceLine]:
        async with self._transactions.read() as unit:
            lease_ids = await unit.invoices.charged_late(ended_since_on=(now - ENDED_AGO).date())
        found = [await self._late(lease_id, now) for lease_id in lease_ids]
        return [line for line in found if line is not None]

    async def _late(self, lease_id: int, now: datetime) -> InvoiceLine | None:
        async with self._transactions.begin() as unit:
            books = await unit.books.load([lease_id], now=now, lock=True)
            if not await without_next_bill(unit, books.values()):
                return None
            invoice = await bill_late(unit, books[lease_id], now=now)
        return None if invoice is None else _line(books[lease_id], invoice.period, invoice=invoice)

    async def _ask(self, due: _Due, now: datetime) -> None:
        """Get the closes of days for each meter that a device tells of."""
        try:
            for link in due.book.meters:
                if link.meter.udf1 is not None and link.meter.is_charged:
                    due.histories[link.meter.id] = await self._history(due, link, now)
        except KeyRejected:
            raise
        except GatewayError as error:
            due.problem = error.code

    async def _history(self, due: _Due, link: MeterLink, now: datetime) -> History:
        zone = due.book.place.zone
        from_on = due.periods[0].from_on
        if link.anchor is not None:
            from_on = min(from_on, local_date(link.anchor.point.at, zone))
        to_on = local_date(now, zone) - timedelta(days=1)
        return await self._histories.ask(
            link.meter.id, link.device_id, from_on=from_on, to_on=to_on, lane=Lane.SWEEP
        )

    async def _bill(self, due: _Due, now: datetime) -> list[InvoiceLine]:
        lines: list[InvoiceLine] = []
        for period in due.periods:
            if due.problem is not None:
                return [*lines, _line(due.book, period, problem=due.problem)]
            line = await self._close(due, period, now)
            if line is not None:
                lines.append(line)
                if line.invoice is None:
                    break
        return lines

    async def _close(self, due: _Due, period: BillingPeriod, now: datetime) -> InvoiceLine | None:
        """Bill one period in one transaction; None when somebody else has."""
        lease_id = due.book.lease.id
        async with self._transactions.begin() as unit:
            book = (await unit.books.load([lease_id], now=now, lock=True))[lease_id]
            billed = (await unit.invoices.last_billed_on([lease_id])).get(lease_id)
            if period not in closed_periods(book, billed, now=now):
                return None
            waits = await _close_meters(unit, book, period, due.histories, now)
            if waits is not None:
                await _tell_waiting(unit, book, period, waits, now)
                return _line(book, period, problem=waits.value)
            invoice = await bill(unit, lease_id, period, now=now)
            return None if invoice is None else _line(book, period, invoice=invoice)


async def bill(
    unit: Unit, lease_id: int, period: BillingPeriod, *, now: datetime
) -> Invoice | None:
    """Issue the bill of a period whose meters are read, and decide about power."""
    book = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
    invoice = await issue_period(unit, book, period, now=now)
    if invoice is not None:
        after = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
        await store(unit, [settle(after, now=now)])
    return invoice


def closed_periods(
    book: LeaseBook, billed_on: date | None, *, now: datetime
) -> tuple[BillingPeriod, ...]:
    """Return the periods of a lease that have closed and were not billed, oldest first."""
    lease, zone = book.lease, book.place.zone
    if lease.mode is not BillingMode.POSTPAID:
        return ()
    since_on = lease.occupancy.start_on
    if lease.billing_since_at is not None:
        since_on = max(since_on, local_date(lease.billing_since_at, zone))
    is_first = billed_on is None or billed_on < since_on
    if billed_on is not None and not is_first:
        since_on = billed_on
    periods = billing_periods(since_on, lease.occupancy, lease.billing_day, is_first=is_first)
    return tuple(takewhile(lambda period: period.closes_at(zone) <= now, periods))


async def _close_meters(
    unit: Unit,
    book: LeaseBook,
    period: BillingPeriod,
    histories: dict[int, History],
    now: datetime,
) -> MeterClose | None:
    """Read all meters of a lease at the close; return what keeps the bill waiting, if anything."""
    zone = book.place.zone
    for link in book.meters:
        if not link.meter.is_charged:
            continue
        found = await close_meter(
            unit,
            book,
            link,
            histories.get(link.meter.id),
            since_at=start_of(period.from_on, zone),
            at=period.closes_at(zone),
            now=now,
        )
        if not found.is_settled:
            return found
        book = (await unit.books.load([book.lease.id], now=now, lock=False))[book.lease.id]
    return None


async def _tell_waiting(
    unit: Unit, book: LeaseBook, period: BillingPeriod, waits: MeterClose, now: datetime
) -> None:
    """Tell staff, once for each reason, that a bill waits for a reading."""
    facts = common_facts(book) | {
        "waits": waits.value,
        "period_from": period.from_on.isoformat(),
        "period_to": period.to_on.isoformat(),
    }
    key = f"invoice-waits:{book.lease.id}:{period.to_on}:{waits.value}"
    await unit.outbox.add(tell(book.staff_ids, NoticeKind.INVOICE_WAITS, facts, key=key, now=now))


def _line(
    book: LeaseBook,
    period: BillingPeriod,
    *,
    invoice: Invoice | None = None,
    problem: str | None = None,
) -> InvoiceLine:
    return InvoiceLine(
        place=book.place.name,
        room=book.room.name,
        tenant=book.lease.tenant_name,
        currency=book.place.currency,
        period=period,
        invoice=invoice,
        problem=problem,
    )
