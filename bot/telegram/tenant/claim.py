"""A tenant says that they have paid, step by step. Rule 9.2."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.money import MAX_AMOUNT_PAISE
from bot.services.claim_check import ClaimDraft
from bot.services.photo import PhotoNotKept, require_size
from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.claim_draft import Said, with_amount, with_reference, with_words
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.claim import (
    claim_amount_screen,
    claim_confirm_screen,
    claim_method_screen,
    claim_proof_screen,
    claim_sent_screen,
    without_picture,
)
from bot.telegram.screens.payment import METHODS
from bot.telegram.tenant.choice import lease_or_choice
from bot.telegram.tenant.photo import download

AMOUNT = "claim.amount"
METHOD = "claim.method"
PROOF = "claim.proof"
CONFIRMING = "claim.confirm"
STEPS = (AMOUNT, METHOD, PROOF, CONFIRMING)
_ASKED = {2: AMOUNT, 3: METHOD}
"""Which question a button answers, by how much it says."""


async def claim(context: Context) -> Screen:
    """This function will ask for what is not said yet of a payment."""
    lease = await lease_or_choice(context, Action.CLAIM)
    if isinstance(lease, Screen):
        return lease
    said = Said(lease_id=lease)
    tapped = () if context.press is None else context.press.arguments
    if len(tapped) > 1:
        said = _and_before(context, replace(said, amount_paise=context.tap.integer(1)))
    if len(tapped) > 2:
        said = replace(said, method=METHODS.get(tapped[2]))
    is_odd = said.amount_paise is not None and not 0 < said.amount_paise <= MAX_AMOUNT_PAISE
    if is_odd or (len(tapped) > 2 and said.method is None):
        raise ButtonUnknown(context.request.data)
    return await ask_for_rest(context, said)


async def typed(context: Context) -> Screen:
    """This function will take what was typed for what it is, whatever was asked for.

    Raises NotAnAmount and ClaimNotUnderstood.
    """
    assert context.dialog is not None
    take: Callable[[Said, str], Said] = {AMOUNT: with_amount, PROOF: with_reference}.get(
        context.dialog.step, with_words
    )
    return await ask_for_rest(context, take(Said.of(context.dialog.facts), context.request.text))


async def picture(context: Context) -> Screen:
    """This function will keep a picture of a receipt; what cannot be kept has to be typed."""
    assert context.dialog is not None
    upload, said = context.request.upload, Said.of(context.dialog.facts)
    assert upload is not None
    require_size(upload.size_bytes)
    content = await download(context, upload.file_id)
    try:
        kept = await context.services.photos.take(actor=context.actor, content=content)
    except PhotoNotKept:
        return without_picture(await ask_for_rest(context, said), context.speaker)
    return await ask_for_rest(context, replace(said, photo_id=kept.id))


async def confirm(context: Context) -> Screen:
    """This function will send the claim to the staff."""
    asked = await context.services.dialogs.answered(cause=context.cause)
    draft, shown = Said.of(asked.facts).draft, context.window.pressed
    assert draft is not None
    filed = await context.services.claims.file(
        cause=context.cause,
        draft=draft,
        message_id=None if shown is None else shown.message_id,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    book = await context.services.claims.offer(actor=context.actor, lease_id=draft.lease_id)
    return claim_sent_screen(book, filed, context.speaker_in(book.place.zone))


async def ask_for_rest(context: Context, said: Said) -> Screen:
    """This function will ask for what is missing, or else whether the claim is sent."""
    if said.draft is not None:
        return await _confirmation(context, said.draft)
    book = await context.services.claims.offer(actor=context.actor, lease_id=said.lease_id)
    step, screen = PROOF, claim_proof_screen
    if said.amount_paise is None:
        step, screen = AMOUNT, claim_amount_screen
    elif said.method is None:
        step, screen = METHOD, claim_method_screen
    await context.services.dialogs.go_to(person_id=context.person.id, step=step, facts=said.facts())
    return screen(book, said, context.speaker_in(book.place.zone))


async def _confirmation(context: Context, draft: ClaimDraft) -> Screen:
    book = await context.services.claims.offer(actor=context.actor, lease_id=draft.lease_id)
    checked = await context.services.claims.require_new(actor=context.actor, draft=draft)
    nonce = context.nonce
    said = Said(
        lease_id=checked.lease_id,
        amount_paise=checked.amount_paise,
        method=checked.method,
        reference=checked.reference,
        photo_id=checked.photo_id,
    )
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts=said.facts()
    )
    return claim_confirm_screen(book, checked, context.speaker_in(book.place.zone), nonce=nonce)


def _and_before(context: Context, said: Said) -> Said:
    """Return what a tap says, with what was typed before the question that it answers."""
    asked = context.open_dialog
    if asked is None or asked.step != _ASKED.get(len(context.tap.arguments)):
        return said
    before = Said.of(asked.facts)
    is_of_it = before.amount_paise in {None, said.amount_paise}
    is_of_it = is_of_it and before.lease_id == said.lease_id
    return replace(before, amount_paise=said.amount_paise) if is_of_it else said
