"""Money in, and money taken back. Rules 5.6 and 9."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.ledger import (
    EntryKind,
    LedgerEntry,
    PaymentMethod,
    reversal_of,
    transfer,
)
from bot.domain.people import Permission
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.favour_booking import count_favours
from bot.services.invoice_issue import correct_documents
from bot.services.ports import Clock
from bot.services.receipt import Receipt as Receipt
from bot.services.receipt import booked_receipt
from bot.services.receipt import power_word as power_word
from bot.services.reference import BadReference as BadReference
from bot.services.reference import DuplicateReference as DuplicateReference
from bot.services.reference import clean_reference, refuse_known_reference
from bot.services.store import BookedEntry, ReferenceTaken, Transactions
from bot.services.stores import Unit


class LeaseUnknown(LookupError):
    """No such lease."""

    def __init__(self, lease_id: int) -> None:
        super().__init__(lease_id)
        self.lease_id = lease_id


class EntryUnknown(LookupError):
    """No such entry, or not one of that kind."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


REVERSIBLE = frozenset({EntryKind.PAYMENT, EntryKind.ADJUSTMENT})


def is_reversible(entry: LedgerEntry | BookedEntry) -> bool:
    """Return whether a manager booked it by hand, and can take it back; credit notes stay, and
    so does what corrections count of a favour."""
    return entry.kind in REVERSIBLE and not {"credit_for", "favour"} & entry.why.keys()


class AmountNotPositive(ValueError):
    """A payment is more than nothing."""

    def __init__(self, amount_paise: int) -> None:
        super().__init__(amount_paise)
        self.amount_paise = amount_paise


class AlreadyReversed(Exception):
    """An entry, of a kind, is reversed at most once; `entry` is what reversed it. Rule 2.2.

    `zone` is that of its place.
    """

    def __init__(self, entry: BookedEntry, *, kind: EntryKind, zone: ZoneInfo) -> None:
        super().__init__(entry.id)
        self.entry = entry
        self.kind = kind
        self.zone = zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money that came, in paise; its reference is written as references are compared."""

    at: datetime
    amount_paise: int
    method: PaymentMethod
    reference: str | None = None
    note: str | None = None


class Payments:
    """Records and reverses payments."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def record(
        self,
        *,
        cause: Cause,
        lease_id: int,
        amount_paise: int,
        method: PaymentMethod,
        reference: str | None = None,
        note: str | None = None,
        message_id: int | None = None,
    ) -> Receipt:
        """This function will credit a payment and give power back if it suffices. Rule 5.6.

        `message_id` is the manager's message that shall show how it goes on.
        Raises LeaseUnknown, NotAllowed, AmountNotPositive, BadReference, DuplicateReference,
        AlreadyHandled and ButtonSpent.
        """
        if amount_paise <= 0:
            raise AmountNotPositive(amount_paise)
        cleaned = None if reference is None else clean_reference(reference)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book = await locked_book(unit, lease_id, self._clock)
            cause.actor.require(Permission.TAKE_PAYMENT, book.place.id)
            paid = Paid(
                at=now, amount_paise=amount_paise, method=method, reference=cleaned, note=note
            )
            key = _payment_key(cause, lease_id, method, cleaned, now.isoformat())
            receipt = await book_payment(unit, book, paid, cause, key=key, message_id=message_id)
        self._doorbell.ring()
        return receipt

    async def reverse(
        self, *, cause: Cause, entry_id: int, reason: str, message_id: int | None = None
    ) -> Receipt:
        """This function will take a payment or an adjustment back; the power decision follows.

        Rules 2.2 and 9.3. Raises EntryUnknown, NotAllowed, AlreadyReversed, AlreadyHandled and
        ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            entry = await unit.ledger.whole(entry_id)
            if entry is None or not is_reversible(entry):
                raise EntryUnknown(entry_id)
            book = await locked_book(unit, entry.lease_id, self._clock)
            cause.actor.require(Permission.TAKE_PAYMENT, book.place.id)
            earlier = await unit.ledger.reversed_by(entry_id)
            if earlier is not None:
                raise AlreadyReversed(earlier, kind=entry.kind, zone=book.place.zone)
            undo = reversal_of(
                entry, entry_id=entry_id, at=now, actor_id=cause.actor.person_id, reason=reason
            )
            (booked,) = await unit.ledger.append([undo], recorded_at=now)
            await unit.ledger.free_reference(entry_id)
            last = await _correct_bill(unit, entry_id, booked, cause, reason)
            receipt = await booked_receipt(
                unit, book, booked, cause, message_id, undone=entry.kind, last=last
            )
        self._doorbell.ring()
        return receipt


async def _correct_bill(
    unit: Unit, entry_id: int, booked: BookedEntry, cause: Cause, reason: str
) -> BookedEntry:
    """What a bill asks for, and was taken back, is taken off that bill. Rule 7.2.

    What was given back of it before is not given back again. Return what was booked last.
    """
    undone, now = await unit.ledger.get(entry_id), booked.recorded_at
    assert undone is not None
    lease_id = undone.lease_id
    counted = await count_favours(
        unit, lease_id, [entry_id], [booked], actor_id=cause.actor_id, reason=reason, now=now
    )
    after = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
    await correct_documents(
        unit, after, [undone], [booked, *counted], actor_id=cause.actor_id, reason=reason, now=now
    )
    return [booked, *counted][-1]


async def book_payment(
    unit: Unit, book: LeaseBook, paid: Paid, cause: Cause, *, key: str, message_id: int | None
) -> Receipt:
    """Credit a payment in the transaction of its cause, and decide about power.

    Raises DuplicateReference.
    """
    now, lease_id = paid.at, book.lease.id
    await refuse_known_reference(unit, paid.method, paid.reference)
    entry = LedgerEntry(
        key=key,
        kind=EntryKind.PAYMENT,
        place_id=book.place.id,
        lease_id=lease_id,
        occurred_at=now,
        postings=transfer(
            lease_id=lease_id, tenant_paise=paid.amount_paise, other=paid.method.account
        ),
        actor_id=cause.actor.person_id,
        reason=paid.note,
        reference=paid.reference,
        why={"method": paid.method.value},
    )
    (booked,) = await unit.ledger.append([entry], recorded_at=now)
    await _claim(unit, paid.method, paid.reference, booked)
    return await booked_receipt(unit, book, booked, cause, message_id)


async def locked_book(unit: Unit, lease_id: int, clock: Clock) -> LeaseBook:
    """Return a lease's book, which nobody else may change meanwhile. Raises LeaseUnknown."""
    books = await unit.books.load([lease_id], now=clock.now(), lock=True)
    if lease_id not in books:
        raise LeaseUnknown(lease_id)
    return books[lease_id]


async def _claim(
    unit: Unit, method: PaymentMethod, reference: str | None, booked: BookedEntry
) -> None:
    if reference is None:
        return
    try:
        await unit.ledger.claim_reference(method, reference, entry_id=booked.id)
    except ReferenceTaken:
        await refuse_known_reference(unit, method, reference)  # somebody else was faster just now
        raise


def _payment_key(
    cause: Cause, lease_id: int, method: PaymentMethod, reference: str | None, at: str
) -> str:
    """Return the idempotency key of a payment, from its cause. Rule 2.3."""
    if cause.nonce is not None:
        return f"payment:button:{cause.nonce}"
    if cause.update_id is not None:
        return f"payment:update:{cause.update_id}"
    return f"payment:{lease_id}:{method.value}:{reference or ''}:{at}"
