"""Rule 5.1 and the days of a lease."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lease import (
    CheckInterval,
    LeaseEndsBeforeItStarts,
    Occupancy,
    latest_check_at,
    next_check_at,
)
from bot.domain.period import days_in_month, local_date
from tests.unit.domain.test_period import KOLKATA, PARIS, dates, instants, zones

CLOCK = time(23, 59)
intervals = st.sampled_from(CheckInterval)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


def india(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return an instant of November 2024, which began on a Friday."""
    return datetime(2024, 11, day, hour, minute, second, tzinfo=KOLKATA).astimezone(UTC)


def latest(now: datetime, interval: CheckInterval, zone: ZoneInfo = KOLKATA) -> datetime:
    return latest_check_at(now, interval, CLOCK, zone)


class TestLatestCheck:
    """Rule 5.1: hourly, daily at 23:59 local, weekly."""

    def test_a_daily_check_is_due_at_23_59_and_not_a_second_before(self) -> None:
        assert latest(india(12, 23, 59), CheckInterval.DAILY) == india(12, 23, 59)
        assert latest(india(12, 23, 58, 59), CheckInterval.DAILY) == india(11, 23, 59)
        assert latest(india(13, 0), CheckInterval.DAILY) == india(12, 23, 59)

    def test_an_hourly_check_falls_on_the_full_hour_of_the_place(self) -> None:
        assert latest(india(12, 18, 47, 5), CheckInterval.HOURLY) == india(12, 18)
        assert latest(india(12, 18), CheckInterval.HOURLY) == india(12, 18)

    def test_an_hourly_check_closes_the_day(self) -> None:
        assert latest(india(13, 0, 20), CheckInterval.HOURLY) == india(13, 0)

    @pytest.mark.parametrize(
        ("now", "checked"),
        [
            (india(10, 23, 59), india(10, 23, 59)),
            (india(10, 23, 58), india(3, 23, 59)),
            (india(11, 0), india(10, 23, 59)),
            (india(16, 23, 59), india(10, 23, 59)),
            (india(17, 23, 59), india(17, 23, 59)),
        ],
    )
    def test_a_weekly_check_falls_on_sunday(self, now: datetime, checked: datetime) -> None:
        assert latest(now, CheckInterval.WEEKLY) == checked

    def test_a_check_time_that_the_clock_skips_or_repeats_comes_once_a_day(self) -> None:
        for on, hour_utc in ((date(2026, 3, 29), 1), (date(2026, 10, 25), 0)):
            evening = datetime(on.year, on.month, on.day, 20, tzinfo=UTC)
            due = latest_check_at(evening, CheckInterval.DAILY, time(2, 30), PARIS)
            assert due == evening.replace(hour=hour_utc, minute=30)

    @given(instants, intervals, clocks, zones)
    def test_the_latest_check_is_not_later_than_now_and_not_older_than_one_interval(
        self, now: datetime, interval: CheckInterval, clock: time, zone: ZoneInfo
    ) -> None:
        due = latest_check_at(now, interval, clock, zone)
        longer_when_clocks_change = timedelta(hours=1)
        assert timedelta(0) <= now - due < interval.length + longer_when_clocks_change
        assert due.utcoffset() == timedelta(0)

    @given(instants, intervals, clocks, zones)
    def test_a_check_is_its_own_latest_so_that_it_is_claimed_once(
        self, now: datetime, interval: CheckInterval, clock: time, zone: ZoneInfo
    ) -> None:
        due = latest_check_at(now, interval, clock, zone)
        assert latest_check_at(due, interval, clock, zone) == due

    @given(instants, st.integers(0, 10**6), intervals, clocks, zones)
    def test_checks_never_go_back(
        self, now: datetime, seconds: int, interval: CheckInterval, clock: time, zone: ZoneInfo
    ) -> None:
        later = now + timedelta(seconds=seconds)
        assert latest_check_at(now, interval, clock, zone) <= latest_check_at(
            later, interval, clock, zone
        )

    @given(instants, clocks, zones)
    def test_the_zone_in_which_now_is_written_does_not_matter(
        self, now: datetime, clock: time, zone: ZoneInfo
    ) -> None:
        for interval in CheckInterval:
            assert latest_check_at(now.astimezone(PARIS), interval, clock, zone) == (
                latest_check_at(now, interval, clock, zone)
            )

    def test_every_interval_has_its_length(self) -> None:
        assert {interval: interval.length for interval in CheckInterval} == {
            CheckInterval.HOURLY: timedelta(hours=1),
            CheckInterval.DAILY: timedelta(days=1),
            CheckInterval.WEEKLY: timedelta(days=7),
        }


