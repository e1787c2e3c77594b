"""When jobs are due: each function finds the newest slot at or before an instant."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.lease import CheckInterval, latest_check_at
from bot.jobs.job import Slots

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def every(period: timedelta) -> Slots:
    """Return slots that are evenly spaced."""

    def slots(now: datetime, _zones: Collection[ZoneInfo]) -> datetime:
        return now - (now - _EPOCH) % period

    return slots


def daily(at: time, zone: ZoneInfo) -> Slots:
    """Return one slot a day, at a time of the wall clock."""

    def slots(now: datetime, _zones: Collection[ZoneInfo]) -> datetime:
        return latest_check_at(now, CheckInterval.DAILY, at, zone)

    return slots


def daily_everywhere(at: time, zone: ZoneInfo) -> Slots:
    """Return one slot a day, at a time of the wall clock, for each zone with places."""

    def slots(now: datetime, zones: Collection[ZoneInfo]) -> datetime:
        return max(latest_check_at(now, CheckInterval.DAILY, at, each) for each in {*zones, zone})

    return slots


def checks(check_time: time, zone: ZoneInfo) -> Slots:
    """Return the instants at which some lease may be due, in any zone. Rule 5.1."""

    def slots(now: datetime, zones: Collection[ZoneInfo]) -> datetime:
        return max(
            latest_check_at(now, interval, check_time, each)
            for each in {*zones, zone}
            for interval in (CheckInterval.HOURLY, CheckInterval.DAILY)
        )

    return slots
