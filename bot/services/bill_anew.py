"""Bills once more what a bill asked for that was taken back whole. Rules 2.3, 3.8 and 7.2."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.invoice import DocumentKind
from bot.domain.ledger import EntryKind
from bot.domain.metering import Reading
from bot.domain.people import Actor
from bot.services.bill_void import again_key, anew_key, voided
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.credit_note import creditable
from bot.services.doorbell import Doorbell
from bot.services.favour import is_charge
from bot.services.favour_booking import count_favours
from bot.services.invoice_issue import Draft, issue
from bot.services.invoice_record import Invoice
from bot.services.payment import locked_book
from bot.services.ports import Clock
from bot.services.receipt import power_word
from bot.services.recharge import rebook
from bot.services.recharge_plan import Span, plan_recharge
from bot.services.settle import settle, store
from bot.services.store import BookedEntry, Transactions
from bot.services.stores import Unit


class BillStands(ValueError):
    """Only a bill that was taken back whole is billed anew."""

    def __init__(self, bill: Invoice) -> None:
        super().__init__(bill.id)
        self.bill = bill


class BilledAnewAlready(ValueError):
    """A bill is billed anew once; `anew` is the document that takes its place."""

    def __init__(self, bill: Invoice, anew: Invoice) -> None:
        super().__init__(bill.id, anew.id)
        self.bill = bill
        self.anew = anew


class NothingToBillAnew(ValueError):
    """By the readings and prices of now there is nothing to pay, or it was charged since."""

    def __init__(self, bill: Invoice) -> None:
        super().__init__(bill.id)
        self.bill = bill


class AnewChanged(Exception):
    """Readings or prices have made it another amount than the one that was looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnewPreview:
    """What billing anew would do: `anew` as it would be issued, its number not taken.

    `power` is in the words of `power_word`.
    """

    bill: Invoice
    book: LeaseBook
    anew: Invoice
    power: str


class _Looked(Exception):
    """Ends a unit of which nothing shall stay."""


