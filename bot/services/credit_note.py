"""Takes a bill back, whole or in part: issued bills never change. Rules 2.2 and 7.2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.invoice import DocumentKind
from bot.domain.ledger import AccountKind, EntryKind, LedgerEntry, Posting
from bot.domain.people import Actor, Permission
from bot.services.adjustment import clean_reason
from bot.services.bills import InvoiceUnknown
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.charge_undo import take_back
from bot.services.credit_tax import credit_lines, tax_of
from bot.services.doorbell import Doorbell
from bot.services.favour import given_beside, left_of_bill
from bot.services.favour_booking import count_favours
from bot.services.invoice_issue import Draft, issue
from bot.services.invoice_record import Invoice
from bot.services.payment import AmountNotPositive, locked_book
from bot.services.ports import Clock
from bot.services.receipt import power_word
from bot.services.settle import settle, store
from bot.services.store import BookedEntry, Transactions
from bot.services.stores import Unit

_CHARGES = frozenset({EntryKind.DEDUCTION, EntryKind.SHARE, EntryKind.ADJUSTMENT})


class MoreThanLeft(ValueError):
    """Nobody gets more back of a bill than it still comes to; `left_paise` is that."""

    def __init__(self, left_paise: int, *, number: str, currency: str) -> None:
        super().__init__(left_paise, number)
        self.left_paise = left_paise
        self.number = number
        self.currency = currency


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPreview:
    """What a credit note would do; money in paise, `power` in the words of `power_word`.

    `left_paise` is what the bill still comes to after all that was given back before.
    """

    bill: Invoice
    book: LeaseBook
    left_paise: int
    amount_paise: int
    after_paise: int
    power: str
    may_bill_anew: bool = False
    """Whether its charges are reversed by this, so that the period can be billed anew."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the bill remains."""
        return self.amount_paise == self.left_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class _Credit:
    """A credit note that may be made."""

    bill: Invoice
    left_paise: int
    beside_paise: int
    amount_paise: int


class CreditNotes:
    """Gives back what a bill asked for too much."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def preview(
        self, *, actor: Actor, invoice_id: int, amount_paise: int | None = None
    ) -> CreditPreview:
        """This function will tell what taking an amount back would do; None: all that is left.

        Raises InvoiceUnknown, NotAllowed, AmountNotPositive and MoreThanLeft.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            bill = await creditable(unit, actor, invoice_id)
            books = await unit.books.load([bill.lease_id], now=now, lock=False)
            book = books[bill.lease_id]
            credit = await _credit(unit, book, bill, amount_paise)
            reversible = await _reversible(unit, credit)
        after = replace(book, balance_paise=book.balance_paise + credit.amount_paise)
        return CreditPreview(
            bill=bill,
            book=book,
            left_paise=credit.left_paise,
            amount_paise=credit.amount_paise,
            after_paise=after.balance_paise,
            power=power_word(book, settle(after, now=now, thread="preview")),
            may_bill_anew=bool(reversible),
        )

    async def issue(
        self, *, cause: Cause, invoice_id: int, reason: str, amount_paise: int | None = None
    ) -> Invoice:
        """This function will take an amount of a bill back, or with None all that is left of it.

        The tenants are told, and the power follows. A period that was taken back is not billed
        again by itself. Raises InvoiceUnknown, NotAllowed, AmountNotPositive, MoreThanLeft,
        ReasonMissing, AlreadyHandled and ButtonSpent.
        """
        why = clean_reason(reason)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            bill = await creditable(unit, cause.actor, invoice_id)
            book = await locked_book(unit, bill.lease_id, self._clock)
            note = await credit_bill(
                unit, book, bill, amount_paise=amount_paise, cause=cause, reason=why, now=now
            )
        self._doorbell.ring()
        return note


async def credit_bill(
    unit: Unit,
    book: LeaseBook,
    bill: Invoice,
    *,
    amount_paise: int | None,
    cause: Cause,
    reason: str,
    now: datetime,
    question: Mapping[str, object] | None = None,
) -> Invoice:
    """Issue a credit note for a bill in the unit of its cause, and decide about power.

    `book` is locked. What answers a `question` leaves the charges as they are, also when it is all
    of them: a later correction goes on from there. Raises AmountNotPositive and MoreThanLeft.
    """
    credit = await _credit(unit, book, bill, amount_paise)
    whole = await _whole(unit, credit, cause, reason, now) if question is None else ()
    entries = whole or [await _part(unit, credit, cause, reason, question or {}, now)]
    after = (await unit.books.load([book.lease.id], now=now, lock=False))[book.lease.id]
    draft = Draft(
        key=f"credit:{min(each.id for each in entries)}",
        kind=DocumentKind.CREDIT_NOTE,
        period=bill.period,
        entries=entries,
        corrects=bill,
        actor_id=cause.actor_id,
        reason=reason,
    )
    note = await issue(unit, after, draft, now=now)
    after = (await unit.books.load([book.lease.id], now=now, lock=False))[book.lease.id]
    await store(unit, [settle(after, now=now)])
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=book.place.id,
        action="credit_note",
        facts={"invoice": bill.number, "credit_note": note.number, "reason": reason}
        | {"amount_paise": credit.amount_paise},
    )
    return note


