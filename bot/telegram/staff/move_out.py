"""Ending a lease: which room, confirmed once, with a reading of its meters at that moment."""

from bot.domain.people import Permission
from bot.i18n import N_
from bot.services.room_name import RoomName
from bot.telegram.audience import staff_with
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.context import Context
from bot.telegram.request import Kind
from bot.telegram.routing import Route
from bot.telegram.screen import Screen
from bot.telegram.screens.move_out import move_out_screen, moved_out_screen
from bot.telegram.screens.rooms import choice_screen, room_press, which_room_screen

ASKING = "moveout.room"
CONFIRMING = "moveout.confirm"


async def move_out(context: Context) -> Screen:
    """This function will ask which room is meant, or for confirmation once that is known."""
    if context.press is not None:
        return await _confirmation(context, context.tap.integer(0))
    typed = context.request.text.strip()
    if not typed:
        await context.services.dialogs.go_to(person_id=context.person.id, step=ASKING, facts={})
        page = await context.services.rooms.page(actor=context.actor)
        return which_room_screen(page, _asked, context.speaker)
    found = await context.services.rooms.find(
        actor=context.actor, text=typed, permission=Permission.ONBOARD
    )
    await context.services.dialogs.end(person_id=context.person.id)
    if found.only is None or found.only.lease_id is None:
        return choice_screen(found, typed, _asked, context.speaker)
    return await _confirmation(context, found.only.lease_id)


async def confirm(context: Context) -> Screen:
    """This function will end the lease, and say what is left to settle."""
    await context.services.dialogs.answered(cause=context.cause)
    done = await context.services.move_outs.end(
        cause=context.cause, lease_id=context.tap.integer(0)
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return moved_out_screen(done, context.speaker_in(done.book.place.zone))


async def _confirmation(context: Context, lease_id: int) -> Screen:
    book = await context.services.move_outs.preview(actor=context.actor, lease_id=lease_id)
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={}
    )
    return move_out_screen(book, context.speaker_in(book.place.zone), nonce=nonce)


def _asked(name: RoomName) -> Press:
    """A vacant room is only shown."""
    if name.lease_id is None:
        return room_press(name)
    return press(Action.MOVE_OUT, name.lease_id)


_ONBOARDS = staff_with(Permission.ONBOARD)

MOVE_OUT_TABLE: tuple[Route, ...] = (
    Route(
        command="moveout",
        menu=N_("End the lease of who moves out"),
        content=Kind.TEXT,
        step=ASKING,
        audience=_ONBOARDS,
        handler=move_out,
    ),
    Route(action=Action.MOVE_OUT, audience=_ONBOARDS, handler=move_out),
    Route(action=Action.MOVE_OUT_CONFIRM, audience=_ONBOARDS, handler=confirm),
)
