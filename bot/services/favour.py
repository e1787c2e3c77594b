"""What was given back of charges, and what later corrections of them count of it. Rule 3.8."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.favour import Favour, counting
from bot.domain.ledger import EntryKind
from bot.services.invoice_record import Invoice
from bot.services.store import BookedEntry
from bot.services.stores import Unit
from bot.services.stores.recharge import Recharge

_CHARGES = frozenset({EntryKind.DEDUCTION, EntryKind.SHARE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Charges through their corrections: `charges` are those of today, by id, in paise.

    `ids` are all that ever were in their place.
    """

    charges: Mapping[int, int]
    ids: frozenset[int]
    recharges: Sequence[Recharge]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Something given back, the charges that it is for, and how they were corrected since.

    `is_beside` where it stands on no document: it was given before there was a bill.
    """

    entry: BookedEntry
    favour: Favour
    of: Followed
    credit_note: str | None = None
    is_beside: bool = True

    @property
    def is_for_one(self) -> bool:
        """Whether it is for a single charge, not for a bill."""
        return "entry" in self.entry.why

    @property
    def dispute(self) -> str | None:
        """The number of the question that it answers."""
        number = self.entry.why.get("dispute")
        return None if number is None else str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a correction of `charges` counts of a favour, in paise; negative where it is good
    again, because the charge has risen again."""

    given: Given
    amount_paise: int
    charges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A correction that is not booked yet: which charges go, and by how much they come down from
    what they are now."""

    undone_ids: frozenset[int]
    change_paise: int


def is_charge(entry: BookedEntry) -> bool:
    """Return whether an entry asks for money, and does not only count what was given back."""
    by_hand = entry.kind is EntryKind.ADJUSTMENT and entry.tenant_paise < 0
    return entry.kind in _CHARGES or (by_hand and "favour" not in entry.why)


async def follow(unit: Unit, charges: Iterable[BookedEntry]) -> Followed:
    """Return what became of charges."""
    amounts = {each.id: -each.tenant_paise for each in charges}
    found: dict[int, Recharge] = {}
    ids = set(amounts)
    while ids:
        new = [each for each in await unit.recharges.of(ids) if each.id not in found]
        found |= {each.id: each for each in new}
        ids = {heir_id for each in new for heir_id in each.heirs}
        amounts |= {heir_id: paise for each in new for heir_id, paise in each.heirs.items()}
    gone = {each for recharge in found.values() for each in recharge.undone_ids}
    return Followed(
        charges={key: paise for key, paise in amounts.items() if key not in gone},
        ids=frozenset(amounts) | gone,
        recharges=tuple(found.values()),
    )


async def favours_of(unit: Unit, lease_id: int) -> Sequence[Given]:
    """Return what a lease was given back of its charges, oldest first; also what was taken back
    again, worth nothing, as long as something is counted of it."""
    adjustments = await unit.recharges.adjustments(lease_id)
    counted: dict[int, int] = defaultdict(int)
    for each in adjustments:
        of = each.why.get("favour")
        if isinstance(of, int):
            counted[of] -= each.tenant_paise
    given = [each for each in adjustments if _is_favour(each)]
    found = [await _given(unit, each, counted.pop(each.id, 0)) for each in given]
    return [
        *found,
        *[await _taken_back(unit, key, paise) for key, paise in counted.items() if paise],
    ]


async def uses_of(
    unit: Unit,
    lease_id: int,
    *,
    undone_ids: Collection[int],
    pending: Sequence[Pending] = (),
) -> Sequence[Use]:
    """Return what has to be booked of a lease's favours, now that charges were taken back, or
    will be by `pending`."""
    known = await favours_of(unit, lease_id)
    favours = {each.entry.id: _with(each, pending) for each in known}
    counted = counting(list(favours.values()))
    return [
        Use(
            given=each,
            amount_paise=counted[each.entry.id] - each.favour.counted_paise,
            charges=tuple(sorted(each.of.ids & set(undone_ids))),
        )
        for each in known
        if counted[each.entry.id] != each.favour.counted_paise
    ]


async def left_of_charges(unit: Unit, lease_id: int, charges: Mapping[int, int]) -> int:
    """Return what charges come to less what was given back of them alone, in paise."""
    around, left_paise = dict(charges), 0
    for each in await favours_of(unit, lease_id):
        if each.is_for_one and each.of.charges.keys() & charges.keys():
            around |= each.of.charges
            left_paise -= each.favour.left_paise
    left_paise += sum(around.values())
    return max(min(left_paise, sum(charges.values())), 0)


async def given_since(
    unit: Unit, lease_id: int, charges: Sequence[BookedEntry], since_at: datetime | None
) -> int:
    """Return what corrections of charges have given back of them since an instant, in paise."""
    of = await follow(unit, charges)
    paise = 0
    for each in of.recharges:
        undo = await unit.ledger.get(each.id)
        if undo is not None and (since_at is None or undo.recorded_at > since_at):
            paise += each.change_paise
    for entry in await unit.recharges.adjustments(lease_id):
        for_charges: Any = entry.why.get("charges", ()) if "favour" in entry.why else ()
        if of.ids & set(for_charges) and (since_at is None or entry.recorded_at > since_at):
            paise += entry.tenant_paise
    return max(paise, 0)


async def by_hand_paise(unit: Unit, entry: BookedEntry) -> int:
    """Return what taking back a charge or a favour by hand makes of the lease's favours besides:
    what the tenant gets, in paise."""
    gone = Pending(undone_ids=frozenset({entry.id}), change_paise=-entry.tenant_paise)
    uses = await uses_of(unit, entry.lease_id, undone_ids={entry.id}, pending=[gone])
    own = [x for x in await favours_of(unit, entry.lease_id) if x.entry.id == entry.id]
    return sum(x.favour.counted_paise for x in own) - sum(each.amount_paise for each in uses)


async def given_beside(unit: Unit, bill: Invoice) -> int:
    """Return what was given back of a bill's charges and is on no credit note, in paise: before
    there was a bill.

    All of it: what corrections counted of it is charged on documents of its own.
    """
    ids = {each.id for each in await charges_of(unit, bill.id)}
    return sum(
        each.favour.amount_paise
        for each in await favours_of(unit, bill.lease_id)
        if each.is_beside and each.entry.why.get("entry") in ids
    )


async def left_of_bill(unit: Unit, bill: Invoice, *, beside_paise: int) -> int:
    """Return what may be given back of a bill still, in paise: what it comes to, but no more than
    all bills of its lease do, as a later one may give back what it estimated too high."""
    dues = (await unit.invoices.dues([bill.lease_id])).get(bill.lease_id, ())
    own_paise = sum(each.charged_paise for each in dues if each.invoice_id == bill.id)
    all_paise = sum(each.charged_paise for each in dues)
    return max(min(own_paise, all_paise) - beside_paise, 0)


async def charges_of(unit: Unit, bill_id: int) -> Sequence[BookedEntry]:
    """Return what a bill, and the credit notes for it, charge and ever charged."""
    found = list(await unit.invoices.entries_of(bill_id))
    for note in await unit.invoices.correcting(bill_id):
        found += await unit.invoices.entries_of(note.id)
    return [each for each in found if is_charge(each)]


def _is_favour(entry: BookedEntry) -> bool:
    is_one = "dispute" in entry.why or "credit_for" in entry.why
    return entry.tenant_paise > 0 and is_one and "favour" not in entry.why


async def _given(unit: Unit, entry: BookedEntry, counted_paise: int) -> Given:
    note_id = (await unit.invoices.of_entries([entry.id])).get(entry.id)
    note = None if note_id is None else await unit.invoices.get(note_id)
    of = await follow(unit, await _charges_for(unit, entry, note))
    return Given(
        entry=entry,
        favour=Favour(
            id=entry.id,
            amount_paise=entry.tenant_paise,
            counted_paise=counted_paise,
            changes={each.id: each.change_paise for each in of.recharges if each.id > entry.id},
        ),
        of=of,
        credit_note=None if note is None else note.number,
        is_beside=note is None,
    )


async def _charges_for(
    unit: Unit, entry: BookedEntry, note: Invoice | None
) -> Sequence[BookedEntry]:
    """Return the charge that was in question, or all that the bill had by then."""
    of = entry.why.get("entry")
    charge = await unit.ledger.get(of) if isinstance(of, int) else None
    if charge is not None:
        return [charge]
    if note is None or note.corrects_id is None:
        return []
    return [each for each in await charges_of(unit, note.corrects_id) if each.id < entry.id]


async def _taken_back(unit: Unit, entry_id: int, counted_paise: int) -> Given:
    entry = await unit.ledger.get(entry_id)
    assert entry is not None
    gone = Favour(id=entry_id, amount_paise=0, counted_paise=counted_paise, changes={})
    return Given(entry=entry, favour=gone, of=await follow(unit, []))


def _with(given: Given, pending: Sequence[Pending]) -> Favour:
    coming = {
        -at: each.change_paise
        for at, each in enumerate(pending, start=1)
        if each.undone_ids & given.of.ids
    }
    return replace(given.favour, changes={**given.favour.changes, **coming})
