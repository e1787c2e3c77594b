"""A tenant says that they have paid, step by step. Rule 9.2."""

from bot.domain.ledger import PaymentMethod
from bot.domain.money import MAX_AMOUNT_PAISE, NotAnAmount, amount_from_text
from bot.services.book import LeaseBook
from bot.services.claim_check import ClaimDraft
from bot.services.photo import PhotoNotKept, require_size
from bot.telegram.callbacks import Action, ButtonUnknown
from bot.telegram.context import Context
from bot.telegram.screen import Screen
from bot.telegram.screens.claim import (
    claim_amount_screen,
    claim_confirm_screen,
    claim_method_screen,
    claim_proof_screen,
    claim_sent_screen,
)
from bot.telegram.screens.payment import CODES, METHODS
from bot.telegram.staff.typed_payment import parse_reference
from bot.telegram.tenant.choice import lease_or_choice
from bot.telegram.tenant.photo import download

AMOUNT = "claim.amount"
PROOF = "claim.proof"
CONFIRMING = "claim.confirm"


async def claim(context: Context) -> Screen:
    """This function will ask for what is not said yet of a payment."""
    lease = await lease_or_choice(context, Action.CLAIM)
    if isinstance(lease, Screen):
        return lease
    said = () if context.press is None else context.press.arguments[1:]
    if not said:
        return await _ask_amount(context, lease)
    amount_paise = context.tap.integer(1)
    if not 0 < amount_paise <= MAX_AMOUNT_PAISE:
        raise ButtonUnknown(context.request.data)
    if len(said) == 1:
        return await _ask_method(context, lease, amount_paise)
    method = METHODS.get(said[1])
    if method is None:
        raise ButtonUnknown(context.request.data)
    return await _ask_proof(context, lease, amount_paise, method)


async def amount(context: Context) -> Screen:
    """This function will take the amount that was typed. Raises NotAnAmount."""
    amount_paise = amount_from_text(context.request.text)
    if amount_paise <= 0:
        raise NotAnAmount(context.request.text)
    return await _ask_method(context, _number(context, "lease_id"), amount_paise)


async def reference(context: Context) -> Screen:
    """This function will take the reference that was typed."""
    typed = parse_reference(context.request.text)
    return await _confirmation(context, _draft(context, reference=typed))


async def picture(context: Context) -> Screen:
    """This function will keep a picture of a receipt; what cannot be kept has to be typed."""
    upload = context.request.upload
    assert upload is not None
    require_size(upload.size_bytes)
    content = await download(context, upload.file_id)
    try:
        kept = await context.services.photos.take(actor=context.actor, content=content)
    except PhotoNotKept:
        draft = _draft(context)
        book = await _offer(context, draft.lease_id)
        speaker = context.speaker_in(book.place.zone)
        return claim_proof_screen(
            book, draft.amount_paise, draft.method, speaker, is_unreadable=True
        )
    return await _confirmation(context, _draft(context, photo_id=kept.id))


async def confirm(context: Context) -> Screen:
    """This function will send the claim to the staff."""
    asked = await context.services.dialogs.answered(cause=context.cause)
    facts, shown = asked.facts, context.window.pressed
    photo_id = facts.get("photo_id")
    draft = ClaimDraft(
        lease_id=int(str(facts["lease_id"])),
        amount_paise=int(str(facts["amount_paise"])),
        method=METHODS[str(facts["method"])],
        reference=None if facts.get("reference") is None else str(facts["reference"]),
        photo_id=None if photo_id is None else int(str(photo_id)),
    )
    filed = await context.services.claims.file(
        cause=context.cause,
        draft=draft,
        message_id=None if shown is None else shown.message_id,
    )
    await context.services.dialogs.end(person_id=context.person.id)
    book = await _offer(context, draft.lease_id)
    return claim_sent_screen(book, filed, context.speaker_in(book.place.zone))


async def _ask_amount(context: Context, lease_id: int) -> Screen:
    book = await _offer(context, lease_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=AMOUNT, facts={"lease_id": lease_id}
    )
    return claim_amount_screen(book, context.speaker_in(book.place.zone))


async def _ask_method(context: Context, lease_id: int, amount_paise: int) -> Screen:
    book = await _offer(context, lease_id)
    await context.services.dialogs.end(person_id=context.person.id)
    return claim_method_screen(book, amount_paise, context.speaker_in(book.place.zone))


async def _ask_proof(
    context: Context, lease_id: int, amount_paise: int, method: PaymentMethod
) -> Screen:
    """Cash leaves no trace that could be asked for."""
    draft = ClaimDraft(lease_id=lease_id, amount_paise=amount_paise, method=method)
    if method is PaymentMethod.CASH:
        return await _confirmation(context, draft)
    book = await _offer(context, lease_id)
    await context.services.dialogs.go_to(
        person_id=context.person.id, step=PROOF, facts=_facts(draft)
    )
    return claim_proof_screen(book, amount_paise, method, context.speaker_in(book.place.zone))


async def _confirmation(context: Context, draft: ClaimDraft) -> Screen:
    book = await _offer(context, draft.lease_id)
    checked = await context.services.claims.require_new(actor=context.actor, draft=draft)
    nonce = context.nonce
    await context.services.dialogs.ask(
        person_id=context.person.id, step=CONFIRMING, nonce=nonce, facts=_facts(checked)
    )
    return claim_confirm_screen(book, checked, context.speaker_in(book.place.zone), nonce=nonce)


async def _offer(context: Context, lease_id: int) -> LeaseBook:
    return await context.services.claims.offer(actor=context.actor, lease_id=lease_id)


def _facts(draft: ClaimDraft) -> dict[str, object]:
    return {
        "lease_id": draft.lease_id,
        "amount_paise": draft.amount_paise,
        "method": CODES[draft.method],
        "reference": draft.reference,
        "photo_id": draft.photo_id,
    }


def _draft(
    context: Context, *, reference: str | None = None, photo_id: int | None = None
) -> ClaimDraft:
    """Return what was said so far, with what proves it."""
    facts = {} if context.dialog is None else context.dialog.facts
    return ClaimDraft(
        lease_id=_number(context, "lease_id"),
        amount_paise=_number(context, "amount_paise"),
        method=METHODS[str(facts["method"])],
        reference=reference,
        photo_id=photo_id,
    )


def _number(context: Context, name: str) -> int:
    facts = {} if context.dialog is None else context.dialog.facts
    return int(str(facts[name]))
