"""Makes documents of what a lease was charged: bills, and credit notes for them. Rule 7.2."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.invoice import (
    BillingPeriod,
    DocumentKind,
    document_number,
    financial_year,
    series_prefix,
)
from bot.domain.lease import BillingMode, Lease
from bot.domain.ledger import EntryKind
from bot.domain.period import local_date
from bot.services.book import LeaseBook
from bot.services.invoice_document import Settling, Told, content_of
from bot.services.invoice_readings import readings_of
from bot.services.invoice_record import Invoice
from bot.services.notice import common_facts, tell
from bot.services.store import BookedEntry, NoticeKind
from bot.services.stores import Unit

MOST_PAYMENTS = 12
"""So many payments are printed one by one; those before them are one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a document is to be: over which entries, for which period, because of what.

    `replaces` is the bill that was taken back, in whose place it comes.
    """

    key: str
    kind: DocumentKind
    period: BillingPeriod
    entries: Sequence[BookedEntry]
    corrects: Invoice | None = None
    replaces: Invoice | None = None
    actor_id: int | None = None
    reason: str | None = None


def period_key(lease_id: int, period: BillingPeriod) -> str:
    """Return what makes a period be billed once. Rule 2.3."""
    return f"invoice:{lease_id}:{period.to_on.isoformat()}"


async def issue_period(
    unit: Unit, book: LeaseBook, period: BillingPeriod, *, now: datetime
) -> Invoice | None:
    """Bill what a lease was charged up to the close of a period, once; None if that was done."""
    key = period_key(book.lease.id, period)
    if await unit.invoices.by_key(key) is not None:
        return None
    entries = await unit.invoices.unbilled(
        book.lease.id, through_at=period.closes_at(book.place.zone)
    )
    draft = Draft(key=key, kind=DocumentKind.INVOICE, period=period, entries=entries)
    return await issue(unit, book, draft, now=now)


async def issue(unit: Unit, book: LeaseBook, draft: Draft, *, now: datetime) -> Invoice:
    """Number a document, store it, and tell the tenants of it, in the unit of its cause.

    The book is as it stands after the entries.
    """
    place, today_on = book.place, local_date(now, book.place.zone)
    told = [await _told(unit, each) for each in draft.entries]
    later = await _charged_later(unit, draft, book.lease)
    readings = await readings_of(unit, told)
    content = content_of(book, told, readings, await _settling(unit, book, draft))
    newest = await unit.ledger.page(book.lease.id, limit=1)
    year = financial_year(today_on)
    serial = await unit.invoices.next_serial(place.id, draft.kind, year)
    prefix = series_prefix(place.name, place.id)
    corrects = draft.corrects
    is_credit = draft.kind is DocumentKind.CREDIT_NOTE
    facts = dict(content.facts) | {
        "reason": draft.reason,
        "corrects": None if corrects is None else corrects.number,
        "replaces": None if draft.replaces is None else draft.replaces.number,
        "newest_entry": newest[0].id if newest else 0,
        "later_paise": -sum(each.tenant_paise for each in later),
    }
    new = Invoice(
        key=draft.key,
        kind=draft.kind,
        place_id=place.id,
        lease_id=book.lease.id,
        year=year,
        serial=serial,
        number=document_number(prefix, draft.kind, year=year, serial=serial),
        period=draft.period,
        issued_at=now,
        issued_on=today_on,
        due_on=today_on + timedelta(days=0 if is_credit else place.due_days),
        net_paise=content.net_paise,
        tax_paise=content.tax_paise,
        balance_after_paise=book.balance_paise,
        facts=facts,
        corrects_id=corrects.id if is_credit and corrects is not None else None,
        actor_id=draft.actor_id,
    )
    stored = await unit.invoices.add(new, [each.id for each in draft.entries])
    await unit.outbox.add(
        tell(
            book.tenant_ids,
            NoticeKind.INVOICE,
            invoice_facts(book, stored),
            key=f"document:{stored.id}",
            now=now,
        )
    )
    return stored


def invoice_facts(book: LeaseBook, document: Invoice) -> dict[str, object]:
    """Return what every notice about a document says."""
    return common_facts(book) | {
        "invoice_id": document.id,
        "number": document.number,
        "document": document.kind.value,
        "total_paise": document.total_paise,
        "before_paise": document.before_paise,
        "after_paise": -document.owed_paise,
        "period_from": document.period.from_on.isoformat(),
        "period_to": document.period.to_on.isoformat(),
        "due_on": document.due_on.isoformat(),
        "consumption": document.facts.get("consumption"),
        "unit": document.facts.get("unit"),
        "corrects": document.facts.get("corrects"),
        "replaces": document.facts.get("replaces"),
        "reason": document.facts.get("reason"),
    }


async def _told(unit: Unit, entry: BookedEntry) -> Told:
    if entry.kind is not EntryKind.REVERSAL or entry.reverses_id is None:
        return Told(entry=entry, source=entry)
    source = await unit.ledger.get(entry.reverses_id)
    assert source is not None
    of = (await unit.invoices.of_entries([source.id])).get(source.id)
    billed = None if of is None else await unit.invoices.get(of)
    return Told(entry=entry, source=source, of_number=None if billed is None else billed.number)


async def _charged_later(unit: Unit, draft: Draft, lease: Lease) -> Sequence[BookedEntry]:
    """Return what was charged already and is for the next bill, of which a prepaid lease has
    none."""
    if lease.mode is BillingMode.PREPAID:
        return ()
    told = {each.id for each in draft.entries}
    return [each for each in await unit.invoices.unbilled(lease.id) if each.id not in told]


async def _settling(unit: Unit, book: LeaseBook, draft: Draft) -> Settling:
    """Return what was paid, credited, and taken back of that, since the last document, or since
    the lease is billed. Documents of old do not keep their newest entry."""
    last = next(iter(await unit.invoices.of_lease(book.lease.id, limit=1)), None)
    after_at, after_id = book.lease.billing_since_at, 0
    if last is not None and (after_at is None or after_at < last.issued_at):
        newest: Any = last.facts.get("newest_entry")
        after_at, after_id = (last.issued_at, 0) if newest is None else (None, int(newest))
    return await unit.invoices.settling(
        book.lease.id,
        after_at=after_at,
        after_id=after_id,
        but=[each.id for each in draft.entries],
        limit=MOST_PAYMENTS,
    )


async def correct_documents(
    unit: Unit,
    book: LeaseBook,
    undone: Collection[BookedEntry],
    booked: Sequence[BookedEntry],
    *,
    actor_id: int | None,
    reason: str | None,
    now: datetime,
) -> Sequence[Invoice]:
    """Make documents of corrections to what was billed: what the tenant gets back is a credit
    note, what is charged on top a bill of its own. Rules 3.8 and 7.2.

    `undone` are the entries taken back, `booked` their reversals, what was charged instead, and
    what that counts of favours; the book is as it stands after them.
    """
    of = await unit.invoices.of_entries([each.id for each in undone])
    ended_at = {each.id: each.occurred_at for each in undone if each.id not in of}
    made: list[Invoice] = []
    left = list(booked)
    for invoice_id in sorted(set(of.values())):
        billed = await unit.invoices.get(invoice_id)
        assert billed is not None
        closes_at = billed.period.closes_at(book.place.zone)
        own = [
            each
            for each in left
            if invoice_id in _documents(each, of) or _is_until(closes_at, each, ended_at)
        ]
        left = [each for each in left if each not in own]
        made += await _corrected(unit, book, billed, own, actor_id=actor_id, reason=reason, now=now)
    return made


def _documents(booked: BookedEntry, of: Mapping[int, int]) -> list[int]:
    """Return on which documents there is what an entry takes back, or counts a favour for."""
    charges: Any = booked.why.get("charges", [booked.reverses_id])
    return [of[each] for each in charges if each in of]


def _is_until(closes_at: datetime, booked: BookedEntry, ended_at: Mapping[int, datetime]) -> bool:
    """Return whether it is charged for use until then, or takes back such a charge that is on no
    document: a correction by which nothing changed has made none."""
    if booked.reverses_id is not None:
        at = ended_at.get(booked.reverses_id)
        return at is not None and at <= closes_at
    return "favour" not in booked.why and booked.occurred_at <= closes_at


async def _corrected(
    unit: Unit,
    book: LeaseBook,
    billed: Invoice,
    entries: Sequence[BookedEntry],
    *,
    actor_id: int | None,
    reason: str | None,
    now: datetime,
) -> Sequence[Invoice]:
    change_paise = sum(each.tenant_paise for each in entries)
    if not change_paise:
        return ()
    corrects = await _first_document(unit, billed)
    if change_paise > 0:
        corrects = await _with_as_much(unit, corrects, change_paise)
    draft = Draft(
        key=f"correction:{min(each.id for each in entries)}",
        kind=DocumentKind.CREDIT_NOTE if change_paise > 0 else DocumentKind.INVOICE,
        period=billed.period,
        entries=entries,
        corrects=corrects,
        actor_id=actor_id,
        reason=reason,
    )
    return (await issue(unit, book, draft, now=now),)


async def _first_document(unit: Unit, billed: Invoice) -> Invoice:
    """What was put instead on a credit note belongs to the bill that it is for."""
    if billed.corrects_id is None:
        return billed
    first = await unit.invoices.get(billed.corrects_id)
    return billed if first is None else first


async def _with_as_much(unit: Unit, bill: Invoice, change_paise: int) -> Invoice:
    """Return what a credit note is for: nobody gets more back of a bill than it comes to.

    Where corrections have put a period on several bills, it is for the one that comes to most.
    """
    dues = (await unit.invoices.dues([bill.lease_id])).get(bill.lease_id, ())
    left_paise = {each.invoice_id: each.charged_paise for each in dues}
    if left_paise.get(bill.id, 0) >= change_paise:
        return bill
    found = await unit.invoices.among(left_paise.keys())
    same = [each for each in found if each.period == bill.period]
    return max(same, key=lambda each: left_paise[each.id], default=bill)
