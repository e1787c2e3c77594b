"""How meters, and what is known of them, are called."""

from collections.abc import Mapping
from datetime import date
from enum import Enum

from bot.domain.meter import BillingType, MeterSheet, MeterStatus, SplitKey
from bot.domain.metering import MeterType
from bot.i18n import N_, Safe, Speaker
from bot.i18n.service_names import SERVICE_NAMES
from bot.services.meter_field import SheetField
from bot.telegram.screens.room import room_label

SIGNS: Mapping[MeterType, str] = {
    MeterType.ELECTRICITY: "⚡",
    MeterType.GAS: "🔥",
    MeterType.WATER_HOT: "♨️",
    MeterType.WATER_COLD: "💧",
    MeterType.HEATING: "🌡️",
    MeterType.COOLING: "❄️",
}
NAMES: Mapping[Enum, str] = {
    MeterType.ELECTRICITY: N_("Electricity"),
    MeterType.GAS: N_("Gas"),
    MeterType.WATER_HOT: N_("Hot water"),
    MeterType.WATER_COLD: N_("Cold water"),
    MeterType.HEATING: N_("Heating"),
    MeterType.COOLING: N_("Cooling"),
    **SERVICE_NAMES,
    MeterStatus.ACTIVE: N_("In use"),
    MeterStatus.INACTIVE: N_("Not in use"),
    MeterStatus.FAULTY: N_("Faulty"),
    MeterStatus.RETIRED: N_("Retired"),
    BillingType.INDIVIDUAL: N_("One tenant pays"),
    BillingType.COLLECTIVE: N_("The whole building pays"),
    BillingType.SHARED: N_("Some tenants share it"),
    BillingType.INCLUDED: N_("Included in the rent"),
    SplitKey.EQUAL: N_("Equally"),
    SplitKey.HEADCOUNT: N_("By people"),
    SplitKey.FLOOR_AREA: N_("By floor area"),
    SplitKey.OWN_CONSUMPTION: N_("By own use"),
    SplitKey.FIXED_RATIO: N_("By fixed shares"),
}
FIELD_NAMES: Mapping[SheetField, str] = {
    SheetField.NAME: N_("Name"),
    SheetField.TYPE: N_("Type"),
    SheetField.SERVICE: N_("Service"),
    SheetField.UNIT: N_("Unit"),
    SheetField.BILLING: N_("Who pays"),
    SheetField.KEY: N_("Split"),
    SheetField.STATUS: N_("State"),
    SheetField.MAIN: N_("Main meter"),
    SheetField.ROOM: N_("Room"),
    SheetField.PARENT: N_("Below"),
    SheetField.SERIAL: N_("Serial number"),
    SheetField.UDF1: N_("Name at Qube"),
    SheetField.INSTALLED: N_("Installed"),
    SheetField.MANUFACTURER: N_("Maker"),
    SheetField.MODEL: N_("Model"),
    SheetField.DECIMALS: N_("Decimals shown"),
    SheetField.LAST_INSPECTION: N_("Last inspection"),
    SheetField.NEXT_INSPECTION: N_("Next inspection"),
    SheetField.NOTES: N_("Notes"),
}
LONGEST_SHOWN = 80


def name_of(value: Enum, speaker: Speaker) -> Safe:
    """Return what a type, a service, a state, a way to pay or a key is called."""
    return speaker.text(NAMES[value])


def field_name(field: SheetField, speaker: Speaker) -> Safe:
    """Return what an attribute is called."""
    return speaker.text(FIELD_NAMES[field])


def kind_of(sheet: MeterSheet, speaker: Speaker) -> Safe:
    """Return what a meter counts, by its service, as that says more than its type."""
    return name_of(sheet.service, speaker)


def called(sheet: MeterSheet, room: str | None = None) -> str:
    """Return what people call a meter: one that nobody named goes by its room."""
    return sheet.name if is_named(sheet) or room is None else room_label(room)


def is_named(sheet: MeterSheet) -> bool:
    """Return whether somebody gave a meter a name; else it has the one that Qube knows it by."""
    return sheet.name != sheet.udf1


def labelled(sheet: MeterSheet, room: str | None = None) -> str:
    """Return a meter as a button shows it."""
    return f"{SIGNS[sheet.type]} {called(sheet, room)}"


def value_text(
    field: SheetField,
    value: object,
    speaker: Speaker,
    *,
    room: str | None = None,
    parent: MeterSheet | None = None,
) -> object:
    """Return what a meter has there, in words; rooms and meters are named, not numbered."""
    if field is SheetField.MAIN:
        return speaker.text("yes") if value else speaker.text("no")
    if field is SheetField.ROOM:
        return speaker.text("no room") if room is None else room
    if field is SheetField.PARENT:
        return speaker.text("nothing") if parent is None else parent.name
    if value is None:
        return speaker.text("none") if field is SheetField.NOTES else speaker.text("not known")
    if isinstance(value, Enum):
        return name_of(value, speaker)
    if isinstance(value, date):
        return speaker.full_date(value)
    return cut(str(value))


def cut(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
