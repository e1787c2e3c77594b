"""What a meter counted between two instants, across its installations. Rules 3.1, 3.4 and 8.4."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.deduction import CLOSE_STEP
from bot.domain.metering import (
    InstantOutside,
    MeterTerms,
    RegisterPoint,
    RegisterWentBackwards,
    consumption_between,
    interpolate,
)

LONGEST_GAP = timedelta(days=62)
"""Between readings further apart than that nothing is reckoned evenly."""
A_DAY = timedelta(days=1)


class CounterUnknown(LookupError):
    """No reading tells what the meter showed at an instant."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One installation of a meter: its points, oldest first, and how they are read.

    `agreed` are values that were settled before: they hold, whatever was read since.
    `is_by_hand`: a reading of the last day of a span stands for the close of it.
    """

    installation_id: int
    points: tuple[RegisterPoint, ...]
    terms: MeterTerms
    is_closed: bool = False
    is_by_hand: bool = False
    agreed: Mapping[datetime, Decimal] | None = None

    def at(self, at: datetime) -> RegisterPoint:
        """Return what it showed at an instant; between readings as if used evenly.

        Raises CounterUnknown.
        """
        agreed = (self.agreed or {}).get(at)
        if agreed is not None:
            return RegisterPoint(at=at, value=agreed)
        index = bisect_right([each.at for each in self.points], at)
        before = self.points[index - 1] if index else None
        after = self.points[index] if index < len(self.points) else None
        if before is not None and before.at == at:
            return before
        if before is None:
            raise CounterUnknown(at)
        if after is None:
            if self.is_by_hand and at - before.at <= A_DAY:
                return RegisterPoint(at=at, value=before.value)
            raise CounterUnknown(at)
        return self._between(before, after, at)

    def _between(self, before: RegisterPoint, after: RegisterPoint, at: datetime) -> RegisterPoint:
        if after.at - before.at > LONGEST_GAP:
            raise CounterUnknown(at)
        try:
            return interpolate(before, after, at, self.terms)
        except (InstantOutside, RegisterWentBackwards):
            raise CounterUnknown(at) from None

    def is_known_closely(self, at: datetime) -> bool:
        """Return whether readings within a day on both sides tell what it showed."""
        if at in (self.agreed or {}):
            return True
        index = bisect_right([each.at for each in self.points], at)
        if index and self.points[index - 1].at == at:
            return True
        return 0 < index < len(self.points) and (
            self.points[index].at - self.points[index - 1].at <= A_DAY + A_DAY / 24
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What was counted up to each of some instants, since the first of them.

    `ends` are the installation and the counter at the last one.
    """

    counted: tuple[Decimal, ...]
    first: RegisterPoint
    last: RegisterPoint
    installation_id: int


def use_between(counters: Sequence[Counter], instants: Sequence[datetime]) -> Use:
    """Return what a meter counted at instants, the first of which begins the use.

    A meter that was replaced counted in both its installations, and nothing between them. Raises
    CounterUnknown, and RegisterWentBackwards where nothing explains a fall.
    """
    start = _place_of(counters, instants[0])
    first = counters[start].at(instants[0])
    found: list[Decimal] = []
    reached, base, here = Decimal(0), first, start
    last = first
    for at in instants:
        there = max(_place_of(counters, at), here)
        while here < there:
            reached += _counted(base, counters[here].points[-1], counters[here].terms)
            here += 1
            base = counters[here].points[0]
        last = counters[here].at(at)
        found.append(reached + _counted(base, last, counters[here].terms))
    return Use(
        counted=tuple(found),
        first=first,
        last=last,
        installation_id=counters[here].installation_id,
    )


def _counted(before: RegisterPoint, after: RegisterPoint, terms: MeterTerms) -> Decimal:
    """Closes of days are told more coarsely than readings: a fall of less than that is none."""
    if 0 < before.value - after.value < CLOSE_STEP:
        return Decimal(0)
    return consumption_between(before, after, terms)


def _place_of(counters: Sequence[Counter], at: datetime) -> int:
    """Return which installation counted at an instant: the last one that was read by then."""
    begun = [
        index for index, each in enumerate(counters) if each.points and each.points[0].at <= at
    ]
    if not begun:
        raise CounterUnknown(at)
    here = begun[-1]
    is_over = counters[here].is_closed and counters[here].points[-1].at < at
    is_followed = here + 1 < len(counters) and bool(counters[here + 1].points)
    return here + 1 if is_over and is_followed else here
