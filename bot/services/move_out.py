"""A lease ends: its meters are read, what is left is charged and billed. Rules 4.2, 5 and 7.1."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.lease import BillingMode, Occupancy
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.services.book import LeaseBook, MeterLink
from bot.services.cause import Cause, mark_handled
from bot.services.closing import charge_up_to, last_bill, look_at_all
from bot.services.doorbell import Doorbell
from bot.services.invoice_record import Invoice
from bot.services.notice import common_facts, tell
from bot.services.payment import LeaseUnknown
from bot.services.ports import Clock, MeterGateway
from bot.services.settle import has_ended
from bot.services.store import NoticeKind, Transactions
from bot.services.stores import Unit


class ReadingOfTodayMissing(Exception):
    """A meter that people read was not read today: its last use would be nobody's."""

    def __init__(self, link: MeterLink) -> None:
        super().__init__(link.meter.id)
        self.meter = link.meter


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedOut:
    """A lease that has ended; a positive balance is to be paid back. `invoice` is the last bill."""

    book: LeaseBook
    invoice: Invoice | None


class MoveOuts:
    """Ends leases."""

    def __init__(
        self, transactions: Transactions, gateway: MeterGateway, clock: Clock, doorbell: Doorbell
    ) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock
        self._doorbell = doorbell

    async def preview(self, *, actor: Actor, lease_id: int) -> LeaseBook:
        """This function will return the lease that would end now.

        Raises LeaseUnknown, NotAllowed, ReadingOfTodayMissing.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            books = await unit.books.load([lease_id], now=now, lock=False)
        return _require(books.get(lease_id), actor, lease_id, now)

    async def end(self, *, cause: Cause, lease_id: int) -> MovedOut:
        """This function will end a lease at this moment, with a reading of each of its meters.

        What was used until then is charged, and billed where it is billed later; the rest of the
        day is nobody's. Raises what `preview` raises, DeviceUnreachable and other GatewayErrors,
        ReadingInTheWay, AlreadyHandled and ButtonSpent.
        """
        before = await self.preview(actor=cause.actor, lease_id=lease_id)
        seen = await look_at_all(self._gateway, before, self._clock)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            books = await unit.books.load([lease_id], now=now, lock=True)
            book = _require(books.get(lease_id), cause.actor, lease_id, now)
            ended = Occupancy(
                start_on=book.lease.occupancy.start_on, end_on=local_date(now, book.place.zone)
            )
            await unit.leases.save(replace(book.lease, occupancy=ended))
            await charge_up_to(unit, book, seen, now=now)
            after = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
            invoice = None
            if after.lease.mode is BillingMode.POSTPAID:
                invoice = await last_bill(unit, after, cause, now=now)
            await _tell(unit, cause, after, invoice, now)
        self._doorbell.ring()
        return MovedOut(book=after, invoice=invoice)


def _require(book: LeaseBook | None, actor: Actor, lease_id: int, now: datetime) -> LeaseBook:
    if book is None or not actor.may(Permission.SEE_ROOMS, book.place.id):
        raise LeaseUnknown(lease_id)
    actor.require(Permission.ONBOARD, book.place.id)
    if has_ended(book, now=now):
        raise LeaseUnknown(lease_id)
    for link in _read_by_hand(book):
        today_on = local_date(now, book.place.zone)
        if link.anchor is None or local_date(link.anchor.point.at, book.place.zone) != today_on:
            raise ReadingOfTodayMissing(link)
    return book


def _read_by_hand(book: LeaseBook) -> Sequence[MeterLink]:
    return [link for link in book.meters if link.meter.udf1 is None and link.meter.is_charged]


async def _tell(
    unit: Unit, cause: Cause, book: LeaseBook, invoice: Invoice | None, now: datetime
) -> None:
    facts: dict[str, object] = {
        "lease_id": book.lease.id,
        "balance_paise": book.balance_paise,
        "invoice_id": None if invoice is None else invoice.id,
    }
    await unit.audit.add(
        at=now,
        actor_id=cause.actor_id,
        place_id=book.place.id,
        action="lease.ended",
        facts=facts,
    )
    people = [*book.tenant_ids, *book.staff_ids]
    told = [each for each in people if each != cause.actor_id]
    key = f"moved-out:{book.lease.id}"
    await unit.outbox.add(
        tell(told, NoticeKind.MOVED_OUT, common_facts(book) | facts, key=key, now=now)
    )
