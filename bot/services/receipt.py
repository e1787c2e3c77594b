"""What booked money did: the balance, the power, and who is told. Rules 5.6 and 9.3."""

from dataclasses import dataclass, replace

from bot.domain.lease import BillingMode
from bot.domain.ledger import EntryKind
from bot.domain.supply import SupplyDecision
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.notice import common_facts, owing_facts, tell
from bot.services.settle import Settlement, settle, store
from bot.services.store import BookedEntry, Notice, NoticeKind, RelayOrder
from bot.services.stores import Unit

_KINDS = {
    EntryKind.REVERSAL: NoticeKind.PAYMENT_REVERSED,
    EntryKind.ADJUSTMENT: NoticeKind.ADJUSTMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A booked payment, adjustment or reversal, and what it did; money in paise."""

    entry: BookedEntry
    room: str
    before_paise: int
    after_paise: int
    decision: SupplyDecision
    order: RelayOrder | None
    thread: str


async def booked_receipt(
    unit: Unit,
    book: LeaseBook,
    booked: BookedEntry,
    cause: Cause,
    message_id: int | None,
    *,
    undone: EntryKind | None = None,
    last: BookedEntry | None = None,
) -> Receipt:
    """This function will decide about power and tell people, in the transaction of the booking.

    `book` is the lease as it was before; `undone` is what kind of entry a reversal takes back,
    `last` what was booked with it in the end.
    """
    now, after_paise = booked.recorded_at, (last or booked).balance_after_paise
    after = await _standing(unit, book, last or booked)
    thread = f"payment:{booked.id}"
    settled = settle(after, now=now, thread=thread, lane=None)
    orders = await store(unit, [settled])
    order = orders.get(book.lease.id)
    if message_id is not None:
        await unit.outbox.bind_message(
            thread, person_id=cause.actor.person_id, message_id=message_id
        )
    names = await unit.people.get({cause.actor.person_id})
    by = names[cause.actor.person_id].name if names else None
    await unit.outbox.add(_receipts(book, settled, booked, cause, by, undone))
    return Receipt(
        entry=booked,
        room=book.room.name,
        before_paise=book.balance_paise,
        after_paise=after_paise,
        decision=settled.decision,
        order=order,
        thread=thread,
    )


async def _standing(unit: Unit, book: LeaseBook, booked: BookedEntry) -> LeaseBook:
    """Return the lease as it stands now; what was paid of which bill only the store knows."""
    if book.lease.mode is BillingMode.PREPAID:
        return replace(book, balance_paise=booked.balance_after_paise)
    lease_id = book.lease.id
    return (await unit.books.load([lease_id], now=booked.recorded_at, lock=False))[lease_id]


def _receipts(
    book: LeaseBook,
    settled: Settlement,
    booked: BookedEntry,
    cause: Cause,
    by: str | None,
    undone: EntryKind | None,
) -> tuple[Notice, ...]:
    kind = _KINDS.get(booked.kind, NoticeKind.PAYMENT)
    facts = common_facts(settled.book) | {
        **owing_facts(settled.book, now=booked.recorded_at),
        "entry_id": booked.id,
        "amount_paise": abs(booked.tenant_paise),
        "is_credit": booked.tenant_paise > 0,
        "undone": None if undone is None else undone.value,
        "method": booked.why.get("method"),
        "reference": booked.reference,
        "before_paise": book.balance_paise,
        "after_paise": settled.book.balance_paise,
        "power": power_word(book, settled),
        "power_at": None,
        "since": booked.recorded_at.isoformat(),
        "seconds": None,
        "reason": booked.reason,
        "by": by,
    }
    people = (*book.tenant_ids, cause.actor.person_id)
    return tell(
        tuple(dict.fromkeys(people)),
        kind,
        facts,
        key=f"{kind.value}:{booked.id}",
        now=booked.recorded_at,
        thread=f"payment:{booked.id}",
    )


def power_word(book: LeaseBook, settled: Settlement) -> str:
    """Return what a payment means for the power, before any meter confirmed it."""
    link = book.supply_meter
    was_on = link is None or link.supply is None or link.supply.desired_on
    is_dark = link is not None and link.supply is not None and link.supply.actual_on is False
    is_dark = is_dark or (link is not None and link.awaits_hand)
    if settled.decision.on and (not was_on or is_dark):
        return "by_hand" if settled.by_hand else "restoring"
    if not settled.decision.on:
        cutting = "cutting_by_hand" if settled.by_hand else "cutting"
        return cutting if was_on else "still_off"
    return "unchanged"
