"""What tenants and staff read of bills that are not paid. Rule 7.3."""

from bot.services.store import NoticeKind
from tests.unit.telegram.test_notices import CUT, MANAGER, labels, shown, text

WHOLE = {"open_paise": 220_675, "owed_paise": 220_675}


def test_before_it_is_due_the_amount_and_the_day_come_first() -> None:
    early = {**WHOLE, "step": "-3", "due_on": "2026-11-15", "cut_at": None}
    assert text(shown(NoticeKind.INVOICE_REMINDER, early)) == [
        "🧾 ₹2,206.75 to pay by 15 Nov",
        "Room 302 · bill LA1/26-27/0001",
    ]


def test_on_the_day_it_says_today() -> None:
    today = {**WHOLE, "step": "0", "due_on": "2026-11-12", "cut_at": None}
    told = text(shown(NoticeKind.INVOICE_REMINDER, today))
    assert told[0] == "🧾 ₹2,206.75 to pay today"


def test_what_is_overdue_says_when_power_goes_and_what_else_is_open() -> None:
    assert text(shown(NoticeKind.INVOICE_REMINDER)) == [
        "🔴 ₹206.75 overdue since 9 Nov",
        "🟠 Power will be cut on 18 Nov about 24:00",
        "Room 302 · bill LA1/26-27/0001",
        "It was ₹2,206.75; the rest is paid.",
        "With your other bills it is ₹856.75.",
    ]


def test_what_was_owed_before_the_bills_is_no_rest_of_one() -> None:
    more = {**WHOLE, "open_paise": 232_675, "owed_paise": 232_675}
    told = text(shown(NoticeKind.INVOICE_REMINDER, more))
    assert told[-1] == "With ₹120.00 owed from before."


def test_a_change_to_bills_says_what_becomes_of_the_balance() -> None:
    later = {"mode": "postpaid", "was_mode": "prepaid"}
    owing = text(shown(NoticeKind.BILLING_CHANGED, {**later, "balance_paise": -12_000}))
    assert "You owe ₹120.00. What no bill has asked for is due with the next one." in owing
    credit = text(shown(NoticeKind.BILLING_CHANGED, {**later, "balance_paise": 12_000}))
    assert "Your balance of ₹120.00 pays for the bills." in credit
    same = {"mode": "postpaid", "was_mode": "postpaid", "balance_paise": -12_000}
    assert not any("120" in each for each in text(shown(NoticeKind.BILLING_CHANGED, same)))


def test_the_last_warning_begins_with_the_power() -> None:
    last = {"step": "cut", "cut_at": "2026-11-13T18:30:00+00:00"}
    told = text(shown(NoticeKind.INVOICE_REMINDER, last))
    assert told[:2] == [
        "🟠 Power will be cut tomorrow about 24:00",
        "🔴 ₹206.75 overdue since 9 Nov",
    ]


def test_where_nothing_cuts_no_cut_is_announced() -> None:
    spared = text(shown(NoticeKind.INVOICE_REMINDER, {"cut_at": None}))
    assert not any("Power" in each for each in spared)
    off = text(shown(NoticeKind.INVOICE_REMINDER, {"cut_at": None, "is_off": True}))
    assert "Power stays off until what is overdue is paid." in off


def test_staff_are_asked_to_tell_people_who_are_not_in_the_chat() -> None:
    screen = shown(NoticeKind.INVOICE_REMINDER, {"step": "cut"}, to=MANAGER)
    assert text(screen)[-1] == "Nobody of this room reads messages here: please tell them."
    assert labels(screen) == ["Open room", "Take payment"]


def test_a_cut_for_a_bill_says_what_brings_the_power_back() -> None:
    cut = {**CUT, "reason": "overdue", "overdue_paise": 220_675}
    assert text(shown(NoticeKind.POWER, {**cut, "state": "off"}))[-1] == (
        "₹2,206.75 is overdue. Pay it to have power again."
    )
    assert text(shown(NoticeKind.POWER, cut))[-1] == (
        "₹2,206.75 is overdue. Pay it to keep your power."
    )


def test_a_payment_that_is_not_enough_says_what_is_still_overdue() -> None:
    part = {"power": "still_off", "overdue_paise": 20_675}
    told = text(shown(NoticeKind.PAYMENT, part))
    assert told[-1] == "🔴 Power stays off: ₹206.75 more is overdue."


def test_a_bill_that_corrects_one_names_it_and_says_why() -> None:
    told = text(shown(NoticeKind.INVOICE, {"corrects": "LA1/26-27/0001", "reason": "Misread"}))
    assert told[3:5] == ["to correct bill LA1/26-27/0001", "Reason: Misread"]
