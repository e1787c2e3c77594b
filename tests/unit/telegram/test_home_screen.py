"""The home card says what is left first, and fits a small phone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.lease import BillingMode
from bot.domain.service_kind import Medium, ServiceKind
from bot.domain.supply import SupplyReason
from bot.domain.warning import Forecast
from bot.services.home_card import Freshness, HomeCard, OtherMedium, Power
from bot.services.home_day import Spent
from bot.telegram.screens.home import home_screen
from tests.unit.telegram.facts import MIDNIGHT, NOW, card, labels, speaker

CUT = {"balance_paise": 8_550, "power": Power.OFF, "power_reason": SupplyReason.BELOW_CUT_OFF}
STATES = {
    "in order": card(),
    "low": card(balance_paise=31_200),
    "never used": card(forecast=Forecast(lasts=None, daily_cost_paise=0)),
    "cut": card(**CUT),
    "protected": card(
        balance_paise=1_724, decided_by=SupplyReason.PROTECTED_TENANT, today=None, spared_until=None
    ),
    "on credit": card(balance_paise=1_724, decided_by=SupplyReason.EMERGENCY_CREDIT),
    "held on": card(balance_paise=1_724, decided_by=SupplyReason.HOLD_ON),
    "spared": card(balance_paise=1_724, decided_by=SupplyReason.PROTECTED_HOURS, spared_until=NOW),
    "unread": card(today=None, freshness=Freshness.STORED),
    "about to be cut": card(balance_paise=8_550, power=Power.GOING_OFF),
    "held off": card(power=Power.OFF, power_reason=SupplyReason.HOLD_OFF),
    "offline": card(freshness=Freshness.OFFLINE),
    "owing": card(mode=BillingMode.POSTPAID, balance_paise=-220_675),
    "moved out": card(has_ended=True, read_at=None, power=Power.UNKNOWN),
}


OTHERS = (
    OtherMedium(
        medium=Medium(service=ServiceKind.GAS, unit="m³"),
        quantity=Decimal("12.3"),
        cost_paise=55_350,
        decimals=3,
    ),
    OtherMedium(
        medium=Medium(service=ServiceKind.WATER, unit="L"),
        quantity=Decimal(640),
        cost_paise=None,
        decimals=0,
    ),
)


def test_other_media_have_a_line_each() -> None:
    lines = said(card(others=OTHERS)).splitlines()
    assert lines[6:9] == [
        "November  118.2 kWh · ₹768.30  (usual ₹720.00)",
        "Gas  12.300 m³ · ₹553.50",
        "Water  640 L · included in the rent",
    ]
    assert "गैस  12.300 m³ · ₹553.50" in said(card(others=OTHERS), "hi")


def test_a_room_without_electricity_shows_none() -> None:
    shown = said(card(others=OTHERS[:1], has_electricity=False))
    assert "kWh" not in shown
    assert "November  ₹768.30" in shown


def said(facts: HomeCard, language: str = "en") -> str:
    return str(home_screen(facts, speaker(language)).html)


def test_the_card_reads_as_in_the_design() -> None:
    assert said(card()).splitlines() == [
        "<b>Room 302</b> · Lakeside Apartments",
        "",
        "<b>₹1,284.50</b>   about 16 days",
        "▓▓▓▓▓▓▓░░░░░░░  cut-off ₹100.00",
        "",
        "Today  6.4 kWh · ₹41.60",
        "November  118.2 kWh · ₹768.30  (usual ₹720.00)",
        "Power  🟢 on · 640 W now",
        "Read at 18:42",
    ]


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("state", STATES)
def test_a_card_has_at_most_twelve_lines(state: str, language: str) -> None:
    assert len(said(STATES[state], language).splitlines()) <= 12


@pytest.mark.parametrize("state", STATES)
def test_a_card_has_at_most_two_buttons_in_a_row(state: str) -> None:
    rows = home_screen(STATES[state], speaker(), has_others=True).buttons

    assert max(map(len, rows)) <= 2


def test_a_low_balance_is_marked_in_the_first_line_of_money() -> None:
    assert "🟡 <b>₹312.00</b> left, about 16 days" in said(STATES["low"])


def test_a_cut_says_how_much_restores_power() -> None:
    lines = said(STATES["cut"]).splitlines()

    assert lines[2] == "🔴 Power is off: balance <b>₹85.50</b> is below ₹100.00."
    assert lines[3] == "Pay <b>₹14.50</b> or more to restore it."


@pytest.mark.parametrize(
    ("state", "said_so"),
    [
        ("protected", "Your power is not cut automatically."),
        ("on credit", "You have power on emergency credit. It is cut when that is used up."),
        ("held on", "Your manager keeps your power on."),
        (
            "spared",
            (
                "It is not cut before 12 Nov · 18:42. "
                "Pay <b>₹82.76</b> or more by then to keep your power."
            ),
        ),
    ],
)
def test_who_is_not_cut_for_a_balance_below_the_cut_off_is_told_why(
    state: str, said_so: str
) -> None:
    lines = said(STATES[state]).splitlines()

    assert lines[2] == "🔴 Balance <b>₹17.24</b> is below the cut-off of ₹100.00."
    assert lines[3] == said_so


def test_who_is_held_off_is_not_told_to_pay_for_power() -> None:
    held = card(balance_paise=1_724, power=Power.OFF, decided_by=SupplyReason.HOLD_OFF)

    assert "Pay" not in said(held)


def test_use_that_nobody_has_read_is_not_called_none() -> None:
    assert "Today  not read yet: tap ⟳" in said(STATES["unread"]).splitlines()
    offline = said(card(today=None, freshness=Freshness.OFFLINE)).splitlines()
    assert "Today  not known" in offline
    nothing_to_ask = said(card(today=None, freshness=Freshness.STORED, can_refresh=False))
    assert "Today" not in nothing_to_ask


def test_what_is_not_charged_yet_is_said_to_be_so() -> None:
    spent = Spent(
        since_at=MIDNIGHT, energy_kwh=Decimal("8.5"), cost_paise=5_525, uncharged_paise=5_525
    )
    assert "Today  8.5 kWh · ₹55.25 (not charged yet)" in said(card(today=spent))
    part = replace(spent, uncharged_paise=525)
    assert "Today  8.5 kWh · ₹55.25 (₹5.25 not charged yet)" in said(card(today=part))


def test_power_is_not_called_off_before_the_meter_has_confirmed_it() -> None:
    text = said(STATES["about to be cut"])

    assert "Power is off" not in text
    assert "will be switched off" in text


def test_a_managers_hold_is_said_to_be_one() -> None:
    assert "off, by your manager" in said(STATES["held off"])


def test_an_offline_meter_is_said_with_the_time_of_its_last_reading() -> None:
    assert "The meter is offline. Last read at 18:42" in said(STATES["offline"])


def test_a_reading_of_another_day_is_said_with_its_day() -> None:
    assert "Read at 11 Nov · 18:42" in said(card(read_at=NOW - timedelta(days=1)))


def test_stored_watts_are_not_said_to_be_now() -> None:
    assert "now" not in said(card(freshness=Freshness.STORED))


def test_missed_checks_are_not_called_today() -> None:
    since = Spent(
        since_at=MIDNIGHT - timedelta(days=2), energy_kwh=Decimal("20.1"), cost_paise=13_065
    )

    assert "Since 10 Nov  20.1 kWh" in said(card(today=since))


def test_a_postpaid_card_says_what_is_to_be_paid() -> None:
    assert "<b>₹2,206.75</b> to pay" in said(STATES["owing"])


def test_a_tenant_who_moved_out_sees_no_meter() -> None:
    screen = home_screen(STATES["moved out"], speaker())

    assert "Power" not in screen.html
    assert "⟳ Refresh" not in labels(screen)


def test_names_from_outside_are_escaped() -> None:
    text = said(card(room="<b>Roof</b>", place="A & B"))

    assert "&lt;b&gt;Roof&lt;/b&gt;" in text
    assert "A &amp; B" in text


def test_only_somebody_with_other_rooms_is_offered_them() -> None:
    assert "Other rooms" not in labels(home_screen(card(), speaker()))
    assert "Other rooms" in labels(home_screen(card(), speaker(), has_others=True))


def test_what_is_in_question_does_not_have_to_be_paid_to_keep_the_power() -> None:
    enough = said(card(balance_paise=8_550, disputed_paise=5_000))
    short = said(card(balance_paise=3_550, disputed_paise=5_000))

    assert "Pay" not in enough
    assert "₹85.50" in enough
    assert "Pay <b>₹14.50</b> or more" in short
    assert all("₹50.00 questioned, not counted meanwhile" in each for each in (enough, short))
