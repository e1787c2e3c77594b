"""Days as one number in a button, there and back."""

from datetime import date

import pytest

from bot.telegram.reading_days import (
    ANY_TIME,
    NoSuchDays,
    days_of,
    is_month,
    month_number,
    span_number,
)

FIRST, LAST = date(2025, 12, 20), date(2026, 2, 3)


def test_months_and_spans_come_back() -> None:
    assert days_of(ANY_TIME) is None
    assert days_of(month_number(LAST)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert days_of(span_number(FIRST, LAST)) == (FIRST, LAST)
    assert days_of(span_number(LAST, LAST)) == (LAST, LAST)
    assert is_month(month_number(LAST))
    assert not is_month(span_number(FIRST, LAST))


@pytest.mark.parametrize("number", [202613, -5, 10**15])
def test_a_forged_number_is_refused(number: int) -> None:
    with pytest.raises(NoSuchDays):
        days_of(number)
