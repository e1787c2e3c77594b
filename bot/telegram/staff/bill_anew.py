"""Billing anew what was taken back whole, confirmed once."""

from bot.domain.money import MAX_AMOUNT_PAISE
from bot.services.bill_anew import AnewChanged
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.bill_anew import anew_screen, billed_anew_screen

CONFIRMING = "bill.anew"


async def ask(context: Context) -> Screen:
    """This function will tell what billing anew would come to, and ask."""
    return await _question(context)


async def confirm(context: Context) -> Screen:
    """This function will bill anew what was confirmed, unless it has become another amount."""
    invoice_id, total_paise = context.tap.integer(0), context.tap.integer(1)
    if not 0 < total_paise <= MAX_AMOUNT_PAISE:
        raise ButtonUnknown(context.request.data)
    await context.services.dialogs.answered(cause=context.cause)
    try:
        done = await context.services.bills_anew.bill(
            cause=context.cause, invoice_id=invoice_id, total_paise=total_paise
        )
    except AnewChanged:
        return await _question(context, is_changed=True)
    await context.services.dialogs.end(person_id=context.person.id)
    return billed_anew_screen(invoice_id, done, context.speaker)


async def _question(context: Context, *, is_changed: bool = False) -> Screen:
    nonce = context.nonce
    preview = await context.services.bills_anew.preview(
        actor=context.actor, invoice_id=context.tap.integer(0)
    )
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={}
    )
    speaker = context.speaker_in(preview.book.place.zone)
    return anew_screen(preview, speaker, nonce=nonce, is_changed=is_changed)
