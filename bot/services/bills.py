"""Bills and credit notes as tenants, and staff in their place, look at them. Rules 7.2 and 7.4."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.domain.dues import Due
from bot.domain.invoice import DocumentKind, InvoiceStatus
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.services.bill_void import anew_key, voided
from bot.services.book import LeaseBook
from bot.services.invoice_record import Invoice
from bot.services.payment import LeaseUnknown
from bot.services.ports import BillPaper, Clock
from bot.services.report import visible
from bot.services.rules import PlaceUnknown
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.upi import Payee, payee_in

PAGE_BILLS = 6


class InvoiceUnknown(LookupError):
    """No such document, or none that the person may see."""

    def __init__(self, invoice_id: int) -> None:
        super().__init__(invoice_id)
        self.invoice_id = invoice_id


class BillFilter(Enum):
    """Which bills of a place are listed."""

    ALL = "all"
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A document and what became of it; a credit note has neither `due` nor `status`."""

    document: Invoice
    due: Due | None = None
    status: InvoiceStatus | None = None

    @property
    def open_paise(self) -> int:
        """What is still to be paid of it."""
        return 0 if self.due is None else self.due.open_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPage:
    """Documents of a lease, newest first; `open` are its bills that wait for money, oldest first.

    `older_before_id` is from where older ones go on.
    """

    book: LeaseBook
    is_own: bool
    bills: tuple[Bill, ...]
    open: tuple[Bill, ...]
    before_id: int | None
    older_before_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedBill:
    """One document with its credit notes, and how it is paid.

    `to_pay_paise` is what is open of it and of the bills before it: the oldest are settled first.
    `may_credit` tells whether the person may take something of it back, `may_bill_anew` whether
    it was taken back whole and the person may bill it anew. `anew` is what took its place then.
    """

    book: LeaseBook
    bill: Bill
    credit_notes: tuple[Invoice, ...]
    to_pay_paise: int
    payee: Payee | None
    is_own: bool
    may_credit: bool
    may_bill_anew: bool = False
    anew: Invoice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceBills:
    """Documents of a place, newest first; money in paise, over all its bills."""

    place: Place
    bills: tuple[Bill, ...]
    only: BillFilter
    open_paise: int
    overdue_paise: int
    before_id: int | None
    older_before_id: int | None


