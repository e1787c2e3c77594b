"""How many people rooms are for, how large they are, and the alert of a loss."""

from bot.domain.meter import SplitKey
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.sharing import common_screen
from bot.telegram.screens.sharing_size import (
    NEVER,
    OTHER,
    PERCENTS,
    loss_screen,
    size_screen,
    sizes_screen,
)
from bot.telegram.sharing_draft import KEY_CODES
from bot.telegram.staff.typed_number import parse_number

SIZE = "common.size"


async def sizes(context: Context) -> Screen:
    """This function will list the rooms of a place with their sizes."""
    tap = context.tap
    key = _key(context, 1) if len(tap.arguments) > 1 else SplitKey.HEADCOUNT
    page = max(tap.integer(2), 0) if len(tap.arguments) > 2 else 0
    return await _listed(context, tap.integer(0), key, page=page)


async def ask(context: Context) -> Screen:
    """This function will ask for the size of a room."""
    key = _key(context, 1)
    room = await context.services.room_sizes.room(
        actor=context.actor, room_id=context.tap.integer(0)
    )
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=SIZE, facts={"room_id": room.id, "key": key.value}
    )
    return size_screen(room, key, context.speaker)


async def size(context: Context) -> Screen:
    """This function will take the size that was typed."""
    facts = {} if context.dialog is None else context.dialog.facts
    key = SplitKey(str(facts["key"]))
    room = await context.services.room_sizes.set_size(
        cause=context.cause,
        room_id=int(str(facts["room_id"])),
        key=key,
        value=parse_number(context.request.text),
    )
    return await _listed(context, room.place_id, key)


async def loss(context: Context) -> Screen:
    """This function will ask above what part staff are told of a loss, or take the answer."""
    tap = context.tap
    place_id = tap.integer(0)
    if len(tap.arguments) > 1:
        word = tap.text(1)
        if word != NEVER and tap.integer(1) not in PERCENTS:
            raise ButtonUnknown(context.request.data)
        percent = None if word == NEVER else tap.integer(1)
        await context.services.room_sizes.set_loss(
            cause=context.cause, place_id=place_id, percent=percent
        )
    found = await context.services.allocation_lists.meters(actor=context.actor, place_id=place_id)
    speaker = context.speaker_in(found.place.zone)
    if len(tap.arguments) > 1:
        return common_screen(found, speaker)
    return loss_screen(found.place, speaker)


async def _listed(context: Context, place_id: int, key: SplitKey, *, page: int = 0) -> Screen:
    await context.services.dialogs.end(person_id=context.person.id)
    found = await context.services.allocation_lists.meters(actor=context.actor, place_id=place_id)
    return sizes_screen(found, key, context.speaker_in(found.place.zone), page=page)


def _key(context: Context, index: int) -> SplitKey:
    key = KEY_CODES.get(context.tap.text(index))
    if key not in OTHER:
        raise ButtonUnknown(context.request.data)
    assert key is not None
    return key
