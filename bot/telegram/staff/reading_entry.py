"""Entering what a meter shows, step by step, confirmed once."""

from datetime import datetime
from decimal import Decimal

from bot.domain.people import Permission
from bot.services.reading_entry import NewReading, Preview
from bot.telegram.callbacks import ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.reading_entry import (
    instant_of,
    reading_confirm_screen,
    reading_day_screen,
    reading_value_screen,
    recorded_screen,
)
from bot.telegram.staff.typed_instant import parse_instant
from bot.telegram.staff.typed_number import carried_number, parse_number

ASKING_VALUE = "reading.value"
ASKING_DAY = "reading.day"


async def enter(context: Context) -> Screen:
    """This function will ask what a meter shows."""
    return await ask(context, context.tap.integer(0))


async def ask(context: Context, meter_id: int) -> Screen:
    """This function will ask what a meter shows, and wait for it."""
    page = await context.services.reading_lists.page(
        actor=context.actor, meter_id=meter_id, limit=1
    )
    context.actor.require(Permission.READ_METERS, page.place.id)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING_VALUE, facts={"meter_id": meter_id}
    )
    return reading_value_screen(page, page.now, context.speaker_in(page.place.zone))


async def value(context: Context) -> Screen:
    """This function will take the value that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    return await _confirmation(
        context, int(str(facts["meter_id"])), parse_number(context.request.text), None
    )


async def another_day(context: Context) -> Screen:
    """This function will ask when the meter was read."""
    tap = context.tap
    meter_id, number = tap.integer(0), _number(tap, 1, context)
    shown = await _preview(context, meter_id, number, None)
    facts: dict[str, object] = {"meter_id": meter_id, "value": str(number)}
    await context.services.dialogs.go_to(person_id=context.person.id, step=ASKING_DAY, facts=facts)
    zone = shown.appraisal.spot.place.zone
    return reading_day_screen(shown, context.speaker_in(zone))


async def day(context: Context) -> Screen:
    """This function will take the instant that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    meter_id, number = int(str(facts["meter_id"])), Decimal(str(facts["value"]))
    page = await context.services.reading_lists.page(
        actor=context.actor, meter_id=meter_id, limit=1
    )
    at = parse_instant(context.request.text, now=page.now, zone=page.place.zone)
    return await _confirmation(context, meter_id, number, at)


async def confirm(context: Context) -> Screen:
    """This function will record what was confirmed."""
    tap = context.tap
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    new = NewReading(
        meter_id=tap.integer(0), value=_number(tap, 1, context), at=instant_of(tap.integer(2))
    )
    done = await context.services.reading_entry.record(
        cause=context.cause, new=new, again=bool(tap.integer(3))
    )
    await context.services.dialogs.end(person_id=context.person.id)
    place = done.preview.appraisal.spot.place
    may = frozenset(each for each in Permission if context.actor.may(each, place.id))
    return recorded_screen(done, may, place.currency, context.speaker_in(place.zone))


async def _confirmation(
    context: Context, meter_id: int, number: Decimal, at: datetime | None
) -> Screen:
    shown = await _preview(context, meter_id, number, at)
    zone = shown.appraisal.spot.place.zone
    return reading_confirm_screen(shown, at, context.speaker_in(zone), nonce=context.nonce)


async def _preview(
    context: Context, meter_id: int, number: Decimal, at: datetime | None
) -> Preview:
    return await context.services.reading_entry.preview(
        actor=context.actor, new=NewReading(meter_id=meter_id, value=number, at=at)
    )


def _number(tap: Press, index: int, context: Context) -> Decimal:
    number = carried_number(tap.text(index))
    if number is None:
        raise ButtonUnknown(context.request.data)
    return number
