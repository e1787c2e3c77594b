"""Taking a payment back: why, confirmed once."""

from bot.services.preview import MoneyPreview
from bot.telegram.callbacks import ButtonUnknown, new_nonce
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
        await context.services.dialogs.end(person_id=context.person.id)
        reason = _usual(code, context)
        return reversal_confirm_screen(preview, reason, code, speaker, nonce=new_nonce())
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=WHY, facts={"entry_id": tap.integer(0)}
    )
    return reversal_reason_screen(preview, speaker)


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    preview = await _preview(context, int(str(facts["entry_id"])))
    nonce, why = new_nonce(), context.request.text[:MOST_REASON]
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=CONFIRMING, facts={"nonce": nonce, "reason": why}
    )
    speaker = context.speaker_in(preview.book.place.zone)
    return reversal_confirm_screen(preview, why, TYPED, speaker, nonce=nonce)


async def confirm(context: Context) -> Screen | None:
    """This function will take the payment back; notices go on in the same message."""
    tap = context.tap
    if tap.nonce is None:
        raise ButtonUnknown(context.request.data)
    code = tap.text(1)
    why = await _kept(context, tap.nonce) if code == TYPED else _usual(code, context)
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


async def _kept(context: Context, nonce: str) -> str:
    dialog = await context.services.dialogs.current(person_id=context.person.id)
    if dialog is None or dialog.facts.get("nonce") != nonce:
        raise ButtonUnknown(context.request.data)
    return str(dialog.facts["reason"])


def _usual(code: str, context: Context) -> str:
    if code not in REASONS:
        raise ButtonUnknown(context.request.data)
    return context.speaker.plain.text(REASONS[code])
