"""The list of rooms, the search, and the card of one."""

from bot.services.stores.rooms import RoomFilter
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.room_card import room_card_screen
from bot.telegram.screens.room_more import room_more_screen
from bot.telegram.screens.rooms import (
    KEPT,
    carried,
    choice_screen,
    room_press,
    rooms_screen,
    search_screen,
)

SEARCHING = "rooms.search"


async def rooms(context: Context) -> Screen:
    """This function will list all rooms, or those that were typed, with or without a command."""
    if context.press is None and context.request.text:
        return await _found(context, context.request.text)
    await context.services.dialogs.end(person_id=context.person.id)
    return await _listed(context, "")


async def page(context: Context) -> Screen:
    """This function will turn to a page of the list, in its place."""
    tap = context.tap
    if not tap.arguments:
        return await rooms(context)
    only, number = _filter(tap.text(0), context), tap.integer(1)
    text = tap.text(2) if len(tap.arguments) > 2 else ""
    if text == KEPT:
        text = await _kept(context)
    return await _listed(context, text, only=only, number=number)


async def search(context: Context) -> Screen:
    """This function will ask for what to search."""
    await context.services.dialogs.end(person_id=context.person.id)
    return search_screen(context.speaker)


async def room(context: Context) -> Screen:
    """This function will show a room, and end the dialog that was under way."""
    await context.services.dialogs.end(person_id=context.person.id)
    return await _card(context, context.tap.integer(0))


async def room_of_lease(context: Context) -> Screen:
    """This function will show the room of a lease, and end the dialog that was under way."""
    await context.services.dialogs.end(person_id=context.person.id)
    card = await context.services.rooms.card_of_lease(
        actor=context.actor, lease_id=context.tap.integer(0)
    )
    return room_card_screen(card, context.speaker_in(card.zone))


async def more(context: Context) -> Screen:
    """This function will show what is seldom wanted of a room."""
    card = await context.services.rooms.card(actor=context.actor, room_id=context.tap.integer(0))
    return room_more_screen(card, context.speaker_in(card.zone))


async def _found(context: Context, text: str) -> Screen:
    """One room is opened, several are listed, none brings the nearest."""
    found = await context.services.rooms.find(actor=context.actor, text=text)
    if found.only is not None:
        return await _card(context, found.only.room_id)
    listed = await context.services.rooms.page(actor=context.actor, text=text)
    if not listed.rooms:
        return choice_screen(found, text, room_press, context.speaker)
    await _keep(context, text)
    return rooms_screen(listed, context.speaker)


async def _listed(
    context: Context, text: str, *, only: RoomFilter = RoomFilter.ALL, number: int = 0
) -> Screen:
    found = await context.services.rooms.page(
        actor=context.actor, text=text, only=only, number=number
    )
    return rooms_screen(found, context.speaker)


async def _card(context: Context, room_id: int) -> Screen:
    card = await context.services.rooms.card(actor=context.actor, room_id=room_id)
    return room_card_screen(card, context.speaker_in(card.zone))


async def _keep(context: Context, text: str) -> None:
    """Keep a search that is too long for the buttons; no step of it waits for an answer."""
    if carried(text) == KEPT:
        await context.services.dialogs.go_to(
            person_id=context.person.id, step=SEARCHING, facts={"text": text}
        )


async def _kept(context: Context) -> str:
    dialog = await context.services.dialogs.current(person_id=context.person.id)
    if dialog is None or dialog.step != SEARCHING:
        raise ButtonUnknown(context.request.data)
    return str(dialog.facts["text"])


def _filter(value: str, context: Context) -> RoomFilter:
    try:
        return RoomFilter(value)
    except ValueError:
        raise ButtonUnknown(context.request.data) from None
