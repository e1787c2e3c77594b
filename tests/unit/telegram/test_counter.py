"""Numbers as counters show them."""

from decimal import Decimal

import pytest

from bot.domain.meter import MeterSheet, ServiceKind
from bot.domain.metering import MeterTerms, MeterType
from bot.telegram.screens.counter import counter_text


def a_sheet(*, decimals: int = 1, modulus: str | None = None) -> MeterSheet:
    return MeterSheet(
        id=1,
        place_id=1,
        room_id=None,
        name="Gas",
        type=MeterType.GAS,
        unit="m³",
        service=ServiceKind.GAS,
        terms=MeterTerms(max_value=None if modulus is None else Decimal(modulus)),
        decimals=decimals,
    )


@pytest.mark.parametrize(
    ("value", "decimals", "modulus", "shown"),
    [
        ("1462.3", 1, None, "01 462.3"),
        ("1462", 1, None, "01 462.0"),
        ("1462", 0, None, "01 462"),
        ("1462.375", 1, None, "01 462.375"),
        ("0", 0, None, "00 000"),
        ("7", 3, "100", "07.000"),
        ("1462.3", 1, "1000000", "001 462.3"),
        ("1234567.8", 1, None, "1 234 567.8"),
        ("1000", 0, None, "01 000"),
    ],
)
def test_a_number_is_shown_with_all_digits_of_its_counter(
    value: str, decimals: int, modulus: str | None, shown: str
) -> None:
    said = counter_text(Decimal(value), a_sheet(decimals=decimals, modulus=modulus))
    assert said.replace("\N{NARROW NO-BREAK SPACE}", " ") == shown
