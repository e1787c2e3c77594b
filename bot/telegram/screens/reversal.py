"""Taking a payment or an adjustment back: why, and the confirmation."""

from bot.domain.ledger import EntryKind
from bot.i18n import N_, Safe, Speaker
from bot.i18n.payment_methods import method_text
from bot.services.preview import MoneyPreview
from bot.services.store import BookedEntry
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, line
from bot.telegram.screens.payment import change_text, power_outcome
from bot.telegram.screens.room import room_label

REASONS = {
    "r": N_("Wrong room"),
    "a": N_("Wrong amount"),
    "b": N_("The money did not arrive"),
    "t": N_("Recorded twice"),
}
NOT_ARRIVED = "b"
"""The reason that only payments have."""
TYPED = "~"
"""Stands in a button for a reason that was typed."""


def reversal_reason_screen(preview: MoneyPreview, speaker: Speaker) -> Screen:
    """Return the question why, with the usual reasons to tap."""
    entry_id = _entry_id(preview)
    return Screen(
        html=blocks(
            [_what(preview, speaker)],
            [speaker.text("<b>Why is it taken back?</b> Tap or type it. The tenant sees it too.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=speaker.plain.text(said),
                        press=press(Action.REVERSE, entry_id, code),
                    )
                    for code, said in REASONS.items()
                    if preview.method is not None or code != NOT_ARRIVED
                )
            ),
            (_cancel(preview, speaker),),
        ),
    )


def reversal_confirm_screen(
    preview: MoneyPreview, reason: str, code: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question: what is taken back, and what that does."""
    confirm = Button(
        label=speaker.plain.text("Take it back"),
        press=press(Action.REVERSE_CONFIRM, _entry_id(preview), code, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [
                _what(preview, speaker),
                speaker.text("Reason: “{reason}”", reason=speaker.reason(reason)),
            ],
            [change_text(preview, speaker), power_outcome(preview, speaker)],
        ),
        buttons=((confirm,), (_cancel(preview, speaker),)),
    )


def reverse_button(entry: BookedEntry, speaker: Speaker) -> Button:
    """Return the way to take a payment or an adjustment back."""
    say = speaker.plain.text
    is_payment = entry.kind is EntryKind.PAYMENT
    label = say("Take this payment back …") if is_payment else say("Take this back …")
    return Button(label=label, press=press(Action.REVERSE, entry.id))


def _what(preview: MoneyPreview, speaker: Speaker) -> Safe:
    book, entry = preview.book, preview.entry
    assert entry is not None
    method = preview.method
    amount = speaker.money(preview.amount_paise, book.place.currency)
    what = line(
        room_label(book.room.name),
        book.lease.tenant_name,
        speaker.date(entry.occurred_at.astimezone(speaker.zone).date()),
        speaker.reason(entry.reason or "")
        if method is None
        else method_text(method.value, speaker),
        preview.reference,
    )
    if method is None:
        return speaker.text(
            "Take back the adjustment of <b>{amount}</b>? ({what})", amount=amount, what=what
        )
    return speaker.text(
        "Take back the payment of <b>{amount}</b>? ({what})", amount=amount, what=what
    )


def _entry_id(preview: MoneyPreview) -> int:
    assert preview.entry is not None
    return preview.entry.id


def _cancel(preview: MoneyPreview, speaker: Speaker) -> Button:
    return Button(
        label=speaker.plain.text("Cancel"), press=press(Action.ENTRY, _entry_id(preview), 0)
    )
