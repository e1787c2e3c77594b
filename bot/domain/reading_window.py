"""The days of a month on which meters are read by people, and which of them still have to be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.meter import MeterSheet, MeterStatus
from bot.domain.period import close_of, days_in_month, first_of_month, next_month, start_of

LAST_DAY = 31
LONGEST_WINDOW = 15
"""Days: a longer one would hardly leave a time at which nothing is due."""
DAY = timedelta(days=1)


class NotAWindow(ValueError):
    """These are no days of a month, or too many of them."""

    def __init__(self, first_day: int, last_day: int) -> None:
        super().__init__(first_day, last_day)
        self.first_day = first_day
        self.last_day = last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWindow:
    """Days of every month, both included; 28–3 goes over its end, and a 31st is its last day.

    `since_on` is when it was set: what was over before then was never asked for. Raises NotAWindow.
    """

    first_day: int
    last_day: int
    since_on: date | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        are_days = all(1 <= day <= LAST_DAY for day in (self.first_day, self.last_day))
        if not are_days or self._count > LONGEST_WINDOW:
            raise NotAWindow(self.first_day, self.last_day)

    @property
    def _count(self) -> int:
        return (self.last_day - self.first_day) % LAST_DAY + 1

    def days_of(self, month_on: date) -> "DueDays":
        """Return the window that begins in the month of a day."""
        month_on = first_of_month(month_on)
        ends_on = month_on if self.first_day <= self.last_day else next_month(month_on)
        return DueDays(
            first_on=_day(month_on, self.first_day), last_on=_day(ends_on, self.last_day)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDays:
    """One window: from one local day to another, both included."""

    first_on: date
    last_on: date

    def __contains__(self, on: date) -> bool:
        return self.first_on <= on <= self.last_on

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Return the first instant of it in the place."""
        return start_of(self.first_on, zone)

    def closes_at(self, zone: ZoneInfo) -> datetime:
        """Return the first instant after it in the place."""
        return close_of(self.last_on, zone)


def due_days(window: ReadingWindow | None, on: date) -> DueDays:
    """Return the latest window that has begun by a day: the one on, or the one that is over.

    Without a window it is the whole month.
    """
    if window is None:
        return DueDays(first_on=first_of_month(on), last_on=next_month(on) - DAY)
    this = window.days_of(on)
    return this if this.first_on <= on else window.days_of(first_of_month(on) - DAY)


def open_days(window: ReadingWindow | None, on: date) -> DueDays | None:
    """Return the window in which a day lies, if it lies in one."""
    if window is None:
        return None
    latest = due_days(window, on)
    return latest if on in latest else None


def closed_days(window: ReadingWindow, on: date, *, most: int) -> Iterator[DueDays]:
    """Yield the last windows that were over by a day, oldest first; none from before it was set."""
    found: list[DueDays] = []
    latest = due_days(window, on)
    while len(found) < most:
        if window.since_on is not None and latest.last_on < window.since_on:
            break
        if latest.last_on < on:
            found.append(latest)
        latest = window.days_of(first_of_month(latest.first_on) - DAY)
    yield from reversed(found)


def is_read_by_hand(sheet: MeterSheet) -> bool:
    """Return whether people have to read a meter: it is in use, and no device tells it."""
    return sheet.status is MeterStatus.ACTIVE and sheet.udf1 is None


def is_due(sheet: MeterSheet, *, read_at: datetime | None, since: DueDays, zone: ZoneInfo) -> bool:
    """Return whether a meter is to be read that a person read last at `read_at`, None: never."""
    if not is_read_by_hand(sheet):
        return False
    return read_at is None or read_at < since.starts_at(zone)


def _day(month_on: date, day: int) -> date:
    return month_on.replace(day=min(day, days_in_month(month_on)))
