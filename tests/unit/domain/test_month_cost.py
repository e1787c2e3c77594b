"""What an example month costs, so that prices can be held against each other."""

from datetime import date
from decimal import Decimal

from bot.domain.billing import month_cost
from bot.domain.tariff import StandingCharge, StandingPer, TariffVersion, Tax
from tests.unit.domain.test_billing import APRIL, SLABS, flat

FEBRUARY = date(2025, 2, 11)


def test_it_is_a_whole_month_with_all_its_lines() -> None:
    version = TariffVersion(
        id=1,
        from_on=APRIL,
        slabs=SLABS,
        standing=StandingCharge(amount_paise=500, per=StandingPer.DAY),
        taxes=(Tax(name="GST", percent=Decimal(18)),),
    )
    energy = 100 * 300 + 20 * 500
    assert month_cost(version, Decimal(120), month_on=FEBRUARY) == energy * 118 // 100 + 28 * 500


def test_a_version_that_begins_in_mid_month_costs_as_if_it_held_throughout() -> None:
    version = TariffVersion(id=1, from_on=date(2025, 2, 20), slabs=flat("650"))
    assert month_cost(version, Decimal(120), month_on=FEBRUARY) == 78_000
