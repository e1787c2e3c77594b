"""Taking a payment back: why, and the confirmation."""

from bot.i18n import N_, Safe, Speaker
from bot.services.preview import MoneyPreview
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, line
from bot.telegram.screens.payment import change_text, power_outcome
from bot.telegram.screens.room import room_label
from bot.telegram.screens.statement import method_text

REASONS = {
    "r": N_("Wrong room"),
    "a": N_("Wrong amount"),
    "b": N_("The money did not arrive"),
    "t": N_("Recorded twice"),
}
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
            [_what(preview, speaker), speaker.text("Reason: “{reason}”", reason=reason)],
            [change_text(preview, speaker), power_outcome(preview, speaker)],
        ),
        buttons=((confirm,), (_cancel(preview, speaker),)),
    )


def reverse_button(entry_id: int, speaker: Speaker) -> Button:
    """Return the way to take a payment back."""
    return Button(
        label=speaker.plain.text("Take this payment back …"),
        press=press(Action.REVERSE, entry_id),
    )


def _what(preview: MoneyPreview, speaker: Speaker) -> Safe:
    book, entry = preview.book, preview.entry
    assert entry is not None
    return speaker.text(
        "Take back the payment of <b>{amount}</b>? ({what})",
        amount=speaker.money(preview.amount_paise, book.place.currency),
        what=line(
            room_label(book.room.name),
            book.lease.tenant_name,
            speaker.date(entry.occurred_at.astimezone(speaker.zone).date()),
            method_text(preview.method.value, speaker),
            preview.reference,
        ),
    )


def _entry_id(preview: MoneyPreview) -> int:
    assert preview.entry is not None
    return preview.entry.id


def _cancel(preview: MoneyPreview, speaker: Speaker) -> Button:
    return Button(
        label=speaker.plain.text("Cancel"), press=press(Action.ENTRY, _entry_id(preview), 0)
    )
