"""Taking a bill back, whole or in part, step by step, confirmed once."""

from bot.domain.money import MAX_AMOUNT_PAISE, amount_from_text
from bot.services.adjustment import clean_reason
from bot.services.credit_note import CreditPreview
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.credit_note import (
    REASONS,
    TYPED,
    credit_amount_screen,
    credit_confirm_screen,
    credit_reason_screen,
    credited_screen,
)

ASKING_AMOUNT = "credit.amount"
WHY = "credit.reason"
CONFIRMING = "credit.confirm"


async def credit(context: Context) -> Screen:
    """This function will go on from a button that holds what is known so far."""
    tap = context.tap
    invoice_id, known = tap.integer(0), len(tap.arguments)
    if known == 1:
        return await _ask_amount(context, invoice_id)
    preview = await _preview(context, invoice_id, _paise(context))
    if known == 2:
        return await _ask_reason(context, preview)
    code = tap.text(2)
    return await _confirmation(context, preview, _usual(code, context), code)


async def amount(context: Context) -> Screen:
    """This function will take the amount that was typed, and ask why."""
    facts = {} if context.dialog is None else context.dialog.facts
    paise = amount_from_text(context.request.text)
    return await _ask_reason(context, await _preview(context, int(str(facts["invoice_id"])), paise))


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed, and ask for confirmation."""
    facts = {} if context.dialog is None else context.dialog.facts
    why = clean_reason(context.request.text)
    invoice_id, paise = int(str(facts["invoice_id"])), int(str(facts["amount_paise"]))
    return await _confirmation(context, await _preview(context, invoice_id, paise), why, TYPED)


async def confirm(context: Context) -> Screen:
    """This function will issue the credit note that was confirmed."""
    code = context.tap.text(2)
    asked = await context.services.dialogs.answered(cause=context.cause)
    why = str(asked.facts["reason"]) if code == TYPED else _usual(code, context)
    note = await context.services.credit_notes.issue(
        cause=context.cause,
        invoice_id=context.tap.integer(0),
        amount_paise=_paise(context),
        reason=why,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    return credited_screen(note, context.speaker)


async def _ask_amount(context: Context, invoice_id: int) -> Screen:
    preview = await _preview(context, invoice_id, None)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=ASKING_AMOUNT, facts={"invoice_id": invoice_id}
    )
    return credit_amount_screen(preview, context.speaker_in(preview.book.place.zone))


async def _ask_reason(context: Context, preview: CreditPreview) -> Screen:
    facts: dict[str, object] = {
        "invoice_id": preview.bill.id,
        "amount_paise": preview.amount_paise,
    }
    await context.services.dialogs.go_to(person_id=context.person.id, step=WHY, facts=facts)
    return credit_reason_screen(preview, context.speaker_in(preview.book.place.zone))


async def _preview(context: Context, invoice_id: int, amount_paise: int | None) -> CreditPreview:
    return await context.services.credit_notes.preview(
        actor=context.actor, invoice_id=invoice_id, amount_paise=amount_paise
    )


async def _confirmation(context: Context, preview: CreditPreview, why: str, code: str) -> Screen:
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=context.nonce, facts={"reason": why}
    )
    speaker = context.speaker_in(preview.book.place.zone)
    return credit_confirm_screen(preview, why, code, speaker, nonce=context.nonce)


def _paise(context: Context) -> int:
    """Raises ButtonUnknown for what no button of ours holds."""
    paise = context.tap.integer(1)
    if not 0 < paise <= MAX_AMOUNT_PAISE:
        raise ButtonUnknown(context.request.data)
    return paise


def _usual(code: str, context: Context) -> str:
    if code not in REASONS:
        raise ButtonUnknown(context.request.data)
    return REASONS[code]
