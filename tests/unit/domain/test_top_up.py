"""What is worth paying ahead, and how long it lasts. Rule 5.7."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.top_up import MONTH_DAYS, WORTH_DAYS, days_of, sums

rupees = st.integers(0, 10_000_00)


@pytest.mark.parametrize(
    ("daily", "missing", "expected"),
    [
        (7_670, 0, (500, 1_000, 2_400)),
        (7_670, 1_450, (500, 1_000, 2_400)),
        (7_670, 300_000, (3_500, 4_000, 5_400)),
        (500, 0, (200, 500)),
        (42_000, 0, (5_000, 10_000, 12_600)),
        (0, 0, (500, 1_000, 2_000)),
        (0, 300_000, (3_500, 4_000, 5_000)),
    ],
)
def test_sums_are_round_and_fill_up_what_is_missing(
    daily: int, missing: int, expected: tuple[int, ...]
) -> None:
    found = sums(daily_cost_paise=daily, missing_paise=missing)
    assert found == tuple(each * 100 for each in expected)


@given(daily=rupees, missing=rupees)
def test_every_sum_brings_the_balance_above_the_cut_off(daily: int, missing: int) -> None:
    found = sums(daily_cost_paise=daily, missing_paise=missing)
    assert list(found) == sorted(set(found))
    assert all(each >= missing and each > 0 for each in found)


@given(daily=st.integers(1, 10_000_00), missing=rupees)
def test_the_largest_lasts_a_month(daily: int, missing: int) -> None:
    longest = sums(daily_cost_paise=daily, missing_paise=missing)[-1]
    days = days_of(longest, daily_cost_paise=daily, missing_paise=missing)
    assert days is not None
    assert days >= MONTH_DAYS


@given(daily=st.integers(1, 10_000_00))
def test_the_smallest_is_worth_the_way(daily: int) -> None:
    days = days_of(sums(daily_cost_paise=daily)[0], daily_cost_paise=daily)
    assert days is not None
    assert days >= WORTH_DAYS


def test_what_is_missing_does_not_last() -> None:
    assert days_of(50_000, daily_cost_paise=7_600) == Decimal(50_000) / 7_600
    assert days_of(50_000, daily_cost_paise=7_600, missing_paise=30_400) == Decimal(19_600) / 7_600
    assert days_of(50_000, daily_cost_paise=7_600, missing_paise=50_000) is None
    assert days_of(50_000, daily_cost_paise=0) is None
