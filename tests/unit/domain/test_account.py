"""Months of the books: which are closed together, and what accounts add up to."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.domain.account import (
    AccountLine,
    MonthNotOver,
    NothingToClose,
    TrialBalance,
    month_span,
    months,
    to_close,
    year_starts_on,
)
from bot.domain.ledger import AccountKind, PaymentMethod

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
BEGUN = date(2026, 8, 20)


def test_a_month_is_closed_with_the_open_ones_before_it() -> None:
    found = to_close(OCTOBER, begun_on=BEGUN, closed_through_on=None, today_on=date(2026, 11, 1))
    assert found == (date(2026, 8, 1), date(2026, 9, 1), OCTOBER)


def test_what_is_closed_already_is_not_closed_again() -> None:
    closed_on = date(2026, 9, 30)
    found = to_close(OCTOBER, begun_on=BEGUN, closed_through_on=closed_on, today_on=NOVEMBER)
    assert found == (OCTOBER,)
    with pytest.raises(NothingToClose):
        to_close(date(2026, 9, 1), begun_on=BEGUN, closed_through_on=closed_on, today_on=NOVEMBER)


def test_a_month_before_the_books_has_nothing_to_close() -> None:
    with pytest.raises(NothingToClose):
        to_close(date(2026, 7, 1), begun_on=BEGUN, closed_through_on=None, today_on=NOVEMBER)


def test_a_month_is_not_over_on_its_last_day() -> None:
    with pytest.raises(MonthNotOver):
        to_close(OCTOBER, begun_on=BEGUN, closed_through_on=None, today_on=date(2026, 10, 31))


def test_months_are_those_of_the_place() -> None:
    span = month_span(OCTOBER, ZoneInfo("Asia/Kolkata"))
    assert [span.start_at.isoformat(), span.end_at.isoformat()] == [
        "2026-09-30T18:30:00+00:00",
        "2026-10-31T18:30:00+00:00",
    ]
    assert list(months(date(2026, 12, 31), date(2027, 1, 1))) == [
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


@pytest.mark.parametrize(("month", "year"), [((2026, 4), 2026), ((2027, 3), 2026)])
def test_a_financial_year_runs_from_april_to_march(month: tuple[int, int], year: int) -> None:
    assert year_starts_on(date(*month, 1)) == date(year, 4, 1)


def test_books_balance_when_both_sides_do() -> None:
    cash = AccountLine(account=AccountKind.CASH, debit_paise=500)
    held = AccountLine(account=AccountKind.RECEIVABLE, credit_paise=500)
    assert TrialBalance(lines=(held, cash)).is_balanced
    assert not TrialBalance(lines=(held,)).is_balanced
    assert TrialBalance(lines=(held, cash)).received(PaymentMethod.CASH).closing_paise == -500
    assert TrialBalance().received(PaymentMethod.UPI).debit_paise == 0
