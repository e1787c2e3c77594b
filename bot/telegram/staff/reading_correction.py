"""The right reading in the place of a wrong one, confirmed once. Rule 3.8."""

import re
from datetime import datetime
from decimal import Decimal

from bot.domain.people import Permission
from bot.services.adjustment import clean_reason
from bot.services.reading_correction import CorrectionPreview
from bot.services.reading_list import ReadingCard
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.reading_card import REASONS, TYPED
from bot.telegram.screens.reading_correction import (
    correct_confirm_screen,
    correct_reason_screen,
    correct_value_screen,
    corrected_screen,
)
from bot.telegram.screens.reading_entry import instant_of, minutes_of
from bot.telegram.staff.reading import reason_of
from bot.telegram.staff.typed_instant import parse_instant
from bot.telegram.staff.typed_number import carried_number, number_word, parse_number

ASKING = "reading.correct"
WHY = "reading.correct.why"
CONFIRMING = "reading.correct.confirm"
_FIRST = re.compile(r"\s*(\S+)\s*(.*)", re.DOTALL)
_UNIT = re.compile(r"[^\W\d_]\S*|m³", re.UNICODE)


async def correct(context: Context) -> Screen:
    """This function will ask what a meter really showed."""
    card = await _card(context, context.tap.integer(0))
    context.actor.require(Permission.TAKE_PAYMENT, card.place.id)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING, facts={"reading_id": card.reading.id}
    )
    return correct_value_screen(card, context.speaker_in(card.place.zone))


async def value(context: Context) -> Screen:
    """This function will take the value, perhaps with its time, and ask why it is corrected."""
    facts = {} if context.dialog is None else context.dialog.facts
    card = await _card(context, int(str(facts["reading_id"])))
    number, at = _typed(context.request.text, card)
    shown = await _preview(context, card.reading.id, number, at)
    await context.services.dialogs.go_to(
        person_id=context.person.id,
        step=WHY,
        facts={
            "reading_id": card.reading.id,
            "value": number_word(shown.appraisal.point.value),
            "minutes": minutes_of(at),
        },
    )
    return correct_reason_screen(shown, at, context.speaker_in(card.place.zone))


async def why(context: Context) -> Screen:
    """This function will take the reason that was tapped, and ask for confirmation."""
    tap = context.tap
    number, code = carried_number(tap.text(1)), tap.text(3)
    if number is None or code not in REASONS:
        raise ButtonUnknown(context.request.data)
    at, said = instant_of(tap.integer(2)), REASONS[code]
    shown = await _preview(context, tap.integer(0), number, at)
    return await _ask(context, shown, at, said, code)


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    said, at = clean_reason(context.request.text), instant_of(int(str(facts["minutes"])))
    number = Decimal(str(facts["value"]))
    shown = await _preview(context, int(str(facts["reading_id"])), number, at)
    return await _ask(context, shown, at, said, TYPED)


async def _ask(
    context: Context, shown: CorrectionPreview, at: datetime | None, said: str, code: str
) -> Screen:
    nonce = context.nonce
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=CONFIRMING, facts={"nonce": nonce, "reason": said}
    )
    speaker = context.speaker_in(shown.held.place.zone)
    return correct_confirm_screen(shown, at, speaker, reason=said, code=code, nonce=nonce)


async def confirm(context: Context) -> Screen:
    """This function will put what was confirmed in the place of the reading."""
    tap = context.tap
    number = carried_number(tap.text(1))
    if tap.nonce is None or number is None:
        raise ButtonUnknown(context.request.data)
    said = await reason_of(context, tap.text(3), tap.nonce)
    done = await context.services.corrections.correct(
        cause=context.cause,
        reading_id=tap.integer(0),
        value=number,
        at=instant_of(tap.integer(2)),
        reason=said,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return corrected_screen(done, context.speaker_in(done.held.place.zone))


async def _preview(
    context: Context, reading_id: int, number: Decimal, at: datetime | None
) -> CorrectionPreview:
    return await context.services.corrections.preview(
        actor=context.actor, reading_id=reading_id, value=number, at=at
    )


async def _card(context: Context, reading_id: int) -> ReadingCard:
    return await context.services.reading_lists.one(actor=context.actor, reading_id=reading_id)


def _typed(text: str, card: ReadingCard) -> tuple[Decimal, datetime | None]:
    """Return the value, and the instant that is typed after it."""
    found = _FIRST.fullmatch(text)
    if found is None:
        return parse_number(text), None
    rest = found[2].strip()
    if not rest or _UNIT.fullmatch(rest):
        return parse_number(text), None
    return parse_number(found[1]), parse_instant(rest, now=card.now, zone=card.place.zone)
