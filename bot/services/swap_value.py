"""What a counter showed when it was changed for another, and what that charges. Rule 3.4."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from bot.domain.deduction import Sighting
from bot.domain.metering import (
    Installation,
    Meter,
    Reading,
    ReadingType,
    RegisterPoint,
    RegisterWentBackwards,
    consumption_between,
    is_plausible,
)
from bot.domain.period import start_of
from bot.domain.reading_chain import ANY_JUMP
from bot.services.book import LeaseBook, MeterLink
from bot.services.boundary import FINE, ReadingInTheWay
from bot.services.check import Check, CheckOutcome, Observation, check

INSTANT = timedelta(microseconds=1)


class SwapEnd(Enum):
    """Which of the two counters is told of."""

    CLOSING = "closing"
    OPENING = "opening"


class EndKnown(Exception):
    """Somebody has entered this value before; in the meter's unit."""

    def __init__(self, end: SwapEnd, *, value: Decimal, unit: str) -> None:
        super().__init__(end, value, unit)
        self.end = end
        self.value = value
        self.unit = unit


class EndContradicted(ValueError):
    """The counter was seen to show a value that rules this one out; in the meter's unit."""

    def __init__(self, end: SwapEnd, *, seen: Decimal, unit: str) -> None:
        super().__init__(end, seen, unit)
        self.end = end
        self.seen = seen
        self.unit = unit


class NobodyToCharge(Exception):
    """Whoever rents the room now did not when the device was replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """One device in place of another; `last` of the old and `first` of the new are readings."""

    meter: Meter
    room: str | None
    old: Installation
    new: Installation
    last: Reading | None
    first: Reading | None

    @property
    def ends_at(self) -> datetime:
        """When the old counter was read for the last time: just before the new one was."""
        return self.new.opened_at - INSTANT

    def known(self, end: SwapEnd) -> Reading | None:
        """The value that somebody has entered for an end."""
        if end is SwapEnd.CLOSING:
            seen, is_there = self.last, self.last and self.last.point.at >= self.ends_at
        else:
            seen, is_there = self.first, self.first and self.first.point.at <= self.new.opened_at
        return seen if is_there and seen and seen.type is ReadingType.MANUAL else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A value as it would be booked: a reading that goes on from, or up to, another one.

    `quantity` is use that nobody was charged for yet; `checked` charges it, unless the lease is
    billed later; `is_unlikely` when it is more than the meter's limit allows for the time.
    """

    typed: Reading
    quantity: Decimal = Decimal(0)
    checked: Check | None = None
    is_unlikely: bool = False

    @property
    def amount_paise(self) -> int:
        """What is charged."""
        steps = () if self.checked is None else self.checked.steps
        return sum(step.charge.total_paise for step in steps)


def reckon(swap: Swap, book: LeaseBook, end: SwapEnd, value: Decimal) -> Reckoned:
    """Return what a value at an end of the swap means for the lease.

    Raises EndKnown, EndContradicted, NobodyToCharge, ReadingInTheWay and NotARegisterValue.
    """
    known = swap.known(end)
    if known is not None:
        raise EndKnown(end, value=known.point.value, unit=swap.meter.unit)
    link = next(link for link in book.meters if link.meter.id == swap.meter.id)
    if link.has_held_reading:
        raise ReadingInTheWay(CheckOutcome.HELD, room=book.room.name)
    if start_of(book.lease.occupancy.start_on, book.place.zone) > swap.new.opened_at:
        raise NobodyToCharge
    if end is SwapEnd.CLOSING:
        return _closing(swap, book, link, value)
    return _opening(swap, book, link, value)


def _closing(swap: Swap, book: LeaseBook, link: MeterLink, value: Decimal) -> Reckoned:
    """The old counter ran on from its last reading to the value."""
    last = swap.last
    if last is None or last.lease_id != book.lease.id:
        raise NobodyToCharge
    at = max(swap.ends_at, last.point.at + INSTANT)
    typed = _typed(swap.old, book, RegisterPoint(at=at, value=value))
    return _between(book, link, last, typed, typed=typed, end=SwapEnd.CLOSING)


def _opening(swap: Swap, book: LeaseBook, link: MeterLink, value: Decimal) -> Reckoned:
    """The new counter ran from the value to its first reading, or will."""
    first = swap.first
    if first is None:
        point = RegisterPoint(at=swap.new.opened_at, value=value)
        return Reckoned(typed=_typed(swap.new, book, point))
    if first.lease_id != book.lease.id:
        raise NobodyToCharge
    since = max(
        swap.old.closed_at or swap.old.opened_at,
        start_of(book.lease.occupancy.start_on, book.place.zone),
    )
    point = RegisterPoint(at=min(since, first.point.at - INSTANT), value=value)
    typed = _typed(swap.new, book, point)
    if value > first.point.value:
        raise EndContradicted(SwapEnd.OPENING, seen=first.point.value, unit=swap.meter.unit)
    return _between(book, link, typed, first, typed=typed, end=SwapEnd.OPENING)


def _between(
    book: LeaseBook, link: MeterLink, start: Reading, stop: Reading, *, typed: Reading, end: SwapEnd
) -> Reckoned:
    try:
        used = consumption_between(start.point, stop.point, link.meter.terms)
    except RegisterWentBackwards:
        seen = start.point.value
        raise EndContradicted(end, seen=seen, unit=link.meter.unit) from None
    elapsed = stop.point.at - start.point.at
    return Reckoned(
        typed=replace(typed, previous_value=start.point.value, consumption=used)
        if end is SwapEnd.CLOSING
        else typed,
        quantity=used,
        checked=_charged(book, link, start, stop),
        is_unlikely=not is_plausible(used, elapsed, link.meter.terms),
    )


def _charged(book: LeaseBook, link: MeterLink, start: Reading, stop: Reading) -> Check:
    """Charge between two readings whatever it comes to: a person has looked at it."""
    terms = replace(link.meter.terms, limit_per_hour=ANY_JUMP)
    between = replace(
        link,
        meter=replace(link.meter, terms=terms),
        installation_id=start.installation_id,
        anchor=start,
    )
    others = tuple(each for each in book.meters if each is not link)
    seen = Observation(
        lease_id=book.lease.id,
        meter_id=link.meter.id,
        device_id=link.device_id,
        at=stop.point.at,
        sightings=(Sighting(point=stop.point, type=stop.type),),
    )
    checked = check(replace(book, meters=(between, *others)), between, seen)
    if checked.outcome not in FINE and checked.outcome is not CheckOutcome.OFFLINE:
        raise ReadingInTheWay(checked.outcome, room=book.room.name)
    return checked


def _typed(installation: Installation, book: LeaseBook, point: RegisterPoint) -> Reading:
    return Reading(
        meter_id=installation.meter_id,
        installation_id=installation.id,
        point=point,
        type=ReadingType.MANUAL,
        lease_id=book.lease.id,
    )
