"""The likely answers to what is asked of a meter."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.meter import (
    MOST_DECIMALS,
    SERVICES_OF,
    UNITS_OF,
    BillingType,
    MeterSheet,
    MeterStatus,
    SplitKey,
)
from bot.domain.metering import MeterType
from bot.domain.people import Permission
from bot.i18n import Speaker
from bot.services.meter_edit import MeterChange
from bot.services.meter_field import REQUIRED, SheetField
from bot.telegram.context import Context
from bot.telegram.meter_draft import MeterDraft
from bot.telegram.screens.meter_form import Option
from bot.telegram.screens.meter_words import SIGNS, labelled, name_of
from bot.telegram.screens.room import room_label

MOST_OPTIONS = 8
YEARS = (1, 5, 8)
_COLLECTIVE_KEYS = (
    SplitKey.EQUAL,
    SplitKey.HEADCOUNT,
    SplitKey.FLOOR_AREA,
    SplitKey.OWN_CONSUMPTION,
)


class RoomNotFound(LookupError):
    """No room of the place is called so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class MeterNotFound(LookupError):
    """No meter of the place is called so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


async def options_for(
    context: Context, draft: MeterDraft, at: SheetField, found: MeterChange, speaker: Speaker
) -> Sequence[Option]:
    """Return what one would tap at a step."""
    if at is SheetField.ROOM:
        rooms = await context.services.meter_lists.rooms(
            actor=context.actor, place_id=draft.place_id, limit=MOST_OPTIONS
        )
        named = [Option(label=room_label(room.name), value=room.id) for room in rooms]
        return [*named, Option(label=speaker.text("No room"), value=None)]
    if at is SheetField.PARENT:
        tops = await context.services.meter_trees.tops(actor=context.actor, place_id=draft.place_id)
        fitting = [_meter(each) for each in tops.tops if _may_hang_below(each, found.after)]
        return [*fitting, Option(label=speaker.text("Nothing"), value=None)]
    return _fixed(at, found, speaker)


async def rooms_typed(context: Context, draft: MeterDraft, text: str) -> Sequence[Option]:
    """Return the rooms of the place that a text means. Raises RoomNotFound."""
    found = await context.services.rooms.find(
        actor=context.actor, text=text, permission=Permission.ONBOARD
    )
    rooms = [
        Option(label=room_label(each.room), value=each.room_id)
        for each in found.matches
        if each.place_id == draft.place_id
    ]
    if not rooms:
        raise RoomNotFound(text)
    return rooms[:MOST_OPTIONS]


async def meters_typed(context: Context, draft: MeterDraft, text: str) -> Sequence[Option]:
    """Return the meters of the place that a text means. Raises MeterNotFound."""
    found = await context.services.meter_lists.named(
        actor=context.actor, place_id=draft.place_id, text=text, limit=MOST_OPTIONS
    )
    if not found:
        raise MeterNotFound(text)
    return [_meter(each) for each in found]


def _may_hang_below(top: MeterSheet, sheet: MeterSheet) -> bool:
    return top.id != sheet.id and (top.type, top.unit) == (sheet.type, sheet.unit)


def _meter(sheet: MeterSheet) -> Option:
    return Option(label=labelled(sheet), value=sheet.id)


def _fixed(at: SheetField, found: MeterChange, speaker: Speaker) -> Sequence[Option]:
    sheet = found.after
    if at is SheetField.TYPE:
        return [
            Option(label=f"{SIGNS[each]} {name_of(each, speaker)}", value=each)
            for each in MeterType
        ]
    if at is SheetField.UNIT:
        return [Option(label=unit, value=unit) for unit in UNITS_OF[sheet.type]]
    enums = {
        SheetField.SERVICE: SERVICES_OF[sheet.type],
        SheetField.BILLING: tuple(BillingType),
        SheetField.STATUS: tuple(MeterStatus),
        SheetField.KEY: _COLLECTIVE_KEYS,
    }
    if at in enums:
        return [Option(label=name_of(each, speaker), value=each) for each in enums[at]]
    if at is SheetField.MAIN:
        return [
            Option(label=speaker.text("Yes"), value=True),
            Option(label=speaker.text("No"), value=False),
        ]
    if at is SheetField.DECIMALS:
        return [Option(label=str(each), value=each) for each in range(MOST_DECIMALS + 1)]
    return [*_days(at, found, speaker), *_unknown(at, speaker)]


def _days(at: SheetField, found: MeterChange, speaker: Speaker) -> Sequence[Option]:
    today = found.today_on
    if at in {SheetField.INSTALLED, SheetField.LAST_INSPECTION}:
        return [Option(label=speaker.text("Today"), value=today)]
    if at is SheetField.NEXT_INSPECTION:
        since = found.after.last_inspection_on or today
        days = [since + timedelta(days=365 * years + years // 4) for years in YEARS]
        return [Option(label=speaker.full_date(on), value=on) for on in days if on > today]
    return []


def _unknown(at: SheetField, speaker: Speaker) -> Sequence[Option]:
    if at in REQUIRED:
        return []
    return [Option(label=speaker.text("Not known"), value=None)]
