"""Prices as people type them."""

from decimal import Decimal

import pytest

from bot.domain.tariff import Slab, StandingCharge, StandingPer, Tax
from bot.telegram.staff.typed_price import (
    NotAPrice,
    NotAStandingCharge,
    NotTaxes,
    parse_price,
    parse_standing,
    parse_taxes,
)


def slabs(*steps: tuple[str | None, str]) -> tuple[Slab, ...]:
    return tuple(
        Slab(up_to=None if up_to is None else Decimal(up_to), rate_paise=Decimal(rate))
        for up_to, rate in steps
    )


THREE = slabs(("100", "500"), ("300", "725"), (None, "900"))


@pytest.mark.parametrize(
    ("typed", "paise"),
    [
        ("6.50", "650"),
        (" ₹6.5 ", "650"),
        ("Rs 6.50/kWh", "650"),
        ("6.50 per unit", "650"),
        ("7", "700"),
        ("६.५०", "650"),
        ("६.५० प्रति यूनिट", "650"),
        ("6.50 rupees a unit", "650"),
        ("6.505", "650.5"),
        ("0", "0"),
    ],
)
def test_one_price_is_rupees_a_unit(typed: str, paise: str) -> None:
    assert parse_price(typed) == slabs((None, paise))


@pytest.mark.parametrize(
    "typed",
    [
        "100: 5.00, 300: 7.25, rest: 9.00",
        "100:5,300:7.25,REST:9",
        "100 = 5; 300 = 7.25; above = 9",
        "100: 5.00\n300: 7.25\nrest: 9.00",
        "up to 100: ₹5, up to 300: ₹7.25, rest: ₹9",
        "0-100: 5, 101-300: 7.25, above 300: 9",
        "0–100: 5, 100–300: 7.25, 300+: 9",
        "100 units: 5/unit, 300 units: 7.25/unit, >300: 9/unit",
        "१००: ५.००, ३००: ७.२५, बाकी: ९.००",
        "१०० तक: ५, ३०० तक: ७.२५, ३०० से ऊपर: ९",
    ],
)
def test_slabs_come_in_many_spellings(typed: str) -> None:
    assert parse_price(typed) == THREE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "-5",
        "1001",
        "6.50505",
        "6,50",
        "100: 5, 300: 7.25",
        "300: 5, 100: 7.25, rest: 9",
        "rest: 9, 100: 5",
        "100: 5, rest: x",
        "100: 5, foo: 9",
        "0-100: 5, 150-300: 7.25, rest: 9",
        "100: 5, above 200: 9",
        "shop 100: 5, rest: 9",
        "0: 5, rest: 9",
        "100.0001: 5, rest: 9",
        "1, 2, 3, 4, 5, 6",
        ", ".join(f"{n}: 1" for n in range(1, 9)) + ", rest: 2",
        "9" * 60,
    ],
)
def test_what_is_no_price_is_named(typed: str) -> None:
    with pytest.raises(NotAPrice) as refusal:
        parse_price(typed)
    assert refusal.value.text == typed


@pytest.mark.parametrize(
    ("typed", "paise", "per"),
    [
        ("150 a month", 15_000, StandingPer.MONTH),
        ("₹150/month", 15_000, StandingPer.MONTH),
        ("Rs. 1,150.50 per month", 115_050, StandingPer.MONTH),
        ("150 monthly", 15_000, StandingPer.MONTH),
        ("5 a day", 500, StandingPer.DAY),
        ("5.25/day", 525, StandingPer.DAY),
        ("१५० प्रति माह", 15_000, StandingPer.MONTH),
        ("१५० रुपये महीना", 15_000, StandingPer.MONTH),
        ("५ प्रति दिन", 500, StandingPer.DAY),
        ("5 रोज़", 500, StandingPer.DAY),
    ],
)
def test_a_standing_charge_is_per_day_or_month(typed: str, paise: int, per: StandingPer) -> None:
    assert parse_standing(typed) == StandingCharge(amount_paise=paise, per=per)


@pytest.mark.parametrize("typed", ["none", "No", "0", "-", "नहीं", "0 a month"])
def test_there_need_be_no_standing_charge(typed: str) -> None:
    assert parse_standing(typed) is None


@pytest.mark.parametrize(
    "typed", ["150", "a month", "-5 a day", "150 a year", "1e9 a day", "200000/day"]
)
def test_what_is_no_standing_charge_is_named(typed: str) -> None:
    with pytest.raises(NotAStandingCharge) as refusal:
        parse_standing(typed)
    assert refusal.value.text == typed


@pytest.mark.parametrize(
    ("typed", "taxes"),
    [
        ("GST 18", [("GST", "18")]),
        ("GST 18%", [("GST", "18")]),
        ("18% GST", [("GST", "18")]),
        ("GST: 18, Duty 4.5 %", [("GST", "18"), ("Duty", "4.5")]),
        ("विद्युत शुल्क ९", [("विद्युत शुल्क", "9")]),
        ("जीएसटी १८ प्रतिशत", [("जीएसटी", "18")]),
    ],
)
def test_taxes_have_names_and_percents(typed: str, taxes: list[tuple[str, str]]) -> None:
    assert parse_taxes(typed) == tuple(
        Tax(name=name, percent=Decimal(percent)) for name, percent in taxes
    )


@pytest.mark.parametrize("typed", ["none", "0", "कोई नहीं"])
def test_there_need_be_no_taxes(typed: str) -> None:
    assert parse_taxes(typed) == ()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "18",
        "GST",
        "GST 101",
        "GST 0",
        "10 a day",
        "150/month",
        "10 per unit",
        "₹10",
        "Rs 10",
        "१० प्रति दिन",
        "GST 18, gst 5",
        "G" * 21 + " 5",
        "GST 1.2345",
        "A1 5",
        "a 1, b 2, c 3, d 4, e 5",
    ],
)
def test_what_are_no_taxes_is_named(typed: str) -> None:
    with pytest.raises(NotTaxes) as refusal:
        parse_taxes(typed)
    assert refusal.value.text == typed
