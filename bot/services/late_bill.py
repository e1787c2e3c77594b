"""Bills what is charged to tenants who had their last bill: there is no next one. Rule 7.1."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.services.book import LeaseBook
from bot.services.invoice_issue import Draft, issue
from bot.services.invoice_record import Invoice
from bot.services.stores import Unit

DAY = timedelta(days=1)


async def without_next_bill(unit: Unit, books: Iterable[LeaseBook]) -> Collection[int]:
    """Return the leases among some that are billed later, have ended, and had their last bill."""
    ends = {
        book.lease.id: book.lease.occupancy.end_on
        for book in books
        if book.lease.mode is BillingMode.POSTPAID and book.lease.occupancy.end_on is not None
    }
    billed = await unit.invoices.last_billed_on(ends.keys())
    return {id_ for id_, end_on in ends.items() if id_ in billed and billed[id_] >= end_on - DAY}


async def bill_late(unit: Unit, book: LeaseBook, *, now: datetime) -> Invoice | None:
    """Give a bill of its own to what no bill tells of; None when nothing is to be paid for it.

    The book is as it stands after it was charged.
    """
    entries = await unit.invoices.unbilled(book.lease.id)
    if sum(each.tenant_paise for each in entries) >= 0:
        return None
    (last,) = await unit.invoices.of_lease(book.lease.id, limit=1)
    draft = Draft(
        key=f"late:{max(each.id for each in entries)}",
        kind=DocumentKind.INVOICE,
        period=last.period,
        entries=entries,
    )
    return await issue(unit, book, draft, now=now)
