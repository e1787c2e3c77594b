"""The month by which prices are held against each other."""

from datetime import date
from decimal import Decimal

from bot.domain.billing import month_cost
from bot.domain.service_kind import Medium
from bot.domain.tariff import TariffVersion

EXAMPLE_UNITS = Decimal(120)
"""How much the month uses, in kWh."""
EXAMPLES = {
    "kWh": EXAMPLE_UNITS,
    "m³": Decimal(20),
    "L": Decimal(20_000),
    "kcal": Decimal(100_000),
    "BTU": Decimal(400_000),
}
"""The same in other units."""


def example_units(medium: Medium) -> Decimal:
    """Return how much of a medium the example month uses."""
    return EXAMPLES.get(medium.unit, EXAMPLE_UNITS)


def example_cost(version: TariffVersion, month_on: date, medium: Medium) -> int:
    """Return what the example month costs, in paise."""
    return month_cost(version, example_units(medium), month_on=month_on)
