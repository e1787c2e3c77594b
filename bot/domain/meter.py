"""What is known of a meter besides its counter, and what cannot be true of one.

The attributes are those of the meters API, in its words where people meet them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.domain.metering import MeterTerms, MeterType
from bot.domain.service_kind import BillingType as BillingType
from bot.domain.service_kind import ServiceKind as ServiceKind

MOST_DECIMALS = 3
LONGEST_TEXT = 120
LONGEST_NOTES = 1_000


class MeterStatus(Enum):
    """Whether a meter counts; only an active one is read in rounds and charged."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    FAULTY = "FAULTY"
    RETIRED = "RETIRED"


class SplitKey(Enum):
    """By what a shared consumption is split. Rule 8.2."""

    EQUAL = "equal"
    HEADCOUNT = "headcount"
    FLOOR_AREA = "floor_area"
    OWN_CONSUMPTION = "own_consumption"
    FIXED_RATIO = "fixed_ratio"


UNITS_OF: dict[MeterType, tuple[str, ...]] = {
    MeterType.ELECTRICITY: ("kWh",),
    MeterType.GAS: ("m³", "kWh"),
    MeterType.WATER_HOT: ("m³", "L"),
    MeterType.WATER_COLD: ("m³", "L"),
    MeterType.HEATING: ("kWh", "kcal", "BTU"),
    MeterType.COOLING: ("kWh", "kcal", "BTU"),
}
"""The units in which a type may count, the usual one first."""

SERVICES_OF: dict[MeterType, tuple[ServiceKind, ...]] = {
    MeterType.ELECTRICITY: (ServiceKind.ELECTRICITY, ServiceKind.GENERATOR),
    MeterType.GAS: (ServiceKind.GAS,),
    MeterType.WATER_HOT: (ServiceKind.HOT_WATER, ServiceKind.WATER),
    MeterType.WATER_COLD: (ServiceKind.WATER,),
    MeterType.HEATING: (ServiceKind.HEATING,),
    MeterType.COOLING: (ServiceKind.COOLING,),
}
"""The services that a type may belong to, the usual one first."""


class MeterField(Enum):
    """An attribute by which a flaw is named."""

    SERIAL_NUMBER = "serial_number"
    UNIT = "unit"
    SERVICE = "service"
    INSTALLED_ON = "installed_on"
    LAST_INSPECTION_ON = "last_inspection_on"
    NEXT_INSPECTION_ON = "next_inspection_on"
    DECIMALS = "decimals"
    SPLIT_KEY = "split_key"
    PARENT = "parent"
    MAIN = "main"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterFlaw:
    """What cannot be true of a meter, and the limit that it breaks, if there is one."""

    field: MeterField
    limit: date | int | None = None


class MeterNotPossible(ValueError):
    """These attributes contradict one another, or today."""

    def __init__(self, flaws: tuple[MeterFlaw, ...]) -> None:
        super().__init__(flaws)
        self.flaws = flaws


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterSheet:
    """All that is known of a meter; `decimals` are those that its counter shows.

    `udf1` finds its device at the vendor; a meter without one is read by people.
    """

    id: int
    place_id: int
    room_id: int | None
    name: str
    type: MeterType
    unit: str
    service: ServiceKind
    terms: MeterTerms
    billing_type: BillingType = BillingType.INDIVIDUAL
    status: MeterStatus = MeterStatus.ACTIVE
    is_main: bool = False
    decimals: int = 1
    udf1: str | None = None
    serial_number: str | None = None
    installed_on: date | None = None
    manufacturer: str | None = None
    model_reference: str | None = None
    last_inspection_on: date | None = None
    next_inspection_on: date | None = None
    parent_id: int | None = None
    split_key: SplitKey | None = None
    notes: str | None = None

    @property
    def is_charged(self) -> bool:
        """Whether a tenant pays for what it counts. Rule 8.1."""
        return self.billing_type is not BillingType.INCLUDED


def require_possible(sheet: MeterSheet, *, today: date) -> None:
    """Raises MeterNotPossible with everything that is wrong with a meter."""
    flaws = tuple(_flaws(sheet, today))
    if flaws:
        raise MeterNotPossible(flaws)


def _flaws(sheet: MeterSheet, today: date) -> Iterator[MeterFlaw]:
    if sheet.unit not in UNITS_OF[sheet.type]:
        yield MeterFlaw(field=MeterField.UNIT)
    if sheet.service not in SERVICES_OF[sheet.type]:
        yield MeterFlaw(field=MeterField.SERVICE)
    if not 0 <= sheet.decimals <= MOST_DECIMALS:
        yield MeterFlaw(field=MeterField.DECIMALS, limit=MOST_DECIMALS)
    if sheet.split_key is not None and sheet.billing_type not in _SPLIT:
        yield MeterFlaw(field=MeterField.SPLIT_KEY)
    if sheet.parent_id is not None and sheet.parent_id == sheet.id:
        yield MeterFlaw(field=MeterField.PARENT)
    if sheet.is_main and sheet.parent_id is not None:
        yield MeterFlaw(field=MeterField.MAIN)
    if any(len(each or "") > longest for each, longest in _texts(sheet)):
        yield MeterFlaw(field=MeterField.TEXT, limit=LONGEST_TEXT)
    yield from _date_flaws(sheet, today)


_SPLIT = frozenset({BillingType.COLLECTIVE, BillingType.SHARED})


def _texts(sheet: MeterSheet) -> Iterator[tuple[str | None, int]]:
    for each in (sheet.name, sheet.serial_number, sheet.manufacturer, sheet.model_reference):
        yield each, LONGEST_TEXT
    yield sheet.notes, LONGEST_NOTES


def _date_flaws(sheet: MeterSheet, today: date) -> Iterator[MeterFlaw]:
    since_on = sheet.installed_on
    if since_on is not None and since_on > today:
        yield MeterFlaw(field=MeterField.INSTALLED_ON, limit=today)
    inspected_on = sheet.last_inspection_on
    if inspected_on is not None:
        if inspected_on > today:
            yield MeterFlaw(field=MeterField.LAST_INSPECTION_ON, limit=today)
        if since_on is not None and inspected_on < since_on:
            yield MeterFlaw(field=MeterField.LAST_INSPECTION_ON, limit=since_on)
    earliest_on = inspected_on or since_on
    next_on = sheet.next_inspection_on
    if next_on is not None and earliest_on is not None and next_on < earliest_on:
        yield MeterFlaw(field=MeterField.NEXT_INSPECTION_ON, limit=earliest_on)
