"""What a room's card says of power that no relay switches. Rule 6.7."""

from datetime import timedelta

import pytest

from bot.domain.supply import Hold, SupplyReason
from bot.services.home_card import Power
from bot.services.ports import Lane
from bot.services.room_card import RoomSupply
from bot.services.store import OrderStatus, RelayOrder
from bot.telegram.screens.room_card import power_text
from tests.unit.telegram.facts import NOW, speaker


def supply(
    power: Power, *, asked_on: bool | None = None, confirmed_by: str | None = None
) -> RoomSupply:
    order = None
    if asked_on is not None:
        order = RelayOrder(
            meter_id=1,
            lease_id=1,
            turn_on=asked_on,
            reason=SupplyReason.IN_ORDER,
            thread="t",
            lane=Lane.RESTORE,
            created_at=NOW - timedelta(days=2),
            due_at=NOW,
            status=OrderStatus.BY_HAND,
        )
    return RoomSupply(
        power=power,
        reason=None,
        decided_at=NOW - timedelta(days=2),
        confirmed_at=NOW - timedelta(days=1),
        power_w=None,
        hold=Hold.NONE,
        hold_until=None,
        hold_by=None,
        hold_note=None,
        review_at=None,
        can_switch=False,
        order=order,
        confirmed_by=confirmed_by,
    )


@pytest.mark.parametrize(("on", "word"), [(False, "OFF"), (True, "ON")])
def test_without_a_relay_the_card_says_what_a_person_is_asked(on: bool, word: str) -> None:
    asked = supply(Power.COMING_ON if on else Power.GOING_OFF, asked_on=on, confirmed_by="Ravi")

    said = power_text(asked, speaker(), now=NOW)

    assert said == f"✋ To be switched {word} by hand since 10 Nov · 18:42"


@pytest.mark.parametrize(
    ("power", "word"), [(Power.OFF, "🔴 Power off"), (Power.ON, "🟢 Power on")]
)
def test_without_a_relay_the_card_names_who_switched(power: Power, word: str) -> None:
    said = power_text(supply(power, confirmed_by="Ravi <K>"), speaker(), now=NOW)

    assert said == f"{word}, by hand, by Ravi &lt;K&gt; 11 Nov · 18:42"


@pytest.mark.parametrize(
    ("power", "word"),
    [
        (Power.OFF, "🔴 Power off"),
        (Power.GOING_OFF, "🔴 Power off"),
        (Power.ON, "Power on"),
        (Power.UNKNOWN, "Power on"),
    ],
)
def test_without_a_relay_no_meters_word_is_taken(power: Power, word: str) -> None:
    assert power_text(supply(power), speaker(), now=NOW) == f"{word}, as far as is known"
