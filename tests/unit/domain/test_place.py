"""Rooms as people name them, and what a building's leases start out with."""

import pytest

from bot.domain.place import Place, short_name
from tests.unit.domain.test_period import KOLKATA


@pytest.mark.parametrize(
    ("room", "short"),
    [("Room #302", "302"), ("Room 302", "302"), ("302", "302"), ("#302", "302"), (" ", " ")],
)
def test_a_room_is_called_without_its_leading_word(room: str, short: str) -> None:
    assert short_name(room) == short


def test_a_place_starts_out_with_the_defaults_of_the_rules() -> None:
    """Rules 5.3 and 6.3: cut-off ₹100, low at ₹500, no emergency credit, no protected hours."""
    place = Place(id=1, name="Lakeside", zone=KOLKATA, currency="INR")
    assert (place.cut_off_paise, place.low_balance_paise) == (10_000, 50_000)
    assert (place.emergency_credit_paise, place.protected_hours) == (0, None)
