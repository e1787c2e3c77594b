"""The list of meters, its filters, the tree of sub-meters, and what is to be inspected."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from bot.services.meter_rule import cleaned_number
from bot.services.meters import MeterFilters
from bot.services.room_name import RoomName
from bot.telegram.callbacks import Action, ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.meter_filter import Facet, NotAFilter, Turn, filters_from, words_of
from bot.telegram.screen import Screen
from bot.telegram.screens.meter_tree import branch_screen, inspections_screen, tops_screen
from bot.telegram.screens.meters import (
    facet_screen,
    filter_screen,
    found_screen,
    list_press,
    meters_screen,
    not_found_screen,
    which_place_screen,
)
from bot.telegram.screens.rooms import choice_screen
from bot.telegram.staff.meter import card_of
from bot.telegram.staff.meter_options import RoomNotFound

ASKING_ROOM = "meters.room"


async def meters(context: Context) -> Screen:
    """This function will list the meters of a building, or find the one that was named."""
    await context.services.dialogs.end(person_id=context.person.id)
    tap = context.press
    if tap is not None and tap.arguments:
        return await listed(context, _filters(context, tap), _turn(context, tap))
    if tap is None and context.request.text:
        return await _search(context, context.request.text)
    first = await context.services.meter_lists.page(actor=context.actor, filters=MeterFilters())
    if first.several:
        places = await context.services.meter_lists.places(actor=context.actor)
        return which_place_screen(places, Action.METERS, context.speaker)
    return meters_screen(first, context.actor, context.speaker)


async def narrow(context: Context) -> Screen:
    """This function will show by what the list can be narrowed, or the choices of one filter."""
    tap = context.tap
    await context.services.dialogs.end(person_id=context.person.id)
    filters = _filters(context, tap)
    if len(tap.arguments) == 2:
        page = await context.services.meter_lists.page(actor=context.actor, filters=filters)
        return filter_screen(filters, page.room, context.speaker)
    try:
        facet = Facet(tap.text(2))
    except ValueError:
        raise ButtonUnknown(context.request.data) from None
    if facet is Facet.ROOM:
        await context.services.dialogs.go_to(
            person_id=context.person.id,
            step=ASKING_ROOM,
            facts={"filters": list(words_of(filters))},
        )
    return facet_screen(filters, facet, context.speaker)


async def room_typed(context: Context) -> Screen:
    """This function will narrow the list to the room that was typed. Raises RoomNotFound."""
    assert context.dialog is not None
    place, said = cast(Sequence[str], context.dialog.facts["filters"])
    filters, text = filters_from(place, said), context.request.text
    rooms = await context.services.rooms.find(actor=context.actor, text=text)
    if rooms.only is not None:
        await context.services.dialogs.end(person_id=context.person.id)
        return await listed(context, _in_room(filters, rooms.only))
    if not rooms.matches:
        raise RoomNotFound(text)
    return choice_screen(
        rooms, text, lambda name: list_press(_in_room(filters, name)), context.speaker
    )


async def tree(context: Context) -> Screen:
    """This function will show the main meters of a building."""
    await context.services.dialogs.end(person_id=context.person.id)
    place_id = context.tap.integer(0)
    found = await context.services.meter_trees.tops(actor=context.actor, place_id=place_id)
    return tops_screen(found, context.speaker_in(found.place.zone))


async def branch(context: Context) -> Screen:
    """This function will show a meter with its sub-meters."""
    await context.services.dialogs.end(person_id=context.person.id)
    tap = context.tap
    found = await context.services.meter_trees.branch(actor=context.actor, meter_id=tap.integer(0))
    number = tap.integer(1) if len(tap.arguments) > 1 else 0
    return branch_screen(found, context.speaker_in(found.place.zone), number=max(number, 0))


async def inspections(context: Context) -> Screen:
    """This function will show what is to be inspected."""
    await context.services.dialogs.end(person_id=context.person.id)
    due = await context.services.meter_lists.inspections(actor=context.actor)
    return inspections_screen(due, context.speaker)


async def listed(context: Context, filters: MeterFilters, turn: Turn | None = None) -> Screen:
    """This function will return a page of a list."""
    turn = turn or Turn()
    page = await context.services.meter_lists.page(
        actor=context.actor, filters=filters, after_id=turn.after_id, before_id=turn.before_id
    )
    return meters_screen(page, context.actor, context.speaker)


async def _search(context: Context, text: str) -> Screen:
    """A serial number finds its meter, a room the meters in it, and a name those called so."""
    lists, actor, speaker = context.services.meter_lists, context.actor, context.speaker
    numbered = await lists.numbered(actor=actor, text=text)
    exact = [each for each in numbered if each.sheet.serial_number == cleaned_number(text)]
    if exact:
        return await card_of(context, exact[0].sheet.id)
    rooms = await context.services.rooms.find(actor=actor, text=text)
    if rooms.only is not None:
        return await listed(context, _in_room(MeterFilters(), rooms.only))
    found = numbered or await lists.called(actor=actor, text=text)
    if len(found) == 1:
        return await card_of(context, found[0].sheet.id)
    if found:
        return found_screen(found, text, speaker)
    if rooms.matches:
        return choice_screen(
            rooms, text, lambda name: list_press(_in_room(MeterFilters(), name)), speaker
        )
    return not_found_screen(text, speaker)


def _in_room(filters: MeterFilters, name: RoomName) -> MeterFilters:
    return replace(filters, place_id=name.place_id, room_id=name.room_id)


def _filters(context: Context, tap: Press) -> MeterFilters:
    try:
        return filters_from(tap.text(0), tap.text(1))
    except NotAFilter:
        raise ButtonUnknown(context.request.data) from None


def _turn(context: Context, tap: Press) -> Turn:
    if len(tap.arguments) < 3:
        return Turn()
    way, meter_id = tap.text(2)[:1], tap.text(2)[1:]
    if way not in {"a", "b"} or not meter_id.isdecimal():
        raise ButtonUnknown(context.request.data)
    return Turn(after_id=int(meter_id)) if way == "a" else Turn(before_id=int(meter_id))
