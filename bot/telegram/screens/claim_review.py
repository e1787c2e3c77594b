"""A claim as staff decide it: the card, the amount, the reason, the summary. Rule 9.2."""

from bot.domain.claim import PaymentClaim, RequestStatus
from bot.domain.people import Actor, Permission
from bot.i18n import N_, Safe, Speaker
from bot.i18n.payment_methods import method_text
from bot.services.claim_word import ClaimView
from bot.services.preview import MoneyPreview
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.payment import change_text, power_outcome
from bot.telegram.screens.room import room_label

REASONS = {
    "n": N_("The money has not come"),
    "w": N_("The reference is of another payment"),
    "p": N_("The picture cannot be read"),
}
TYPED = "~"
"""Stands in a button for a reason that was typed."""


def claim_screen(
    view: ClaimView, actor: Actor, speaker: Speaker, *, picture: bytes | None
) -> Screen:
    """Return a claim with all that is known of it, and its picture."""
    claim, book = view.claim, view.book
    balance = speaker.money(book.balance_paise, book.place.currency)
    return Screen(
        html=blocks(
            [
                speaker.text("💰 Reported payment no. {number}", number=str(claim.id)),
                bold(speaker.money(claim.amount_paise, book.place.currency)),
                line(room_label(book.room.name), book.lease.tenant_name, book.place.name),
                line(method_text(claim.method.value, speaker), claim.reference),
                speaker.text(
                    "by {name}, {time}",
                    name=view.claimant,
                    time=speaker.day_and_time(claim.claimed_at),
                ),
            ],
            [_status(view, speaker) or speaker.text("Balance {balance}", balance=balance)],
        ),
        buttons=_buttons(view, actor, speaker),
        photo=picture,
    )


def claim_approve_screen(
    view: ClaimView, preview: MoneyPreview, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question: what is recorded, and what it does."""
    claim, book = view.claim, view.book
    amount = speaker.money(preview.amount_paise, book.place.currency)
    said = None
    if preview.amount_paise != claim.amount_paise:
        said = speaker.text(
            "The tenant said {amount}.",
            amount=speaker.money(claim.amount_paise, book.place.currency),
        )
    record = Button(
        label=speaker.plain.text("Record {amount}", amount=amount),
        press=press(Action.CLAIM_ACCEPT, claim.id, preview.amount_paise, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [
                speaker.text(
                    "Has <b>{amount}</b> come from {tenant}, {room}?",
                    amount=amount,
                    tenant=book.lease.tenant_name,
                    room=room_label(book.room.name),
                ),
                line(method_text(claim.method.value, speaker), preview.reference),
                said,
            ],
            [change_text(preview, speaker), power_outcome(preview, speaker)],
        ),
        buttons=((record,), (_back(claim, speaker), _cancel(speaker))),
    )


def claim_other_screen(view: ClaimView, speaker: Speaker) -> Screen:
    """Return the question how much has come instead."""
    return Screen(
        html=lines(
            _what(view, speaker),
            speaker.text("<b>How much has come?</b> Type it, for example 1250.50."),
        ),
        buttons=((_back(view.claim, speaker), _cancel(speaker)),),
    )


def claim_reason_screen(view: ClaimView, speaker: Speaker) -> Screen:
    """Return the question why it is rejected, with the usual reasons to tap."""
    return Screen(
        html=lines(
            _what(view, speaker),
            speaker.text("<b>Why is it rejected?</b> Tap or type it. The tenant reads it."),
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=speaker.plain.text(said),
                        press=press(Action.CLAIM_REJECT, view.claim.id, code),
                    )
                    for code, said in REASONS.items()
                ),
                width=1,
            ),
            (_back(view.claim, speaker), _cancel(speaker)),
        ),
    )


def claim_reject_screen(
    view: ClaimView, reason: str, code: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether it is rejected for this reason."""
    confirm = Button(
        label=speaker.plain.text("Reject it"),
        press=press(Action.CLAIM_REFUSE, view.claim.id, code, nonce=nonce),
    )
    return Screen(
        html=lines(
            _what(view, speaker),
            speaker.text("Reason: “{reason}”", reason=speaker.reason(reason)),
            speaker.text("Nothing is recorded, and the tenant is told."),
        ),
        buttons=((confirm,), (_back(view.claim, speaker), _cancel(speaker))),
    )


def _what(view: ClaimView, speaker: Speaker) -> Safe:
    claim, book = view.claim, view.book
    return line(
        bold(speaker.money(claim.amount_paise, book.place.currency)),
        room_label(book.room.name),
        book.lease.tenant_name,
        method_text(claim.method.value, speaker),
        claim.reference,
    )


def _status(view: ClaimView, speaker: Speaker) -> Safe | None:
    name, claim = view.by or "?", view.claim
    if claim.status is RequestStatus.ACCEPTED:
        return speaker.text("✅ Approved by {name}", name=name)
    if claim.status is RequestStatus.REFUSED:
        reason = claim.reason or ""
        return speaker.text(
            "❌ Rejected by {name}: {reason}", name=name, reason=speaker.reason(reason)
        )
    return None


def _buttons(view: ClaimView, actor: Actor, speaker: Speaker) -> Rows:
    say, claim, book = speaker.plain.text, view.claim, view.book
    room = Button(label=say("Open room"), press=press(Action.ROOM, book.lease.id))
    inbox = Button(label=say("‹ Inbox"), press=press(Action.INBOX))
    decides = actor.may(Permission.TAKE_PAYMENT, book.place.id)
    if claim.status is not RequestStatus.WAITING or not decides:
        return rows_of(room, inbox)
    approve = press(Action.CLAIM_APPROVE, claim.id, claim.amount_paise)
    return rows_of(
        Button(label=say("Approve …"), press=approve),
        Button(label=say("Other amount …"), press=press(Action.CLAIM_OTHER, claim.id)),
        Button(label=say("Reject …"), press=press(Action.CLAIM_REJECT, claim.id)),
        room,
        inbox,
    )


def _back(claim: PaymentClaim, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("‹ Back"), press=press(Action.CLAIM_VIEW, claim.id))


def _cancel(speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))
