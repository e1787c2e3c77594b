"""Rules 1.1 to 1.3: whole paise, one rounding, and amounts as people type them."""

from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import (
    MAX_AMOUNT_PAISE,
    NotAnAmount,
    amount_from_text,
    decimal_from_text,
    paise_from_rupees,
    round_half_up,
    rupees_from_paise,
)

amounts = st.integers(-MAX_AMOUNT_PAISE, MAX_AMOUNT_PAISE)


@pytest.mark.parametrize(
    ("paise", "whole"),
    [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.4", 0), ("-0.5", -1), ("-2.5", -3)],
)
def test_a_half_is_rounded_up_rule_1_3(paise: str, whole: int) -> None:
    assert round_half_up(Decimal(paise)) == whole


def test_a_third_is_rounded_from_its_exact_value_rule_1_3() -> None:
    assert round_half_up(Fraction(1, 2) - Fraction(1, 10**40)) == 0
    assert round_half_up(Fraction(200, 3)) == 67


@given(st.decimals(-(10**9), 10**9, places=4))
def test_the_rounding_is_the_one_of_decimal_half_up_rule_1_3(paise: Decimal) -> None:
    assert round_half_up(paise) == int(paise.quantize(Decimal(1), ROUND_HALF_UP))


def test_room_302_pays_76_70_for_its_first_day() -> None:
    assert round_half_up(Decimal("11.8") * Decimal(650)) == 7670


def test_the_misprinted_bill_of_the_specification_is_2206_75() -> None:
    assert round_half_up(Decimal("339.5") * Decimal(650)) == 220_675


@given(amounts)
def test_paise_survive_the_way_through_rupees(paise: int) -> None:
    assert paise_from_rupees(rupees_from_paise(paise)) == paise


@given(amounts.filter(lambda paise: paise > 0))
def test_an_amount_typed_with_indian_groups_is_read(paise: int) -> None:
    rupees, rest = divmod(paise, 100)
    digits = str(rupees)
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
    assert amount_from_text(f"₹{','.join([*pairs, tail])}.{rest:02d}") == paise


@pytest.mark.parametrize(
    "text",
    [
        "1250.50",
        " 1250.5 ",
        "₹1,250.50",
        "₹ 1,250.50",
        "1,250.50/-",
        "Rs 1250.50",
        "Rs. 1,250.50",
        "rs1250.50",
        "INR 1250.50",
        "1250.50 ₹",
        "1 250.50",
        "1\u202f250.50",
        "+1250.50",
        "0001250.50",
        "१२५०.५०",
        "₹१,२५०.५०",
        "१२५०.५० रु",
        "௧௨௫௦.௫௦",
    ],
)
def test_what_people_write_for_1250_50_is_read(text: str) -> None:
    assert amount_from_text(text) == 125_050


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "₹",
        ".",
        "-",
        "0",
        "0.00",
        "०",
        "-5",
        "₹-5",
        "-0.01",
        "1e3",
        "1E3",
        "5e-1",
        "NaN",
        "nan",
        "sNaN",
        "Infinity",
        "-inf",
        "∞",
        "0x10",
        "1_000",
        "five",
        "500 rupees and a half",
        "1.2.3",
        "12.345",
        "0.001",
        "--5",
        "5-",
        "50%",
        "½",
        "²",
        "10000000000.01",
        "9" * 400,
        "1." + "0" * 40 + "1",
    ],
)
def test_what_is_no_positive_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        amount_from_text(text)
    assert refusal.value.text in {text, text.strip()}


@pytest.mark.parametrize("text", ["1250,50", "1,5", "1,2,3", "1.250,50", "1.2,50", "12,50,00"])
def test_a_decimal_comma_is_refused_and_never_read_as_a_hundred_times_more(text: str) -> None:
    with pytest.raises(NotAnAmount):
        decimal_from_text(text)


@given(st.text(max_size=12))
def test_no_text_does_anything_but_give_an_amount_or_be_refused(text: str) -> None:
    with suppress(NotAnAmount):
        assert 0 < amount_from_text(text) <= MAX_AMOUNT_PAISE


def test_a_number_may_be_negative_where_amounts_may_not() -> None:
    assert decimal_from_text("-1,250.5") == Decimal("-1250.5")
    assert decimal_from_text("01 462.3") == Decimal("1462.3")


@pytest.mark.parametrize(
    "rupees", ["0.001", "1e-40", "1e-999999", "1e30", "1e999999", "-1e999999", "NaN", "Infinity"]
)
def test_rupees_out_of_reach_are_refused_and_not_rounded(rupees: str) -> None:
    with pytest.raises(NotAnAmount):
        paise_from_rupees(Decimal(rupees))


def test_the_largest_amount_is_one_and_one_paisa_more_is_none() -> None:
    assert paise_from_rupees(Decimal(10**10)) == MAX_AMOUNT_PAISE
    with pytest.raises(NotAnAmount):
        paise_from_rupees(Decimal("10000000000.01"))


def test_more_decimals_than_a_context_holds_are_not_swallowed() -> None:
    with pytest.raises(NotAnAmount):
        paise_from_rupees(Decimal("1." + "0" * 40 + "1"))


@pytest.mark.parametrize("text", ["1.500", "12.000", "₹1.250"])
def test_a_third_decimal_is_refused_even_when_it_is_zero(text: str) -> None:
    with pytest.raises(NotAnAmount):
        amount_from_text(text)
