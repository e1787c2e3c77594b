"""Power on, off, or by the rules: asked once, then followed in the same message."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.people import Permission
from bot.domain.supply import Hold
from bot.services.hand_switch import SwitchOverruled
from bot.services.room_name import RoomName
from bot.telegram.callbacks import Action, ButtonUnknown, Press, press
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.greeting import noted
from bot.telegram.screens.relay import (
    HELD,
    MIDNIGHT,
    power_choice_screen,
    power_confirm_screen,
    power_press,
    power_reason_screen,
    vacant_power_screen,
)
from bot.telegram.screens.room_card import room_card_screen
from bot.telegram.screens.rooms import choice_screen, room_press, which_room_screen
from bot.telegram.staff.typed_switch import TypedSwitch, parse_switch

ASKING = "power.room"
WHY = "power.reason"
CONFIRMING = "power.confirm"
MOST_REASON = 200


async def relay(context: Context) -> Screen:
    """This function will ask for confirmation of what was typed, or for what is missing."""
    return await _for_typed(context, parse_switch(context.request.text))


async def power(context: Context) -> Screen:
    """This function will show the choice for a room, or ask for its confirmation."""
    tap = context.tap
    if not tap.arguments:
        return await _ask_room(context)
    if len(tap.arguments) == 1:
        return await _choice(context, tap.integer(0))
    return await _confirm(context, tap.integer(0), _hold(tap.text(1), context))


async def ask_reason(context: Context) -> Screen:
    """This function will ask why."""
    lease_id, hold = context.tap.integer(0), _hold(context.tap.text(1), context)
    await context.services.previews.power(actor=context.actor, lease_id=lease_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=WHY,
        facts={"lease_id": lease_id, "hold": hold.value},
    )
    return power_reason_screen(lease_id, hold, context.speaker)


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    lease_id, hold = int(str(facts["lease_id"])), Hold(facts["hold"])
    return await _confirm(context, lease_id, hold, why=context.request.text)


async def confirm(context: Context) -> Screen | None:
    """This function will order what was confirmed; notices go on in the same message."""
    tap, services = context.tap, context.services
    lease_id, hold, span = tap.integer(0), _hold(tap.text(1), context), tap.text(2)
    if tap.nonce is None or span not in {MIDNIGHT, HELD}:
        raise ButtonUnknown(context.request.data)
    asked = await services.dialogs.answered(cause=context.cause)
    until = None
    if span == MIDNIGHT and hold is Hold.ON:
        until = await services.rooms.end_of_day(actor=context.actor, lease_id=lease_id)
    why = asked.facts.get("reason")
    shown = context.window.pressed
    await services.power.hold(
        cause=context.cause,
        lease_id=lease_id,
        hold=hold,
        until=until,
        reason=None if why is None else str(why),
        message_id=None if shown is None else shown.message_id,
    )
    await services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("On its way to the meter."))
    return None


async def cancel_order(context: Context) -> Screen | None:
    """This function will drop an order that waits, and give the room back to the rules."""
    await context.services.power.cancel(cause=context.cause, order_id=context.tap.integer(0))
    said = context.speaker.plain.text("The order is cancelled. The rules decide again.")
    await context.window.toast(said, alert=True)
    return None


async def switched(context: Context) -> Screen | None:
    """This function will take somebody's word that they have switched by hand.

    A notice is edited by what is told then; the room's card is shown anew.
    """
    tap, say = context.tap, context.speaker.plain.text
    try:
        done = await context.services.hand_switches.done(
            cause=context.cause, order_id=tap.integer(0)
        )
    except SwitchOverruled as overruled:
        card = await _room(context, overruled.lease_id)
        note = context.speaker.text("Something else was decided since. This is how it stands now:")
        return noted(note, card)
    said = say("Recorded: power is off.")
    if done.on:
        said = say("Recorded: power is on.")
    if tap.aside:
        await context.window.toast(said)
        return None
    return replace(await _room(context, done.lease_id), toast=said)


async def _room(context: Context, lease_id: int) -> Screen:
    card = await context.services.rooms.card_of_lease(actor=context.actor, lease_id=lease_id)
    return room_card_screen(card, context.speaker_in(card.zone))


async def _for_typed(context: Context, typed: TypedSwitch) -> Screen:
    if not typed.room:
        return await _ask_room(context, hold=typed.hold)
    found = await context.services.rooms.find(
        actor=context.actor, text=typed.room, permission=Permission.SWITCH_POWER
    )
    await context.services.dialogs.end(person_id=context.person.id)
    if found.only is not None and found.only.lease_id is None:
        return await _vacant(context, found.only.room_id)
    if found.only is None or found.only.lease_id is None:
        return choice_screen(found, typed.room, _asking(typed.hold), context.speaker)
    if typed.hold is None:
        return await _choice(context, found.only.lease_id)
    return await _confirm(context, found.only.lease_id, typed.hold, why=typed.reason)


async def _vacant(context: Context, room_id: int) -> Screen:
    card = await context.services.rooms.card(actor=context.actor, room_id=room_id)
    speaker = context.speaker_in(card.zone)
    return vacant_power_screen(room_card_screen(card, speaker), speaker)


async def _ask_room(context: Context, *, hold: Hold | None = None) -> Screen:
    await context.services.dialogs.go_to(person_id=context.person.id, step=ASKING, facts={})
    page = await context.services.rooms.page(actor=context.actor)
    return which_room_screen(page, _asking(hold), context.speaker)


async def _choice(context: Context, lease_id: int) -> Screen:
    await context.services.previews.power(actor=context.actor, lease_id=lease_id)
    await context.services.dialogs.end(person_id=context.person.id)
    card = await context.services.rooms.card_of_lease(actor=context.actor, lease_id=lease_id)
    return power_choice_screen(card, context.speaker_in(card.zone))


async def _confirm(
    context: Context, lease_id: int, hold: Hold, *, why: str | None = None
) -> Screen:
    preview = await context.services.previews.power(actor=context.actor, lease_id=lease_id)
    nonce = context.nonce
    why = None if why is None else why[:MOST_REASON]
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={"reason": why}
    )
    speaker = context.speaker_in(preview.book.place.zone)
    return power_confirm_screen(preview, hold, speaker, nonce=nonce, reason=why)


def _asking(hold: Hold | None) -> Callable[[RoomName], Press]:
    """Return what a tap on a room asks for; a vacant one is only shown."""

    def asked(name: RoomName) -> Press:
        if name.lease_id is None:
            return room_press(name)
        if hold is None:
            return press(Action.POWER, name.lease_id)
        return power_press(name.lease_id, hold)

    return asked


def _hold(value: str, context: Context) -> Hold:
    try:
        return Hold(value)
    except ValueError:
        raise ButtonUnknown(context.request.data) from None