class Bills:
    """Lists, cards and papers of documents that the person may see. Reads only."""

    def __init__(self, transactions: Transactions, clock: Clock, payee: Payee | None) -> None:
        self._transactions = transactions
        self._clock = clock
        self._payee = payee

    async def of_lease(
        self, *, actor: Actor, lease_id: int, before_id: int | None = None
    ) -> BillPage:
        """This function will return a page of documents. Raises LeaseUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            book = await visible(unit, actor, lease_id, now)
            found = await unit.invoices.of_lease(
                lease_id, before_id=before_id, limit=PAGE_BILLS + 1
            )
            dues = (await unit.invoices.dues([lease_id])).get(lease_id, ())
            owing = await unit.invoices.among([each.invoice_id for each in dues if each.open_paise])
        today_on = local_date(now, book.place.zone)
        return BillPage(
            book=book,
            is_own=lease_id in actor.lease_ids,
            bills=_bills(found[:PAGE_BILLS], dues, today_on),
            open=_bills(list(reversed(owing)), dues, today_on),
            before_id=before_id,
            older_before_id=_older(found),
        )

    async def of_place(
        self,
        *,
        actor: Actor,
        place_id: int,
        only: BillFilter = BillFilter.ALL,
        before_id: int | None = None,
    ) -> PlaceBills:
        """This function will return a page of a place's documents. Raises PlaceUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            place = await unit.places.get(place_id)
            if place is None or not actor.may(Permission.SEE_MONEY, place_id):
                raise PlaceUnknown(place_id)
            today_on = local_date(now, place.zone)
            by_lease = await unit.invoices.dues(await unit.invoices.billed_at(place_id))
            dues = [each for own in by_lease.values() for each in own]
            found = await _page(unit, place, dues, only, before_id, today_on)
        return PlaceBills(
            place=place,
            bills=_bills(found[:PAGE_BILLS], dues, today_on),
            only=only,
            open_paise=sum(each.open_paise for each in dues),
            overdue_paise=sum(each.open_paise for each in dues if each.due_on < today_on),
            before_id=before_id,
            older_before_id=_older(found),
        )

    async def places(self, *, actor: Actor) -> Sequence[Place]:
        """This function will return the places whose bills a person may see."""
        where = actor.places(Permission.SEE_MONEY)
        async with self._transactions.read() as unit:
            places = await unit.places.all()
        return [place for place in places if where is None or place.id in where]

    async def bill(self, *, actor: Actor, invoice_id: int) -> OpenedBill:
        """This function will return one document. Raises InvoiceUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            document, book = await seen(unit, actor, invoice_id, now)
            dues = (await unit.invoices.dues([document.lease_id])).get(document.lease_id, ())
            notes = await unit.invoices.correcting(invoice_id)
            anew = await unit.invoices.by_key(anew_key(invoice_id))
            is_void = bool(notes) and anew is None and bool(await voided(unit, document))
        (bill,) = _bills([document], dues, local_date(now, book.place.zone))
        may_credit = actor.may(Permission.CREDIT_BILLS, book.place.id)
        is_left = bill.due is not None and bill.due.charged_paise > 0
        return OpenedBill(
            book=book,
            bill=bill,
            credit_notes=tuple(notes),
            to_pay_paise=_until(dues, invoice_id) if bill.open_paise else 0,
            payee=payee_in(self._payee, book.place.currency),
            is_own=document.lease_id in actor.lease_ids,
            may_credit=may_credit and is_left,
            may_bill_anew=may_credit and is_void,
            anew=anew,
        )

    async def paper(self, *, actor: Actor, invoice_id: int) -> BillPaper:
        """This function will return a document as it is printed. Raises InvoiceUnknown."""
        opened = await self.bill(actor=actor, invoice_id=invoice_id)
        return BillPaper(
            document=opened.bill.document,
            to_pay_paise=opened.to_pay_paise,
            payee=opened.payee,
        )


async def seen(
    unit: Unit, actor: Actor, invoice_id: int, now: datetime
) -> tuple[Invoice, LeaseBook]:
    """Return a document of a lease that is the person's own, or in their care.

    Raises InvoiceUnknown, also where there is one: a stranger to it learns nothing.
    """
    document = await unit.invoices.get(invoice_id)
    if document is None:
        raise InvoiceUnknown(invoice_id)
    try:
        return document, await visible(unit, actor, document.lease_id, now)
    except LeaseUnknown:
        raise InvoiceUnknown(invoice_id) from None


async def _page(
    unit: Unit,
    place: Place,
    dues: Iterable[Due],
    only: BillFilter,
    before_id: int | None,
    today_on: date,
) -> Sequence[Invoice]:
    """Return one document more than a page holds, if there is one."""
    most = PAGE_BILLS + 1
    if only is BillFilter.ALL:
        return await unit.invoices.of_place(place.id, before_id=before_id, limit=most)
    wanted = [
        each.invoice_id
        for each in dues
        if each.open_paise and (only is BillFilter.OPEN or each.due_on < today_on)
    ]
    ids = sorted((id_ for id_ in wanted if before_id is None or id_ < before_id), reverse=True)
    return await unit.invoices.among(ids[:most])


def _bills(documents: Sequence[Invoice], dues: Iterable[Due], today_on: date) -> tuple[Bill, ...]:
    by_id = {each.invoice_id: each for each in dues}
    return tuple(_bill(each, by_id, today_on) for each in documents)


def _bill(document: Invoice, dues: Mapping[int, Due], today_on: date) -> Bill:
    if document.kind is DocumentKind.CREDIT_NOTE:
        return Bill(document=document)
    due = dues[document.id]
    status = due.status_on(today_on, total_paise=document.total_paise)
    return Bill(document=document, due=due, status=status)


def _older(found: Sequence[Invoice]) -> int | None:
    return found[PAGE_BILLS - 1].id if len(found) > PAGE_BILLS else None


def _until(dues: Iterable[Due], invoice_id: int) -> int:
    return sum(each.open_paise for each in dues if each.invoice_id <= invoice_id)
