"""A tenant pays: how much, where to, and "I have paid". Nothing is credited here. Rule 9.2."""

from bot.domain.ledger import PaymentMethod
from bot.domain.money import MAX_AMOUNT_PAISE, NotAnAmount, amount_from_text
from bot.services.top_up import TopUp
from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.claim_draft import Said, with_amount
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.top_up import amount_screen, pay_screen
from bot.telegram.tenant import claim
from bot.telegram.tenant.choice import lease_or_choice

AMOUNT = "top_up.amount"
PAYING = "top_up.paying"
STEPS = (AMOUNT, PAYING)


async def top_up(context: Context) -> Screen:
    """This function will ask how much, or show where an amount is paid to.

    Raises NotAnAmount, LeaseUnknown and NothingToPay.
    """
    amount_paise = _amount(context)
    lease = await lease_or_choice(
        context, Action.TOP_UP, *([] if amount_paise is None else [amount_paise])
    )
    if isinstance(lease, Screen):
        return lease
    offer = await context.services.top_ups.offer(actor=context.actor, lease_id=lease)
    if amount_paise is not None:
        return await _pay(context, offer, amount_paise)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=AMOUNT, facts=Said(lease_id=lease).facts()
    )
    return amount_screen(offer, context.speaker_in(offer.book.place.zone))


async def typed(context: Context) -> Screen:
    """This function will take another amount, or the reference of who has paid already.

    Raises NotAnAmount.
    """
    assert context.dialog is not None
    text = context.request.text
    said = with_amount(Said.of(context.dialog.facts), text)
    if said.reference is not None:
        return await claim.ask_for_rest(context, said)
    if said.amount_paise is None:
        raise NotAnAmount(text)
    offer = await context.services.top_ups.offer(actor=context.actor, lease_id=said.lease_id)
    return await _pay(context, offer, said.amount_paise)


async def _pay(context: Context, offer: TopUp, amount_paise: int) -> Screen:
    link, method = offer.link(amount_paise), PaymentMethod.UPI if offer.payee else None
    said = Said(lease_id=offer.book.lease.id, amount_paise=amount_paise, method=method)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=PAYING, facts=said.facts()
    )
    return pay_screen(
        offer,
        amount_paise,
        context.speaker_in(offer.book.place.zone),
        picture=None if link is None else await context.services.pictures.qr(link),
    )


def _amount(context: Context) -> int | None:
    """Return what the button or the command says. Raises ButtonUnknown and NotAnAmount."""
    if context.press is None:
        return amount_from_text(context.request.text) if context.request.text else None
    if len(context.press.arguments) < 2:
        return None
    amount_paise = context.press.integer(1)
    if not 0 < amount_paise <= MAX_AMOUNT_PAISE:
        raise ButtonUnknown(context.request.data)
    return amount_paise
