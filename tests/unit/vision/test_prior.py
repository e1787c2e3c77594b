from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.vision.prior import places_of, prior_of


def values(digits: str, *, previous: str | None, decimals: int = 1) -> set[Decimal]:
    prior = prior_of(
        previous=None if previous is None else Decimal(previous),
        plausible=Decimal(500),
        decimals=decimals,
    )
    return {value for value, share in prior.values(digits) if share}


def test_digits_are_read_with_and_without_the_last_decimal() -> None:
    assert values("01462", previous="1450.0") == {Decimal(1462)}
    assert values("014623", previous="1450.0") == {Decimal("1462.3")}


def test_a_value_below_the_previous_or_far_above_it_is_impossible() -> None:
    assert values("01449", previous="1450.0") == set()
    assert values("01951", previous="1450.0") == set()


def test_digits_that_no_possible_value_begins_with_are_known_as_such() -> None:
    prior = prior_of(previous=Decimal(1450), plausible=Decimal(500), decimals=1)

    assert [
        digits for digits in ("00", "14", "0145", "144", "00962", "02") if prior.begins(digits)
    ] == [
        "00",
        "14",
        "0145",
    ]


def test_three_red_wheels_are_read_together_or_not_at_all() -> None:
    assert places_of(3) == (0, 3)
    assert values("00140738", previous="100", decimals=3) == {Decimal("140.738")}


def test_without_a_previous_reading_only_long_numbers_count() -> None:
    assert values("240", previous=None) == set()
    assert values("01462", previous=None) == {Decimal(1462), Decimal("146.2")}


@given(st.integers(0, 10**6), st.integers(0, 600), st.integers(0, 3), st.integers(0, 2))
def test_every_beginning_of_a_possible_value_is_possible(
    previous: int, used: int, decimals: int, zeros: int
) -> None:
    prior = prior_of(previous=Decimal(previous), plausible=Decimal(600), decimals=decimals)
    digits = "0" * zeros + str((previous + used) * 10**decimals)

    if len(digits) <= 9:
        assert all(prior.begins(digits[:end]) for end in range(1, len(digits) + 1))
