"""Splits of the past, and taking one back: why, and the confirmation."""

from bot.services.adjustment import clean_reason
from bot.services.allocation_look import SplitShown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.sharing_split import (
    common_past_screen,
    common_split_screen,
    common_undo_confirm_screen,
    common_undo_screen,
)

WHY = "common.why"
CONFIRMING = "common.undo"


async def past(context: Context) -> Screen:
    """This function will list the splits of a place."""
    tap = context.tap
    before_id = tap.integer(1) if len(tap.arguments) > 1 else None
    page = await context.services.allocation_lists.splits(
        actor=context.actor, place_id=tap.integer(0), before_id=before_id
    )
    return common_past_screen(page, context.speaker_in(page.place.zone))


async def split(context: Context) -> Screen:
    """This function will show one split."""
    tap = context.tap
    await context.services.dialogs.end(person_id=context.person.id)
    shown = await _shown(context, tap.integer(0))
    page = max(tap.integer(1), 0) if len(tap.arguments) > 1 else 0
    return common_split_screen(shown, context.speaker_in(shown.place.zone), page=page)


async def ask_undo(context: Context) -> Screen:
    """This function will ask why a split is taken back."""
    shown = await _shown(context, context.tap.integer(0))
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=WHY, facts={"id": shown.split.id}
    )
    return common_undo_screen(shown, context.speaker_in(shown.place.zone))


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    why = clean_reason(context.request.text)
    shown = await _shown(context, int(str(facts["id"])))
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={"reason": why}
    )
    speaker = context.speaker_in(shown.place.zone)
    return common_undo_confirm_screen(shown, why, speaker, nonce=nonce)


async def undo(context: Context) -> Screen:
    """This function will take back what was confirmed, and show it."""
    asked = await context.services.dialogs.answered(cause=context.cause)
    await context.services.allocations.take_back(
        cause=context.cause,
        allocation_id=context.tap.integer(0),
        reason=str(asked.facts["reason"]),
    )
    await context.services.dialogs.end(person_id=context.person.id)
    shown = await _shown(context, context.tap.integer(0))
    news = context.speaker.text("↩︎ Taken back. The tenants are told; it can be split anew.")
    return common_split_screen(shown, context.speaker_in(shown.place.zone), news=news)


async def _shown(context: Context, allocation_id: int) -> SplitShown:
    return await context.services.allocation_lists.split(
        actor=context.actor, allocation_id=allocation_id
    )
