"""A balance set right by hand: which way, how much, why, and the confirmation."""

from bot.i18n import N_, Safe, Speaker
from bot.services.book import LeaseBook
from bot.services.preview import MoneyPreview
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.payment import change_text, power_outcome
from bot.telegram.screens.room import room_label

CREDIT = "c"
CHARGE = "d"
REASONS = {
    "m": N_("Wrong reading"),
    "o": N_("Old balance"),
    "g": N_("Goodwill"),
    "r": N_("Repair or damage"),
}
TYPED = "~"
"""Stands in a button for a reason that was typed."""


def adjust_press(lease_id: int, *known: int | str) -> Press:
    """Return the way to the next question; known are the way, then amount, then reason."""
    return press(Action.ADJUST, lease_id, *known)


def way_screen(book: LeaseBook, speaker: Speaker) -> Screen:
    """Return the question which way the balance goes."""
    lease_id, say = book.lease.id, speaker.plain.text
    return Screen(
        html=blocks(
            [_who(book)],
            [_balance(book, speaker)],
            [
                speaker.text("<b>Which way?</b>"),
                speaker.text("Money that came in is a payment, not an adjustment."),
            ],
        ),
        buttons=(
            *rows_of(
                Button(label=say("Credit the tenant"), press=adjust_press(lease_id, CREDIT)),
                Button(label=say("Charge the tenant"), press=adjust_press(lease_id, CHARGE)),
            ),
            (_cancel(lease_id, speaker),),
        ),
    )


def adjust_amount_screen(book: LeaseBook, way: str, speaker: Speaker) -> Screen:
    """Return the question how much."""
    lease_id = book.lease.id
    asked = speaker.text("<b>How much is credited?</b> Type it, for example 250 or 1250.50.")
    if way == CHARGE:
        asked = speaker.text("<b>How much is charged?</b> Type it, for example 250 or 1250.50.")
    return Screen(
        html=blocks([_who(book)], [_balance(book, speaker)], [asked]),
        buttons=(_back_or_cancel(lease_id, adjust_press(lease_id), speaker),),
    )


def adjust_reason_screen(preview: MoneyPreview, speaker: Speaker) -> Screen:
    """Return the question why, with the usual reasons to tap."""
    lease_id, way, amount_paise = _known(preview)
    return Screen(
        html=blocks(
            [_question(preview, speaker)],
            [speaker.text("<b>Why?</b> Tap or type it. The tenant reads it on the statement.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=speaker.plain.text(said),
                        press=adjust_press(lease_id, way, amount_paise, code),
                    )
                    for code, said in REASONS.items()
                )
            ),
            _back_or_cancel(lease_id, adjust_press(lease_id, way), speaker),
        ),
    )


def adjust_confirm_screen(
    preview: MoneyPreview, reason: str, code: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question: what is booked, and what it does."""
    lease_id, way, amount_paise = _known(preview)
    amount = speaker.money(amount_paise, preview.book.place.currency)
    say = speaker.plain.text
    confirm = Button(
        label=say("Charge {amount}", amount=amount)
        if way == CHARGE
        else say("Credit {amount}", amount=amount),
        press=press(Action.ADJUST_CONFIRM, lease_id, way, amount_paise, code, nonce=nonce),
    )
    back = adjust_press(lease_id, way, amount_paise)
    return Screen(
        html=blocks(
            [
                _question(preview, speaker),
                speaker.text("Reason: “{reason}”", reason=speaker.reason(reason)),
            ],
            [change_text(preview, speaker), power_outcome(preview, speaker)],
        ),
        buttons=((confirm,), _back_or_cancel(lease_id, back, speaker)),
    )


def _question(preview: MoneyPreview, speaker: Speaker) -> Safe:
    book = preview.book
    said = {
        "amount": speaker.money(preview.amount_paise, book.place.currency),
        "tenant": book.lease.tenant_name,
        "room": room_label(book.room.name),
    }
    if _known(preview)[1] == CHARGE:
        return speaker.text("Charge {tenant}, {room}, <b>{amount}</b>?", **said)
    return speaker.text("Credit {tenant}, {room}, with <b>{amount}</b>?", **said)


def _known(preview: MoneyPreview) -> tuple[int, str, int]:
    book = preview.book
    way = CREDIT if preview.after_paise > book.balance_paise else CHARGE
    return book.lease.id, way, preview.amount_paise


def _who(book: LeaseBook) -> Safe:
    return lines(line(bold(room_label(book.room.name)), book.lease.tenant_name), book.place.name)


def _balance(book: LeaseBook, speaker: Speaker) -> Safe:
    balance = bold(speaker.money(book.balance_paise, book.place.currency))
    return speaker.text("Balance {balance}", balance=balance)


def _back_or_cancel(lease_id: int, back: Press, speaker: Speaker) -> tuple[Button, ...]:
    return Button(label=speaker.plain.text("‹ Back"), press=back), _cancel(lease_id, speaker)


def _cancel(lease_id: int, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.ROOM, lease_id))
