"""Whatever a tenant says of a payment counts, wherever it was asked for."""

import pytest

from bot.domain.ledger import PaymentMethod
from bot.domain.money import NotAnAmount
from bot.telegram.claim_draft import (
    ClaimNotUnderstood,
    Said,
    with_amount,
    with_reference,
    with_words,
)

UTR = "423188908890"
UPI, BANK, CASH = PaymentMethod.UPI, PaymentMethod.BANK, PaymentMethod.CASH
ASKED_HOW = Said(lease_id=7, amount_paise=200_000)
ASKED_PROOF = Said(lease_id=7, amount_paise=200_000, method=UPI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (UTR, (200_000, UPI, UTR)),
        (f"UTR {UTR}", (200_000, UPI, UTR)),
        ("UTR no: 4231 8890 8890", (200_000, UPI, UTR)),
        ("4231-8890-8890", (200_000, UPI, UTR)),
        ("gpay", (200_000, UPI, None)),
        ("नकद", (200_000, CASH, None)),
        ("by NEFT, UTR 99887766554433", (200_000, BANK, "99887766554433")),
        ("SBINR52026111212345678", (200_000, None, "SBINR52026111212345678")),
        ("1500", (150_000, None, None)),
        ("sent 1500 by gpay", (150_000, UPI, None)),
        (f"₹1,500 phonepe {UTR}", (150_000, UPI, UTR)),
    ],
)
def test_words_where_nobody_asked_for_them_are_taken_for_what_they_are(
    text: str, expected: tuple[int | None, PaymentMethod | None, str | None]
) -> None:
    said = with_words(ASKED_HOW, text)
    assert (said.amount_paise, said.method, said.reference) == expected


@pytest.mark.parametrize("text", ["ok", "paid yesterday", "online", "?", "yes, sent"])
def test_words_that_say_nothing_are_asked_about(text: str) -> None:
    with pytest.raises(ClaimNotUnderstood):
        with_words(ASKED_HOW, text)


@pytest.mark.parametrize(
    ("text", "method", "reference"),
    [
        ("4231", UPI, "4231"),
        ("ref 88-A", UPI, "88-A"),
        ("4231 8890 8890", UPI, "4231 8890 8890"),
        (f"gpay {UTR}", UPI, UTR),
        (f"I paid ₹2000, UTR {UTR}", UPI, UTR),
        ("bank 99887766554433", BANK, "99887766554433"),
        ("cash", CASH, None),
    ],
)
def test_where_a_reference_was_asked_for_a_short_number_is_one(
    text: str, method: PaymentMethod, reference: str | None
) -> None:
    said = with_reference(ASKED_PROOF, text)
    assert (said.amount_paise, said.method, said.reference) == (200_000, method, reference)


@pytest.mark.parametrize("text", ["done", "upi", "👍"])
def test_no_digit_is_no_reference(text: str) -> None:
    with pytest.raises(ClaimNotUnderstood):
        with_reference(ASKED_PROOF, text)


def test_a_reference_typed_for_an_amount_waits_for_the_amount() -> None:
    said = with_amount(Said(lease_id=7), UTR)
    assert (said.amount_paise, said.method, said.reference) == (None, UPI, UTR)
    whole = with_amount(said, "2,000")
    assert whole.draft is not None
    assert (whole.amount_paise, whole.reference) == (200_000, UTR)


@pytest.mark.parametrize("text", ["0", "-5", "lots", "1.500"])
def test_what_is_no_amount_is_refused_as_ever(text: str) -> None:
    with pytest.raises(NotAnAmount):
        with_amount(Said(lease_id=7), text)


def test_only_cash_is_reported_without_proof() -> None:
    assert ASKED_PROOF.draft is None
    assert with_reference(ASKED_PROOF, "cash").draft is not None


def test_a_dialog_keeps_all_of_it() -> None:
    said = with_words(ASKED_HOW, f"bank {UTR}")
    assert Said.of(said.facts()) == said
    assert Said.of({"lease_id": 7}) == Said(lease_id=7)
