"""Readings changed where all was charged already: the books follow, by reversal. Rule 3.8."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ledger import LedgerEntry
from bot.domain.meter import BillingType, MeterSheet
from bot.domain.metering import Installation, MeterTerms, Reading, ReadingStatus
from bot.services.book import LeaseBook, MeterLink
from bot.services.booking import entry_for, month_lines
from bot.services.cause import Cause
from bot.services.charge_undo import forget_use, take_back
from bot.services.favour_booking import count_favours
from bot.services.invoice_issue import correct_documents
from bot.services.recharge_favour import links
from bot.services.recharge_plan import Plan, Span, is_interpolated
from bot.services.settle import settle, store
from bot.services.store import BookedEntry, MonthLine
from bot.services.stores import Unit
from bot.services.stores.reading_chain import Relinked


def is_charged_at_once(sheet: MeterSheet) -> bool:
    """Return whether a reading of the meter is charged to its lease as soon as it is accepted.

    What has no price yet waits for one, see `span_of`. Who pays later finds it on the next bill.
    """
    return sheet.billing_type is BillingType.INDIVIDUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is changed in an installation's chain: readings that come, and stored ones that go."""

    installation: Installation
    terms: MeterTerms
    added: tuple[Reading, ...] = ()
    removed: tuple[Reading, ...] = ()

    @property
    def instants(self) -> list[datetime]:
        """When they were taken, oldest first."""
        return sorted({each.point.at for each in (*self.added, *self.removed)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recharged:
    """What charging anew did; money in paise."""

    plan: Plan
    before_paise: int
    after_paise: int


def link_to(book: LeaseBook, meter_id: int) -> MeterLink:
    """Return a meter of a lease that has it."""
    return next(each for each in book.meters if each.meter.id == meter_id)


async def span_of(unit: Unit, book: LeaseBook, change: Change) -> Span | None:
    """Return between which readings a lease has to be charged anew; None where nothing was, or
    is to be, charged, also because there is no price since the first of them."""
    installation, ids = change.installation, {each.id for each in change.removed}
    link, lease_id = link_to(book, installation.meter_id), book.lease.id
    anchor = link.anchor
    if anchor is not None and anchor.installation_id != installation.id:
        anchor = None
    first_at, last_at = change.instants[0], change.instants[-1]
    after = await unit.chains.after(installation.id, last_at, lease_id=lease_id)
    if anchor is None and installation.closed_at is None:
        return None if after is not None else _opening(change)
    before = await unit.chains.before(installation.id, first_at, lease_id=lease_id)
    from_at = first_at if before is None else before.point.at
    to_at = None if after is None else after.point.at
    if anchor is not None:
        from_at = min(from_at, anchor.point.at)
        to_at = None if to_at is None or to_at > anchor.point.at else to_at
    members = await unit.chains.members(
        installation.id, lease_id=lease_id, from_at=from_at, to_at=to_at
    )
    added = {each.id for each in change.added}
    points = [each for each in members if each.id not in ids | added]
    points = sorted([*points, *change.added], key=lambda each: (each.point.at, each.id))
    points = from_anchor(points, anchor, but=ids)
    if not book.has_price(link.meter, points[0].point.at):
        return None
    goes_on = anchor is not None and (anchor.id in ids or points[-1].point.at >= anchor.point.at)
    return Span(
        meter_id=installation.meter_id,
        installation_id=installation.id,
        terms=change.terms,
        from_at=from_at,
        points=tuple(points),
        moves_anchor=goes_on,
    )


def from_anchor(
    points: Sequence[Reading], anchor: Reading | None, *, but: Collection[int] = ()
) -> list[Reading]:
    """Return readings from the one on up to which all is charged, though it be no lease's own."""
    is_first = anchor is not None and all(each.point.at > anchor.point.at for each in points)
    return [anchor, *points] if is_first and anchor and anchor.id not in but else list(points)


def _opening(change: Change) -> Span | None:
    """The first reading of an installation opens it; nothing is charged up to it. Rule 3.4."""
    if not change.added:
        return None
    return Span(
        meter_id=change.installation.meter_id,
        installation_id=change.installation.id,
        terms=change.terms,
        from_at=change.added[-1].point.at,
        points=change.added[-1:],
        moves_anchor=True,
    )


async def carry_out(
    unit: Unit,
    book: LeaseBook,
    plan: Plan,
    *,
    cause: Cause,
    reason: str | None,
    why: Mapping[str, object],
    now: datetime,
) -> Recharged:
    """Take back, charge anew and decide about power, in the transaction of the cause.

    `why` tells of the readings that made it necessary; it is kept with each reversal.
    """
    booked = await rebook(unit, book, plan, cause=cause, reason=reason, why=why, now=now)
    after = (await unit.books.load([book.lease.id], now=now, lock=False))[book.lease.id]
    if plan.undone:
        await correct_documents(
            unit,
            after,
            plan.undone,
            booked,
            actor_id=cause.actor_id,
            reason=reason,
            now=now,
        )
        after = (await unit.books.load([book.lease.id], now=now, lock=False))[book.lease.id]
    await store(unit, [settle(after, now=now)])
    return Recharged(plan=plan, before_paise=book.balance_paise, after_paise=after.balance_paise)


async def rebook(
    unit: Unit,
    book: LeaseBook,
    plan: Plan,
    *,
    cause: Cause,
    reason: str | None,
    why: Mapping[str, object],
    now: datetime,
) -> Sequence[BookedEntry]:
    """Take back and charge anew; documents, and power, are left to the caller."""
    reversals = await take_back(
        unit, [each.id for each in plan.undone], cause=cause, reason=reason, why=why, now=now
    )
    await forget_use(unit, plan.given_away)
    ids = await _store_readings(unit, plan)
    charged = await _charge(unit, book, plan, ids, reversals, now)
    gone = [*plan.undone, *plan.given_away]
    await unit.recharges.link(links(gone, charged))
    if plan.span.moves_anchor:
        anchor = (book.lease.id, plan.span.meter_id, plan.span.points[-1].id)
        await unit.metering.move_anchors([anchor])
    counted = await count_favours(
        unit,
        book.lease.id,
        [each.id for each in gone],
        [*reversals, *charged],
        actor_id=cause.actor_id,
        reason=reason,
        now=now,
    )
    return [*reversals, *charged, *counted]


async def _store_readings(unit: Unit, plan: Plan) -> list[int]:
    """Store what each reading tells by now; return the ids of those that the steps end with."""
    span = plan.span
    await _forget_interpolated(unit, span)
    ids, relinked = [], []
    for step, end in zip(plan.steps, plan.ends, strict=True):
        reading = step.reading
        if end is None:
            revision = await unit.chains.next_revision(span.installation_id, reading.point.at)
            ids.append(await unit.chains.add(replace(reading, revision=revision)))
            continue
        ids.append(end.id)
        relinked.append(
            Relinked(
                reading_id=end.id,
                previous_value=reading.previous_value,
                consumption=reading.consumption,
            )
        )
    await unit.chains.relink(relinked)
    return ids


async def _forget_interpolated(unit: Unit, span: Span) -> None:
    """Points that were reckoned from readings that changed are reckoned anew."""
    stored = await unit.chains.between(
        span.installation_id, from_at=span.from_at, to_at=span.points[-1].point.at
    )
    lease_ids = {each.lease_id for each in span.points}
    gone = [
        each.id
        for each in stored
        if is_interpolated(each)
        and each.status is ReadingStatus.ACCEPTED
        and each.lease_id in lease_ids
    ]
    await unit.chains.set_status(gone, ReadingStatus.CORRECTED)


async def _charge(
    unit: Unit,
    book: LeaseBook,
    plan: Plan,
    ids: Sequence[int],
    reversals: Sequence[BookedEntry],
    now: datetime,
) -> Sequence[BookedEntry]:
    entries: list[LedgerEntry] = []
    lines: list[list[MonthLine]] = []
    from_id = plan.span.points[0].id
    for step, to_id in zip(plan.steps, ids, strict=True):
        entry = entry_for(book, step, from_id=from_id, to_id=to_id)
        from_id = to_id
        if entry is not None:
            entries.append(replace(entry, why={**entry.why, "recharged": bool(reversals)}))
            lines.append(month_lines(book, step))
    known = await unit.ledger.existing([each.key for each in entries])
    booked = await unit.ledger.append(
        [await _with_free_key(unit, each, known, reversals) for each in entries], recorded_at=now
    )
    await unit.ledger.add_lines(
        [(entry.id, line) for entry, own in zip(booked, lines, strict=True) for line in own]
    )
    return booked


async def _with_free_key(
    unit: Unit,
    entry: LedgerEntry,
    known: Mapping[str, BookedEntry],
    reversals: Sequence[BookedEntry],
) -> LedgerEntry:
    """A reading is charged up to again once that was taken back, and once for that. Rule 2.3."""
    key, charged = entry.key, known.get(entry.key)
    while charged is not None:
        undo = reversals[-1] if reversals else await unit.ledger.reversed_by(charged.id)
        assert undo is not None, "what stands is taken back before it is charged again"
        key = f"{entry.key}:after:{undo.id}"
        charged = (await unit.ledger.existing([key])).get(key)
    return replace(entry, key=key)
