"""What a lease has of its own holds; what it has not, it takes from its place."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.place import Place
from bot.domain.protection import ProtectedHours
from bot.domain.terms import terms_of
from tests.unit.domain.test_period import KOLKATA

NIGHT = ProtectedHours(start=time(18), end=time(8))
NOON = ProtectedHours(start=time(12), end=time(15))
PLACE = Place(
    id=1,
    name="Lakeside",
    zone=KOLKATA,
    currency="INR",
    emergency_credit_paise=5_000,
    protected_hours=NIGHT,
)
FOLLOWING = Lease(
    id=1,
    place_id=1,
    room_id=1,
    tenant_name="Asha",
    phone=None,
    mode=BillingMode.PREPAID,
    occupancy=Occupancy(start_on=date(2025, 11, 1)),
    tariff_id=1,
    check_interval=CheckInterval.DAILY,
)


def test_a_lease_that_was_never_set_follows_its_place() -> None:
    terms = terms_of(FOLLOWING, PLACE)
    assert (terms.cut_off_paise, terms.low_balance_paise) == (10_000, 50_000)
    assert (terms.emergency_credit_paise, terms.protected_hours) == (5_000, NIGHT)
    moved = replace(PLACE, cut_off_paise=20_000, protected_hours=None)
    assert terms_of(FOLLOWING, moved).cut_off_paise == 20_000
    assert terms_of(FOLLOWING, moved).protected_hours is None


def test_what_a_lease_has_of_its_own_stays_also_when_it_is_nothing() -> None:
    own = replace(
        FOLLOWING,
        cut_off_paise=0,
        low_balance_paise=30_000,
        emergency_credit_paise=0,
        protected_hours=(),
    )
    terms = terms_of(own, replace(PLACE, cut_off_paise=20_000))
    assert (terms.cut_off_paise, terms.low_balance_paise) == (0, 30_000)
    assert (terms.emergency_credit_paise, terms.protected_hours) == (0, None)


def test_a_lease_may_have_hours_of_its_own() -> None:
    assert terms_of(replace(FOLLOWING, protected_hours=(NOON,)), PLACE).protected_hours == NOON


@pytest.mark.parametrize(
    ("own_cut_off", "own_low", "low"),
    [(60_000, None, 60_000), (None, 5_000, 10_000), (40_000, None, 50_000), (7, 5, 7)],
)
def test_the_low_mark_is_never_below_the_cut_off(
    own_cut_off: int | None, own_low: int | None, low: int
) -> None:
    lease = replace(FOLLOWING, cut_off_paise=own_cut_off, low_balance_paise=own_low)
    assert terms_of(lease, PLACE).low_balance_paise == low
