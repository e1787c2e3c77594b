"""Days as people type them."""

from datetime import date

import pytest

from bot.telegram.staff.typed_day import NotADay, parse_day

TODAY = date(2026, 11, 12)
FIRST = date(2026, 12, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-01",
        "1.12.2026",
        "1/12/26",
        "01-12-2026",
        "1.12",
        "1.12.",
        "1/12",
        "1 Dec",
        "1st December 2026",
        "Dec 1",
        "december 1, 2026",
        "1 दिसंबर",
        "1 दिस॰",
        "१ दिसम्बर २०२६",
        "१.१२.२०२६",
    ],
)
def test_the_first_of_december_has_many_spellings(typed: str) -> None:
    assert parse_day(typed, today_on=TODAY) == FIRST


@pytest.mark.parametrize(
    ("typed", "on"),
    [
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 13)),
        ("कल", date(2026, 11, 13)),
        ("1 Nov", date(2026, 11, 1)),
        ("1 Apr", date(2027, 4, 1)),
        ("1.4.2026", date(2026, 4, 1)),
    ],
)
def test_without_a_year_it_is_the_next_or_one_just_gone_by(typed: str, on: date) -> None:
    assert parse_day(typed, today_on=TODAY) == on


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "31.2.",
        "30 Feb",
        "32 Dec",
        "1.13.",
        "1.12.2029",
        "1.1.2000",
        "1 Foo",
        "12",
        "1.12.20260",
    ],
)
def test_what_is_no_day_is_named(typed: str) -> None:
    with pytest.raises(NotADay) as refusal:
        parse_day(typed, today_on=TODAY)
    assert refusal.value.text == typed
