"""Which step of a bill is due, and what a payment leaves open. Rules 7.3 and 7.4."""

from datetime import date

import pytest

from bot.domain.dues import Due, after_payment, open_amounts, steps_due, undisputed

DUE_ON = date(2026, 11, 5)
DAYS = (-3, 0, 3, 7)


def due(day: int, *reminded: str, cut_day: int | None = None) -> tuple[str, ...]:
    return steps_due(
        DUE_ON,
        today_on=date(2026, 11, day),
        days=DAYS,
        reminded=reminded,
        cut_on=None if cut_day is None else date(2026, 11, cut_day),
    )


@pytest.mark.parametrize(
    ("day", "steps"),
    [(1, ()), (2, ("-3",)), (4, ("-3",)), (5, ("0",)), (8, ("3",)), (12, ("7",)), (30, ("7",))],
)
def test_the_newest_step_is_due(day: int, steps: tuple[str, ...]) -> None:
    assert due(day) == steps


def test_a_step_is_due_once() -> None:
    assert due(9, "3") == ()
    assert due(9, "0") == ("3",)


def test_an_earlier_step_does_not_come_after_a_later_one() -> None:
    """Somebody has set other days in between."""
    assert due(9, "4") == ()


def test_the_last_warning_is_due_the_day_before_power_goes() -> None:
    assert due(10, "3", cut_day=12) == ()
    assert due(11, "3", cut_day=12) == ("cut",)
    assert due(13, "3", cut_day=12) == ("cut", "7")


def test_after_the_last_warning_the_days_go_on() -> None:
    assert due(12, "3", "cut", cut_day=12) == ("7",)
    assert due(12, "7", "cut", cut_day=12) == ()


def test_a_payment_settles_the_oldest_bill_first() -> None:
    bills = [
        Due(invoice_id=n, number=str(n), due_on=DUE_ON, charged_paise=100, open_paise=100)
        for n in (1, 2)
    ]
    paid = after_payment(bills, 130)
    assert [each.open_paise for each in paid] == [0, 70]
    assert [each.open_paise for each in after_payment(paid, -130)] == [100, 100]


@pytest.mark.parametrize(
    ("owed", "open_"),
    [(170, (0, 70, 100)), (200, (0, 100, 100)), (250, (0, 150, 100)), (-5, (0, 0, 0))],
)
def test_what_was_owed_before_is_asked_for_with_the_bill_that_carries_it(
    owed: int, open_: tuple[int, ...]
) -> None:
    assert tuple(open_amounts({1: 0, 2: 100, 3: 100}, owed, carrier=2).values()) == open_


def test_without_a_bill_that_carries_it_what_was_owed_before_is_not_due() -> None:
    assert tuple(open_amounts({1: 100}, 250).values()) == (100,)


def test_a_bill_of_which_more_was_given_back_carries_nothing() -> None:
    bill = Due(invoice_id=1, number="1", due_on=DUE_ON, charged_paise=-30, open_paise=0)
    assert bill.from_before_paise == 0


def test_a_payment_settles_what_was_owed_before_first_of_all() -> None:
    bill = Due(invoice_id=1, number="1", due_on=DUE_ON, charged_paise=100, open_paise=150)
    assert bill.from_before_paise == 50
    (paid,) = after_payment([bill], 60)
    assert (paid.open_paise, paid.from_before_paise) == (90, 0)
    assert after_payment([paid], -60)[0].open_paise == 100


@pytest.mark.parametrize(
    ("bills", "left"),
    [
        ([(100, 0), (100, 0)], [100, 100]),
        ([(100, 100), (100, 0)], [0, 100]),
        ([(100, 0), (100, 100)], [100, 0]),
        ([(100, 30), (100, 0)], [70, 100]),
        ([(0, 100), (100, 0)], [0, 0]),
        ([(40, 100), (100, 0), (100, 0)], [0, 40, 100]),
        ([(100, 0), (0, 100)], [100, 0]),
    ],
)
def test_what_is_held_of_a_paid_bill_is_open_of_later_ones_and_never_of_earlier_ones(
    bills: list[tuple[int, int]], left: list[int]
) -> None:
    dues = [
        Due(
            invoice_id=n,
            number=str(n),
            due_on=DUE_ON,
            charged_paise=100,
            open_paise=open_paise,
            held_paise=held_paise,
        )
        for n, (open_paise, held_paise) in enumerate(bills)
    ]
    assert [each.open_paise for each in undisputed(dues)] == left
