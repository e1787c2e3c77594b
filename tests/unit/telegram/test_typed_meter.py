"""An attribute of a meter is understood as people type it."""

from datetime import date

import pytest

from bot.services.meter_field import SheetField
from bot.telegram.staff.typed_day import NotADay
from bot.telegram.staff.typed_meter import NotAChoice, parse_attribute

TODAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (SheetField.NAME, "Gas, flat B-2", "Gas, flat B-2"),
        (SheetField.NAME, "none", "none"),
        (SheetField.SERIAL, "-", None),
        (SheetField.NOTES, "None", None),
        (SheetField.MANUFACTURER, "पता नहीं", None),
        (SheetField.INSTALLED, "1 Mar 2015", date(2015, 3, 1)),
        (SheetField.INSTALLED, "1.3.15", date(2015, 3, 1)),
        (SheetField.INSTALLED, "today", TODAY),
        (SheetField.NEXT_INSPECTION, "2034-01-31", date(2034, 1, 31)),
        (SheetField.DECIMALS, " 3 ", 3),
        (SheetField.DECIMALS, "३", 3),
    ],
)
def test_a_value_is_taken_as_typed(field: SheetField, text: str, value: object) -> None:
    assert parse_attribute(field, text, today_on=TODAY) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (SheetField.TYPE, "gas"),
        (SheetField.STATUS, "none"),
        (SheetField.DECIMALS, "two"),
        (SheetField.DECIMALS, "12"),
        (SheetField.DECIMALS, ""),
    ],
)
def test_what_is_no_answer_is_refused(field: SheetField, text: str) -> None:
    with pytest.raises(NotAChoice):
        parse_attribute(field, text, today_on=TODAY)


@pytest.mark.parametrize("text", ["some day", "1 Mar 1890", "31.2.2020", "1 Mar 2199"])
def test_a_day_is_one_that_a_meter_can_have(text: str) -> None:
    with pytest.raises(NotADay):
        parse_attribute(SheetField.INSTALLED, text, today_on=TODAY)
