"""Shared use split among rooms by a key, to the paisa. Rules 8.2 and 8.3."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bot.domain.lease import Occupancy
from bot.domain.meter import SplitKey
from bot.domain.period import days

WHOLE = Decimal(1)


class NothingToSplitBy(ValueError):
    """No room weighs anything by this key, so nobody would pay."""

    def __init__(self, key: SplitKey) -> None:
        super().__init__(key)
        self.key = key


class MeasureUnknown(LookupError):
    """Of these rooms nobody has said how many people or how large they are."""

    def __init__(self, key: SplitKey, rooms: tuple[str, ...]) -> None:
        super().__init__(key, rooms)
        self.key = key
        self.rooms = rooms


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days of which the use is split, both inclusive."""

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.to_on < self.from_on:
            raise SpanEndsBeforeItStarts(self.from_on, self.to_on)

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.to_on - self.from_on).days + 1

    def has(self, on: date) -> bool:
        """Return whether a day is one of them."""
        return self.from_on <= on <= self.to_on

    def overlaps(self, other: "Span") -> bool:
        """Return whether two spans have a day in common."""
        return self.from_on <= other.to_on and other.from_on <= self.to_on


class SpanEndsBeforeItStarts(ValueError):
    """The days were given in the wrong order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A lease of a room. `measure` is its own where the key needs one of each lease: what its
    meter counted, or its ratio of the whole."""

    lease_id: int
    tenant: str
    occupancy: Occupancy
    measure: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRoom:
    """A room that has a part. `measure` is of the room: people, square metres; None = unknown.

    `vacant_measure` is what its meter counted while nobody rented it.
    """

    room_id: int
    name: str
    stays: tuple[Stay, ...] = ()
    measure: Decimal | None = None
    vacant_measure: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who has a part, and how it weighs; `lease_id` is None for the owner, `room_id` too where the
    owner's part is of no room."""

    room_id: int | None
    lease_id: int | None
    room: str
    tenant: str | None
    days: int
    measure: Decimal
    weight: Decimal

    @property
    def order(self) -> tuple[int, int]:
        """What decides between equal remainders, whatever the order of the rooms."""
        return (self.room_id or 0, self.lease_id or 0)


def claims(key: SplitKey, rooms: Sequence[SharedRoom], span: Span) -> tuple[Claim, ...]:
    """Return who has a part by a key, and the owner for each room while nobody rented it.

    Equal parts, people and areas count by days of occupancy; what a meter counted was counted in
    those days and is not weighed by them again. Fixed ratios count by days, and what nobody had of
    a day is the owner's. Raises MeasureUnknown and NothingToSplitBy.
    """
    if key in {SplitKey.HEADCOUNT, SplitKey.FLOOR_AREA}:
        _require_known(key, rooms)
    found = _by_ratio(rooms, span) if key is SplitKey.FIXED_RATIO else _by_room(key, rooms, span)
    held = tuple(each for each in found if each.days)
    if not any(each.weight for each in held):
        raise NothingToSplitBy(key)
    return held


def split(amount: int, weights: Sequence[Decimal], order: Sequence[object]) -> tuple[int, ...]:
    """Return whole parts of an amount that sum to it exactly: the largest remainders get the rest.

    Of equal remainders the first in `order` comes first, so that parts do not depend on the order
    of the weights. Rule 8.3.
    """
    total = sum((Fraction(each) for each in weights), Fraction(0))
    exact = [Fraction(amount) * Fraction(each) / total for each in weights]
    parts = [each.__floor__() for each in exact]
    ranked = sorted(
        (at for at, weight in enumerate(weights) if weight),
        key=lambda at: (parts[at] - exact[at], order[at]),
    )
    for at in ranked[: amount - sum(parts)]:
        parts[at] += 1
    return tuple(parts)


def days_held(room: SharedRoom, span: Span) -> Mapping[int | None, int]:
    """Return on how many days each lease had a room; those of nobody are the owner's (None)."""
    found: dict[int | None, int] = {}
    left = set(_days(span))
    for stay in room.stays:
        own = {on for on in _days(span) if rents(stay.occupancy, on)}
        found[stay.lease_id] = len(own)
        left -= own
    return {**found, None: len(left)}


def rents(occupancy: Occupancy, on: date) -> bool:
    """Return whether a day is one of a lease's."""
    return occupancy.start_on <= on and (occupancy.end_on is None or on < occupancy.end_on)


def _days(span: Span) -> Iterator[date]:
    yield from days(span.from_on, span.to_on)
    yield span.to_on


def _require_known(key: SplitKey, rooms: Iterable[SharedRoom]) -> None:
    unknown = tuple(each.name for each in rooms if each.measure is None)
    if unknown:
        raise MeasureUnknown(key, unknown)


def _by_room(key: SplitKey, rooms: Sequence[SharedRoom], span: Span) -> Iterator[Claim]:
    for room in rooms:
        held = days_held(room, span)
        for stay in room.stays:
            measure = _measure(key, room, stay.measure)
            yield _claim(key, room, stay, held[stay.lease_id], measure)
        yield _claim(key, room, None, held[None], _measure(key, room, room.vacant_measure))


def _measure(key: SplitKey, room: SharedRoom, counted: Decimal | None) -> Decimal:
    if key is SplitKey.OWN_CONSUMPTION:
        return counted or Decimal(0)
    return WHOLE if key is SplitKey.EQUAL else room.measure or Decimal(0)


def _claim(
    key: SplitKey, room: SharedRoom, stay: Stay | None, held: int, measure: Decimal
) -> Claim:
    is_timed = key is not SplitKey.OWN_CONSUMPTION
    return Claim(
        room_id=room.room_id,
        lease_id=None if stay is None else stay.lease_id,
        room=room.name,
        tenant=None if stay is None else stay.tenant,
        days=held,
        measure=measure,
        weight=measure * held if is_timed else measure,
    )


def _by_ratio(rooms: Sequence[SharedRoom], span: Span) -> Iterator[Claim]:
    stays = [(room, stay) for room in rooms for stay in room.stays]
    for room, stay in stays:
        held = days_held(room, span)[stay.lease_id]
        yield _claim(SplitKey.FIXED_RATIO, room, stay, held, stay.measure or Decimal(0))
    nobodys = [_nobodys(stays, on) for on in _days(span)]
    left = sum(nobodys, Decimal(0))
    yield Claim(
        room_id=None,
        lease_id=None,
        room="",
        tenant=None,
        days=sum(each > 0 for each in nobodys),
        measure=max(nobodys),
        weight=left,
    )


def _nobodys(stays: Iterable[tuple[SharedRoom, Stay]], on: date) -> Decimal:
    """Return what of the whole no lease had on a day."""
    taken = (stay.measure or Decimal(0) for _, stay in stays if rents(stay.occupancy, on))
    return max(WHOLE - sum(taken, Decimal(0)), Decimal(0))
