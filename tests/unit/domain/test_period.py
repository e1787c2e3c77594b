"""Rule 1.5: aware instants, local days, half-open periods."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.period import (
    NaiveInstant,
    Period,
    PeriodEndsBeforeItStarts,
    at_local,
    boundary_days,
    close_of,
    days,
    days_in_month,
    first_of_month,
    local_date,
    next_month,
    start_of,
)

KOLKATA = ZoneInfo("Asia/Kolkata")
PARIS = ZoneInfo("Europe/Paris")
ZONES = [
    KOLKATA,
    PARIS,
    ZoneInfo("America/New_York"),
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Beirut"),
    ZoneInfo("America/Havana"),
]
zones = st.sampled_from(ZONES)
dates = st.dates(date(2010, 1, 2), date(2035, 12, 30))
EPOCH = datetime(2010, 1, 2, tzinfo=UTC)
instants = st.integers(0, 26 * 365 * 86_400).map(lambda s: EPOCH + timedelta(seconds=s))


def test_a_period_holds_its_start_and_not_its_end() -> None:
    start = datetime(2024, 10, 25, tzinfo=UTC)
    period = Period(start_at=start, end_at=start + timedelta(days=1))
    assert start in period
    assert period.end_at - timedelta(microseconds=1) in period
    assert period.end_at not in period
    assert start - timedelta(microseconds=1) not in period


def test_a_period_cannot_end_before_it_starts() -> None:
    start = datetime(2024, 10, 25, tzinfo=UTC)
    with pytest.raises(PeriodEndsBeforeItStarts):
        Period(start_at=start, end_at=start - timedelta(microseconds=1))
    assert start not in Period(start_at=start, end_at=start)


@given(instants, st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_periods_end_to_end_hold_every_instant_once(start: datetime, gaps: list[int]) -> None:
    ends = [start]
    for seconds in gaps:
        ends.append(ends[-1] + timedelta(seconds=seconds))
    chain = [Period(start_at=a, end_at=b) for a, b in pairwise(ends)]
    for at in ends[:-1]:
        assert sum(at in period for period in chain) == (1 if at < ends[-1] else 0)


@given(dates, zones)
def test_the_close_of_a_day_is_the_start_of_the_next(on: date, zone: ZoneInfo) -> None:
    assert close_of(on, zone) == start_of(on + timedelta(days=1), zone)


@given(dates, zones)
def test_a_day_holds_exactly_its_instants_also_when_clocks_change(on: date, zone: ZoneInfo) -> None:
    first, last = start_of(on, zone), close_of(on, zone) - timedelta(microseconds=1)
    assert local_date(first, zone) == local_date(last, zone) == on
    assert local_date(first - timedelta(microseconds=1), zone) == on - timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
)
def test_a_day_in_paris_has_as_many_hours_as_its_clock_says(on: date, hours: int) -> None:
    assert close_of(on, PARIS) - start_of(on, PARIS) == timedelta(hours=hours)


def test_instants_are_returned_in_utc() -> None:
    assert at_local(date(2024, 10, 26), time(23, 59), KOLKATA).utcoffset() == timedelta(0)
    assert at_local(date(2024, 10, 26), time(23, 59), KOLKATA) == datetime(
        2024, 10, 26, 18, 29, tzinfo=UTC
    )


def test_an_instant_just_before_midnight_in_india_lies_in_that_day() -> None:
    assert local_date(datetime(2024, 10, 26, 18, 29, 59, tzinfo=UTC), KOLKATA) == date(2024, 10, 26)
    assert local_date(datetime(2024, 10, 26, 18, 30, tzinfo=UTC), KOLKATA) == date(2024, 10, 27)


def test_an_instant_without_a_zone_is_refused_and_not_guessed() -> None:
    with pytest.raises(NaiveInstant):
        local_date(datetime(2024, 10, 26), KOLKATA)  # noqa: DTZ001


@given(dates)
def test_months_follow_each_other_without_gap(on: date) -> None:
    first = first_of_month(on)
    assert first.day == 1
    assert first <= on < next_month(on)
    assert first + timedelta(days=days_in_month(on)) == next_month(on)
    assert first_of_month(next_month(on) - timedelta(days=1)) == first


def test_february_has_its_leap_day() -> None:
    assert days_in_month(date(2024, 2, 10)) == 29
    assert days_in_month(date(2025, 2, 10)) == 28


def test_days_are_half_open_and_none_when_the_order_is_wrong() -> None:
    first = date(2024, 10, 30)
    assert list(days(first, date(2024, 11, 2))) == [first, date(2024, 10, 31), date(2024, 11, 1)]
    assert list(days(first, first)) == []
    assert list(days(first, date(2024, 10, 1))) == []


@given(instants, st.integers(0, 20 * 24 * 3600), zones)
def test_boundary_days_are_those_that_close_strictly_inside(
    start: datetime, seconds: int, zone: ZoneInfo
) -> None:
    end = start + timedelta(seconds=seconds)
    first_on, last_on = local_date(start, zone), local_date(end, zone)
    around = days(first_on - timedelta(days=2), last_on + timedelta(days=2))
    inside = [on for on in around if start < close_of(on, zone) < end]
    assert boundary_days(start, end, zone) == inside


def test_a_span_that_ends_at_midnight_is_not_split_there() -> None:
    midnight = start_of(date(2024, 11, 1), KOLKATA)
    day_before = midnight - timedelta(hours=24)
    assert boundary_days(day_before, midnight, KOLKATA) == []
    assert boundary_days(day_before, midnight + timedelta(seconds=1), KOLKATA) == [
        date(2024, 10, 31)
    ]
