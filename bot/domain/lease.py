"""Who rents a room, on what terms."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.domain.period import at_local, days_in_month, first_of_month, local_date, next_month
from bot.domain.protection import ProtectedHours


class BillingMode(Enum):
    """Paid before or after use."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


class CheckInterval(Enum):
    """How often a prepaid lease is checked. Rule 5.1."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def length(self) -> timedelta:
        """How long one interval lasts."""
        return {
            CheckInterval.HOURLY: timedelta(hours=1),
            CheckInterval.DAILY: timedelta(days=1),
            CheckInterval.WEEKLY: timedelta(weeks=1),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """The days of a lease: [start_on, end_on), without end while it runs."""

    start_on: date
    end_on: date | None = None

    def __post_init__(self) -> None:
        if self.end_on is not None and self.end_on < self.start_on:
            raise LeaseEndsBeforeItStarts(self.start_on, self.end_on)

    def has_ended_by(self, on: date) -> bool:
        """Return whether a day is after the last one of the lease."""
        return self.end_on is not None and on >= self.end_on

    def days_of_month(self, month_on: date) -> tuple[date, date]:
        """Return the days of the month in which the lease runs, as [from, to)."""
        from_on = max(first_of_month(month_on), self.start_on)
        to_on = next_month(month_on)
        return from_on, min(to_on, self.end_on) if self.end_on else to_on

    def share_of_month(self, month_on: date) -> Fraction:
        """Return the share of the month's days in which the lease runs."""
        from_on, to_on = self.days_of_month(month_on)
        return Fraction(max((to_on - from_on).days, 0), days_in_month(month_on))

    def slab_share(self, month_on: date) -> Fraction:
        """Return how wide slabs are in a month in which something was used. Rule 4.2.

        Who leaves on the first of a month has a day's width for what was used on it.
        """
        return self.share_of_month(month_on) or Fraction(1, days_in_month(month_on))


class LeaseEndsBeforeItStarts(ValueError):
    """A lease was given its days in the wrong order."""


def latest_check_at(
    now: datetime, interval: CheckInterval, check_time: time, zone: ZoneInfo
) -> datetime:
    """Return the latest scheduled check at or before now. Rule 5.1.

    Hourly checks fall on the full hours of the place, of which one closes the day, also where
    the zone is half an hour off; weekly checks fall on Sundays.
    """
    if interval is CheckInterval.HOURLY:
        clock = now.astimezone(zone)
        past = timedelta(minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
        return now.astimezone(UTC) - past
    today = local_date(now, zone)
    candidate = at_local(today, check_time, zone)
    if candidate > now:
        today -= timedelta(days=1)
    if interval is CheckInterval.WEEKLY:
        today -= timedelta(days=(today.weekday() + 1) % 7)
    return at_local(today, check_time, zone)


def next_check_at(
    at: datetime, interval: CheckInterval, check_time: time, zone: ZoneInfo
) -> datetime:
    """Return the first scheduled check at or after an instant. Rule 5.1."""
    latest = latest_check_at(at, interval, check_time, zone)
    if latest == at:
        return latest
    if interval is CheckInterval.HOURLY:
        return latest + interval.length
    return at_local(local_date(latest, zone) + interval.length, check_time, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who rents a room, and how they pay; money in paise.

    What is None follows the place, also when the place's rule changes later: `terms_of` tells
    what holds. Protected hours of its own may be none: an empty tuple. Rules 5.3 and 6.3.
    `tariff_id` is the tariff that the lease began with: it may have been given another since.
    `billing_since_at` is when a lease that was prepaid before became postpaid: no bill tells of
    what was charged until then.
    """

    id: int
    place_id: int
    room_id: int
    tenant_name: str
    phone: str | None
    mode: BillingMode
    occupancy: Occupancy
    tariff_id: int
    check_interval: CheckInterval
    cut_off_paise: int | None = None
    low_balance_paise: int | None = None
    emergency_credit_paise: int | None = None
    billing_day: int = 1
    is_protected: bool = False
    protected_hours: tuple[ProtectedHours, ...] | None = None
    grace_until: datetime | None = None
    billing_since_at: datetime | None = None
