"""Going a round through a place, meter by meter; it waits wherever somebody stops."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot.domain.people import Permission
from bot.i18n import Safe, Speaker
from bot.services.round import ReadMeanwhile, Stop
from bot.telegram.callbacks import Action, ButtonUnknown, press
from bot.telegram.context import Context
from bot.telegram.screen import Button, Screen
from bot.telegram.screens.round import (
    REASON_CODES,
    meanwhile_text,
    progress_screen,
    recorded_text,
    round_confirm_screen,
    skip_note_screen,
    skip_screen,
    skipped_text,
    stop_screen,
)
from bot.telegram.screens.round_places import round_places_screen
from bot.telegram.staff.typed_number import carried_number, parse_number

ASKING = "round.value"
WHY = "round.why"


async def of_round(context: Context, meter_id: int) -> dict[str, object]:
    """This function will return what a dialog about a meter keeps so that its round goes on."""
    dialog = await context.services.dialogs.current(person_id=context.person.id)
    if dialog is None or dialog.facts.get("meter_id") != meter_id:
        return {}
    return {key: value for key, value in dialog.facts.items() if key == "place_id"}


def with_way_on(screen: Screen, kept: Mapping[str, object], speaker: Speaker) -> Screen:
    """Return a screen with the way to the next meter first, if there is a round to go on with."""
    place_id = kept.get("place_id")
    if not isinstance(place_id, int):
        return screen
    way_on = Button(
        label=speaker.plain.text("Next meter"), press=press(Action.ROUND_NEXT, place_id)
    )
    return replace(screen, buttons=((way_on,), *screen.buttons))


async def passed(context: Context, meter_id: int, kept: Mapping[str, object]) -> Screen | None:
    """This function will show the next meter where somebody else has read this one of the round
    first, as it does with numbers that are typed."""
    place_id = kept.get("place_id")
    if not isinstance(place_id, int):
        return None
    try:
        await _meter(context, place_id, meter_id)
    except ReadMeanwhile as error:
        return await _next(context, place_id, news=_meanwhile(error, context))
    return None


async def rounds(context: Context) -> Screen:
    """This function will show how far a place is, or ask for the place."""
    await context.services.dialogs.end(person_id=context.person.id)
    if context.press is not None and context.press.arguments:
        return await _look(context, context.press.integer(0))
    places = await context.services.rooms.places(
        actor=context.actor, permission=Permission.READ_METERS
    )
    if len(places) != 1:
        return round_places_screen(places, context.speaker)
    return await _look(context, places[0].id)


async def go_on(context: Context) -> Screen:
    """This function will show the next meter, or how far the place is when there is none."""
    return await _next(context, context.tap.integer(0))


async def stop(context: Context) -> Screen:
    """This function will leave the round as it is, to be gone on with later."""
    await context.services.dialogs.end(person_id=context.person.id)
    progress = await context.services.rounds.stop(
        actor=context.actor, place_id=context.tap.integer(0)
    )
    return progress_screen(progress, context.speaker_in(progress.place.zone))


async def value(context: Context) -> Screen:
    """This function will take the value that was typed, and ask whether it is right."""
    place_id, meter_id = _asked(context)
    number = parse_number(context.request.text)
    try:
        shown, preview = await context.services.rounds.preview(
            actor=context.actor, place_id=place_id, meter_id=meter_id, value=number
        )
    except ReadMeanwhile as error:
        return await _next(context, place_id, news=_meanwhile(error, context))
    speaker = context.speaker_in(shown.progress.place.zone)
    return round_confirm_screen(shown, preview, speaker, nonce=context.nonce)


async def confirm(context: Context) -> Screen:
    """This function will record what was confirmed, and show the next meter."""
    tap = context.tap
    place_id, number = tap.integer(0), carried_number(tap.text(2))
    if tap.nonce is None or number is None:
        raise ButtonUnknown(context.request.data)
    return await _next(context, place_id, news=await _record(context, place_id, number))


async def ask_skip(context: Context) -> Screen:
    """This function will ask why a meter is left out."""
    try:
        shown = await _meter(context, context.tap.integer(0), context.tap.integer(1))
    except ReadMeanwhile as error:
        return await _next(context, context.tap.integer(0), news=_meanwhile(error, context))
    return skip_screen(shown, context.speaker_in(shown.progress.place.zone), nonce=context.nonce)


async def skip(context: Context) -> Screen:
    """This function will leave a meter out for the reason that was tapped, or ask for words."""
    tap = context.tap
    place_id, meter_id, code = tap.integer(0), tap.integer(1), tap.text(2)
    if code not in REASON_CODES or tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    if code == "o":
        shown = await _meter(context, place_id, meter_id)
        await _await(context, WHY, place_id, meter_id)
        return skip_note_screen(shown, context.speaker_in(shown.progress.place.zone))
    return await _skip(context, place_id, meter_id, code, note=None)


async def why(context: Context) -> Screen:
    """This function will leave a meter out for the reason that was typed."""
    place_id, meter_id = _asked(context)
    return await _skip(context, place_id, meter_id, "o", note=context.request.text)


async def _skip(
    context: Context, place_id: int, meter_id: int, code: str, *, note: str | None
) -> Screen:
    try:
        left = await context.services.rounds.skip(
            cause=context.cause,
            place_id=place_id,
            meter_id=meter_id,
            reason=REASON_CODES[code],
            note=note,
        )
    except ReadMeanwhile as error:
        return await _next(context, place_id, news=_meanwhile(error, context))
    return await _next(context, place_id, news=skipped_text(left, context.speaker))


async def _record(context: Context, place_id: int, number: Decimal) -> Safe:
    meter_id = context.tap.integer(1)
    try:
        done = await context.services.rounds.record(
            cause=context.cause, place_id=place_id, meter_id=meter_id, value=number
        )
    except ReadMeanwhile as error:
        return _meanwhile(error, context)
    return recorded_text(done, context.speaker_in(done.preview.appraisal.spot.place.zone))


async def _next(context: Context, place_id: int, *, news: Safe | None = None) -> Screen:
    shown = await context.services.rounds.next(actor=context.actor, place_id=place_id)
    if isinstance(shown, Stop):
        await _await(context, ASKING, place_id, shown.meter.sheet.id)
        zone = shown.progress.place.zone
        return stop_screen(shown, context.speaker_in(zone), news=news)
    await context.services.dialogs.end(person_id=context.person.id)
    return progress_screen(shown, context.speaker_in(shown.place.zone), news=news)


async def _look(context: Context, place_id: int) -> Screen:
    progress = await context.services.rounds.look(actor=context.actor, place_id=place_id)
    return progress_screen(progress, context.speaker_in(progress.place.zone))


async def _meter(context: Context, place_id: int, meter_id: int) -> Stop:
    return await context.services.rounds.meter(
        actor=context.actor, place_id=place_id, meter_id=meter_id
    )


async def _await(context: Context, step: str, place_id: int, meter_id: int) -> None:
    facts: dict[str, object] = {"place_id": place_id, "meter_id": meter_id}
    await context.services.dialogs.go_to(person_id=context.person.id, step=step, facts=facts)


def _asked(context: Context) -> tuple[int, int]:
    facts = {} if context.dialog is None else context.dialog.facts
    return int(str(facts["place_id"])), int(str(facts["meter_id"]))


def _meanwhile(error: ReadMeanwhile, context: Context) -> Safe:
    return meanwhile_text(error, context.speaker_in(error.place.zone))
