import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.exchange.rows import (
    csv_line,
    instant_cell,
    money_cell,
    number_cell,
    text_cell,
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+91", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1"]
)
def test_no_text_can_become_a_formula(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Room #302", "", "a=b", "12 Nov 23:59 · 1,450.0"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert text_cell(text) == text


@pytest.mark.parametrize(
    ("paise", "text"), [(292_330, "2923.30"), (-8_550, "-85.50"), (0, "0.00"), (-5, "-0.05")]
)
def test_money_has_two_decimals(paise: int, text: str) -> None:
    assert money_cell(paise) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1450.000", "1450.0"), ("1461.8", "1461.8"), ("0.125", "0.125"), ("1E+3", "1000.0")],
)
def test_numbers_are_as_short_as_a_meter_shows_them(value: str, text: str) -> None:
    assert number_cell(Decimal(value)) == text


def test_an_instant_is_told_with_the_offset_of_the_place() -> None:
    at = datetime(2026, 11, 18, 18, 29, tzinfo=UTC)

    assert instant_cell(at, ZoneInfo("Asia/Kolkata")) == "2026-11-18T23:59:00+05:30"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")), min_size=1)
)
def test_what_is_written_is_read_back_the_same(cells: list[str]) -> None:
    line = csv_line(cells)

    assert next(csv.reader(io.StringIO(line, newline=""))) == cells


def test_every_break_in_a_cell_is_written_alike() -> None:
    assert csv_line(["a\rb", "c\r\nd"]) == '"a\nb","c\nd"\n'
