"""A lease that pays before use pays after it from now on, or the other way round. Rule 7.1."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.deduction import day_of_end
from bot.domain.invoice import next_billing_day
from bot.domain.lease import BillingMode, Lease
from bot.domain.people import Actor, Permission
from bot.domain.period import close_of, local_date
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.check import Observation
from bot.services.closing import charge_up_to, last_bill, look_at_all
from bot.services.doorbell import Doorbell
from bot.services.invoice_record import Invoice
from bot.services.notice import common_facts, tell
from bot.services.payment import LeaseUnknown
from bot.services.ports import Clock, MeterGateway
from bot.services.settle import has_ended, settle, store
from bot.services.store import NoticeKind, Transactions
from bot.services.stores import Unit

BILLING_DAYS = range(1, 29)


class NoBillingDay(ValueError):
    """A billing day is one that every month has: 1 to 28."""


class BilledSoAlready(Exception):
    """The lease is billed like that already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a lease shall be billed; a prepaid one has no billing day."""

    mode: BillingMode
    billing_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingTerms:
    """How a lease is billed, with the day until which it was billed, if it ever was."""

    book: LeaseBook
    billed_on: date | None
    now: datetime

    def next_close_on(self, billing_day: int) -> date:
        """Return when the next period closes if that were the billing day."""
        today_on = local_date(self.now, self.book.place.zone)
        since_on = today_on
        if self.book.lease.mode is BillingMode.POSTPAID and self.billed_on is not None:
            since_on = self.billed_on
        return next_billing_day(since_on, billing_day)

    @property
    def due_days(self) -> int:
        """How long after its issue a bill is to be paid."""
        return self.book.place.due_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a change of the way of billing did; `invoice` is the last bill of a postpaid lease."""

    book: LeaseBook
    invoice: Invoice | None = None


class Conversions:
    """Changes how leases are billed."""

    def __init__(
        self, transactions: Transactions, gateway: MeterGateway, clock: Clock, doorbell: Doorbell
    ) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock
        self._doorbell = doorbell

    async def terms(self, *, actor: Actor, lease_id: int) -> BillingTerms:
        """This function will tell how a lease is billed. Raises LeaseUnknown, NotAllowed."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            books = await unit.books.load([lease_id], now=now, lock=False)
            book = _require(books.get(lease_id), actor, lease_id, now)
            billed = await unit.invoices.last_billed_on([lease_id])
        return BillingTerms(book=book, billed_on=billed.get(lease_id), now=now)

    async def convert(self, *, cause: Cause, lease_id: int, wanted: Wanted) -> Converted:
        """This function will bill a lease otherwise from this moment on.

        Its meters are read first: what was used until now is charged, and billed, the old way, so
        that there is no gap; whoever owes for the last bill keeps the power until that is due.
        Another billing day alone needs no reading. Raises LeaseUnknown, NotAllowed, NoBillingDay,
        BilledSoAlready, DeviceUnreachable and other GatewayErrors when a meter cannot be read,
        ReadingInTheWay, AlreadyHandled and ButtonSpent.
        """
        before = await self.terms(actor=cause.actor, lease_id=lease_id)
        require_news(before.book.lease, wanted)
        seen: Sequence[Observation] = ()
        if before.book.lease.mode is not wanted.mode:
            seen = await look_at_all(self._gateway, before.book, self._clock)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            books = await unit.books.load([lease_id], now=now, lock=True)
            book = _require(books.get(lease_id), cause.actor, lease_id, now)
            require_news(book.lease, wanted)
            await charge_up_to(unit, book, seen, now=now)
            done = await _convert(unit, cause, await _load(unit, lease_id, now), wanted, now)
        self._doorbell.ring()
        return done


def require_news(lease: Lease, wanted: Wanted) -> None:
    """Raises NoBillingDay and BilledSoAlready."""
    is_later = wanted.mode is BillingMode.POSTPAID
    if is_later and wanted.billing_day not in BILLING_DAYS:
        raise NoBillingDay(wanted.billing_day)
    if lease.mode is wanted.mode and not (is_later and lease.billing_day != wanted.billing_day):
        raise BilledSoAlready


def _require(book: LeaseBook | None, actor: Actor, lease_id: int, now: datetime) -> LeaseBook:
    if book is None or not actor.may(Permission.SEE_ROOMS, book.place.id):
        raise LeaseUnknown(lease_id)
    actor.require(Permission.SET_RULES, book.place.id)
    if has_ended(book, now=now):
        raise LeaseUnknown(lease_id)
    return book


async def _load(unit: Unit, lease_id: int, now: datetime) -> LeaseBook:
    return (await unit.books.load([lease_id], now=now, lock=False))[lease_id]


async def _convert(
    unit: Unit, cause: Cause, book: LeaseBook, wanted: Wanted, now: datetime
) -> Converted:
    was, changed = book.lease, _changed(book.lease, wanted, now)
    invoice = None
    if was.mode is BillingMode.POSTPAID and wanted.mode is BillingMode.PREPAID:
        invoice = await last_bill(unit, book, cause, now=now)
        if invoice is not None and book.balance_paise < book.terms.cut_off_paise:
            until_at = close_of(invoice.due_on, book.place.zone)
            changed = replace(changed, grace_until=max(until_at, was.grace_until or until_at))
    await unit.leases.save(changed)
    await _tell(unit, cause, book, changed, invoice, now)
    after = await _load(unit, was.id, now)
    await store(unit, [settle(after, now=now, checked=True)])
    return Converted(book=await _load(unit, was.id, now), invoice=invoice)


def _changed(lease: Lease, wanted: Wanted, now: datetime) -> Lease:
    if wanted.mode is BillingMode.PREPAID:
        # Bills of now are told from charges of before its last change also later.
        return replace(lease, mode=wanted.mode)
    assert wanted.billing_day is not None
    since_at = now if lease.mode is BillingMode.PREPAID else lease.billing_since_at
    return replace(
        lease, mode=wanted.mode, billing_day=wanted.billing_day, billing_since_at=since_at
    )


async def _tell(
    unit: Unit,
    cause: Cause,
    book: LeaseBook,
    changed: Lease,
    invoice: Invoice | None,
    now: datetime,
) -> None:
    facts: dict[str, object] = {
        "lease_id": changed.id,
        "mode": changed.mode.value,
        "was_mode": book.lease.mode.value,
        "billing_day": changed.billing_day,
        "invoice_id": None if invoice is None else invoice.id,
    }
    await unit.audit.add(
        at=now,
        actor_id=cause.actor_id,
        place_id=book.place.id,
        action="lease.billing",
        facts=facts,
    )
    billing = BillingTerms(book=replace(book, lease=changed), billed_on=None, now=now)
    until_at = changed.grace_until
    until_on = None if until_at is None else day_of_end(until_at, book.place.zone)
    told = (
        common_facts(book)
        | facts
        | {
            "next_close_on": billing.next_close_on(changed.billing_day).isoformat(),
            "due_days": book.place.due_days,
            "power_until": None if until_on is None else until_on.isoformat(),
        }
    )
    key = f"billing:{changed.id}:{now.isoformat()}"
    await unit.outbox.add(tell(book.tenant_ids, NoticeKind.BILLING_CHANGED, told, key=key, now=now))
