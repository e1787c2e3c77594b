"""What may be said of a meter, in view of what else there is. Rules 3.1, 8.1 and 8.4."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.meter import BillingType, MeterSheet
from bot.domain.meter_share import LeaseShare
from bot.domain.meter_tree import require_no_circle
from bot.domain.people import Actor, Permission
from bot.services.meter_field import SheetField
from bot.services.place import name_key
from bot.services.stores import Unit
from bot.services.stores.meter_sheet import MeterTies

OWN = frozenset({BillingType.INDIVIDUAL, BillingType.INCLUDED})
"""What one lease may have by itself. Rule 8.1."""


class MeterNameMissing(ValueError):
    """People have to call a meter something that can be shown."""


class MeterNameTaken(Exception):
    """Another meter of the place is called that."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class SerialNumberTaken(Exception):
    """Another meter has that number; `meter` and `place` are None where they may not be seen."""

    def __init__(self, number: str, *, meter: str | None = None, place: str | None = None) -> None:
        super().__init__(number, meter, place)
        self.number = number
        self.meter = meter
        self.place = place


class VendorNameTaken(Exception):
    """Another meter has that name at the vendor."""

    def __init__(self, udf1: str) -> None:
        super().__init__(udf1)
        self.udf1 = udf1


class FieldHasReadings(Exception):
    """What a meter counts cannot change once there are readings of it."""

    def __init__(self, field: SheetField, *, meter: str) -> None:
        super().__init__(field, meter)
        self.field = field
        self.meter = meter


class CountsOtherwise(Exception):
    """A sub-meter counts the same as what is above it, in the same unit. Rule 8.4."""

    def __init__(self, other: MeterSheet) -> None:
        super().__init__(other.id)
        self.other = other


class MeterElsewhere(Exception):
    """What is named together with a meter is not in its place."""


class MeterCharges(Exception):
    """Leases that run were charged by the meter: who pays for it cannot change under them."""

    def __init__(self, shares: tuple[LeaseShare, ...]) -> None:
        super().__init__(tuple(share.lease_id for share in shares))
        self.shares = shares


class MeterInUse(Exception):
    """A meter cannot be deleted: something is tied to it."""

    def __init__(self, meter: str, ties: MeterTies) -> None:
        super().__init__(meter, ties)
        self.meter = meter
        self.ties = ties


class NothingToChange(ValueError):
    """It is so already."""


def cleaned(sheet: MeterSheet) -> MeterSheet:
    """Return a meter whose texts have no needless spaces, and its serial number in capitals."""
    return replace(
        sheet,
        name=_line(sheet.name) or "",
        serial_number=cleaned_number(sheet.serial_number),
        udf1=_line(sheet.udf1),
        manufacturer=_line(sheet.manufacturer),
        model_reference=_line(sheet.model_reference),
        notes=(sheet.notes or "").strip() or None,
    )


def cleaned_number(text: str | None) -> str | None:
    """Return a serial number as it is kept: one spelling for one number."""
    number = _line(text)
    return None if number is None else unicodedata.normalize("NFKC", number).upper()


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


async def require_allowed(
    unit: Unit,
    actor: Actor,
    before: MeterSheet | None,
    after: MeterSheet,
    *,
    taken: Mapping[str, int] | None = None,
) -> None:
    """Raises an error of this module, or MeterAboveItself, for the first rule that is broken.

    `taken` are the names of the place's meters by key, where they are known already.
    """
    if before is None or before.name != after.name:
        _require_free_name(
            after, await taken_names(unit, after.place_id) if taken is None else taken
        )
    if after.serial_number is not None and _is_new(before, after, SheetField.SERIAL):
        await _require_free_number(unit, actor, after)
    if after.udf1 is not None and _is_new(before, after, SheetField.UDF1):
        await _require_free_udf1(unit, after)
    if before is not None:
        await _require_uncounted(unit, before, after)
    await _require_place(unit, after)
    await _require_tree(unit, before, after)


def _is_new(before: MeterSheet | None, after: MeterSheet, field: SheetField) -> bool:
    return before is None or field.of(before) != field.of(after)


async def taken_names(unit: Unit, place_id: int) -> Mapping[str, int]:
    """Return which meter of a place has a name, by its key."""
    names = await unit.sheets.names(place_id)
    return {name_key(name): meter_id for meter_id, name in names.items()}


def _require_free_name(after: MeterSheet, taken: Mapping[str, int]) -> None:
    if not after.name.isprintable():
        raise MeterNameMissing
    if taken.get(name_key(after.name), after.id) != after.id:
        raise MeterNameTaken(after.name)


async def _require_free_number(unit: Unit, actor: Actor, after: MeterSheet) -> None:
    number = after.serial_number or ""
    other = (await unit.sheets.by_serial_number([number])).get(number)
    if other is None or other.id == after.id:
        return
    if not actor.may(Permission.SEE_ROOMS, other.place_id):
        raise SerialNumberTaken(number)
    place = await unit.places.get(other.place_id)
    raise SerialNumberTaken(number, meter=other.name, place=None if place is None else place.name)


async def _require_free_udf1(unit: Unit, after: MeterSheet) -> None:
    udf1 = after.udf1 or ""
    other = (await unit.metering.by_udf1([udf1])).get(udf1)
    if other is not None and other.id != after.id:
        raise VendorNameTaken(udf1)


async def _require_uncounted(unit: Unit, before: MeterSheet, after: MeterSheet) -> None:
    fixed = (SheetField.TYPE, SheetField.UNIT, SheetField.UDF1)
    changed = next((each for each in fixed if each.of(before) != each.of(after)), None)
    if changed is not None and (await unit.sheets.ties(after.id)).readings:
        raise FieldHasReadings(changed, meter=before.name)


async def _require_place(unit: Unit, after: MeterSheet) -> None:
    if after.room_id is not None:
        room = await unit.places.room(after.room_id)
        if room is None or room.place_id != after.place_id:
            raise MeterElsewhere


async def _require_tree(unit: Unit, before: MeterSheet | None, after: MeterSheet) -> None:
    if after.parent_id is not None:
        parent = await unit.sheets.get(after.parent_id)
        if parent is None or parent.place_id != after.place_id:
            raise MeterElsewhere
        if not counts_alike(parent, after):
            raise CountsOtherwise(parent)
        if before is not None and before.parent_id != parent.id:
            above = await meters_above(unit, parent)
            require_no_circle(above, meter_id=after.id, parent_id=parent.id)
    if before is not None and not counts_alike(before, after):
        below = await unit.sheets.below(after.id)
        if below:
            raise CountsOtherwise(below[0])


async def meters_above(unit: Unit, sheet: MeterSheet) -> dict[int, int | None]:
    """Return what hangs below what, from a meter up to the root above it."""
    found: dict[int, int | None] = {}
    each: MeterSheet | None = sheet
    while each is not None and each.id not in found:
        found[each.id] = each.parent_id
        each = None if each.parent_id is None else await unit.sheets.get(each.parent_id)
    return found


def counts_alike(one: MeterSheet, other: MeterSheet) -> bool:
    """Return whether what two meters count can be held against each other. Rule 8.4."""
    return (one.type, one.unit) == (other.type, other.unit)
