"""Bills what is charged to tenants who had their last bill: there is no next one. Rule 7.1."""

from collections.abc import Collection, Iterable
from dataclasses import replace
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
    """Give a bill of its own to what no document tells of, or a credit note where the tenant gets
    something back; None when neither is due.

    The book is as it stands after it was charged.
    """
    entries = await unit.invoices.unbilled(book.lease.id)
    change_paise = sum(each.tenant_paise for each in entries)
    if not change_paise:
        return None
    (last,) = await unit.invoices.of_lease(book.lease.id, limit=1)
    draft = Draft(
        key=f"late:{max(each.id for each in entries)}",
        kind=DocumentKind.INVOICE,
        period=last.period,
        entries=entries,
    )
    if change_paise > 0:
        most = await _with_most(unit, book.lease.id)
        draft = replace(draft, kind=DocumentKind.CREDIT_NOTE, period=most.period, corrects=most)
    return await issue(unit, book, draft, now=now)


async def _with_most(unit: Unit, lease_id: int) -> Invoice:
    """Return the bill of a lease that comes to most, from which to give back."""
    dues = (await unit.invoices.dues([lease_id]))[lease_id]
    found = await unit.invoices.get(max(dues, key=lambda each: each.charged_paise).invoice_id)
    assert found is not None
    return found
