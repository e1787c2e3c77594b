"""The attributes of a meter that people set, one by one, and as words that can be kept. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import Enum

from bot.domain.meter import (
    SERVICES_OF,
    UNITS_OF,
    BillingType,
    MeterSheet,
    MeterStatus,
    ServiceKind,
    SplitKey,
)
from bot.domain.metering import MeterType

SPLIT_BY = {
    BillingType.INDIVIDUAL: None,
    BillingType.COLLECTIVE: SplitKey.EQUAL,
    BillingType.SHARED: SplitKey.FIXED_RATIO,
    BillingType.INCLUDED: None,
}
"""By what a meter is split unless something else is said. Rule 8.2."""


class SheetField(Enum):
    """What can be set; the values are in buttons and never change meaning."""

    NAME = "n"
    TYPE = "t"
    SERVICE = "v"
    UNIT = "u"
    BILLING = "b"
    KEY = "k"
    STATUS = "s"
    MAIN = "m"
    ROOM = "r"
    PARENT = "p"
    SERIAL = "e"
    UDF1 = "q"
    INSTALLED = "i"
    MANUFACTURER = "f"
    MODEL = "o"
    DECIMALS = "d"
    LAST_INSPECTION = "l"
    NEXT_INSPECTION = "x"
    NOTES = "z"

    @property
    def attribute(self) -> str:
        """The name of the attribute in a MeterSheet."""
        return _ATTRIBUTES[self]

    def of(self, sheet: MeterSheet) -> object:
        """Return what a meter has there."""
        return getattr(sheet, self.attribute)


_ATTRIBUTES = {
    SheetField.NAME: "name",
    SheetField.TYPE: "type",
    SheetField.SERVICE: "service",
    SheetField.UNIT: "unit",
    SheetField.BILLING: "billing_type",
    SheetField.KEY: "split_key",
    SheetField.STATUS: "status",
    SheetField.MAIN: "is_main",
    SheetField.ROOM: "room_id",
    SheetField.PARENT: "parent_id",
    SheetField.SERIAL: "serial_number",
    SheetField.UDF1: "udf1",
    SheetField.INSTALLED: "installed_on",
    SheetField.MANUFACTURER: "manufacturer",
    SheetField.MODEL: "model_reference",
    SheetField.DECIMALS: "decimals",
    SheetField.LAST_INSPECTION: "last_inspection_on",
    SheetField.NEXT_INSPECTION: "next_inspection_on",
    SheetField.NOTES: "notes",
}
_ENUMS: Mapping[SheetField, type[Enum]] = {
    SheetField.TYPE: MeterType,
    SheetField.SERVICE: ServiceKind,
    SheetField.BILLING: BillingType,
    SheetField.KEY: SplitKey,
    SheetField.STATUS: MeterStatus,
}
_DAYS = frozenset({SheetField.INSTALLED, SheetField.LAST_INSPECTION, SheetField.NEXT_INSPECTION})
_WHOLE = frozenset({SheetField.ROOM, SheetField.PARENT, SheetField.DECIMALS})
REQUIRED = frozenset(
    {
        SheetField.NAME,
        SheetField.TYPE,
        SheetField.SERVICE,
        SheetField.UNIT,
        SheetField.BILLING,
        SheetField.STATUS,
        SheetField.MAIN,
        SheetField.DECIMALS,
    }
)
"""What every meter has; anything else may be not known."""

Changes = Mapping[SheetField, object]


def word_of(value: object) -> str | None:
    """Return a value as it is kept in facts and carried by buttons; None stays None."""
    if value is None:
        return None
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def value_from(field: SheetField, word: str | None) -> object:
    """Return the value that a word stands for. Raises ValueError for one that stands for none."""
    if word is None:
        if field in REQUIRED:
            raise ValueError(field)
        return None
    if field in _ENUMS:
        return _ENUMS[field](word)
    if field in _DAYS:
        return date.fromisoformat(word)
    if field is SheetField.MAIN:
        return {"1": True, "0": False}[word]
    return int(word) if field in _WHOLE else word


def with_changes(sheet: MeterSheet, changes: Changes) -> MeterSheet:
    """Return the meter with what is to be changed, and with what follows from it.

    Another type brings its own unit and service, another billing type its own key.
    """
    changed = replace(sheet, **{field.attribute: value for field, value in changes.items()})  # type: ignore[arg-type]
    is_another = changed.type is not sheet.type
    if is_another and SheetField.UNIT not in changes:
        changed = replace(changed, unit=UNITS_OF[changed.type][0])
    if is_another and SheetField.SERVICE not in changes:
        changed = replace(changed, service=SERVICES_OF[changed.type][0])
    if changed.billing_type is not sheet.billing_type and SheetField.KEY not in changes:
        changed = replace(changed, split_key=SPLIT_BY[changed.billing_type])
    return changed


def differing(before: MeterSheet, after: MeterSheet) -> tuple[SheetField, ...]:
    """Return what is not the same of two descriptions of one meter."""
    return tuple(field for field in SheetField if field.of(before) != field.of(after))
