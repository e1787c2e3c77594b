"""What cannot be true of a meter is said of every attribute by itself."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.meter import (
    SERVICES_OF,
    UNITS_OF,
    BillingType,
    MeterField,
    MeterNotPossible,
    MeterSheet,
    ServiceKind,
    SplitKey,
    require_possible,
)
from bot.domain.metering import UNITS, MeterTerms, MeterType

TODAY = date(2026, 11, 20)
GAS = MeterSheet(
    id=1,
    place_id=1,
    room_id=None,
    name="Gas, flat B-2",
    type=MeterType.GAS,
    unit="m³",
    service=ServiceKind.GAS,
    terms=MeterTerms(),
    installed_on=date(2024, 3, 1),
)


def test_an_ordinary_meter_is_possible() -> None:
    require_possible(GAS, today=TODAY)


@pytest.mark.parametrize(
    ("field", "limit", "changes"),
    [
        (MeterField.UNIT, None, {"unit": "kWh²"}),
        (MeterField.UNIT, None, {"unit": "L"}),
        (MeterField.SERVICE, None, {"service": ServiceKind.WATER}),
        (MeterField.DECIMALS, 3, {"decimals": 4}),
        (MeterField.DECIMALS, 3, {"decimals": -1}),
        (MeterField.SPLIT_KEY, None, {"split_key": SplitKey.EQUAL}),
        (MeterField.PARENT, None, {"parent_id": 1}),
        (MeterField.TEXT, 120, {"name": "x" * 121}),
        (MeterField.TEXT, 120, {"notes": "x" * 1001}),
        (MeterField.INSTALLED_ON, TODAY, {"installed_on": date(2026, 11, 21)}),
        (MeterField.LAST_INSPECTION_ON, TODAY, {"last_inspection_on": date(2026, 11, 21)}),
        (
            MeterField.LAST_INSPECTION_ON,
            date(2024, 3, 1),
            {"last_inspection_on": date(2024, 2, 29)},
        ),
        (
            MeterField.NEXT_INSPECTION_ON,
            date(2024, 3, 1),
            {"next_inspection_on": date(2024, 2, 29)},
        ),
        (
            MeterField.NEXT_INSPECTION_ON,
            date(2025, 1, 1),
            {"last_inspection_on": date(2025, 1, 1), "next_inspection_on": date(2024, 12, 31)},
        ),
    ],
)
def test_what_cannot_be_true_is_named(
    field: MeterField, limit: object, changes: dict[str, Any]
) -> None:
    with pytest.raises(MeterNotPossible) as refused:
        require_possible(replace(GAS, **changes), today=TODAY)
    assert [(flaw.field, flaw.limit) for flaw in refused.value.flaws] == [(field, limit)]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    wrong = replace(GAS, unit="L", decimals=9, installed_on=date(2027, 1, 1))
    with pytest.raises(MeterNotPossible) as refused:
        require_possible(wrong, today=TODAY)
    assert [flaw.field for flaw in refused.value.flaws] == [
        MeterField.UNIT,
        MeterField.DECIMALS,
        MeterField.INSTALLED_ON,
    ]


def test_a_shared_meter_has_a_key() -> None:
    shared = replace(GAS, billing_type=BillingType.SHARED, split_key=SplitKey.FIXED_RATIO)
    require_possible(shared, today=TODAY)


def test_only_what_is_included_in_the_rent_is_never_charged() -> None:
    free = [each for each in BillingType if not replace(GAS, billing_type=each).is_charged]
    assert free == [BillingType.INCLUDED]


@pytest.mark.parametrize("kind", list(MeterType))
def test_every_type_has_its_units_and_services(kind: MeterType) -> None:
    assert UNITS_OF[kind][0] == UNITS[kind]
    assert SERVICES_OF[kind]
