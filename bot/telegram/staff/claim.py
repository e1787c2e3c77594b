"""Deciding whether a payment has come that a tenant reported. Rule 9.2."""

from bot.domain.money import MAX_AMOUNT_PAISE, NotAnAmount, amount_from_text
from bot.services.adjustment import clean_reason
from bot.services.claim_word import ClaimView
from bot.services.photo import PhotoUnknown
from bot.telegram.callbacks import ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.claim_review import (
    REASONS,
    TYPED,
    claim_approve_screen,
    claim_other_screen,
    claim_reason_screen,
    claim_reject_screen,
    claim_screen,
)

OTHER = "claim.other"
WHY = "claim.reason"
CONFIRMING = "claim.decide"


async def view(context: Context) -> Screen:
    """This function will show a claim, with its picture."""
    await context.services.dialogs.end(person_id=context.person.id)
    found = await _view(context, context.tap.integer(0))
    speaker = context.speaker_in(found.book.place.zone)
    return claim_screen(found, context.actor, speaker, picture=await _picture(context, found))


async def approve(context: Context) -> Screen:
    """This function will ask whether what was reported has come."""
    amount_paise = context.tap.integer(1)
    if not 0 < amount_paise <= MAX_AMOUNT_PAISE:
        raise ButtonUnknown(context.request.data)
    return await _confirmation(context, context.tap.integer(0), amount_paise)


async def other(context: Context) -> Screen:
    """This function will ask how much has come instead."""
    found = await _view(context, context.tap.integer(0))
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=OTHER, facts={"claim_id": found.claim.id}
    )
    return claim_other_screen(found, context.speaker_in(found.book.place.zone))


async def amount(context: Context) -> Screen:
    """This function will take the amount that was typed. Raises NotAnAmount."""
    amount_paise = amount_from_text(context.request.text)
    if amount_paise <= 0:
        raise NotAnAmount(context.request.text)
    return await _confirmation(context, _claim_id(context), amount_paise)


async def accept(context: Context) -> None:
    """This function will record the payment; notices go on in the same message."""
    tap, shown = context.tap, context.window.pressed
    await context.services.dialogs.answered(cause=context.cause)
    await context.services.claims.approve(
        cause=context.cause,
        claim_id=tap.integer(0),
        amount_paise=tap.integer(1),
        message_id=None if shown is None else shown.message_id,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    await context.window.toast(context.speaker.plain.text("Recorded."))


async def reject(context: Context) -> Screen:
    """This function will ask why, or with a reason for the confirmation."""
    tap = context.tap
    found = await _view(context, tap.integer(0))
    if len(tap.arguments) > 1:
        return await _rejection(context, found, _usual(tap.text(1), context), tap.text(1))
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=WHY, facts={"claim_id": found.claim.id}
    )
    return claim_reason_screen(found, context.speaker_in(found.book.place.zone))


async def reason(context: Context) -> Screen:
    """This function will take the reason that was typed."""
    found = await _view(context, _claim_id(context))
    return await _rejection(context, found, clean_reason(context.request.text), TYPED)


async def refuse(context: Context) -> Screen:
    """This function will reject the claim and show how it stands."""
    asked = await context.services.dialogs.answered(cause=context.cause)
    found = await context.services.claims.reject(
        cause=context.cause, claim_id=context.tap.integer(0), reason=str(asked.facts["reason"])
    )
    await context.services.dialogs.end(person_id=context.person.id)
    speaker = context.speaker_in(found.book.place.zone)
    return claim_screen(found, context.actor, speaker, picture=None)


async def _view(context: Context, claim_id: int) -> ClaimView:
    return await context.services.claims.view(actor=context.actor, claim_id=claim_id)


async def _picture(context: Context, found: ClaimView) -> bytes | None:
    photo_id = found.claim.photo_id
    if photo_id is None:
        return None
    try:
        return await context.services.photos.picture(actor=context.actor, photo_id=photo_id)
    except PhotoUnknown:
        return None


async def _confirmation(context: Context, claim_id: int, amount_paise: int) -> Screen:
    found = await _view(context, claim_id)
    claim = found.claim
    preview = await context.services.previews.payment(
        actor=context.actor,
        lease_id=claim.lease_id,
        amount_paise=amount_paise,
        method=claim.method,
        reference=claim.reference,
    )
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={"claim_id": claim.id}
    )
    speaker = context.speaker_in(found.book.place.zone)
    return claim_approve_screen(found, preview, speaker, nonce=nonce)


async def _rejection(context: Context, found: ClaimView, why: str, code: str) -> Screen:
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts={"reason": why}
    )
    speaker = context.speaker_in(found.book.place.zone)
    return claim_reject_screen(found, why, code, speaker, nonce=nonce)


def _usual(code: str, context: Context) -> str:
    if code not in REASONS:
        raise ButtonUnknown(context.request.data)
    return REASONS[code]


def _claim_id(context: Context) -> int:
    facts = {} if context.dialog is None else context.dialog.facts
    return int(str(facts["claim_id"]))
