"""The sentence that a tenant can check with a pocket calculator. Rule 2.5."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ledger import EntryKind
from bot.i18n import Catalogues
from bot.i18n.explanation import explain
from bot.services.store import BookedEntry

AT = datetime(2026, 11, 12, 18, 29, tzinfo=UTC)
SPEAKER = Catalogues().speaker("en", ZoneInfo("Asia/Kolkata"))


def entry(kind: EntryKind, paise: int, why: dict[str, Any], **changes: Any) -> BookedEntry:
    values: dict[str, Any] = {"actor_id": None, "reason": None, "reference": None}
    return BookedEntry(
        id=7,
        key="k",
        kind=kind,
        place_id=1,
        lease_id=1,
        occurred_at=AT,
        recorded_at=AT,
        tenant_paise=paise,
        balance_after_paise=0,
        reverses_id=None,
        why=why,
        **(values | changes),
    )


def deduction(paise: int = -7_670, **changes: Any) -> BookedEntry:
    why = {
        "from_at": "2026-11-11T18:29:00+00:00",
        "from_value": "1450.000",
        "to_at": AT.isoformat(),
        "to_value": "1461.800",
        "unit": "kWh",
        "quantity": "11.8",
        "portions": [["11.8", "650"]],
        "lines": [{"kind": "energy", "name": "", "amount_paise": 7_670}],
        "adjusted_paise": 0,
    }
    return entry(EntryKind.DEDUCTION, paise, why | changes)


def test_a_deduction_is_the_sentence_of_the_specification() -> None:
    assert (
        explain(deduction(), SPEAKER, "INR")
        == "12 Nov 23:59 · 1,450.0 → 1,461.8 kWh · 11.8 kWh × ₹6.50 = ₹76.70"
    )


def test_another_medium_is_named_and_told_as_finely_as_its_meter_shows() -> None:
    gas = {
        "from_value": "1450.000",
        "to_value": "1462.300",
        "unit": "m³",
        "service": "gas",
        "decimals": 3,
        "quantity": "12.3",
        "portions": [["12.300000", "4500"]],
    }
    assert (
        explain(deduction(-55_350, **gas), SPEAKER, "INR")
        == "Gas · 12 Nov 23:59 · 1,450.000 → 1,462.300 m³ · 12.300 m³ × ₹45.00 = ₹553.50"
    )
    whole = deduction(-55_350, **gas | {"decimals": 0})
    assert "1,450 → 1,462.3 m³ · 12.3 m³ × ₹45.00 = ₹553.50" in explain(whole, SPEAKER, "INR")


def test_slabs_and_other_charges_add_up_in_view() -> None:
    booked = deduction(
        -9_200,
        portions=[["10", "600"], ["1.8", "1000"]],
        lines=[
            {"kind": "energy", "name": "", "amount_paise": 7_800},
            {"kind": "standing", "name": "", "amount_paise": 1_000},
            {"kind": "tax", "name": "Duty 5%", "amount_paise": 400},
        ],
    )

    assert explain(booked, SPEAKER, "INR").endswith(
        " · 10.0 kWh × ₹6.00 + 1.8 kWh × ₹10.00 + Standing charge ₹10.00 + Duty 5% ₹4.00 = ₹92.00"
    )


def test_a_paisa_that_the_month_carries_is_told() -> None:
    booked = deduction(-7_671, adjusted_paise=1)

    assert "11.8 kWh × ₹6.50 + Rounding of the month so far ₹0.01 = ₹76.71" in explain(
        booked, SPEAKER, "INR"
    )


def test_midnight_is_the_end_of_the_day_before() -> None:
    booked = deduction(to_at="2026-11-12T18:30:00+00:00")

    assert explain(booked, SPEAKER, "INR").startswith("12 Nov 24:00 · ")


@pytest.mark.parametrize(
    ("kind", "why", "changes", "sentence"),
    [
        (EntryKind.OPENING, {}, {}, "Opening balance"),
        (EntryKind.PAYMENT, {"method": "upi"}, {"reference": "4231"}, "Payment, UPI · 4231"),
        (
            EntryKind.PAYMENT,
            {"method": "cash"},
            {"reason": "on the stairs"},
            "Payment, cash · on the stairs",
        ),
        (EntryKind.REVERSAL, {}, {"reason": "wrong room"}, "Taken back · wrong room"),
        (EntryKind.ADJUSTMENT, {}, {"reason": "goodwill"}, "Adjustment · goodwill"),
    ],
)
def test_other_entries_say_what_they_are(
    kind: EntryKind, why: dict[str, Any], changes: dict[str, Any], sentence: str
) -> None:

    assert explain(entry(kind, 100, why, **changes), SPEAKER, "INR") == sentence


def test_names_are_not_escaped_for_a_file() -> None:
    booked = entry(EntryKind.ADJUSTMENT, 1, {}, reason="A & B <c>")

    assert explain(booked, SPEAKER, "INR") == "Adjustment · A & B <c>"


@pytest.mark.parametrize(
    ("paise", "said"),
    [
        (-13_000, "The charge itself has now come down, so ₹130.00 of it counts towards that."),
        (4_000, "The charge has risen again, so ₹40.00 of it holds again."),
    ],
)
def test_what_was_given_back_before_says_when_and_how_much_counts(paise: int, said: str) -> None:
    why = {"favour": 5, "dispute": "D-0001", "credit_note": None, "given_paise": 20_670}
    counted = entry(EntryKind.ADJUSTMENT, paise, why, reason="misread")
    before = "Given back before · misread · ₹206.70 was given back before (question D-0001)."
    assert explain(counted, SPEAKER, "INR") == f"{before} {said}"
    of_a_note = entry(EntryKind.ADJUSTMENT, paise, why | {"dispute": None, "credit_note": "C0001"})
    assert "(credit note C0001)" in explain(of_a_note, SPEAKER, "INR")
