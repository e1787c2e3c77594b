"""Charges a split: entries, the word to everybody, power. Rules 2.3, 2.5 and 8.4."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.domain.lease import BillingMode
from bot.services.allocation_book import entries_of, facts_of, share_facts
from bot.services.allocation_plan import Plan, record_of
from bot.services.allocation_record import Allocation
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.late_bill import bill_late, without_next_bill
from bot.services.loss import tell_loss
from bot.services.notice import common_facts, tell
from bot.services.settle import settle, store
from bot.services.store import NoticeKind
from bot.services.stores import Unit


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
    gone = await without_next_bill(unit, [after[each.lease_id] for each in booked])
    await _tell(unit, plan, stored, books, after, gone, now)
    for lease_id in sorted(gone):
        await bill_late(unit, after[lease_id], now=now)
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
    gone: Collection[int],
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
            "has_next_bill": lease_id not in gone,
        }
        key = f"share:{stored.id}:{lease_id}"
        await unit.outbox.add(tell(book.tenant_ids, NoticeKind.SHARE, facts, key=key, now=now))
    left = plan.use.residual
    if left is not None and plan.is_loss:
        await tell_loss(unit, plan.place, plan.sheet, plan.wish.span, left, now=now)
