"""Setting a balance right by hand, step by step, confirmed once."""

from bot.domain.money import MAX_AMOUNT_PAISE, amount_from_text
from bot.domain.people import Permission
from bot.services.adjustment import clean_reason
from bot.services.preview import MoneyPreview
from bot.telegram.callbacks import ButtonUnknown, Press
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.adjustment import (
    CHARGE,
    CREDIT,
    REASONS,
    TYPED,
    adjust_amount_screen,
    adjust_confirm_screen,
    adjust_reason_screen,
    way_screen,
)

ASKING_AMOUNT = "adjust.amount"
WHY = "adjust.reason"
CONFIRMING = "adjust.confirm"


async def adjust(context: Context) -> Screen:
    """This function will go on from a button that holds what is known so far."""
    tap = context.tap
    lease_id, known = tap.integer(0), len(tap.arguments)
    if known == 1:
        return await _ask_way(context, lease_id)
    if known == 2:
        return await _ask_amount(context, lease_id, _way(tap, context))
    preview = await _preview(context, lease_id, _signed_paise(tap, context))
    if known == 3:
        return await _ask_reason(context, preview)
    code = tap.text(3)
    return await _confirmation(context, preview, _usual(code, context), code)


async def amount(context: Context) -> Screen:
    """This function will take the amount that was typed, and ask why."""
    facts = {} if context.dialog is None else context.dialog.facts
    paise = amount_from_text(context.request.text)
    signed_paise = -paise if facts["way"] == CHARGE else paise
    return await _ask_reason(
        context, await _preview(context, int(str(facts["lease_id"])), signed_paise)
    )


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    why = clean_reason(context.request.text)
    lease_id, paise = int(str(facts["lease_id"])), int(str(facts["amount_paise"]))
    preview = await _preview(context, lease_id, paise)
    return await _confirmation(context, preview, why, TYPED)


async def confirm(context: Context) -> Screen | None:
    """This function will book what was confirmed; notices go on in the same message."""
    tap = context.tap
    code = tap.text(3)
    asked = await context.services.dialogs.answered(cause=context.cause)
    why = str(asked.facts["reason"]) if code == TYPED else _usual(code, context)
    shown = context.window.pressed
    await context.services.adjustments.record(
        cause=context.cause,
        lease_id=tap.integer(0),
        amount_paise=_signed_paise(tap, context),
        reason=why,
        message_id=None if shown is None else shown.message_id,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Recorded."))
    return None


async def _ask_way(context: Context, lease_id: int) -> Screen:
    book = await context.services.previews.lease(
        actor=context.actor, lease_id=lease_id, permission=Permission.TAKE_PAYMENT
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return way_screen(book, context.speaker_in(book.place.zone))


async def _ask_amount(context: Context, lease_id: int, way: str) -> Screen:
    book = await context.services.previews.lease(
        actor=context.actor, lease_id=lease_id, permission=Permission.TAKE_PAYMENT
    )
    facts: dict[str, object] = {"lease_id": lease_id, "way": way}
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING_AMOUNT, facts=facts
    )
    return adjust_amount_screen(book, way, context.speaker_in(book.place.zone))


async def _ask_reason(context: Context, preview: MoneyPreview) -> Screen:
    facts: dict[str, object] = {
        "lease_id": preview.book.lease.id,
        "amount_paise": preview.after_paise - preview.book.balance_paise,
    }
    await context.services.dialogs.go_to(person_id=context.person.id, step=WHY, facts=facts)
    return adjust_reason_screen(preview, context.speaker_in(preview.book.place.zone))


async def _preview(context: Context, lease_id: int, amount_paise: int) -> MoneyPreview:
    return await context.services.previews.adjustment(
        actor=context.actor, lease_id=lease_id, amount_paise=amount_paise
    )


async def _confirmation(context: Context, preview: MoneyPreview, why: str, code: str) -> Screen:
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={"reason": why}
    )
    speaker = context.speaker_in(preview.book.place.zone)
    return adjust_confirm_screen(preview, why, code, speaker, nonce=nonce)


def _way(tap: Press, context: Context) -> str:
    way = tap.text(1)
    if way not in {CREDIT, CHARGE}:
        raise ButtonUnknown(context.request.data)
    return way


def _signed_paise(tap: Press, context: Context) -> int:
    """Raises ButtonUnknown for what no button of ours holds."""
    paise = tap.integer(2)
    if not 0 < paise <= MAX_AMOUNT_PAISE:
        raise ButtonUnknown(context.request.data)
    return -paise if _way(tap, context) == CHARGE else paise


def _usual(code: str, context: Context) -> str:
    if code not in REASONS:
        raise ButtonUnknown(context.request.data)
    return REASONS[code]
