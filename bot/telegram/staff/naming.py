"""Rooms and buildings get other names."""

from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.naming import place_name_screen, room_name_screen
from bot.telegram.screens.room_card import room_card_screen
from bot.telegram.screens.rules import settings_screen

ROOM = "name.room"
PLACE = "name.place"


async def ask_room(context: Context) -> Screen:
    """This function will ask for a room's name."""
    room = await context.services.names.room(actor=context.actor, room_id=context.tap.integer(0))
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ROOM, facts={"id": room.id}
    )
    return room_name_screen(room, context.speaker)


async def ask_place(context: Context) -> Screen:
    """This function will ask for a building's name."""
    place = await context.services.names.place(actor=context.actor, place_id=context.tap.integer(0))
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=PLACE, facts={"id": place.id}
    )
    return place_name_screen(place, context.speaker)


async def room(context: Context) -> Screen:
    """This function will give a room the name that was typed."""
    renamed = await context.services.names.rename_room(
        cause=context.cause, room_id=_asked(context), name=context.request.text
    )
    await context.services.dialogs.end(person_id=context.person.id)
    card = await context.services.rooms.card(actor=context.actor, room_id=renamed.id)
    return room_card_screen(card, context.speaker_in(card.zone))


async def place(context: Context) -> Screen:
    """This function will give a building the name that was typed."""
    renamed = await context.services.names.rename_place(
        cause=context.cause, place_id=_asked(context), name=context.request.text
    )
    await context.services.dialogs.end(person_id=context.person.id)
    rules = await context.services.rules.place(actor=context.actor, place_id=renamed.id)
    return settings_screen(rules, context.speaker_in(rules.place.zone))


def _asked(context: Context) -> int:
    facts = {} if context.dialog is None else context.dialog.facts
    return int(str(facts["id"]))