class TestNextCheck:
    """Rule 5.1, looked at from before."""

    @pytest.mark.parametrize(
        ("at", "interval", "due"),
        [
            (india(12, 23, 59), CheckInterval.DAILY, india(12, 23, 59)),
            (india(12, 23, 59, 1), CheckInterval.DAILY, india(13, 23, 59)),
            (india(13, 0), CheckInterval.DAILY, india(13, 23, 59)),
            (india(12, 18), CheckInterval.HOURLY, india(12, 18)),
            (india(12, 18, 1), CheckInterval.HOURLY, india(12, 19)),
            (india(12, 23, 30), CheckInterval.HOURLY, india(13, 0)),
            (india(10, 23, 59), CheckInterval.WEEKLY, india(10, 23, 59)),
            (india(11, 9), CheckInterval.WEEKLY, india(17, 23, 59)),
        ],
    )
    def test_it_is_the_first_at_or_after_an_instant(
        self, at: datetime, interval: CheckInterval, due: datetime
    ) -> None:
        assert next_check_at(at, interval, CLOCK, KOLKATA) == due

    @given(instants, intervals, clocks, zones)
    def test_it_is_a_check_and_there_is_none_before_it(
        self, at: datetime, interval: CheckInterval, clock: time, zone: ZoneInfo
    ) -> None:
        due = next_check_at(at, interval, clock, zone)
        just_before = due - timedelta(microseconds=1)
        assert due >= at
        assert latest_check_at(due, interval, clock, zone) == due
        assert latest_check_at(just_before, interval, clock, zone) < at


class TestOccupancy:
    """Rule 4.2: the first and the last month count by days."""

    def test_the_first_and_last_month_are_partly_of_the_lease(self) -> None:
        stay = Occupancy(start_on=date(2024, 10, 25), end_on=date(2024, 12, 11))
        assert stay.days_of_month(date(2024, 10, 3)) == (date(2024, 10, 25), date(2024, 11, 1))
        assert stay.share_of_month(date(2024, 10, 1)) == Fraction(7, 31)
        assert stay.share_of_month(date(2024, 11, 1)) == 1
        assert stay.share_of_month(date(2024, 12, 1)) == Fraction(10, 31)

    def test_months_before_and_after_are_not_of_the_lease(self) -> None:
        stay = Occupancy(start_on=date(2024, 10, 25), end_on=date(2024, 12, 1))
        assert stay.share_of_month(date(2024, 9, 1)) == 0
        assert stay.share_of_month(date(2024, 12, 1)) == 0
        assert stay.share_of_month(date(2025, 6, 1)) == 0

    @given(dates, st.integers(0, 400))
    def test_the_shares_of_all_months_add_up_to_the_days_of_the_lease(
        self, start_on: date, length: int
    ) -> None:
        stay = Occupancy(start_on=start_on, end_on=start_on + timedelta(days=length))
        months = {(start_on + timedelta(days=n)).replace(day=1) for n in range(length + 1)}
        assert sum(stay.share_of_month(m) * days_in_month(m) for m in months) == length

    def test_a_lease_cannot_end_before_it_starts(self) -> None:
        with pytest.raises(LeaseEndsBeforeItStarts):
            Occupancy(start_on=date(2024, 10, 25), end_on=date(2024, 10, 24))


def test_the_local_day_of_a_daily_check_is_the_day_it_closes() -> None:
    due = latest(india(13, 9), CheckInterval.DAILY)
    assert local_date(due, KOLKATA) == date(2024, 11, 12)
