"""Numbers as people type what meters show."""

from decimal import Decimal

import pytest

from bot.telegram.staff.typed_number import NotANumber, carried_number, number_word, parse_number


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1450.5", "1450.5"),
        (" 1,450.5 kWh", "1450.5"),
        ("1,00,000", "100000"),
        ("× 20", "20"),
        ("x0.125", "0.125"),
        ("१४५०", "1450"),
        ("12.3 m³", "12.3"),
        ("0", "0"),
    ],
)
def test_what_a_meter_shows_is_understood(typed: str, value: str) -> None:
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "kWh", "a lot", "-5", "1.2.3", "1450,5", "∞", "1e5"])
def test_anything_else_is_asked_again(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed)


@pytest.mark.parametrize("value", ["0.125", "100000", "1450.5", "0"])
def test_a_button_carries_it_there_and_back(value: str) -> None:
    assert carried_number(number_word(Decimal(value))) == Decimal(value)


@pytest.mark.parametrize("word", ["", "-1", "1.2345", "NaN", "1e3", "9" * 13])
def test_a_forged_button_carries_nothing(word: str) -> None:
    assert carried_number(word) is None
