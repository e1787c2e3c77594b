"""One reading; a held one is accepted or rejected, here or in the message that asked. Rule 3.5."""

from contextlib import suppress

from bot.domain.metering import ReadingStatus
from bot.domain.people import Permission
from bot.services.adjustment import clean_reason
from bot.services.boundary import ReadingInTheWay
from bot.services.photo import PhotoUnknown
from bot.services.reading_appraisal import ReadingAtThatTime, ReadingFell, ReadingOvertaken
from bot.services.reading_list import ReadingCard
from bot.services.readings import JudgementPreview, ReadingJudged
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.judgement import judgement_screen
from bot.telegram.screens.reading_card import (
    CHART,
    PHOTO,
    REASONS,
    TYPED,
    reading_accept_screen,
    reading_card_screen,
    reading_reason_screen,
    reading_reject_screen,
)

WHY = "reading.reject"
CONFIRMING = "reading.reject.confirm"


async def reading(context: Context) -> Screen:
    """This function will show a reading: its numbers, its photo or the ones before it."""
    tap = context.tap
    card = await _card(context, tap.integer(0))
    asked = tap.text(1) if len(tap.arguments) > 1 else ""
    await context.services.dialogs.end(person_id=context.person.id)
    picture, shows = await _picture(context, card, asked)
    return reading_card_screen(
        card,
        await _preview(context, card),
        context.speaker_in(card.place.zone),
        picture=picture,
        shows=shows,
    )


async def ask_accept(context: Context) -> Screen:
    """This function will tell what accepting the reading charges, and ask for confirmation."""
    reading_id = context.tap.integer(0)
    preview = await context.services.readings.preview(actor=context.actor, reading_id=reading_id)
    card = await _card(context, reading_id)
    speaker = context.speaker_in(card.place.zone)
    return reading_accept_screen(card, preview, speaker, nonce=context.nonce)


async def accept(context: Context) -> Screen:
    """This function will charge the reading."""
    if context.tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    return await _judge(context, accept=True)


async def ask_reason(context: Context) -> Screen:
    """This function will ask why a reading is set aside. Raises ReadingJudged."""
    card = await _card(context, context.tap.integer(0))
    if card.reading.status is not ReadingStatus.HELD:
        raise ReadingJudged(card.reading.status)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=WHY, facts={"reading_id": card.reading.id}
    )
    speaker = context.speaker_in(card.place.zone)
    return reading_reason_screen(card, speaker, nonce=context.nonce)


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    why, nonce = clean_reason(context.request.text), context.nonce
    card = await _card(context, int(str(facts["reading_id"])))
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=CONFIRMING,
        facts={"nonce": nonce, "reason": why},
    )
    speaker = context.speaker_in(card.place.zone)
    return reading_reject_screen(card, why, speaker, nonce=nonce)


async def reject_with_reason(context: Context) -> Screen:
    """This function will set the reading aside, and tell the tenant why."""
    tap = context.tap
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    why = await reason_of(context, tap.text(1), tap.nonce)
    screen = await _judge(context, accept=False, reason=why)
    await context.services.dialogs.end(person_id=context.person.id)
    return screen


async def _judge(context: Context, *, accept: bool, reason: str | None = None) -> Screen:
    judged = await context.services.readings.judge(
        cause=context.cause,
        reading_id=context.tap.integer(0),
        accept=accept,
        reason=reason,
    )
    left = await context.services.reading_lists.held(actor=context.actor)
    return judgement_screen(judged, left, context.speaker)


async def _card(context: Context, reading_id: int) -> ReadingCard:
    return await context.services.reading_lists.one(actor=context.actor, reading_id=reading_id)


async def _preview(context: Context, card: ReadingCard) -> JudgementPreview | None:
    """Return what accepting a held reading would charge, unless something is in the way."""
    is_held = card.reading.status is ReadingStatus.HELD
    if not is_held or Permission.TAKE_PAYMENT not in card.may:
        return None
    with suppress(ReadingFell, ReadingOvertaken, ReadingAtThatTime, ReadingInTheWay):
        return await context.services.readings.preview(
            actor=context.actor, reading_id=card.reading.id
        )
    return None


async def _picture(context: Context, card: ReadingCard, asked: str) -> tuple[bytes | None, str]:
    """Return the photo, else the meter's last readings, as far as there are any."""
    photo_id = card.reading.photo_id
    if photo_id is not None and asked != CHART:
        with suppress(PhotoUnknown):
            photo = await context.services.photos.picture(actor=context.actor, photo_id=photo_id)
            return photo, PHOTO
    if not card.chart.bars:
        return None, CHART
    language = context.speaker.language
    return await context.services.pictures.readings(card.chart, language=language), CHART


async def reason_of(context: Context, code: str, nonce: str) -> str:
    """This function will return the reason that a button means, or that was typed before it.

    Raises ButtonUnknown.
    """
    return await _kept(context, nonce) if code == TYPED else _usual(code, context)


async def _kept(context: Context, nonce: str) -> str:
    dialog = await context.services.dialogs.current(person_id=context.person.id)
    if dialog is None or dialog.facts.get("nonce") != nonce:
        raise ButtonUnknown(context.request.data)
    return str(dialog.facts["reason"])


def _usual(code: str, context: Context) -> str:
    if code not in REASONS:
        raise ButtonUnknown(context.request.data)
    return REASONS[code]
