"""What the devices showed when one took the place of the other, entered and confirmed once."""

from decimal import Decimal

from bot.services.swap_value import SwapEnd
from bot.telegram.callbacks import ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.swap import (
    CODES,
    swap_confirm_screen,
    swap_screen,
    swap_value_screen,
)
from bot.telegram.staff.typed_number import carried_number, parse_number

ASKING = "swap.value"


async def swap(context: Context) -> Screen:
    """This function will show a swap, or ask for the value of one end."""
    tap, services, person_id = context.tap, context.services, context.person.id
    card = await services.replacements.card(actor=context.actor, installation_id=tap.integer(0))
    speaker = context.speaker_in(card.place.zone)
    if len(tap.arguments) == 1:
        await services.dialogs.end(person_id=person_id)
        return swap_screen(card, speaker)
    end = _end(tap, context)
    facts: dict[str, object] = {"installation_id": tap.integer(0), "end": end.value}
    await services.dialogs.go_to(person_id=person_id, step=ASKING, facts=facts)
    return swap_value_screen(card, end, speaker)


async def value(context: Context) -> Screen:
    """This function will take the value that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    told = await context.services.replacements.preview(
        actor=context.actor,
        installation_id=int(str(facts["installation_id"])),
        end=SwapEnd(facts["end"]),
        value=parse_number(context.request.text),
    )
    speaker, nonce = context.speaker_in(told.card.place.zone), context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=ASKING, nonce=nonce, facts=facts
    )
    return swap_confirm_screen(told, speaker, nonce=nonce)


async def confirm(context: Context) -> Screen:
    """This function will charge what was confirmed, and show the swap as it is known then."""
    tap = context.tap
    number = carried_number(tap.text(2))
    if tap.nonce is None or number is None:
        raise ButtonUnknown(context.request.data)
    await context.services.dialogs.answered(cause=context.cause)
    await _enter(context, tap, number)
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Recorded."))
    card = await context.services.replacements.card(
        actor=context.actor, installation_id=tap.integer(0)
    )
    return swap_screen(card, context.speaker_in(card.place.zone))


async def _enter(context: Context, tap: Press, number: Decimal) -> None:
    await context.services.replacements.enter(
        cause=context.cause,
        installation_id=tap.integer(0),
        end=_end(tap, context),
        value=number,
    )


def _end(tap: Press, context: Context) -> SwapEnd:
    if tap.text(1) not in CODES:
        raise ButtonUnknown(context.request.data)
    return CODES[tap.text(1)]
