"""Taking a payment back: why, confirmed once."""

from bot.services.preview import MoneyPreview
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.reversal import (
    REASONS,
    TYPED,
    reversal_confirm_screen,
    reversal_reason_screen,
)

WHY = "reverse.reason"
CONFIRMING = "reverse.confirm"
MOST_REASON = 200


async def reverse(context: Context) -> Screen:
    """This function will ask why, or with a reason for the confirmation."""
    tap = context.tap
    preview = await _preview(context, tap.integer(0))
    speaker = context.speaker_in(preview.book.place.zone)
    if len(tap.arguments) > 1:
        code = tap.text(1)
        return await _confirmation(context, preview, _usual(code, context), code)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=WHY, facts={"entry_id": tap.integer(0)}
    )
    return reversal_reason_screen(preview, speaker)


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    preview = await _preview(context, int(str(facts["entry_id"])))
    return await _confirmation(context, preview, context.request.text[:MOST_REASON], TYPED)


async def confirm(context: Context) -> Screen | None:
    """This function will take the payment back; notices go on in the same message."""
    tap = context.tap
    code = tap.text(1)
    asked = await context.services.dialogs.answered(cause=context.cause)
    why = str(asked.facts["reason"]) if code == TYPED else _usual(code, context)
    shown = context.window.pressed
    await context.services.payments.reverse(
        cause=context.cause,
        entry_id=tap.integer(0),
        reason=why,
        message_id=None if shown is None else shown.message_id,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Taken back."))
    return None


async def _preview(context: Context, entry_id: int) -> MoneyPreview:
    return await context.services.previews.reversal(actor=context.actor, entry_id=entry_id)


async def _confirmation(context: Context, preview: MoneyPreview, why: str, code: str) -> Screen:
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={"reason": why}
    )
    speaker = context.speaker_in(preview.book.place.zone)
    return reversal_confirm_screen(preview, why, code, speaker, nonce=nonce)


def _usual(code: str, context: Context) -> str:
    if code not in REASONS:
        raise ButtonUnknown(context.request.data)
    return REASONS[code]
