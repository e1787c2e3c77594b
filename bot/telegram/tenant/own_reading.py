"""A tenant types what a meter shows of which a notice has reminded."""

from bot.services.reading_entry import NewReading
from bot.telegram.callbacks import ButtonUnknown, new_nonce
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.own_reading import (
    own_confirm_screen,
    own_recorded_screen,
    own_value_screen,
)
from bot.telegram.staff.typed_number import carried_number, parse_number

ASKING = "own.value"


async def ask(context: Context) -> Screen:
    """This function will ask what a meter shows; the dialog knows which is meant."""
    meter_id = context.tap.integer(0)
    own = await context.services.own_meters.meter(actor=context.actor, meter_id=meter_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING, facts={"meter_id": meter_id}
    )
    return own_value_screen(own, context.speaker_in(own.place.zone))


async def value(context: Context) -> Screen:
    """This function will take the value that was typed, and ask whether it is right."""
    facts = {} if context.dialog is None else context.dialog.facts
    number = parse_number(context.request.text)
    new = NewReading(meter_id=int(str(facts["meter_id"])), value=number)
    shown = await context.services.reading_entry.preview(actor=context.actor, new=new)
    zone = shown.appraisal.spot.place.zone
    return own_confirm_screen(shown, context.speaker_in(zone), nonce=new_nonce())


async def confirm(context: Context) -> Screen:
    """This function will record what was confirmed."""
    tap = context.tap
    number = carried_number(tap.text(1))
    if tap.nonce is None or number is None:
        raise ButtonUnknown(context.request.data)
    done = await context.services.reading_entry.record(
        cause=context.cause,
        new=NewReading(meter_id=tap.integer(0), value=number),
        again=bool(tap.integer(2)),
    )
    await context.services.dialogs.end(person_id=context.person.id)
    zone = done.preview.appraisal.spot.place.zone
    return own_recorded_screen(done, context.speaker_in(zone))
