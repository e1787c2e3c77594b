"""Reading a meter: which one, the number as it is typed, and its confirmation."""

from collections.abc import Sequence
from decimal import Decimal

from bot.domain.people import Permission
from bot.services.photo_reading import Said
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.photo import (
    NO_PHOTO,
    ask_screen,
    choice_screen,
    just_type_screen,
    no_meter_screen,
    none_found_screen,
)
from bot.telegram.screens.sighting import recorded_screen, weighed_screen
from bot.telegram.staff.round import of_round, passed, with_way_on
from bot.telegram.staff.typed_number import carried_number, parse_number

METER = "photo.meter"
VALUE = "photo.value"


async def reading(context: Context) -> Screen:
    """This function will ask for a photo of the meter that is meant, or which one it is."""
    if context.press is not None and context.press.arguments:
        return await choose(context, photo_id=context.press.integer(0))
    words = () if context.press is not None else context.request.text.split()
    found = await context.services.photo_readings.meters(actor=context.actor, words=words)
    if found.obvious is not None:
        return await wait_for_value(context, found.obvious.sheet.id)
    return await choose(context, words=words)


async def choose(
    context: Context, *, photo_id: int = NO_PHOTO, words: Sequence[str] = ()
) -> Screen:
    """This function will ask which meter is meant."""
    found = await context.services.photo_readings.meters(actor=context.actor, words=words)
    if not found.lines and not words:
        return no_meter_screen(context.speaker)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=METER, facts={"photo_id": photo_id}
    )
    if not found.lines:
        return none_found_screen(" ".join(words), context.speaker)
    return choice_screen(found, context.speaker, photo_id=photo_id)


async def find(context: Context) -> Screen:
    """This function will look for the meter that was typed."""
    photo_id = _photo_id(context)
    return await choose(context, photo_id=photo_id, words=context.request.text.split())


async def wait_for_value(context: Context, meter_id: int, photo_id: int = NO_PHOTO) -> Screen:
    """This function will wait for a photo of a meter, or for its number."""
    asked = await context.services.photo_readings.ask(actor=context.actor, meter_id=meter_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=VALUE,
        facts={"meter_id": meter_id, "photo_id": photo_id} | await of_round(context, meter_id),
    )
    speaker = context.speaker_in(asked.place.zone)
    return ask_screen(asked, speaker) if photo_id == NO_PHOTO else just_type_screen(asked, speaker)


async def type_it(context: Context) -> Screen:
    """This function will wait for the number that is to be typed."""
    return await wait_for_value(context, context.tap.integer(1), context.tap.integer(0))


async def typed(context: Context) -> Screen:
    """This function will take the number that was typed, and ask whether it is right."""
    facts = {} if context.dialog is None else context.dialog.facts
    value = parse_number(context.request.text)
    return await _weigh(context, _photo_id(context), int(str(facts["meter_id"])), value)


async def say(context: Context) -> Screen:
    """This function will ask whether a number is right that was tapped."""
    tap = context.tap
    return await _weigh(context, tap.integer(0), tap.integer(1), _carried(context))


async def confirm(context: Context) -> Screen:
    """This function will record what was confirmed."""
    tap = context.tap
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    said = _said(tap.integer(0), tap.integer(1), _carried(context))
    kept = await of_round(context, said.meter_id)
    if (shown := await passed(context, said.meter_id, kept)) is not None:
        return shown
    done = await context.services.photo_readings.record(
        cause=context.cause, said=said, again=bool(tap.integer(3))
    )
    await context.services.dialogs.end(person_id=context.person.id)
    place, lease_id = done.preview.appraisal.spot.place, done.reading.lease_id
    sees_money = lease_id in context.actor.lease_ids or context.actor.may(
        Permission.SEE_MONEY, place.id
    )
    shown = recorded_screen(done, context.speaker_in(place.zone), sees_money=sees_money)
    return with_way_on(shown, kept, context.speaker)


async def _weigh(context: Context, photo_id: int, meter_id: int, value: Decimal) -> Screen:
    weighed = await context.services.photo_readings.weigh(
        actor=context.actor, said=_said(photo_id, meter_id, value)
    )
    speaker = context.speaker_in(weighed.asked.place.zone)
    return weighed_screen(weighed, value, speaker, photo_id=photo_id, nonce=context.nonce)


def _said(photo_id: int, meter_id: int, value: Decimal) -> Said:
    return Said(meter_id=meter_id, value=value, photo_id=photo_id or None)


def _photo_id(context: Context) -> int:
    facts = {} if context.dialog is None else context.dialog.facts
    return int(str(facts.get("photo_id", NO_PHOTO)))


def _carried(context: Context) -> Decimal:
    number = carried_number(context.tap.text(2))
    if number is None:
        raise ButtonUnknown(context.request.data)
    return number
