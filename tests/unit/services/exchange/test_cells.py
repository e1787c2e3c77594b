from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lease import BillingMode
from bot.domain.metering import MeterType
from bot.services.exchange import cells
from bot.services.exchange.cells import BadCell
from bot.services.exchange.problem import ProblemKind

READERS: list[Callable[[str], object]] = [
    cells.name,
    cells.rupees,
    cells.rupees_from_zero,
    cells.rate,
    cells.register,
    cells.day,
    cells.phone,
    cells.day_of_month,
    lambda text: cells.word(text, MeterType),
]


@pytest.mark.parametrize(
    ("text", "paise"),
    [("3000", 300_000), ("-85.50", -8_550), ("1,25,000.5", 12_500_050), ("₹ 500", 50_000)],
)
def test_money_is_read_to_the_paisa(text: str, paise: int) -> None:
    assert cells.rupees(text) == paise


@pytest.mark.parametrize(
    ("text", "paise"), [("6.50", "650"), ("6.505", "650.5"), ("6.5001", "650.01"), ("0", "0")]
)
def test_a_rate_has_up_to_four_decimals_of_a_rupee(text: str, paise: str) -> None:
    assert cells.rate(text) == Decimal(paise)


@pytest.mark.parametrize(
    ("read", "text", "kind"),
    [
        (cells.name, "   ", ProblemKind.MISSING),
        (cells.name, "x" * 101, ProblemKind.TOO_LONG),
        (cells.name, "a\x07b", ProblemKind.UNPRINTABLE),
        (cells.rupees, "abc", ProblemKind.NOT_A_NUMBER),
        (cells.rupees, "1e5", ProblemKind.NOT_A_NUMBER),
        (cells.rupees, "NaN", ProblemKind.NOT_A_NUMBER),
        (cells.rupees, "1250,50", ProblemKind.NOT_A_NUMBER),
        (cells.rupees, "1.005", ProblemKind.TOO_MANY_DECIMALS),
        (cells.rupees, "1" + "0" * 30 + ".00", ProblemKind.TOO_LARGE),
        (cells.rupees, "1." + "0" * 40 + "1", ProblemKind.TOO_MANY_DECIMALS),
        (cells.rupees_from_zero, "-0.01", ProblemKind.NEGATIVE),
        (cells.rate, "-6.50", ProblemKind.NEGATIVE),
        (cells.rate, "6.50001", ProblemKind.TOO_MANY_DECIMALS),
        (cells.rate, "10001", ProblemKind.TOO_LARGE),
        (cells.register, "-1", ProblemKind.NEGATIVE),
        (cells.register, "1450.0001", ProblemKind.TOO_MANY_DECIMALS),
        (cells.register, "9" * 12, ProblemKind.TOO_LARGE),
        (cells.day, "26/10/2026", ProblemKind.BAD_DATE),
        (cells.day, "2026-02-30", ProblemKind.BAD_DATE),
        (cells.day, "20261026", ProblemKind.BAD_DATE),
        (cells.day, "1999-12-31", ProblemKind.DATE_TOO_EARLY),
        (cells.phone, "12", ProblemKind.BAD_PHONE),
        (cells.phone, "9.81E+09", ProblemKind.BAD_PHONE),
        (cells.day_of_month, "0", ProblemKind.BAD_DAY),
        (cells.day_of_month, "29", ProblemKind.BAD_DAY),
        (cells.day_of_month, "1.0", ProblemKind.BAD_DAY),
    ],
)
def test_what_a_column_does_not_want_is_refused(
    read: Callable[[str], object], text: str, kind: ProblemKind
) -> None:
    with pytest.raises(BadCell) as refused:
        read(text)
    assert refused.value.kind is kind


def test_a_date_is_iso() -> None:
    assert cells.day("2026-10-26") == date(2026, 10, 26)


@pytest.mark.parametrize("text", ["+91 98123 45678", "98123-45678", "(0)22.4000.1234"])
def test_a_phone_number_loses_what_is_only_for_the_eye(text: str) -> None:
    assert cells.phone(text).lstrip("+").isdigit()


@pytest.mark.parametrize("text", ["WATER_HOT", "water hot", "Water-Hot"])
def test_words_may_be_written_as_people_write_them(text: str) -> None:
    assert cells.word(text, MeterType) is MeterType.WATER_HOT


def test_an_unknown_word_is_told_the_known_ones() -> None:
    with pytest.raises(BadCell) as refused:
        cells.word("monthly", BillingMode)
    assert refused.value.facts == {"words": "prepaid, postpaid"}


@given(text=st.text(max_size=40), read=st.sampled_from(READERS))
def test_no_text_at_all_makes_a_cell_stumble(text: str, read: Callable[[str], object]) -> None:
    with suppress(BadCell):
        read(text)
