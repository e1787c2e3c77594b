"""When readings are due: days of the month, over its end, in the zone of the place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meter import MeterSheet, MeterStatus, ServiceKind
from bot.domain.metering import MeterTerms, MeterType
from bot.domain.period import next_month
from bot.domain.reading_window import (
    LONGEST_WINDOW,
    DueDays,
    NotAWindow,
    ReadingWindow,
    closed_days,
    due_days,
    is_due,
    open_days,
)

KOLKATA = ZoneInfo("Asia/Kolkata")
NEW_YORK = ZoneInfo("America/New_York")
LATE = ReadingWindow(first_day=25, last_day=28)
OVER_THE_END = ReadingWindow(first_day=28, last_day=3)
AT_THE_END = ReadingWindow(first_day=30, last_day=31)
SHEET = MeterSheet(
    id=1,
    place_id=1,
    room_id=1,
    name="Gas",
    type=MeterType.GAS,
    unit="m³",
    service=ServiceKind.GAS,
    terms=MeterTerms(),
)


def on(text: str) -> date:
    return date.fromisoformat(text)


def span(first: str, last: str) -> DueDays:
    return DueDays(first_on=on(first), last_on=on(last))


windows = (
    st.tuples(st.integers(1, 31), st.integers(0, LONGEST_WINDOW - 1))
    .map(lambda told: (told[0], (told[0] + told[1] - 1) % 31 + 1))
    .map(lambda told: ReadingWindow(first_day=told[0], last_day=told[1]))
)
dates = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("window", "day", "expected"),
    [
        (LATE, "2026-11-24", span("2026-10-25", "2026-10-28")),
        (LATE, "2026-11-25", span("2026-11-25", "2026-11-28")),
        (LATE, "2026-12-24", span("2026-11-25", "2026-11-28")),
        (OVER_THE_END, "2026-12-31", span("2026-12-28", "2027-01-03")),
        (OVER_THE_END, "2027-01-03", span("2026-12-28", "2027-01-03")),
        (OVER_THE_END, "2027-03-01", span("2027-02-28", "2027-03-03")),
        (AT_THE_END, "2027-02-28", span("2027-02-28", "2027-02-28")),
        (AT_THE_END, "2028-02-29", span("2028-02-29", "2028-02-29")),
        (AT_THE_END, "2026-11-30", span("2026-11-30", "2026-11-30")),
        (None, "2027-02-10", span("2027-02-01", "2027-02-28")),
    ],
)
def test_the_latest_window_is_the_one_that_has_begun(
    window: ReadingWindow | None, day: str, expected: DueDays
) -> None:
    assert due_days(window, on(day)) == expected


def test_a_window_is_open_on_its_first_and_last_day_only_in_between() -> None:
    days = ["2026-11-24", "2026-11-25", "2026-11-28", "2026-11-29"]
    assert [open_days(LATE, on(day)) is not None for day in days] == [False, True, True, False]
    assert open_days(None, on("2026-11-25")) is None


@given(window=windows, day=dates)
def test_a_window_has_begun_and_the_next_one_has_not(window: ReadingWindow, day: date) -> None:
    found = due_days(window, day)
    assert found.first_on <= day
    assert found.first_on <= found.last_on <= found.first_on + timedelta(days=LONGEST_WINDOW)
    later = window.days_of(next_month(found.first_on))
    assert later.first_on > max(found.last_on, day)


@given(window=windows, day=dates)
def test_every_day_of_a_window_lies_in_it(window: ReadingWindow, day: date) -> None:
    found = due_days(window, day)
    one = found.first_on
    while one <= found.last_on:
        assert open_days(window, one) == found
        one += timedelta(days=1)


@pytest.mark.parametrize("days", [(0, 3), (1, 32), (1, 16), (20, 10)])
def test_no_days_of_a_month_or_too_many_are_no_window(days: tuple[int, int]) -> None:
    with pytest.raises(NotAWindow):
        ReadingWindow(first_day=days[0], last_day=days[1])


def test_windows_that_are_over_come_in_order_up_to_as_many_as_asked_for() -> None:
    found = list(closed_days(LATE, on("2026-11-29"), most=2))
    assert found == [span("2026-10-25", "2026-10-28"), span("2026-11-25", "2026-11-28")]
    assert list(closed_days(LATE, on("2026-11-28"), most=1)) == [span("2026-10-25", "2026-10-28")]


def test_what_was_over_when_a_window_was_set_was_never_asked_for() -> None:
    window = replace(LATE, since_on=on("2026-10-28"))
    assert list(closed_days(window, on("2026-12-01"), most=9)) == [
        span("2026-10-25", "2026-10-28"),
        span("2026-11-25", "2026-11-28"),
    ]
    assert (
        list(closed_days(replace(LATE, since_on=on("2026-11-29")), on("2026-12-01"), most=9)) == []
    )


def test_when_it_was_set_is_no_difference_between_windows() -> None:
    assert replace(LATE, since_on=on("2026-11-29")) == LATE


@pytest.mark.parametrize(("zone", "due"), [(KOLKATA, False), (NEW_YORK, True)])
def test_the_day_of_the_place_decides_whether_a_reading_is_of_the_window(
    zone: ZoneInfo, due: bool
) -> None:
    midnight_in_kolkata = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    days = due_days(LATE, on("2026-11-26"))
    assert is_due(SHEET, read_at=midnight_in_kolkata, since=days, zone=zone) is due


def test_a_window_closes_when_its_last_day_is_over_where_the_place_is() -> None:
    days = due_days(LATE, on("2026-11-26"))
    assert days.closes_at(KOLKATA) == datetime(2026, 11, 28, 18, 30, tzinfo=UTC)
    assert days.closes_at(NEW_YORK) == datetime(2026, 11, 29, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sheet", "due"),
    [
        (SHEET, True),
        (replace(SHEET, udf1="lakeside.room-302"), False),
        (replace(SHEET, status=MeterStatus.FAULTY), False),
        (replace(SHEET, status=MeterStatus.RETIRED), False),
    ],
)
def test_only_a_meter_in_use_that_no_device_tells_is_read_by_people(
    sheet: MeterSheet, due: bool
) -> None:
    days = due_days(LATE, on("2026-11-26"))
    assert is_due(sheet, read_at=None, since=days, zone=KOLKATA) is due
