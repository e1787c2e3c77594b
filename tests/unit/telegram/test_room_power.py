"""What a room's card says of power that no relay switches. Rule 6.7."""

from datetime import timedelta

import pytest

from bot.domain.supply import Hold
from bot.services.home_card import Power
from bot.services.room_card import RoomSupply
from bot.telegram.screens.room_card import power_text
from tests.unit.telegram.facts import NOW, speaker


@pytest.mark.parametrize(
    ("power", "word"),
    [(Power.GOING_OFF, "off"), (Power.OFF, "off"), (Power.ON, "on"), (Power.COMING_ON, "on")],
)
def test_without_a_relay_the_card_says_what_is_asked_and_nothing_of_a_meters_word(
    power: Power, word: str
) -> None:
    supply = RoomSupply(
        power=power,
        reason=None,
        decided_at=NOW - timedelta(days=2),
        confirmed_at=NOW,
        power_w=None,
        hold=Hold.NONE,
        hold_until=None,
        hold_by=None,
        hold_note=None,
        review_at=None,
        can_switch=False,
        order=None,
    )

    assert power_text(supply, speaker(), now=NOW) == (
        f"✋ To be {word} since 10 Nov · 18:42, by hand: no meter confirms it"
    )
