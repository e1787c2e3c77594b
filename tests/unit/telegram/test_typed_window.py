"""Days of every month are understood in the ways in which people write them."""

import pytest

from bot.domain.reading_window import NotAWindow, ReadingWindow
from bot.telegram.staff.typed_window import NotDaysOfMonth, parse_window


@pytest.mark.parametrize(
    ("typed", "first_day", "last_day"),
    [
        ("25-28", 25, 28),
        (" 25 – 28 ", 25, 28),
        ("28 to 3", 28, 3),
        ("28 से 3", 28, 3),
        ("२५–२८", 25, 28),
        ("30", 30, 30),
    ],
)
def test_days_are_read(typed: str, first_day: int, last_day: int) -> None:
    assert parse_window(typed) == ReadingWindow(first_day=first_day, last_day=last_day)


@pytest.mark.parametrize("typed", ["", "often", "25-", "1-2-3", "100", "25 Nov"])
def test_other_texts_are_no_days(typed: str) -> None:
    with pytest.raises(NotDaysOfMonth):
        parse_window(typed)


@pytest.mark.parametrize("typed", ["0-3", "30-32", "1-20"])
def test_days_that_no_month_has_are_no_window(typed: str) -> None:
    with pytest.raises(NotAWindow):
        parse_window(typed)
