"""Books a batch of checks in one transaction; each lease is in it whole. Rule 5.2."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.ledger import LedgerEntry
from bot.domain.metering import Reading
from bot.domain.period import local_date
from bot.services.book import LeaseBook, MeterLink, SupplyState
from bot.services.booking import entry_for, month_lines
from bot.services.check import (
    Check,
    CheckOutcome,
    Observation,
    Problem,
    Step,
    book_after,
    check,
    readings_of,
)
from bot.services.empty_room import tell_vacant_use
from bot.services.held import first_question
from bot.services.notice import common_facts, tell
from bot.services.outage import note_reached
from bot.services.ports import DeviceUnreachable, GatewayError, GatewayUnavailable
from bot.services.settle import Settlement, settle, store
from bot.services.store import LastSeen, MonthLine, Notice, NoticeKind
from bot.services.stores import Unit


async def post(unit: Unit, batch: Sequence[Observation], *, now: datetime) -> Sequence[Check]:
    """Charge, move on and decide for every lease that was observed."""
    lease_ids = {seen.lease_id for seen in batch}
    books = dict(await unit.books.load(lease_ids, now=now, lock=True))
    checks: list[Check] = []
    for seen in batch:
        book = books.get(seen.lease_id)
        link = None if book is None else _link(book, seen.meter_id)
        if book is None or link is None:
            continue
        checked = _check(book, link, seen)
        books[seen.lease_id] = book_after(checked, now=now)
        checks.append(checked)
    settled = await conclude(unit, books.values(), checks, now=now, checked=True)
    await _note_devices(unit, checks, now)
    await unit.outbox.add(_alerts(checks, await _held_ids(unit, checks), now))
    after = {each.book.lease.id: _as_settled(each.book, each.supply) for each in settled}
    return [replace(each, book=after[each.book.lease.id]) for each in checks]


async def conclude(
    unit: Unit,
    books: Iterable[LeaseBook],
    checks: Sequence[Check],
    *,
    now: datetime,
    checked: bool,
) -> Sequence[Settlement]:
    """Book the checks and decide about the leases, whose books hold the charges already."""
    opened = [(each.link.meter, each.opening) for each in checks if each.opening is not None]
    await tell_vacant_use(unit, opened)
    await _book(unit, checks, now)
    after = list(books)
    await unit.supplies.save(_seen_relays(after, checks))
    to_repeat = {each.book.lease.id for each in checks if _is_to_repeat(each)}
    settled = [
        settle(book, now=now, checked=checked and book.lease.id not in to_repeat) for book in after
    ]
    await store(unit, settled)
    return settled


def _is_to_repeat(each: Check) -> bool:
    """Return whether the meter was not looked at, and is to be soon: not at the next check."""
    is_busy = isinstance(each.observation.failure, GatewayUnavailable)
    return is_busy or each.outcome in {CheckOutcome.REPLACED, CheckOutcome.OUTDATED}


def _seen_relays(books: Sequence[LeaseBook], checks: Sequence[Check]) -> list[SupplyState]:
    """Return the relays that were seen to be other than what is stored."""
    before = {each.link.meter.id: each.link.supply for each in checks}
    links = [link for book in books for link in book.meters if link.meter.id in before]
    return [link.supply for link in links if link.supply and link.supply != before[link.meter.id]]


def _link(book: LeaseBook, meter_id: int) -> MeterLink | None:
    return next((link for link in book.meters if link.meter.id == meter_id), None)


def _as_settled(book: LeaseBook, supply: SupplyState | None) -> LeaseBook:
    link = book.supply_meter
    if link is None or supply is None:
        return book
    others = tuple(each for each in book.meters if each is not link)
    return replace(book, meters=(replace(link, supply=supply), *others))


def _check(book: LeaseBook, link: MeterLink, seen: Observation) -> Check:
    """Check what was seen; a meter that told nothing is only noted."""
    if seen.failure is not None and not seen.sightings:
        offline = isinstance(seen.failure, DeviceUnreachable)
        outcome = CheckOutcome.OFFLINE if offline else CheckOutcome.FAILED
        return Check(book=book, link=link, observation=seen, outcome=outcome)
    return check(book, link, seen)


async def _book(unit: Unit, checks: Sequence[Check], now: datetime) -> None:
    """Store readings, entries, lines and anchors of all checks, each kind at once."""
    readings = [(each, reading) for each in checks for reading in readings_of(each)]
    ids = await unit.metering.add_readings([reading for _, reading in readings])
    taken = iter(ids)
    entries: list[LedgerEntry] = []
    lines: list[list[MonthLine]] = []
    anchors: list[tuple[int, int, int | None]] = []
    for each in checks:
        mine = [next(taken) for _ in readings_of(each)]
        last = _last_anchor(each, mine)
        if last is not None:
            anchors.append((each.book.lease.id, each.link.meter.id, last))
        for step, from_id, to_id in _with_ids(each, mine):
            entry = entry_for(each.book, step, from_id=from_id, to_id=to_id)
            if entry is not None:
                entries.append(entry)
                lines.append(month_lines(each.book, step))
    booked = await unit.ledger.append(entries, recorded_at=now)
    await unit.ledger.add_lines(
        [(entry.id, line) for entry, own in zip(booked, lines, strict=True) for line in own]
    )
    await unit.metering.move_anchors(anchors)


def _with_ids(each: Check, ids: Sequence[int]) -> list[tuple[Step, int, int]]:
    """Return each step with the ids of the readings that it lies between."""
    start = each.link.anchor.id if each.link.anchor else 0
    ends = ids[: len(each.steps)]
    return list(zip(each.steps, [start, *ends], ends, strict=False))


def _last_anchor(each: Check, ids: Sequence[int]) -> int | None:
    if each.opening is not None:
        return ids[0]
    return ids[len(each.steps) - 1] if each.steps else None


async def _note_devices(unit: Unit, checks: Sequence[Check], now: datetime) -> None:
    """Note who answered and who did not, and what was seen last."""
    live = [each for each in checks if each.observation.is_live and not _is_to_repeat(each)]
    lost = [
        (each.book, each.link)
        for each in checks
        if isinstance(each.observation.failure, DeviceUnreachable)
    ]
    await unit.metering.save_last_seen([_last_seen(each) for each in live])
    back = {each.link.device_id for each in live if each.link.is_online is not True}
    await note_reached(unit, {device for device in back if device is not None}, lost, now=now)


def _last_seen(each: Check) -> LastSeen:
    seen = each.observation
    return LastSeen(
        lease_id=seen.lease_id,
        meter_id=seen.meter_id,
        value=seen.sightings[-1].point.value,
        power_w=seen.power_w,
        at=seen.at,
    )


async def _held_ids(unit: Unit, checks: Sequence[Check]) -> Mapping[Reading, int]:
    """Return the ids of the readings that were just held: stored ones keep theirs."""
    held = [each.held for each in checks if each.held is not None]
    return dict(zip(held, await unit.metering.add_readings(held), strict=True))


def _alerts(
    checks: Sequence[Check], held_ids: Mapping[Reading, int], now: datetime
) -> list[Notice]:
    """Return what managers are told of readings that cannot be charged. Rules 3.3 and 3.5."""
    alerts: list[Notice] = []
    for each in checks:
        alerts += (*_held(each, held_ids, now), *_fell(each, now), *_trouble(each, now))
    return alerts


def _trouble(each: Check, now: datetime) -> tuple[Notice, ...]:
    """Return the alarm for what will not mend by itself, once a day."""
    problem = each.problem or _failure(each.observation.failure)
    if problem is None:
        return ()
    facts = _meter_facts(each) | {"code": problem.code, "detail": problem.detail}
    today = local_date(now, each.book.place.zone).isoformat()
    key = f"trouble:{each.link.meter.id}:{problem.code}:{today}"
    return tell(each.book.staff_ids, NoticeKind.DEVICE_TROUBLE, facts, key=key, now=now)


def _failure(failure: GatewayError | None) -> Problem | None:
    if failure is None or isinstance(failure, GatewayUnavailable | DeviceUnreachable):
        return None
    return Problem(code=failure.code, detail=failure.detail)


def _held(each: Check, held_ids: Mapping[Reading, int], now: datetime) -> tuple[Notice, ...]:
    stretch, held = each.held_stretch, each.held
    if stretch is None or held is None:
        return ()
    stored = replace(held, id=held_ids[held])
    return first_question(each.book, each.link, stored, since_at=stretch.start.at, now=now)


def _fell(each: Check, now: datetime) -> tuple[Notice, ...]:
    if each.fell is None or each.link.anchor is None:
        return ()
    anchor = each.link.anchor
    facts = _meter_facts(each) | {
        "value": str(each.fell.point.value),
        "previous_value": str(anchor.point.value),
        "reading_id": anchor.id,
        "reader": anchor.reader_name,
    }
    key = f"fell:{anchor.id}"
    return tell(each.book.staff_ids, NoticeKind.READING_FELL, facts, key=key, now=now)


def _meter_facts(each: Check) -> dict[str, object]:
    meter = each.link.meter
    return common_facts(each.book) | {"meter": meter.udf1, "unit": meter.unit}
