"""A meter made or changed: asked step by step, and confirmed once."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.people import Permission
from bot.services.meter_edit import MeterChange
from bot.services.meter_field import SheetField, value_from
from bot.services.meters import MeterFilters
from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.meter_draft import ASKING, NEW, MeterDraft
from bot.telegram.meter_filter import NOTHING
from bot.telegram.screen import Screen
from bot.telegram.screens.meter_form import (
    PAGES,
    Option,
    confirm_screen,
    delete_screen,
    fields_screen,
    question_screen,
)
from bot.telegram.screens.meters import which_place_screen
from bot.telegram.staff.meter import card_of
from bot.telegram.staff.meter_options import meters_typed, options_for, rooms_typed
from bot.telegram.staff.meters import listed
from bot.telegram.staff.tariff_dialog import kept_facts, new_draft_id
from bot.telegram.staff.typed_meter import parse_attribute

METER = "m"
_TOGETHER = (SheetField.LAST_INSPECTION, SheetField.NEXT_INSPECTION)
"""Who says when a meter was inspected also says when it will be."""


async def new(context: Context) -> Screen:
    """This function will begin to make a meter, or ask in which building."""
    await context.services.dialogs.end(person_id=context.person.id)
    tap = context.press
    if tap is not None and tap.arguments:
        return await _begin(context, tap.integer(0), None, NEW)
    places = await context.services.rooms.places(actor=context.actor, permission=Permission.ONBOARD)
    if len(places) == 1:
        return await _begin(context, places[0].id, None, NEW)
    return which_place_screen(places, Action.METER_NEW, context.speaker)


async def fields(context: Context) -> Screen:
    """This function will show what can be changed of a meter, or begin to change some of it."""
    tap = context.tap
    meter_id, said = tap.integer(0), tap.text(1)
    card = await context.services.meters.card(actor=context.actor, meter_id=meter_id)
    if said.isdecimal():
        await context.services.dialogs.end(person_id=context.person.id)
        number = int(said)
        if not 1 <= number <= len(PAGES):
            raise ButtonUnknown(context.request.data)
        return fields_screen(card, number, context.speaker_in(card.place.zone))
    asked = tuple(_field(each, context) for each in said)
    if asked == _TOGETHER[:1]:
        asked = _TOGETHER
    return await _begin(context, card.place.id, meter_id, asked)


async def step(context: Context) -> Screen:
    """This function will go back to a step, or on from one by what its button says."""
    tap = context.tap
    draft = MeterDraft.of(await kept_facts(context, tap.text(0), METER))
    at = _field(tap.text(1), context)
    if at not in draft.fields:
        raise ButtonUnknown(context.request.data)
    if len(tap.arguments) == 2:
        return await _ask(context, draft, at)
    return await _answered(context, draft, at, _value(at, tap.text(2), context))


async def typed(context: Context) -> Screen:
    """This function will take what was typed at a step, and ask for what comes next."""
    dialog = context.dialog
    assert dialog is not None
    draft, said = MeterDraft.of(dialog.facts), dialog.facts["at"]
    text = context.request.text
    if said is None:
        return await _confirmation(context, draft)
    at = SheetField(said)
    if at in {SheetField.ROOM, SheetField.PARENT}:
        search = rooms_typed if at is SheetField.ROOM else meters_typed
        options = await search(context, draft, text)
        if len(options) > 1:
            return await _ask(context, draft, at, options)
        return await _answered(context, draft, at, options[0].value)
    found = await _found(context, draft)
    value = parse_attribute(at, text, today_on=found.today_on)
    return await _answered(context, draft, at, value)


async def confirm(context: Context) -> Screen:
    """This function will store what was confirmed, and show the meter as it is then."""
    tap = context.tap
    draft = MeterDraft.of(await kept_facts(context, tap.text(0), METER))
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    sheet = await context.services.meter_edits.save(
        cause=context.cause,
        place_id=draft.place_id,
        meter_id=draft.meter_id,
        changes=draft.changes,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return replace(await card_of(context, sheet.id), toast=context.speaker.plain.text("Set."))


async def delete(context: Context) -> Screen:
    """This function will delete a meter that was made by mistake, once that is confirmed."""
    tap, edits = context.tap, context.services.meter_edits
    meter_id = tap.integer(0)
    if tap.nonce is None:
        sheet = await edits.deletable(actor=context.actor, meter_id=meter_id)
        return delete_screen(sheet, context.speaker, nonce=context.nonce)
    sheet = await edits.delete(cause=context.cause, meter_id=meter_id)
    await context.services.dialogs.end(person_id=context.person.id)
    rest = await listed(context, MeterFilters(place_id=sheet.place_id))
    return replace(rest, toast=context.speaker.plain.text("Deleted."))


async def _begin(
    context: Context, place_id: int, meter_id: int | None, asked: tuple[SheetField, ...]
) -> Screen:
    draft = MeterDraft(
        id=new_draft_id(METER, context), place_id=place_id, meter_id=meter_id, fields=asked
    )
    if asked == _TOGETHER:
        draft = draft.said(SheetField.NEXT_INSPECTION, None)
    return await _ask(context, draft, asked[0])


async def _answered(context: Context, draft: MeterDraft, at: SheetField, value: object) -> Screen:
    """Go on from a step; what cannot be is said, and asked again."""
    said = draft.said(at, value)
    found = await _found(context, said)
    after = said.after(at, found.after)
    if after is not None:
        return await _ask(context, said, after)
    return await _confirmation(context, said)


async def _ask(
    context: Context,
    draft: MeterDraft,
    at: SheetField,
    options: Sequence[Option] | None = None,
) -> Screen:
    """Keep the draft, and ask what the step asks."""
    found = await _found(context, draft)
    speaker = context.speaker_in(found.place.zone)
    if options is None:
        options = await options_for(context, draft, at, found, speaker.plain)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING, facts=draft.facts(at)
    )
    return question_screen(draft, at, found, options, speaker)


async def _confirmation(context: Context, draft: MeterDraft) -> Screen:
    found = await context.services.meter_edits.preview(
        actor=context.actor,
        place_id=draft.place_id,
        meter_id=draft.meter_id,
        changes=draft.changes,
    )
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING, facts=draft.facts(None)
    )
    speaker = context.speaker_in(found.place.zone)
    return confirm_screen(draft, found, speaker, nonce=context.nonce)


async def _found(context: Context, draft: MeterDraft) -> MeterChange:
    return await context.services.meter_edits.draft(
        actor=context.actor,
        place_id=draft.place_id,
        meter_id=draft.meter_id,
        changes=draft.changes,
    )


def _field(letter: str, context: Context) -> SheetField:
    try:
        return SheetField(letter)
    except ValueError:
        raise ButtonUnknown(context.request.data) from None


def _value(at: SheetField, word: str, context: Context) -> object:
    try:
        return value_from(at, None if word == NOTHING else word)
    except (LookupError, ValueError):
        raise ButtonUnknown(context.request.data) from None
