"""What a building's leases start out with."""

from bot.domain.place import Place
from tests.unit.domain.test_period import KOLKATA


def test_a_place_starts_out_with_the_defaults_of_the_rules() -> None:
    """Rules 5.3 and 6.3: cut-off ₹100, low at ₹500, no emergency credit, no protected hours."""
    place = Place(id=1, name="Lakeside", zone=KOLKATA, currency="INR")
    assert (place.cut_off_paise, place.low_balance_paise) == (10_000, 50_000)
    assert (place.emergency_credit_paise, place.protected_hours) == (0, None)
