"""Days in a row are understood in the ways in which people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.rule_edit import MOST_DAYS_AT_ONCE
from bot.telegram.staff.typed_day import NotADay
from bot.telegram.staff.typed_days import parse_days

TODAY = date(2026, 11, 12)
PIECES = st.lists(st.sampled_from(["8", "-", " – ", "Nov", " to ", "12", "."])).map("".join)


@pytest.mark.parametrize(
    ("typed", "first", "count"),
    [
        ("25 Dec", date(2026, 12, 25), 1),
        (" 2026-12-30 ", date(2026, 12, 30), 1),
        ("8-12 Dec", date(2026, 12, 8), 5),
        ("8 – 12 दिसंबर", date(2026, 12, 8), 5),
        ("8 Dec – 12 Dec", date(2026, 12, 8), 5),
        ("8 dec to 12 dec", date(2026, 12, 8), 5),
        ("8.12. - 12.12.", date(2026, 12, 8), 5),
        ("30 Dec - 2 Jan", date(2026, 12, 30), 4),
        ("2026-12-30 - 2027-01-02", date(2026, 12, 30), 4),
    ],
)
def test_days_in_a_row_are_read(typed: str, first: date, count: int) -> None:
    found = parse_days(typed, today_on=TODAY)
    assert sorted(found) == [first + timedelta(days=number) for number in range(count)]


@pytest.mark.parametrize(
    "typed", ["", "12-8 Dec", "1 Dec – 5 Jan", "soon – later", "1 Dec – 2 Dec – 3 Dec", "8–12"]
)
def test_what_is_no_stretch_of_days_is_refused(typed: str) -> None:
    with pytest.raises(NotADay):
        parse_days(typed, today_on=TODAY)


@given(st.text(max_size=20) | PIECES)
def test_whatever_is_typed_is_days_or_refused(typed: str) -> None:
    try:
        found = parse_days(typed, today_on=TODAY)
    except NotADay:
        return
    assert 0 < len(found) <= MOST_DAYS_AT_ONCE
