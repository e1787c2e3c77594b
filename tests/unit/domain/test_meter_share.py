"""Shares of a meter sum to one exactly, however people say them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meter_share import (
    WHOLE_PPM,
    NotShares,
    ShareIsNothing,
    SharesDoNotSum,
    equal_shares,
    parse_shares,
    shares_of,
)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("50/30/20", (500_000, 300_000, 200_000)),
        ("50 30 20", (500_000, 300_000, 200_000)),
        ("50%, 30%, 20%", (500_000, 300_000, 200_000)),
        ("2:1:1", (500_000, 250_000, 250_000)),
        ("1/2 1/4 1/4", (500_000, 250_000, 250_000)),
        ("1/3", (333_334, 333_333, 333_333)),
        ("1/3, 1/3, 1/3", (333_334, 333_333, 333_333)),
        ("33.34/33.33/33.33", (333_400, 333_300, 333_300)),
        ("33/33/34", (330_000, 330_000, 340_000)),
        ("50% 1/4 1/4", (500_000, 250_000, 250_000)),
    ],
)
def test_shares_are_understood_as_percent_fractions_or_parts(
    text: str, shares: tuple[int, ...]
) -> None:
    assert parse_shares(text, leases=3) == shares


@pytest.mark.parametrize(
    ("text", "shares"),
    [("1/2", (500_000, 500_000)), ("1/3", (250_000, 750_000)), ("60/40", (600_000, 400_000))],
)
def test_of_two_a_stroke_parts_the_shares_and_a_half_is_for_each(
    text: str, shares: tuple[int, ...]
) -> None:
    assert parse_shares(text, leases=2) == shares


@pytest.mark.parametrize("text", ["", "50/50", "half", "1/2/3/4", "1/0 1/2 1/2", "-1 1 1", "50,30"])
def test_what_is_not_one_share_for_each_is_refused(text: str) -> None:
    with pytest.raises(NotShares) as refused:
        parse_shares(text, leases=3)
    assert refused.value.leases == 3


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("50/30/15", Fraction(95, 100)),
        ("50% 30% 10%", Fraction(90, 100)),
        ("1/2 1/2 1/2", Fraction(3, 2)),
    ],
)
def test_shares_that_miss_the_whole_are_told_by_how_much(text: str, total: Fraction) -> None:
    with pytest.raises(SharesDoNotSum) as refused:
        parse_shares(text, leases=3)
    assert refused.value.total == total


def test_nobody_shares_nothing() -> None:
    with pytest.raises(ShareIsNothing):
        parse_shares("100/0/0", leases=3)
    with pytest.raises(ShareIsNothing):
        shares_of([1, 10_000_000])


@given(st.lists(st.integers(min_value=1, max_value=1000), min_size=1, max_size=40))
def test_shares_sum_to_one_and_are_nearest_to_what_was_said(parts: list[int]) -> None:
    shares = shares_of(parts)

    assert sum(shares) == WHOLE_PPM
    for part, share in zip(parts, shares, strict=True):
        assert abs(Fraction(part, sum(parts)) * WHOLE_PPM - share) < 1


@given(st.integers(min_value=1, max_value=300))
def test_equal_shares_differ_by_a_millionth_at_most(leases: int) -> None:
    shares = equal_shares(leases)
    assert sum(shares) == WHOLE_PPM
    assert max(shares) - min(shares) <= 1
