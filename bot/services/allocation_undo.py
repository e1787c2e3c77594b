"""A split taken back: by reversals, and credit notes for what was billed. Rules 2.2 and 3.8."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ledger import reversal_of
from bot.domain.place import Place
from bot.services.allocation_look import split_of
from bot.services.allocation_record import Allocation
from bot.services.bill_void import standing
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.favour_booking import count_favours
from bot.services.invoice_issue import correct_documents
from bot.services.notice import common_facts, tell
from bot.services.settle import settle, store
from bot.services.store import NoticeKind
from bot.services.stores import Unit


class SplitTakenBack(Exception):
    """A split is taken back once."""

    def __init__(self, allocation: Allocation) -> None:
        super().__init__(allocation.id)
        self.allocation = allocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A split that stands no more, and how many leases got their part back."""

    place: Place
    split: Allocation
    leases: int


async def undo(
    unit: Unit, cause: Cause, allocation_id: int, reason: str, *, now: datetime
) -> Undone:
    """Reverse every entry of a split that was not reversed before, in the unit of its cause.

    Raises SplitUnknown and SplitTakenBack.
    """
    place, split = await split_of(unit, cause.actor, allocation_id)
    lease_ids = [each.lease_id for each in split.parts if each.lease_id and each.entry_id]
    books = await unit.books.load(lease_ids, now=now, lock=True)
    await unit.sheets.lock(place.id)
    place, split = await split_of(unit, cause.actor, allocation_id)
    if split.reversed_at is not None:
        raise SplitTakenBack(split)
    await unit.allocations.take_back(split.id, at=now, actor_id=cause.actor_id, reason=reason)
    leases = 0
    for each in split.parts:
        if each.entry_id is None or each.lease_id is None:
            continue
        leases += await _give_back(
            unit, split, books[each.lease_id], each.entry_id, cause, reason, now
        )
    await unit.audit.add(
        at=now,
        actor_id=cause.actor_id,
        place_id=place.id,
        action="allocation.taken_back",
        facts={"allocation_id": split.id, "meter_id": split.meter_id, "reason": reason},
    )
    return Undone(place=place, split=split, leases=leases)


async def _give_back(
    unit: Unit,
    split: Allocation,
    before: LeaseBook,
    entry_id: int,
    cause: Cause,
    reason: str,
    now: datetime,
) -> bool:
    """Reverse one entry; return False when that was done before."""
    entry = await standing(unit, entry_id)
    whole = None if entry is None else await unit.ledger.whole(entry.id)
    if entry is None or whole is None:
        return False
    back = reversal_of(whole, entry_id=entry.id, at=now, actor_id=cause.actor_id, reason=reason)
    back = replace(back, why={"cause": "share_taken_back", "share": entry.why.get("share")})
    booked = await unit.ledger.append([back], recorded_at=now)
    lease_id = before.lease.id
    counted = await count_favours(
        unit, lease_id, [entry.id], booked, actor_id=cause.actor_id, reason=reason, now=now
    )
    after = await _book(unit, lease_id, now)
    await correct_documents(
        unit,
        after,
        [entry],
        [*booked, *counted],
        actor_id=cause.actor_id,
        reason=reason,
        now=now,
    )
    await store(unit, [settle(await _book(unit, lease_id, now), now=now)])
    facts = _facts(split, before, after, reason)
    key = f"share-back:{entry_id}"
    await unit.outbox.add(
        tell(after.tenant_ids, NoticeKind.SHARE_TAKEN_BACK, facts, key=key, now=now)
    )
    return True


def _facts(
    split: Allocation, before: LeaseBook, after: LeaseBook, reason: str
) -> Mapping[str, object]:
    return common_facts(after) | {
        "meter": split.meter,
        "residual": split.is_residual,
        "from_on": split.span.from_on.isoformat(),
        "to_on": split.span.to_on.isoformat(),
        "amount_paise": after.balance_paise - before.balance_paise,
        "before_paise": before.balance_paise,
        "after_paise": after.balance_paise,
        "reason": reason,
    }


async def _book(unit: Unit, lease_id: int, now: datetime) -> LeaseBook:
    return (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
