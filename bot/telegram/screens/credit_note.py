"""Taking a bill back: how much, why, and the confirmation."""

from bot.i18n import N_, Safe, Speaker
from bot.services.credit_note import CreditPreview
from bot.services.invoice_record import Invoice
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.bills import OF_LEASE
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label

REASONS = {
    "m": N_("Wrong reading"),
    "p": N_("Wrong price"),
    "g": N_("Goodwill"),
    "t": N_("Billed twice"),
}
TYPED = "~"
"""Stands in a button for a reason that was typed."""


def credit_press(invoice_id: int, *known: int | str) -> Press:
    """Return the way to the next question; known are the amount, then the reason."""
    return press(Action.CREDIT, invoice_id, *known)


def credit_amount_screen(preview: CreditPreview, speaker: Speaker) -> Screen:
    """Return the question how much is taken back."""
    bill = preview.bill
    left = speaker.money(preview.left_paise, preview.book.place.currency)
    whole = Button(
        label=speaker.plain.text("All of it: {amount}", amount=left),
        press=credit_press(bill.id, preview.left_paise),
    )
    return Screen(
        html=blocks(
            [_who(preview, speaker)],
            [
                speaker.text(
                    "<b>How much is taken back?</b> Tap, or type an amount up to {left}.",
                    left=left,
                )
            ],
        ),
        buttons=((whole,), (_cancel(bill.id, speaker),)),
    )


def credit_reason_screen(preview: CreditPreview, speaker: Speaker) -> Screen:
    """Return the question why, with the usual reasons to tap."""
    bill_id, amount_paise = preview.bill.id, preview.amount_paise
    return Screen(
        html=blocks(
            [_question(preview, speaker)],
            [speaker.text("<b>Why?</b> Tap or type it. It stands on the credit note.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=speaker.plain.text(said),
                        press=credit_press(bill_id, amount_paise, code),
                    )
                    for code, said in REASONS.items()
                )
            ),
            _back_or_cancel(bill_id, credit_press(bill_id), speaker),
        ),
    )


def credit_confirm_screen(
    preview: CreditPreview, reason: str, code: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question: what is taken back, and what that does."""
    bill_id, amount_paise = preview.bill.id, preview.amount_paise
    currency = preview.book.place.currency
    confirm = Button(
        label=speaker.plain.text(
            "Take back {amount}", amount=speaker.money(amount_paise, currency)
        ),
        press=press(Action.CREDIT_CONFIRM, bill_id, amount_paise, code, nonce=nonce),
    )
    changes = speaker.text(
        "Balance {before} → <b>{after}</b>",
        before=speaker.money(preview.book.balance_paise, currency),
        after=speaker.money(preview.after_paise, currency),
    )
    return Screen(
        html=blocks(
            [
                _question(preview, speaker),
                speaker.text("Reason: “{reason}”", reason=speaker.reason(reason)),
            ],
            [changes, _power(preview, speaker), _not_again(preview, speaker)],
        ),
        buttons=(
            (confirm,),
            _back_or_cancel(bill_id, credit_press(bill_id, amount_paise), speaker),
        ),
    )


def credited_screen(note: Invoice, speaker: Speaker) -> Screen:
    """Return what was done."""
    say = speaker.plain.text
    amount = bold(speaker.money(-note.total_paise, str(note.facts["currency"])))
    return Screen(
        html=blocks(
            [
                speaker.text(
                    "✅ Credit note {number} · {amount}", number=note.number, amount=amount
                ),
                speaker.text("for bill {number}", number=str(note.facts["corrects"])),
            ],
            [speaker.text("The tenant is told.")],
        ),
        buttons=rows_of(
            Button(label=say("PDF"), press=press(Action.BILL_PDF, note.id)),
            Button(label=say("‹ Back"), press=press(Action.BILL, note.corrects_id or 0, OF_LEASE)),
        ),
    )


def _question(preview: CreditPreview, speaker: Speaker) -> Safe:
    values = {
        "number": preview.bill.number,
        "amount": speaker.money(preview.amount_paise, preview.book.place.currency),
        "room": room_label(preview.book.room.name),
        "tenant": preview.book.lease.tenant_name,
    }
    if preview.is_whole:
        return speaker.text(
            "Take back bill {number} of {tenant}, {room}, whole: <b>{amount}</b>?", **values
        )
    return speaker.text("Take back <b>{amount}</b> of bill {number} of {tenant}, {room}?", **values)


def _power(preview: CreditPreview, speaker: Speaker) -> Safe | None:
    if preview.power in {"restoring", "by_hand"}:
        return speaker.text("🟢 Power goes back on.")
    return None


def _not_again(preview: CreditPreview, speaker: Speaker) -> Safe | None:
    if not preview.may_bill_anew:
        return None
    return speaker.text(
        "The period is not billed again by itself. The bill's card can bill it anew."
    )


def _who(preview: CreditPreview, speaker: Speaker) -> Safe:
    number = speaker.text("bill {number}", number=preview.bill.number)
    return line(bold(room_label(preview.book.room.name)), preview.book.lease.tenant_name, number)


def _back_or_cancel(invoice_id: int, back: Press, speaker: Speaker) -> tuple[Button, ...]:
    return Button(label=speaker.plain.text("‹ Back"), press=back), _cancel(invoice_id, speaker)


def _cancel(invoice_id: int, speaker: Speaker) -> Button:
    return Button(
        label=speaker.plain.text("Cancel"), press=press(Action.BILL, invoice_id, OF_LEASE)
    )
