"""What a question is about: an entry, a bill, a reading or an alert. Rules 10.1 and 10.3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.domain.dispute import Dispute, ItemKind
from bot.domain.invoice import DocumentKind
from bot.domain.metering import Reading
from bot.services.favour import (
    charges_of,
    follow,
    given_beside,
    given_since,
    left_of_bill,
    left_of_charges,
)
from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry, Notice, NoticeKind
from bot.services.stores import Unit

ALERTS = frozenset({NoticeKind.LOW, NoticeKind.LAST_WARNING, NoticeKind.POWER})
_INSTANT = timedelta(microseconds=1)


class ItemUnknown(LookupError):
    """There is no such item, or nothing about it can be questioned by this person."""

    def __init__(self, kind: ItemKind, item_id: int) -> None:
        super().__init__(kind, item_id)
        self.kind = kind
        self.item_id = item_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a question is about; `left_paise` is what the tenant still pays for it.

    `entry` is the charge that it is about, if there is one, `bill` the bill that this is on, or
    that the question is about. `facts` say in plain JSON values what it is.
    """

    kind: ItemKind
    item_id: int
    lease_id: int
    left_paise: int = 0
    entry: BookedEntry | None = None
    bill: Invoice | None = None
    reading: Reading | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entry_id(self) -> int | None:
        """The charge that it is about."""
        return None if self.entry is None else self.entry.id


async def item_of(unit: Unit, kind: ItemKind, item_id: int, lease_id: int | None) -> Item:
    """Return what is questioned; of an alert that names no lease, of this one.

    Raises ItemUnknown.
    """
    match kind:
        case ItemKind.ENTRY:
            return await _entry(unit, item_id)
        case ItemKind.INVOICE:
            return await _bill(unit, item_id)
        case ItemKind.READING:
            return await _reading(unit, item_id, lease_id)
        case ItemKind.ALERT:
            return await _alert(unit, item_id)


async def as_it_stands(unit: Unit, dispute: Dispute) -> Item:
    """Return what a question is about, through the corrections since it was asked.

    `left_paise` is what can be given back: of what was questioned, no more than corrections have
    not given back already, nor than the charges come to by now.
    """
    item = await item_of(unit, dispute.item, dispute.item_id, dispute.lease_id)
    if item.bill is not None and item.kind is ItemKind.INVOICE:
        charges = await charges_of(unit, item.bill.id)
        asked = [each for each in charges if each.recorded_at <= dispute.opened_at]
        meanwhile_paise = await given_since(unit, item.lease_id, asked, dispute.opened_at)
        return _at_most(item, dispute.disputed_paise - meanwhile_paise)
    entry = None if dispute.entry_id is None else await unit.ledger.get(dispute.entry_id)
    if entry is None:
        return item
    of = await follow(unit, [entry])
    bill, left_paise = await _with_bill(unit, entry.lease_id, of.charges)
    item = replace(item, entry=entry, bill=bill, left_paise=left_paise)
    meanwhile_paise = await given_since(unit, entry.lease_id, [entry], None)
    return _at_most(item, dispute.disputed_paise - meanwhile_paise)


def _at_most(item: Item, most_paise: int) -> Item:
    return replace(item, left_paise=max(min(item.left_paise, most_paise), 0))


async def held_already(unit: Unit, item: Item, others: Sequence[Dispute]) -> int:
    """Return what other open questions hold of the same money, in paise."""
    entry_ids = [each.entry_id for each in others if each.entry_id is not None]
    if item.entry_id is not None:
        entry_ids.append(item.entry_id)
    billed = await unit.invoices.of_entries(entry_ids)
    return sum(each.held_paise for each in others if _overlaps(item, each, billed))


def _overlaps(item: Item, other: Dispute, billed: Mapping[int, int]) -> bool:
    if (other.item, other.item_id) == (item.kind, item.item_id):
        return False
    if item.entry_id is not None and other.item is ItemKind.INVOICE:
        return billed.get(item.entry_id) == other.item_id
    if other.entry_id is None:
        return False
    if item.kind is ItemKind.INVOICE:
        return billed.get(other.entry_id) == item.item_id
    return other.entry_id == item.entry_id


