"""What is typed after /pay is understood in any sensible order, and never crashes."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.ledger import PaymentMethod
from bot.telegram.staff.typed_payment import (
    TypedPayment,
    parse_payment,
    parse_reference,
    parse_terms,
)

UTR = "423188908890"
UPI, CASH, BANK = PaymentMethod.UPI, PaymentMethod.CASH, PaymentMethod.BANK
WORDS = st.sampled_from(
    ["302", "2000", "₹500", "Rs", "upi", "utr", UTR, "cash", "#", ":", "-5", "0", "room", "५००", ""]
)
LIKE_PAYMENTS = st.lists(WORDS | st.text(max_size=8), max_size=9).map(" ".join)


def paid(
    room: str,
    rupees: float | None,
    method: PaymentMethod | None = None,
    reference: str | None = None,
) -> TypedPayment:
    paise = None if rupees is None else round(rupees * 100)
    return TypedPayment(room=room, amount_paise=paise, method=method, reference=reference)


def refused(room: str, word: str, method: PaymentMethod | None = None) -> TypedPayment:
    return TypedPayment(room=room, refused=word, method=method)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("302 2000", paid("302", 2000)),
        ("302 2000 cash", paid("302", 2000, CASH)),
        (f"302 2000 upi {UTR}", paid("302", 2000, UPI, UTR)),
        (f"302 2000 {UTR}", paid("302", 2000, UPI, UTR)),
        (f"{UTR} 302 500", paid("302", 500, UPI, UTR)),
        (f"lakeside 302 500 UTR {UTR}", paid("lakeside 302", 500, UPI, UTR)),
        (f"lakeside 302 500 utr:{UTR}", paid("lakeside 302", 500, UPI, UTR)),
        ("302 500 upi 4231 8890 8890", paid("302", 500, UPI, UTR)),
        ("room 302 ₹2,000 by cash", paid("room 302", 2000, CASH)),
        ("₹ 2,000 Room #302 cash", paid("Room #302", 2000, CASH)),
        ("302 Rs 1,250.50 neft ref: SBIN0001", paid("302", 1250.5, BANK, "SBIN0001")),
        ("302 500 rupees online", paid("302", 500, PaymentMethod.GATEWAY)),
        ("Room #302 2000/- gpay", paid("Room #302", 2000, UPI)),
        ("cash 302 500", paid("302", 500, CASH)),
        ("asha 500", paid("asha", 500)),
        ("asha rao 500", paid("asha rao", 500)),
        ("302 0", refused("302", "0")),
        ("lakeside 302 12.345", refused("lakeside 302", "12.345")),
        ("asha 0", refused("asha", "0")),
        ("#302 abc", refused("#302", "abc")),
        ("lakeside #302", paid("lakeside #302", None)),
        ("#302 -5 cash", refused("#302", "-5", CASH)),
        ("B-12 500 TXN-88A", paid("B-12", 500, None, "TXN-88A")),
        ("302 ५०० नकद", paid("302", 500, CASH)),
        ("302", paid("302", None)),
        ("302 cash", paid("302", None, CASH)),
        ("₹500", paid("", 500)),
        ("", paid("", None)),
    ],
)
def test_the_first_reading_is_the_likeliest(typed: str, meant: TypedPayment) -> None:
    told = [each for each in parse_payment(typed) if not each.is_bare]
    assert (told or parse_payment(typed))[0] == meant


def test_of_two_bare_numbers_the_first_is_the_room() -> None:
    assert parse_payment("2000 302") == [paid("2000", 302)]


@pytest.mark.parametrize("typed", ["302 0", "302 1e9", "302 12.345", "302 -5", "309 1.500"])
def test_a_number_that_is_no_amount_is_never_a_room_instead(typed: str) -> None:
    room, number = typed.split()
    assert [each.room for each in parse_payment(typed)] == [typed, room]
    assert parse_payment(typed)[1].refused == number


def test_an_amount_before_a_name_is_the_last_guess() -> None:
    whole, ordered, swapped = parse_payment("500 asha")
    assert whole == paid("500 asha", None)
    assert ordered == refused("500", "asha")
    assert swapped == replace(paid("asha", 500), is_swapped=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("500", paid("", 500)),
        ("1,250.50 cash", paid("", 1250.5, CASH)),
        (f"500 upi {UTR}", paid("", 500, UPI, UTR)),
        ("Rs. 500", paid("", 500)),
        ("upi", paid("", None, UPI)),
        ("abc", paid("", None)),
        ("0", paid("", None)),
    ],
)
def test_terms_are_read_without_a_room(typed: str, meant: TypedPayment) -> None:
    assert parse_terms(typed) == meant


@pytest.mark.parametrize("typed", [UTR, f"UTR {UTR}", f"utr: {UTR}", f"Ref no. {UTR}", f" #{UTR}"])
def test_a_reference_loses_what_announces_it(typed: str) -> None:
    assert parse_reference(typed) == UTR


@given(LIKE_PAYMENTS)
@example("Rs")
@example("₹ ₹ 1")
@example("utr utr utr")
def test_whatever_is_typed_is_read_without_a_crash(typed: str) -> None:
    readings = parse_payment(typed)

    assert readings
    for each in readings:
        assert each.amount_paise is None or each.amount_paise > 0
    terms = parse_terms(typed)
    assert terms.amount_paise is None or terms.amount_paise > 0
    parse_reference(typed)


@given(st.integers(1, 999), st.integers(1, 10**6), st.sampled_from(["cash", "upi", "bank"]))
def test_a_marked_amount_is_never_taken_for_the_room(room: int, rupees: int, method: str) -> None:
    for typed in (f"{room} ₹{rupees} {method}", f"₹{rupees} {method} {room}"):
        assert parse_payment(typed) == [paid(str(room), rupees, PaymentMethod(method))]
