"""What a meter showed at the close of a billing day, put into its chain. Rules 3.7 and 7.1."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from bot.domain.deduction import CLOSE_STEP, day_of_end, terms_change_days
from bot.domain.estimate import NoHabit, estimated
from bot.domain.metering import (
    NotARegisterValue,
    Reading,
    ReadingStatus,
    ReadingType,
    RegisterPoint,
    RegisterWentBackwards,
    interpolate,
)
from bot.domain.period import close_of
from bot.domain.reading_chain import daily_uses
from bot.services.book import LeaseBook, MeterLink
from bot.services.boundary import ReadingInTheWay
from bot.services.cause import CLOCK
from bot.services.meter import MeterUnknown
from bot.services.reading_appraisal import ENOUGH, ReadingFell, ReadingOvertaken, appraise
from bot.services.reading_change import Held, follow, meter_at, true_up
from bot.services.reading_notice import held_question, unusual_word
from bot.services.reading_spot import ReadingBeforeInstallation, Spot, find_spot
from bot.services.recharge import Change
from bot.services.stores import Unit

LONGEST_GAP = timedelta(days=62)
"""Between closes further apart than that nothing is reckoned evenly."""


class MeterClose(Enum):
    """How a meter stands at the close of a billing period.

    `UNREAD` keeps no bill waiting: people read that meter, and nobody has yet.
    """

    READ = "read"
    ESTIMATED = "estimated"
    UNREAD = "unread"
    MISSING = "missing"
    HELD = "held"
    IN_THE_WAY = "in_the_way"

    @property
    def is_settled(self) -> bool:
        """Whether a bill may be made of what is known."""
        return self in {MeterClose.READ, MeterClose.ESTIMATED, MeterClose.UNREAD}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The closes of days that the vendor told of a meter's device; values in the meter's unit."""

    meter_id: int
    device_id: str | None
    closes: Mapping[date, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Close:
    point: RegisterPoint
    type: ReadingType = ReadingType.AUTOMATIC
    is_billing: bool = False


async def close_meter(
    unit: Unit,
    book: LeaseBook,
    link: MeterLink,
    history: History | None,
    *,
    since_at: datetime,
    at: datetime,
    now: datetime,
) -> MeterClose:
    """Read a meter at the close of a period that began at `since_at`, and charge up to it.

    Readings come from history closes; what nothing tells is estimated. The book is not the same
    afterwards: load it anew.
    """
    anchor = link.anchor
    if link.has_held_reading:
        return MeterClose.HELD
    if anchor is None or anchor.installation_id != link.installation_id:
        return MeterClose.UNREAD if link.meter.udf1 is None else MeterClose.MISSING
    if anchor.point.at >= at or (link.meter.udf1 is None and anchor.point.at > since_at):
        return MeterClose.READ
    sheet, place = await meter_at(unit, link.meter.id)
    room = None if sheet.room_id is None else await unit.places.room(sheet.room_id)
    await unit.chains.lock(sheet.id)
    held = Held(
        sheet=sheet,
        place=place,
        room=None if room is None else room.name,
        books={book.lease.id: book},
    )
    return await _enter_all(unit, held, book, link, anchor, _known(link, history), at, now)


def _known(link: MeterLink, history: History | None) -> Mapping[date, Decimal]:
    """What another device told is no close of this one."""
    is_own = history is not None and history.device_id == link.device_id
    return history.closes if history is not None and is_own else {}


async def _enter_all(
    unit: Unit,
    held: Held,
    book: LeaseBook,
    link: MeterLink,
    anchor: Reading,
    closes: Mapping[date, Decimal],
    at: datetime,
    now: datetime,
) -> MeterClose:
    lease_id, last = book.lease.id, anchor.point
    try:
        for known in _known_closes(book, link, anchor, closes, at):
            each = _not_below(known, last)
            found = await _enter(unit, held, lease_id, each, now)
            if found is not MeterClose.READ:
                return found
            last = each.point
        if last.at == at:
            return MeterClose.READ
        guess = _between(book, last, closes, at) or await _guess(unit, held, lease_id, at)
        if guess is None:
            return MeterClose.UNREAD if link.meter.udf1 is None else MeterClose.MISSING
        found = await _enter(unit, held, lease_id, guess, now)
        return MeterClose.ESTIMATED if found is MeterClose.READ else found
    except (ReadingFell, ReadingOvertaken, ReadingInTheWay, ReadingBeforeInstallation):
        return MeterClose.IN_THE_WAY
    except (NotARegisterValue, MeterUnknown):
        return MeterClose.MISSING


def _known_closes(
    book: LeaseBook, link: MeterLink, anchor: Reading, closes: Mapping[date, Decimal], at: datetime
) -> Iterator[_Close]:
    """Yield the closes after which prices change, and that of the period, as far as known.

    Where that is not known the last one before it is, so that less has to be guessed.
    """
    zone, since_at = book.place.zone, anchor.point.at
    end_on = day_of_end(at, zone)
    timeline = book.prices_of(link.meter)
    inside = [on for on in closes if since_at < close_of(on, zone) <= at]
    wanted = {*terms_change_days(since_at, at, zone, timeline), max(inside, default=end_on)}
    for on in sorted(wanted & set(inside)):
        point = RegisterPoint(at=close_of(on, zone), value=closes[on])
        yield _Close(point=point, is_billing=on == end_on)


def _not_below(close: _Close, last: RegisterPoint) -> _Close:
    """A close that is told more coarsely than the last reading only seems to have fallen."""
    if 0 < last.value - close.point.value < CLOSE_STEP:
        return replace(close, point=replace(close.point, value=last.value))
    return close


def _between(
    book: LeaseBook, last: RegisterPoint, closes: Mapping[date, Decimal], at: datetime
) -> _Close | None:
    """Return where the counter was if it ran evenly to the next close that is known."""
    zone = book.place.zone
    later = sorted(on for on in closes if close_of(on, zone) > at)
    if not later or close_of(later[0], zone) - last.at > LONGEST_GAP:
        return None
    following = RegisterPoint(at=close_of(later[0], zone), value=closes[later[0]])
    if following.value < last.value:
        return None
    point = interpolate(last, following, at)
    return _Close(point=point, type=ReadingType.ESTIMATED, is_billing=True)


async def _guess(unit: Unit, held: Held, lease_id: int, at: datetime) -> _Close | None:
    """Return where the counter would be by the meter's habit. Rule 3.7."""
    spot = await _spot(unit, held, lease_id, at)
    if spot.before is None:
        return None
    taken = await unit.chains.taken_before(spot.sheet.id, at, limit=ENOUGH)
    habit = daily_uses(taken, spot.terms)
    try:
        point = estimated(spot.before.point, at, past_per_day=habit, terms=spot.own_terms)
    except (NoHabit, RegisterWentBackwards):
        return None
    return _Close(point=point, type=ReadingType.ESTIMATED, is_billing=True)


async def _spot(unit: Unit, held: Held, lease_id: int, at: datetime) -> Spot:
    """A lease that ends with the day has the close of it, though the next day be another's."""
    return replace(await find_spot(unit, held.sheet, held.place, at), lease_id=lease_id)


async def _enter(unit: Unit, held: Held, lease_id: int, close: _Close, now: datetime) -> MeterClose:
    """Store one close and charge up to it; one that is too much waits for a manager. Rule 3.5."""
    spot = await _spot(unit, held, lease_id, close.point.at)
    if spot.same is not None:
        return MeterClose.READ
    books = await unit.books.load([lease_id], now=now, lock=False)
    held = replace(held, books=books)
    appraisal = await appraise(unit, spot, close.point.value)
    assert spot.installation is not None
    is_guess = close.type is ReadingType.ESTIMATED
    waits = appraisal.fit.is_jump and not is_guess
    reading = Reading(
        meter_id=held.sheet.id,
        installation_id=spot.installation.id,
        point=appraisal.point,
        type=close.type,
        status=ReadingStatus.HELD if waits else ReadingStatus.ACCEPTED,
        previous_value=appraisal.previous_value,
        consumption=appraisal.fit.consumption,
        is_anomalous=appraisal.is_anomalous and not is_guess,
        lease_id=lease_id,
        revision=await unit.chains.next_revision(spot.installation.id, appraisal.point.at),
        is_billing=close.is_billing,
    )
    reading = replace(reading, id=await unit.chains.add(reading))
    if waits:
        await unit.outbox.add(await held_question(unit, held, reading, appraisal, now=now))
        return MeterClose.HELD
    added, removed = await true_up(unit, appraisal)
    change = Change(
        installation=spot.installation,
        terms=spot.own_terms,
        added=(*added, reading),
        removed=tuple(removed),
    )
    why = {"cause": "period_closed", "reading": reading.id, "at": reading.point.at.isoformat()}
    await follow(unit, held, change, lease_id=lease_id, cause=CLOCK, reason=None, why=why, now=now)
    if reading.is_anomalous:
        await unit.outbox.add(await unusual_word(unit, held, reading, appraisal, CLOCK, now=now))
    return MeterClose.READ
