"""Shared use split among rooms by a key, to the paisa. Rules 8.2 and 8.3."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from bot.domain.lease import Occupancy
from bot.domain.meter import SplitKey
from bot.domain.period import days
from bot.domain.room_size import Sizes, size_on

WHOLE, NONE = Decimal(1), Decimal(0)
_SIZED = frozenset({SplitKey.HEADCOUNT, SplitKey.FLOOR_AREA})


class NothingToSplitBy(ValueError):
    """No room weighs anything by this key, so nobody would pay."""

    def __init__(self, key: SplitKey) -> None:
        super().__init__(key)
        self.key = key


class MeasureUnknown(LookupError):
    """Of these rooms nobody has said how many people or how large they are, or not of all days."""

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
    """A room that has a part. `sizes` are people, or square metres, as the key asks.

    `vacant_measure` is what its meter counted while nobody rented it.
    """

    room_id: int
    name: str
    stays: tuple[Stay, ...] = ()
    sizes: Sizes = ()
    vacant_measure: Decimal = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days of somebody's, one after another, that weigh the same each."""

    days: int
    measure: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who has a part, and how it weighs; `lease_id` is None for the owner, `room_id` too where the
    owner's part is of no room."""

    room_id: int | None
    lease_id: int | None
    room: str
    tenant: str | None
    stretches: tuple[Stretch, ...]
    weight: Decimal

    @property
    def days(self) -> int:
        """How many days count."""
        return sum(each.days for each in self.stretches)

    @property
    def order(self) -> tuple[int, int]:
        """What decides between equal remainders, whatever the order of the rooms."""
        return (self.room_id or 0, self.lease_id or 0)


def claims(key: SplitKey, rooms: Sequence[SharedRoom], span: Span) -> tuple[Claim, ...]:
    """Return who has a part by a key, and the owner for each room while nobody rented it.

    Equal parts, people and areas count by days of occupancy, each day by its own size; what a meter
    counted was counted in those days and is not weighed by them again. Fixed ratios count by days,
    and what nobody had of a day is the owner's. Raises MeasureUnknown and NothingToSplitBy.
    """
    if key in _SIZED:
        _require_known(key, rooms, span)
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


def days_held(room: SharedRoom, span: Span) -> Mapping[int | None, Sequence[date]]:
    """Return the days on which each lease had a room; those of nobody are the owner's (None)."""
    every = tuple(_days(span))
    found: dict[int | None, Sequence[date]] = {
        stay.lease_id: [on for on in every if rents(stay.occupancy, on)] for stay in room.stays
    }
    taken = {on for own in found.values() for on in own}
    return {**found, None: [on for on in every if on not in taken]}


def rents(occupancy: Occupancy, on: date) -> bool:
    """Return whether a day is one of a lease's."""
    return occupancy.start_on <= on and (occupancy.end_on is None or on < occupancy.end_on)


def _days(span: Span) -> Iterator[date]:
    yield from days(span.from_on, span.to_on)
    yield span.to_on


def _require_known(key: SplitKey, rooms: Iterable[SharedRoom], span: Span) -> None:
    unknown = tuple(each.name for each in rooms if size_on(each.sizes, span.from_on) is None)
    if unknown:
        raise MeasureUnknown(key, unknown)


def _by_room(key: SplitKey, rooms: Sequence[SharedRoom], span: Span) -> Iterator[Claim]:
    for room in rooms:
        held = days_held(room, span)
        for stay in room.stays:
            own = held[stay.lease_id]
            yield _claim(key, room, stay, _stretches(key, room, own, stay.measure))
        vacant = _stretches(key, room, held[None], room.vacant_measure)
        yield _claim(key, room, None, vacant)


def _stretches(
    key: SplitKey, room: SharedRoom, own: Sequence[date], counted: Decimal | None
) -> tuple[Stretch, ...]:
    if key in _SIZED:
        return _runs(size.value for on in own if (size := size_on(room.sizes, on)) is not None)
    return _runs([WHOLE if key is SplitKey.EQUAL else counted or NONE] * len(own))


def _runs(measures: Iterable[Decimal]) -> tuple[Stretch, ...]:
    """Return the stretches of what days weigh, one by one."""
    runs = ((measure, sum(1 for _ in same)) for measure, same in groupby(measures))
    return tuple(Stretch(days=count, measure=measure) for measure, count in runs)


def _claim(
    key: SplitKey, room: SharedRoom, stay: Stay | None, stretches: tuple[Stretch, ...]
) -> Claim:
    is_timed = key is not SplitKey.OWN_CONSUMPTION
    return Claim(
        room_id=room.room_id,
        lease_id=None if stay is None else stay.lease_id,
        room=room.name,
        tenant=None if stay is None else stay.tenant,
        stretches=stretches,
        weight=sum((each.measure * (each.days if is_timed else 1) for each in stretches), NONE),
    )


def _by_ratio(rooms: Sequence[SharedRoom], span: Span) -> Iterator[Claim]:
    stays = [(room, stay) for room in rooms for stay in room.stays]
    for room, stay in stays:
        own = days_held(room, span)[stay.lease_id]
        ratio = _stretches(SplitKey.FIXED_RATIO, room, own, stay.measure)
        yield _claim(SplitKey.FIXED_RATIO, room, stay, ratio)
    left = _runs(each for each in (_nobodys(stays, on) for on in _days(span)) if each)
    yield Claim(
        room_id=None,
        lease_id=None,
        room="",
        tenant=None,
        stretches=left,
        weight=sum((each.measure * each.days for each in left), NONE),
    )


def _nobodys(stays: Iterable[tuple[SharedRoom, Stay]], on: date) -> Decimal:
    """Return what of the whole no lease had on a day."""
    taken = (stay.measure or NONE for _, stay in stays if rents(stay.occupancy, on))
    return max(WHOLE - sum(taken, NONE), NONE)
