"""Hours that are typed are understood in the ways in which people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.protection import EVERY_DAY
from bot.telegram.staff.typed_hours import (
    NoLength,
    NoSuchTime,
    NotHours,
    NotWeekdays,
    TypedHours,
    parse_hours,
    parse_weekdays,
)

NIGHT = TypedHours(start=time(18), end=time(8))
WORKDAYS = frozenset(range(5))
PIECES = st.lists(st.sampled_from(["18", ":", "-", "pm", " ", "mon"])).map("".join)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("18:00-08:00", NIGHT),
        ("18 – 8", NIGHT),
        ("6pm to 8am", NIGHT),
        ("from 6 PM till 8 a.m.", NIGHT),
        ("18.00 से 8.00 तक", NIGHT),
        ("१८:०० - ०८:००", NIGHT),
        ("12am-12pm", TypedHours(start=time(0), end=time(12))),
        ("22:30-06:15", TypedHours(start=time(22, 30), end=time(6, 15))),
        ("18:00-24:00", TypedHours(start=time(18), end=time(0))),
        ("0:00-24:00", TypedHours(start=time(0), end=time(0))),
        ("18-8 mon-fri", TypedHours(start=time(18), end=time(8), weekdays=WORKDAYS)),
        ("18-8, every day", TypedHours(start=time(18), end=time(8), weekdays=EVERY_DAY)),
    ],
)
def test_a_window_is_read(typed: str, meant: TypedHours) -> None:
    assert parse_hours(typed) == meant


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", NotHours),
        ("evening", NotHours),
        ("18:00", NotHours),
        ("25:00-08:00", NoSuchTime),
        ("18:00-08:60", NoSuchTime),
        ("24:30-8", NoSuchTime),
        ("13pm-8", NoSuchTime),
        ("0am-8am", NoSuchTime),
        ("18:00-18:00", NoLength),
        ("6pm-18", NoLength),
        ("0-0", NoLength),
        ("18-8 sometimes", NotWeekdays),
    ],
)
def test_what_is_no_window_is_refused(typed: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_hours(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mon", {0}),
        ("Saturday and Sunday", {5, 6}),
        ("sat,sun", {5, 6}),
        ("Mon - Fri", set(range(5))),
        ("fri-mon", {4, 5, 6, 0}),
        ("weekdays", set(range(5))),
        ("weekend", {5, 6}),
        ("every day", set(range(7))),
        ("सोम-शुक्र", set(range(5))),
        ("शनिवार रविवार", {5, 6}),
        ("हर दिन", set(range(7))),
    ],
)
def test_days_of_the_week_are_read(typed: str, meant: set[int]) -> None:
    assert parse_weekdays(typed) == meant


@pytest.mark.parametrize("typed", ["", "soon", "mon-", "mon-tue-wed", "8", "monx fry"])
def test_what_is_no_day_of_the_week_is_refused(typed: str) -> None:
    with pytest.raises(NotWeekdays):
        parse_weekdays(typed)


@given(
    st.text(max_size=20)
    | st.lists(st.sampled_from(["18", ":", "-", "pm", " ", "mon"])).map("".join)
)
def test_whatever_is_typed_is_hours_or_refused(typed: str) -> None:
    try:
        found = parse_hours(typed)
    except (NotHours, NoSuchTime, NoLength, NotWeekdays):
        return
    assert found.weekdays is None or found.weekdays <= EVERY_DAY
