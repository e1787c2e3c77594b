"""Instants are UTC, days are those of the place's zone, periods are half-open. Rule 1.5."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """[start_at, end_at)."""

    start_at: datetime
    end_at: datetime

    def __post_init__(self) -> None:
        if self.end_at < self.start_at:
            raise PeriodEndsBeforeItStarts(self.start_at, self.end_at)

    def __contains__(self, at: datetime) -> bool:
        return self.start_at <= at < self.end_at


class PeriodEndsBeforeItStarts(ValueError):
    """A period was given in the wrong order."""

    def __init__(self, start_at: datetime, end_at: datetime) -> None:
        super().__init__(start_at, end_at)
        self.start_at = start_at
        self.end_at = end_at


class NaiveInstant(ValueError):
    """An instant without a zone would be guessed to be in the machine's. Rule 1.5."""


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """Return the day of the place in which the instant lies. Raises NaiveInstant."""
    if at.tzinfo is None:
        raise NaiveInstant(at)
    return at.astimezone(zone).date()


def at_local(on: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall-clock time in the place."""
    return datetime.combine(on, clock, zone).astimezone(UTC)


def start_of(on: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local day."""
    return at_local(on, time(0), zone)


def close_of(on: date, zone: ZoneInfo) -> datetime:
    """Return the close (24:00 local) of a day, i.e. the start of the next."""
    return start_of(on + timedelta(days=1), zone)


def first_of_month(on: date) -> date:
    """Return the first day of the month."""
    return on.replace(day=1)


def next_month(on: date) -> date:
    """Return the first day of the following month."""
    return (first_of_month(on) + timedelta(days=31)).replace(day=1)


def days_in_month(on: date) -> int:
    """Return the number of days of the month."""
    return (next_month(on) - first_of_month(on)).days


def days(from_on: date, to_on: date) -> Iterator[date]:
    """Yield the days from `from_on` up to, but not including, `to_on`."""
    for number in range((to_on - from_on).days):
        yield from_on + timedelta(days=number)


def boundary_days(start_at: datetime, end_at: datetime, zone: ZoneInfo) -> list[date]:
    """Return the days whose close lies strictly inside (start_at, end_at)."""
    first_on, last_on = local_date(start_at, zone), local_date(end_at, zone)
    return [on for on in days(first_on, last_on) if start_at < close_of(on, zone) < end_at]
