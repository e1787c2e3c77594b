"""A chain of readings has changed: what follows from it, in the same transaction. Rule 3.8."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.meter import MeterSheet
from bot.domain.metering import (
    Installation,
    MeterTerms,
    Reading,
    ReadingStatus,
    RegisterWentBackwards,
    consumption_between,
)
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.reading_chain import trusting
from bot.services.book import LeaseBook
from bot.services.cause import Cause
from bot.services.meter import MeterUnknown
from bot.services.missing_price import tell_missing_price
from bot.services.reading_appraisal import Appraisal
from bot.services.recharge import (
    Change,
    Recharged,
    carry_out,
    is_charged_at_once,
    span_of,
)
from bot.services.recharge_plan import Plan, plan_recharge
from bot.services.store import LastSeen
from bot.services.stores import Unit
from bot.services.stores.reading_chain import Relinked


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meter whose chains nobody else may change now, with the books of its leases."""

    sheet: MeterSheet
    place: Place
    room: str | None
    books: Mapping[int, LeaseBook]

    def book(self, lease_id: int | None) -> LeaseBook | None:
        """Return the book of one of the leases."""
        return None if lease_id is None else self.books.get(lease_id)


async def meter_at(unit: Unit, meter_id: int) -> tuple[MeterSheet, Place]:
    """Return a meter and where it is. Raises MeterUnknown."""
    sheet = await unit.sheets.get(meter_id)
    place = None if sheet is None else await unit.places.get(sheet.place_id)
    if sheet is None or place is None:
        raise MeterUnknown(meter_id)
    return sheet, place


async def hold_meter(
    unit: Unit,
    meter_id: int,
    *instants: datetime,
    now: datetime,
    of: Reading | None = None,
    lock: bool = True,
) -> Held:
    """Return a meter and the books of the leases that it counted for at some instants.

    The lease that a reading is `of` is among them: the last one of those who have left is of a day
    that is not theirs any more. Leases are locked before meters. Raises MeterUnknown.
    """
    sheet, place = await meter_at(unit, meter_id)
    lease_ids = set() if of is None or of.lease_id is None else {of.lease_id}
    for at in instants:
        lease_ids |= set(await unit.chains.leases_on(meter_id, local_date(at, place.zone)))
    books = await unit.books.load(lease_ids, now=now, lock=lock)
    if lock:
        await unit.chains.lock(meter_id)
    room = None if sheet.room_id is None else await unit.places.room(sheet.room_id)
    return Held(sheet=sheet, place=place, room=None if room is None else room.name, books=books)


async def plan_of(
    unit: Unit, sheet: MeterSheet, book: LeaseBook | None, change: Change
) -> Plan | None:
    """Return what a change of readings means for a lease's money; None when it means nothing.

    Raises ReadingInTheWay.
    """
    if book is None or not is_charged_at_once(sheet):
        return None
    span = await span_of(unit, book, change)
    return None if span is None else await plan_recharge(unit, book, span)


async def follow(
    unit: Unit,
    held: Held,
    change: Change,
    *,
    lease_id: int | None,
    cause: Cause,
    reason: str | None,
    why: Mapping[str, object],
    now: datetime,
) -> Recharged | None:
    """Let stored use and the books follow a change of readings that is stored already.

    Raises ReadingInTheWay.
    """
    for at in change.instants:
        await _relink(unit, change.installation, change.terms, at)
    book = held.book(lease_id)
    plan = await plan_of(unit, held.sheet, book, change)
    await _note_price(unit, held, book, change, now)
    await _show(unit, held, change, lease_id)
    if book is None or plan is None:
        return None
    return await carry_out(unit, book, plan, cause=cause, reason=reason, why=why, now=now)


async def _relink(unit: Unit, installation: Installation, terms: MeterTerms, at: datetime) -> None:
    """Store what the readings at an instant and after it tell of the use before them.

    One that opens a lease goes on telling of none.
    """
    chains, key = unit.chains, installation.id
    for each in (await chains.at(key, at), await chains.after(key, at)):
        if each is None:
            continue
        before = await chains.before(key, each.point.at)
        is_opening = before is not None and before.lease_id != each.lease_id
        if each.previous_value is not None or not is_opening:
            await chains.relink([_told(each, before, terms)])


def _told(each: Reading, before: Reading | None, terms: MeterTerms) -> Relinked:
    used = None
    if before is not None:
        with suppress(RegisterWentBackwards):
            used = consumption_between(before.point, each.point, trusting(terms))
    return Relinked(
        reading_id=each.id,
        previous_value=None if before is None or used is None else before.point.value,
        consumption=used,
    )


async def _note_price(
    unit: Unit, held: Held, book: LeaseBook | None, change: Change, now: datetime
) -> None:
    """What would be charged at once, but has no price, is told to those who can give it one."""
    if book is not None and change.added and is_charged_at_once(held.sheet):
        read_at = change.instants[0]
        await tell_missing_price(unit, book, held.sheet.id, read_at=read_at, now=now)


async def _show(unit: Unit, held: Held, change: Change, lease_id: int | None) -> None:
    """Show what somebody read where no device tells it."""
    if held.sheet.udf1 is not None or lease_id is None or not change.added:
        return
    latest = await unit.metering.latest(held.sheet.id)
    if latest is not None and latest.lease_id == lease_id:
        await unit.metering.save_last_seen(
            [
                LastSeen(
                    lease_id=lease_id,
                    meter_id=held.sheet.id,
                    value=latest.point.value,
                    power_w=None,
                    at=latest.point.at,
                )
            ]
        )


async def true_up(unit: Unit, appraisal: Appraisal) -> tuple[list[Reading], list[Reading]]:
    """Bring estimates down that were too high; return those that come and those that go."""
    added, removed = [], []
    for each in appraisal.trued_up:
        old = each.estimate
        revision = await unit.chains.next_revision(old.installation_id, old.point.at)
        new = replace(old, point=each.point, revision=revision, corrects_id=old.id)
        await unit.chains.set_status([old.id], ReadingStatus.CORRECTED)
        added.append(replace(new, id=await unit.chains.add(new)))
        removed.append(old)
    return added, removed
