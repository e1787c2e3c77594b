"""Charges a split: entries, the word to everybody, power. Rules 2.3, 2.5 and 8.4."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.invoice import DocumentKind
from bot.domain.lease import BillingMode
from bot.services.allocation_book import entries_of, facts_of, share_facts
from bot.services.allocation_plan import Plan, record_of
from bot.services.allocation_record import Allocation
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.invoice_issue import Draft, issue
from bot.services.loss import tell_loss
from bot.services.notice import common_facts, tell
from bot.services.settle import settle, store
from bot.services.store import BookedEntry, NoticeKind
from bot.services.stores import Unit

DAY = timedelta(days=1)


async def charge(
    unit: Unit, plan: Plan, books: Mapping[int, LeaseBook], cause: Cause, now: datetime
) -> Allocation:
    """Book what was planned, in the unit of its cause; the books are those before it."""
    stored = await unit.allocations.add(_record(plan, cause.actor_id, now))
    entries = entries_of(plan, stored, actor_id=cause.actor_id, now=now)
    booked = await unit.ledger.append(entries, recorded_at=now)
    await unit.allocations.bind(stored.id, {each.lease_id: each.id for each in booked})
    await unit.audit.add(
        at=now,
        actor_id=cause.actor_id,
        place_id=plan.place.id,
        action="allocation",
        facts={
            "allocation_id": stored.id,
            "meter_id": plan.sheet.id,
            "from": plan.wish.span.from_on.isoformat(),
            "to": plan.wish.span.to_on.isoformat(),
            "key": plan.wish.key.value,
            "total_paise": plan.cost.total_paise,
            "owner_paise": plan.owner_paise,
        },
    )
    after = await unit.books.load(list(books), now=now, lock=False)
    await _tell(unit, plan, stored, books, after, now)
    await _bill_the_gone(unit, after, booked, now)
    after = await unit.books.load([each.lease_id for each in booked], now=now, lock=False)
    await store(unit, [settle(each, now=now) for each in after.values()])
    return stored


def _record(plan: Plan, actor_id: int | None, now: datetime) -> Allocation:
    wish, sheet = plan.wish, plan.sheet
    return Allocation(
        place_id=plan.place.id,
        meter_id=sheet.id,
        meter=sheet.name,
        unit=sheet.unit,
        span=wish.span,
        is_residual=wish.is_residual,
        key=wish.key,
        tariff_id=wish.tariff_id,
        quantity=plan.use.quantity,
        net_paise=plan.cost.net_paise,
        tax_paise=plan.cost.tax_paise,
        facts=facts_of(plan),
        created_at=now,
        actor_id=actor_id,
        parts=record_of(plan),
    )


async def _tell(
    unit: Unit,
    plan: Plan,
    stored: Allocation,
    before: Mapping[int, LeaseBook],
    after: Mapping[int, LeaseBook],
    now: datetime,
) -> None:
    """Tell every tenant the whole, the key and the own part; staff of a loss, once for its days."""
    for each in plan.parts:
        lease_id = each.claim.lease_id
        if lease_id is None or not each.total_paise:
            continue
        book = after[lease_id]
        facts = common_facts(book) | share_facts(plan, stored, each)
        facts |= {
            "before_paise": before[lease_id].balance_paise,
            "after_paise": book.balance_paise,
            "is_billed": book.lease.mode is BillingMode.POSTPAID,
        }
        key = f"share:{stored.id}:{lease_id}"
        await unit.outbox.add(tell(book.tenant_ids, NoticeKind.SHARE, facts, key=key, now=now))
    left = plan.use.residual
    if left is not None and plan.is_loss:
        await tell_loss(unit, plan.place, plan.sheet, plan.wish.span, left, now=now)


async def _bill_the_gone(
    unit: Unit, books: Mapping[int, LeaseBook], booked: Sequence[BookedEntry], now: datetime
) -> None:
    """Give a bill to those who had their last one: no other is to come."""
    last = await unit.invoices.last_billed_on([each.lease_id for each in booked])
    for entry in booked:
        book, billed_on = books[entry.lease_id], last.get(entry.lease_id)
        end_on = book.lease.occupancy.end_on
        if book.lease.mode is not BillingMode.POSTPAID or end_on is None or billed_on is None:
            continue
        if billed_on < end_on - DAY:
            continue
        (document,) = await unit.invoices.of_lease(entry.lease_id, limit=1)
        await issue(
            unit,
            book,
            Draft(
                key=f"share:{entry.id}",
                kind=DocumentKind.INVOICE,
                period=document.period,
                entries=[entry],
            ),
            now=now,
        )
