"""Another tariff for rooms: which rooms, from which day, confirmed once."""

from dataclasses import replace
from datetime import date

from bot.services.lease_tariff import RoomChoice
from bot.services.lease_tariff_change import NoRoomChosen
from bot.telegram.callbacks import ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.room_tariff import (
    ALL,
    DAY,
    NO_ONE,
    PAGE,
    TOGGLE,
    give_confirm_screen,
    room_tariff_screen,
    rooms_day_screen,
    rooms_screen,
)
from bot.telegram.staff.tariff import card_screen
from bot.telegram.staff.tariff_dialog import ROOMS, kept_facts, new_draft_id
from bot.telegram.staff.typed_day import parse_day
from bot.telegram.staff.typed_rooms import parse_rooms
from bot.telegram.tariff_draft import RoomsDraft

CHOOSING = "tariff.rooms"
ASKING_DAY = "tariff.rooms.day"
CONFIRMING = "tariff.rooms.confirm"


async def of_room(context: Context) -> Screen:
    """This function will show what a room pays, and end the dialog that was under way."""
    await context.services.dialogs.end(person_id=context.person.id)
    return await _room(context, context.tap.integer(0))


async def begin(context: Context) -> Screen:
    """This function will ask for the rooms, or for the day when a room is known already."""
    tap = context.tap
    draft = RoomsDraft(id=new_draft_id(ROOMS, context), tariff_id=tap.integer(0))
    if len(tap.arguments) == 1:
        return await _ask_rooms(context, draft)
    draft = replace(draft, lease_ids=(tap.integer(1),), is_of_room=True)
    if len(tap.arguments) == 2:
        return await _ask_day(context, draft)
    return await _confirmation(context, replace(draft, from_on=_day(tap.text(2), context)))


async def pick(context: Context) -> Screen:
    """This function will tick rooms, turn their pages, or go on to the day."""
    tap = context.tap
    draft = RoomsDraft.of(await kept_facts(context, tap.text(0), ROOMS))
    if tap.text(1) != DAY:
        return await _ask_rooms(context, await _picked(context, draft, tap))
    if len(tap.arguments) == 2:
        return await _ask_day(context, draft)
    return await _confirmation(context, replace(draft, from_on=_day(tap.text(2), context)))


async def typed_rooms(context: Context) -> Screen:
    """This function will choose the rooms that were typed, and ask for the day."""
    draft = _kept(context)
    choice = await _choice(context, draft)
    chosen = parse_rooms(context.request.text, choice.rooms)
    return await _ask_day(context, replace(draft, lease_ids=chosen))


async def typed_day(context: Context) -> Screen:
    """This function will take the day that was typed, and ask for confirmation."""
    draft = _kept(context)
    choice = await _choice(context, draft)
    on = parse_day(context.request.text, today_on=choice.today_on)
    return await _confirmation(context, replace(draft, from_on=on))


async def give(context: Context) -> Screen:
    """This function will use the tariff for the rooms as confirmed."""
    tap = context.tap
    draft = RoomsDraft.of(await kept_facts(context, tap.text(0), ROOMS))
    if tap.nonce is None or draft.from_on is None:
        raise ButtonUnknown(context.request.data)
    await context.services.lease_tariff_changes.give(
        cause=context.cause,
        tariff_id=draft.tariff_id,
        lease_ids=draft.lease_ids,
        from_on=draft.from_on,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    if draft.is_of_room:
        screen = await _room(context, draft.lease_ids[0])
    else:
        screen = await card_screen(context, draft.tariff_id)
    return replace(screen, toast=context.speaker.plain.text("Set."))


async def _ask_rooms(context: Context, draft: RoomsDraft) -> Screen:
    choice = await _choice(context, draft)
    await _keep(context, draft, CHOOSING)
    return rooms_screen(draft, choice, context.speaker_in(choice.place.zone))


async def _ask_day(context: Context, draft: RoomsDraft) -> Screen:
    if not draft.lease_ids:
        raise NoRoomChosen
    choice = await _choice(context, draft)
    through_on = await context.services.lease_tariffs.charged_through(
        actor=context.actor, tariff_id=draft.tariff_id, lease_ids=draft.lease_ids
    )
    waits_since_on = await context.services.lease_tariffs.waits_since(
        actor=context.actor, tariff_id=draft.tariff_id, lease_ids=draft.lease_ids
    )
    await _keep(context, draft, ASKING_DAY)
    return rooms_day_screen(
        draft,
        choice,
        context.speaker_in(choice.place.zone),
        through_on=through_on,
        waits_since_on=waits_since_on,
    )


async def _confirmation(context: Context, draft: RoomsDraft) -> Screen:
    assert draft.from_on is not None
    preview = await context.services.lease_tariff_changes.preview(
        actor=context.actor,
        tariff_id=draft.tariff_id,
        lease_ids=draft.lease_ids,
        from_on=draft.from_on,
    )
    choice = await _choice(context, draft)
    await _keep(context, draft, CONFIRMING)
    speaker = context.speaker_in(choice.place.zone)
    return give_confirm_screen(
        draft, preview, speaker, today_on=choice.today_on, nonce=context.nonce
    )


async def _picked(context: Context, draft: RoomsDraft, tap: Press) -> RoomsDraft:
    """Return the draft with what a button ticks or turns. Raises ButtonUnknown."""
    what = tap.text(1)
    if what == NO_ONE:
        return replace(draft, lease_ids=())
    if what == ALL:
        choice = await _choice(context, draft)
        return replace(draft, lease_ids=tuple(room.lease_id for room in choice.rooms))
    if what == PAGE:
        return replace(draft, number=tap.integer(2))
    if what == TOGGLE:
        lease_id = tap.integer(2)
        others = tuple(each for each in draft.lease_ids if each != lease_id)
        was_chosen = lease_id in draft.lease_ids
        return replace(draft, lease_ids=others if was_chosen else (*others, lease_id))
    raise ButtonUnknown(context.request.data)


async def _room(context: Context, lease_id: int) -> Screen:
    found = await context.services.lease_tariffs.of_lease(actor=context.actor, lease_id=lease_id)
    return room_tariff_screen(found, context.speaker_in(found.place.zone))


async def _choice(context: Context, draft: RoomsDraft) -> RoomChoice:
    return await context.services.lease_tariffs.rooms(
        actor=context.actor, tariff_id=draft.tariff_id
    )


async def _keep(context: Context, draft: RoomsDraft, step: str) -> None:
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=step, facts=draft.facts()
    )


def _kept(context: Context) -> RoomsDraft:
    assert context.dialog is not None
    return RoomsDraft.of(context.dialog.facts)


def _day(value: str, context: Context) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ButtonUnknown(context.request.data) from None
