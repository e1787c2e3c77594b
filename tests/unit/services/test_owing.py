"""What a lease has to pay now."""

from dataclasses import replace

from bot.services.owing import to_pay_paise, wants_money
from tests.unit.services.books import a_book


def test_what_open_questions_hold_is_not_missing() -> None:
    book = replace(a_book(), balance_paise=4_010)

    assert to_pay_paise(book) == 6_000
    assert to_pay_paise(replace(book, disputed_paise=2_050)) == 4_000
    assert to_pay_paise(replace(book, disputed_paise=5_990)) == 0


def test_nobody_is_asked_for_money_that_is_in_question() -> None:
    book = replace(a_book(), balance_paise=49_000)

    assert wants_money(book)
    assert not wants_money(replace(book, disputed_paise=1_000))