async def creditable(unit: Unit, actor: Actor, invoice_id: int) -> Invoice:
    """Return a bill for who may credit it. Raises InvoiceUnknown and NotAllowed.

    A stranger to the place learns nothing of the bill, not even that there is one.
    """
    bill = await unit.invoices.get(invoice_id)
    is_bill = bill is not None and bill.kind is DocumentKind.INVOICE
    if bill is None or not is_bill or not actor.may(Permission.SEE_MONEY, bill.place_id):
        raise InvoiceUnknown(invoice_id)
    actor.require(Permission.CREDIT_BILLS, bill.place_id)
    return bill


async def _credit(unit: Unit, book: LeaseBook, bill: Invoice, amount_paise: int | None) -> _Credit:
    beside_paise = await given_beside(unit, bill)
    left_paise = await left_of_bill(unit, bill, beside_paise=beside_paise)
    wanted_paise = left_paise if amount_paise is None else amount_paise
    if amount_paise is not None and amount_paise <= 0:
        raise AmountNotPositive(amount_paise)
    if wanted_paise > left_paise or not wanted_paise:
        raise MoreThanLeft(left_paise, number=bill.number, currency=book.place.currency)
    return _Credit(
        bill=bill, left_paise=left_paise, beside_paise=beside_paise, amount_paise=wanted_paise
    )


async def _reversible(unit: Unit, credit: _Credit) -> Sequence[BookedEntry]:
    """Return all that the bill still charges; nothing where that is not what is left of it,
    because a correction has moved some of it to another bill, or a later bill has given some of it
    back. What questions gave back before there was a bill is not given back again."""
    if credit.amount_paise != credit.left_paise:
        return ()
    charged = await _charges(unit, credit.bill)
    if -sum(each.tenant_paise for each in charged) != credit.left_paise + credit.beside_paise:
        return ()
    return charged


async def _whole(
    unit: Unit, credit: _Credit, cause: Cause, reason: str, now: datetime
) -> Sequence[BookedEntry]:
    """Reverse all that the bill still charges, where that can be."""
    charged = await _reversible(unit, credit)
    if not charged:
        return ()
    reversals = await take_back(
        unit,
        [each.id for each in charged],
        cause=cause,
        reason=reason,
        why={"credit_for": credit.bill.number},
        now=now,
        keeps_use=True,
    )
    counted = await count_favours(
        unit,
        credit.bill.lease_id,
        [each.id for each in charged],
        reversals,
        actor_id=cause.actor_id,
        reason=reason,
        now=now,
    )
    return [*reversals, *counted]


async def _charges(unit: Unit, bill: Invoice) -> list[BookedEntry]:
    """Return what a bill and its credit notes charge and give, and nobody has taken back."""
    found = list(await unit.invoices.entries_of(bill.id))
    for note in await unit.invoices.correcting(bill.id):
        found += await unit.invoices.entries_of(note.id)
    return [
        each
        for each in found
        if each.kind in _CHARGES and await unit.ledger.reversed_by(each.id) is None
    ]


async def _part(
    unit: Unit,
    credit: _Credit,
    cause: Cause,
    reason: str,
    question: Mapping[str, object],
    now: datetime,
) -> BookedEntry:
    """Give an amount back, its taxes in proportion to those of the bill."""
    bill, amount_paise = credit.bill, credit.amount_paise
    notes = await unit.invoices.correcting(bill.id)
    tax_paise = tax_of(bill, notes, amount_paise)
    net_paise = amount_paise - tax_paise
    taxes = [_posting(AccountKind.TAX_PAYABLE, -tax_paise)] if tax_paise else []
    entry = LedgerEntry(
        key=f"credit:{bill.id}:{len(notes) + 1}",
        kind=EntryKind.ADJUSTMENT,
        place_id=bill.place_id,
        lease_id=bill.lease_id,
        occurred_at=now,
        postings=(
            Posting(
                account=AccountKind.RECEIVABLE, amount_paise=amount_paise, lease_id=bill.lease_id
            ),
            _posting(AccountKind.ADJUSTMENTS, -net_paise),
            *taxes,
        ),
        actor_id=cause.actor_id,
        reason=reason,
        why={
            **question,
            "credit_for": bill.number,
            "lines": credit_lines(bill, reason, net_paise, tax_paise),
        },
    )
    (booked,) = await unit.ledger.append([entry], recorded_at=now)
    return booked


def _posting(account: AccountKind, amount_paise: int) -> Posting:
    return Posting(account=account, amount_paise=amount_paise)
