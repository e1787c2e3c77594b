"""A meter, and how its counter is read: shown, and set step by step, confirmed once."""

from bot.services.meter import TermsChange, TermsField
from bot.telegram.callbacks import ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.meter import (
    CODES,
    UNKNOWN,
    counter_screen,
    terms_confirm_screen,
    terms_value_screen,
)
from bot.telegram.screens.meter_card import meter_card_screen
from bot.telegram.staff.typed_number import carried_number, parse_number

ASKING = "meter.value"


async def meter(context: Context) -> Screen:
    """This function will show a meter, and end the dialog that was under way."""
    await context.services.dialogs.end(person_id=context.person.id)
    return await card_of(context, context.tap.integer(0))


async def card_of(context: Context, meter_id: int) -> Screen:
    """This function will return a meter's card as it is now."""
    card = await context.services.meters.card(actor=context.actor, meter_id=meter_id)
    return meter_card_screen(card, context.speaker_in(card.place.zone))


async def counter(context: Context) -> Screen:
    """This function will show how a meter's counter is read, and end a dialog about it."""
    await context.services.dialogs.end(person_id=context.person.id)
    card = await context.services.meters.card(actor=context.actor, meter_id=context.tap.integer(0))
    return counter_screen(card, context.speaker_in(card.place.zone))


async def edit(context: Context) -> Screen:
    """This function will ask for a value, or with one for the confirmation."""
    tap = context.tap
    meter_id, field = tap.integer(0), _field(tap, context)
    if len(tap.arguments) > 2:
        await context.services.dialogs.end(person_id=context.person.id)
        return await _confirmation(context, meter_id, _change(tap, context))
    card = await context.services.meters.card(actor=context.actor, meter_id=meter_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=ASKING,
        facts={"meter_id": meter_id, "field": field.value},
    )
    return terms_value_screen(card, field, context.speaker_in(card.place.zone))


async def value(context: Context) -> Screen:
    """This function will take the value that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    change = TermsChange(field=TermsField(facts["field"]), value=parse_number(context.request.text))
    return await _confirmation(context, int(str(facts["meter_id"])), change)


async def confirm(context: Context) -> Screen:
    """This function will set what was confirmed, and show the meter as it is then."""
    tap = context.tap
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    card = await context.services.meters.change(
        cause=context.cause, meter_id=tap.integer(0), change=_change(tap, context)
    )
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Set."))
    return counter_screen(card, context.speaker_in(card.place.zone))


async def _confirmation(context: Context, meter_id: int, change: TermsChange) -> Screen:
    card = await context.services.meters.preview(
        actor=context.actor, meter_id=meter_id, change=change
    )
    speaker = context.speaker_in(card.place.zone)
    return terms_confirm_screen(card, change, speaker, nonce=context.nonce)


def _field(tap: Press, context: Context) -> TermsField:
    if tap.text(1) not in CODES:
        raise ButtonUnknown(context.request.data)
    return CODES[tap.text(1)]


def _change(tap: Press, context: Context) -> TermsChange:
    """Raises ButtonUnknown for what no button of ours holds."""
    field, said = _field(tap, context), tap.text(2)
    number = carried_number(said)
    if number is None and said != UNKNOWN:
        raise ButtonUnknown(context.request.data)
    return TermsChange(field=field, value=number)
