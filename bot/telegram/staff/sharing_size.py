"""How many people rooms are for, how large they are, since when, and the alert of a loss."""

from datetime import date
from decimal import Decimal

from bot.domain.meter import SplitKey
from bot.domain.room_size import RoomSize
from bot.services.room_size import require_size
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.sharing import common_screen
from bot.telegram.screens.sharing_size import (
    NEVER,
    OTHER,
    PAGE_ROOMS,
    PERCENTS,
    loss_screen,
    since_screen,
    size_screen,
    sizes_screen,
)
from bot.telegram.sharing_draft import KEY_CODES
from bot.telegram.staff.typed_day import parse_past_day
from bot.telegram.staff.typed_number import carried_number, number_word, parse_number

SIZE = "common.size"
SINCE = "common.since"
EARLIEST_ON = date(1950, 1, 1)


async def sizes(context: Context) -> Screen:
    """This function will list the rooms of a place with their sizes."""
    tap = context.tap
    key = _key(context, 1) if len(tap.arguments) > 1 else SplitKey.HEADCOUNT
    page = max(tap.integer(2), 0) if len(tap.arguments) > 2 else 0
    return await _listed(context, tap.integer(0), key, page=page)


async def ask(context: Context) -> Screen:
    """This function will ask for the size of a room."""
    key = _key(context, 1)
    sized = await context.services.room_sizes.room(
        actor=context.actor, room_id=context.tap.integer(0), key=key
    )
    facts: dict[str, object] = {"room_id": sized.room.id, "key": key.value}
    await context.services.dialogs.go_to(person_id=context.person.id, step=SIZE, facts=facts)
    return size_screen(sized, context.speaker)


async def size(context: Context) -> Screen:
    """This function will take the size that was typed, and ask since when it is so."""
    facts = {} if context.dialog is None else context.dialog.facts
    key, value = SplitKey(str(facts["key"])), parse_number(context.request.text)
    require_size(key, value)
    word = number_word(value)
    sized = await context.services.room_sizes.room(
        actor=context.actor, room_id=int(str(facts["room_id"])), key=key
    )
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=SINCE, facts={**facts, "value": word}
    )
    return since_screen(sized, word, context.speaker, nonce=context.nonce)


async def since(context: Context) -> Screen:
    """This function will take the day that was typed, and store the size."""
    facts = {} if context.dialog is None else context.dialog.facts
    room_id, key = int(str(facts["room_id"])), SplitKey(str(facts["key"]))
    sized = await context.services.room_sizes.room(actor=context.actor, room_id=room_id, key=key)
    on = parse_past_day(context.request.text, today_on=sized.today_on, earliest_on=EARLIEST_ON)
    return await _set(context, room_id, key, Decimal(str(facts["value"])), on)


async def set_since(context: Context) -> Screen:
    """This function will store the size from the day on that was chosen."""
    tap = context.tap
    value = carried_number(tap.text(2))
    if value is None or tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    return await _set(context, tap.integer(0), _key(context, 1), value, tap.day(3))


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


async def _set(
    context: Context, room_id: int, key: SplitKey, value: Decimal, from_on: date
) -> Screen:
    sized = await context.services.room_sizes.set_size(
        cause=context.cause,
        room_id=room_id,
        key=key,
        size=RoomSize(from_on=from_on, value=value),
    )
    return await _listed(context, sized.room.place_id, key, around_id=room_id)


async def _listed(
    context: Context, place_id: int, key: SplitKey, *, page: int = 0, around_id: int | None = None
) -> Screen:
    await context.services.dialogs.end(person_id=context.person.id)
    found = await context.services.room_sizes.of_place(
        actor=context.actor, place_id=place_id, key=key
    )
    ids = [each.room.id for each in found.rooms]
    if around_id in ids:
        page = ids.index(around_id) // PAGE_ROOMS
    return sizes_screen(found, key, context.speaker_in(found.place.zone), page=page)


def _key(context: Context, index: int) -> SplitKey:
    key = KEY_CODES.get(context.tap.text(index))
    if key not in OTHER:
        raise ButtonUnknown(context.request.data)
    assert key is not None
    return key