async def _entry(unit: Unit, entry_id: int) -> Item:
    entry = await unit.ledger.get(entry_id)
    if entry is None:
        raise ItemUnknown(ItemKind.ENTRY, entry_id)
    bill, left_paise = await _charge(unit, entry)
    return Item(
        kind=ItemKind.ENTRY,
        item_id=entry.id,
        lease_id=entry.lease_id,
        left_paise=left_paise,
        entry=entry,
        bill=bill,
        facts={
            "item": ItemKind.ENTRY.value,
            "at": entry.occurred_at.isoformat(),
            "entry_kind": entry.kind.value,
            "service": entry.why.get("service"),
            "amount_paise": entry.tenant_paise,
        },
    )


async def _charge(unit: Unit, entry: BookedEntry) -> tuple[Invoice | None, int]:
    """Return the bill that a charge is on, and what of the charge the tenant still pays."""
    is_counted = "favour" in entry.why
    if entry.tenant_paise >= 0 or is_counted or await unit.ledger.reversed_by(entry.id) is not None:
        return None, 0
    return await _with_bill(unit, entry.lease_id, {entry.id: -entry.tenant_paise})


async def _with_bill(
    unit: Unit, lease_id: int, charges: Mapping[int, int]
) -> tuple[Invoice | None, int]:
    left_paise = await left_of_charges(unit, lease_id, charges)
    of = list((await unit.invoices.of_entries(charges.keys())).values())
    bill = await unit.invoices.get(max(of)) if of else None
    if bill is not None and bill.corrects_id is not None:
        bill = await unit.invoices.get(bill.corrects_id)
    if bill is None:
        return None, left_paise
    return bill, min(left_paise, await _left_of(unit, bill))


async def _left_of(unit: Unit, bill: Invoice) -> int:
    """Return what a bill still comes to after all that was given back of it."""
    return await left_of_bill(unit, bill, beside_paise=await given_beside(unit, bill))


async def _bill(unit: Unit, invoice_id: int) -> Item:
    bill = await unit.invoices.get(invoice_id)
    if bill is None:
        raise ItemUnknown(ItemKind.INVOICE, invoice_id)
    is_bill = bill.kind is DocumentKind.INVOICE
    left_paise = await _left_of(unit, bill) if is_bill else 0
    return Item(
        kind=ItemKind.INVOICE,
        item_id=bill.id,
        lease_id=bill.lease_id,
        left_paise=left_paise,
        bill=bill,
        facts={
            "item": ItemKind.INVOICE.value,
            "at": bill.issued_at.isoformat(),
            "number": bill.number,
            "document": bill.kind.value,
            "amount_paise": bill.total_paise,
        },
    )


async def _reading(unit: Unit, reading_id: int, lease_id: int | None) -> Item:
    reading = await unit.metering.reading(reading_id)
    owner_id = lease_id if reading is None or reading.lease_id is None else reading.lease_id
    if reading is None or owner_id is None or reading.lease_id not in {None, owner_id}:
        raise ItemUnknown(ItemKind.READING, reading_id)
    at = reading.point.at
    charges = await unit.chains.charges(owner_id, from_at=at - _INSTANT, to_at=at)
    own = [each for each in charges if each.why.get("reading_to") == reading_id]
    bill, left_paise = (None, 0) if not own else await _charge(unit, own[-1])
    sheet = await unit.sheets.get(reading.meter_id)
    return Item(
        kind=ItemKind.READING,
        item_id=reading_id,
        lease_id=owner_id,
        left_paise=left_paise,
        entry=own[-1] if own else None,
        bill=bill,
        reading=reading,
        facts={
            "item": ItemKind.READING.value,
            "at": at.isoformat(),
            "value": str(reading.point.value),
            "unit": None if sheet is None else sheet.unit,
            "amount_paise": own[-1].tenant_paise if own else 0,
        },
    )


async def _alert(unit: Unit, notice_id: int) -> Item:
    notice = await unit.outbox.get(notice_id)
    lease_id = None if notice is None else _lease_of(notice)
    if notice is None or lease_id is None or notice.kind not in ALERTS:
        raise ItemUnknown(ItemKind.ALERT, notice_id)
    return Item(
        kind=ItemKind.ALERT,
        item_id=notice_id,
        lease_id=lease_id,
        facts={
            "item": ItemKind.ALERT.value,
            "at": notice.created_at.isoformat(),
            "alert": notice.kind.value,
            "amount_paise": 0,
        },
    )


def _lease_of(notice: Notice) -> int | None:
    lease_id = notice.facts.get("lease_id")
    return lease_id if isinstance(lease_id, int) else None