class BillsAnew:
    """Bills once more."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def preview(self, *, actor: Actor, invoice_id: int) -> AnewPreview:
        """This function will tell what billing anew would come to: it is done, and undone.

        Raises InvoiceUnknown, NotAllowed, BillStands, BilledAnewAlready, NothingToBillAnew and
        ReadingInTheWay.
        """
        cause = Cause(actor=actor)
        found: AnewPreview | None = None
        with suppress(_Looked):
            async with self._transactions.begin() as unit:
                found = await self._again(unit, cause, invoice_id)
                raise _Looked
        assert found is not None
        return found

    async def bill(self, *, cause: Cause, invoice_id: int, total_paise: int) -> Invoice:
        """This function will charge again what a bill was over, and bill it.

        Use is charged by the readings and prices that hold now; shares and charges by hand are as
        they were. Raises AnewChanged where that is not `total_paise`, AlreadyHandled, ButtonSpent
        and what `preview` raises.
        """
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=self._clock.now())
            done = await self._again(unit, cause, invoice_id)
            if done.anew.total_paise != total_paise:
                raise AnewChanged
        self._doorbell.ring()
        return done.anew

    async def _again(self, unit: Unit, cause: Cause, invoice_id: int) -> AnewPreview:
        now = self._clock.now()
        bill = await creditable(unit, cause.actor, invoice_id)
        book = await locked_book(unit, bill.lease_id, self._clock)
        taken_back = await _taken_back(unit, bill)
        entries = await _charged(unit, book, bill, taken_back, cause, now)
        if sum(each.tenant_paise for each in entries) >= 0:
            raise NothingToBillAnew(bill)
        draft = Draft(
            key=anew_key(bill.id),
            kind=DocumentKind.INVOICE,
            period=bill.period,
            entries=entries,
            replaces=bill,
            actor_id=cause.actor_id,
        )
        anew = await issue(unit, await _book(unit, book, now), draft, now=now)
        change = settle(await _book(unit, book, now), now=now)
        await store(unit, [change])
        await unit.audit.add(
            at=now,
            actor_id=cause.actor_id,
            place_id=book.place.id,
            action="bill.anew",
            facts={"invoice": bill.number, "anew": anew.number, "amount_paise": anew.total_paise},
        )
        return AnewPreview(bill=bill, book=book, anew=anew, power=power_word(book, change))


async def _taken_back(unit: Unit, bill: Invoice) -> Sequence[BookedEntry]:
    """Raises BilledAnewAlready and BillStands."""
    anew = await unit.invoices.by_key(anew_key(bill.id))
    if anew is not None:
        raise BilledAnewAlready(bill, anew)
    found = await voided(unit, bill)
    if not found:
        raise BillStands(bill)
    return found


async def _charged(
    unit: Unit,
    book: LeaseBook,
    bill: Invoice,
    taken_back: Sequence[BookedEntry],
    cause: Cause,
    now: datetime,
) -> Sequence[BookedEntry]:
    """Charge again, span by span, and return what is to be billed.

    What was charged in one of them since is taken back first, and billed with it.
    """
    booked: list[BookedEntry] = []
    for span in await _spans(unit, book, taken_back):
        plan = await plan_recharge(unit, book, span)
        why = {"anew_for": bill.number}
        billed = await unit.invoices.of_entries([each.id for each in plan.undone])
        booked += [each for each in plan.undone if each.id not in billed]
        booked += await rebook(unit, book, plan, cause=cause, reason=None, why=why, now=now)
    booked += await _put_back(unit, taken_back, cause, now)
    return sorted(booked, key=lambda each: (each.occurred_at, each.id))


async def _spans(unit: Unit, book: LeaseBook, taken_back: Sequence[BookedEntry]) -> list[Span]:
    """Return the readings that the charges rested on, and those between them, as they are now."""
    ends: dict[int, list[Reading]] = {}
    for each in taken_back:
        why: Mapping[str, Any] = each.why
        for name in ("reading_from", "reading_to"):
            reading = await unit.metering.reading(why[name]) if name in why else None
            if reading is not None and each.kind is EntryKind.DEDUCTION:
                ends.setdefault(reading.installation_id, []).append(reading)
    by_meter = sorted(ends.values(), key=lambda readings: readings[0].meter_id)
    found = [await _span(unit, book, readings) for readings in by_meter]
    return sorted((each for each in found if len(each.points) > 1), key=lambda span: span.from_at)


async def _span(unit: Unit, book: LeaseBook, ends: Sequence[Reading]) -> Span:
    """Up to the last reading that the lease is charged up to, and no further."""
    meter_id, key = ends[0].meter_id, ends[0].installation_id
    from_at = min(each.point.at for each in ends)
    to_at = max(each.point.at for each in ends)
    link, sheet = book.link_to(meter_id), await unit.sheets.get(meter_id)
    assert sheet is not None
    if link.anchor is not None and link.anchor.installation_id == key:
        to_at = min(to_at, link.anchor.point.at)
    installed = await unit.chains.installations(meter_id)
    terms = next(each for each in installed if each.id == key).terms(sheet.terms)
    await unit.chains.lock(meter_id)
    points = list(
        await unit.chains.members(key, lease_id=book.lease.id, from_at=from_at, to_at=to_at)
    )
    if not points or points[0].point.at > from_at:
        first = await unit.chains.at(key, from_at)
        points = points if first is None else [first, *points]
    return Span(
        meter_id=meter_id,
        installation_id=key,
        terms=terms,
        from_at=from_at,
        points=tuple(points),
        moves_anchor=False,
    )


async def _put_back(
    unit: Unit, taken_back: Sequence[BookedEntry], cause: Cause, now: datetime
) -> Sequence[BookedEntry]:
    """Charge shares and charges by hand as they were; a split that was taken back asks nothing.

    What was given back of them before there was a bill holds again.
    """
    again = {
        each.id: replace(whole, key=again_key(each.id), actor_id=cause.actor_id)
        for each in taken_back
        if each.kind is not EntryKind.DEDUCTION and is_charge(each)
        for whole in (await unit.ledger.whole(each.id),)
        if whole is not None and await _has_its_cause(unit, each)
    }
    booked = await unit.ledger.append(list(again.values()), recorded_at=now)
    await unit.recharges.link([(key, new.id) for key, new in zip(again, booked, strict=True)])
    lease_id = taken_back[0].lease_id
    counted = await count_favours(
        unit, lease_id, list(again), booked, actor_id=cause.actor_id, reason=None, now=now
    )
    return [*booked, *counted]


async def _has_its_cause(unit: Unit, entry: BookedEntry) -> bool:
    share: Any = entry.why.get("share")
    split = None if share is None else await unit.allocations.get(share["allocation_id"])
    return split is None or split.reversed_at is None


async def _book(unit: Unit, book: LeaseBook, now: datetime) -> LeaseBook:
    return (await unit.books.load([book.lease.id], now=now, lock=False))[book.lease.id]
