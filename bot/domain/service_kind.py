"""What a building is served with, and who pays for what a meter of it counts."""

from dataclasses import dataclass
from enum import Enum


class ServiceKind(Enum):
    """What a building is served with: the kind of charge that a meter's consumption becomes."""

    ELECTRICITY = "electricity"
    GENERATOR = "generator"
    GAS = "gas"
    WATER = "water"
    HOT_WATER = "hot_water"
    HEATING = "heating"
    COOLING = "cooling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A service in the unit in which it is counted and priced; litres are no cubic metres."""

    service: ServiceKind
    unit: str


ELECTRIC = Medium(service=ServiceKind.ELECTRICITY, unit="kWh")


class BillingType(Enum):
    """Who pays for what a meter counts. Rule 8.1."""

    INDIVIDUAL = "INDIVIDUAL"
    COLLECTIVE = "COLLECTIVE"
    SHARED = "SHARED"
    INCLUDED = "INCLUDED"
