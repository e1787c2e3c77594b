"""Taking a payment, step by step, to the confirmation."""

from bot.domain.ledger import PaymentMethod
from bot.domain.money import PAISE_PER_RUPEE
from bot.i18n import Safe, Speaker
from bot.i18n.payment_methods import method_text
from bot.services.book import LeaseBook
from bot.services.preview import MoneyPreview
from bot.telegram.callbacks import Action, ButtonTooLong, Press, encode, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.room import room_label

PRESETS_PAISE = (50_000, 100_000, 200_000)
CODES = {
    PaymentMethod.CASH: "c",
    PaymentMethod.UPI: "u",
    PaymentMethod.BANK: "b",
    PaymentMethod.GATEWAY: "g",
}
METHODS = {code: method for method, code in CODES.items()}
NO_REFERENCE = "-"
KEPT = "~"
"""Stands in a button for a reference that is too long for it."""


def pay_press(
    lease_id: int,
    amount_paise: int | None = None,
    method: PaymentMethod | None = None,
    *,
    reference: str | None = None,
    has_none: bool = False,
) -> Press:
    """Return the way to the next question about a payment; what is too long is asked again."""
    said = reference or (NO_REFERENCE if has_none else "")
    parts = [str(amount_paise or ""), CODES[method] if method else "", said]
    while parts and not parts[-1]:
        parts.pop()
    whole = press(Action.PAY, lease_id, *parts)
    try:
        encode(whole)
    except ButtonTooLong:
        return press(Action.PAY, lease_id, *parts[:2])
    return whole


def confirm_press(preview: MoneyPreview, nonce: str) -> Press:
    """Return the confirmation, which holds all that is recorded."""
    assert preview.method is not None
    known = (preview.book.lease.id, preview.amount_paise, CODES[preview.method])
    whole = press(Action.PAY_CONFIRM, *known, preview.reference or NO_REFERENCE, nonce=nonce)
    try:
        encode(whole)
    except ButtonTooLong:
        return press(Action.PAY_CONFIRM, *known, KEPT, nonce=nonce)
    return whole


def amount_screen(book: LeaseBook, speaker: Speaker) -> Screen:
    """Return the question how much, with amounts to tap; the one that restores comes first."""
    lease_id, currency = book.lease.id, book.place.currency
    missing = book.terms.cut_off_paise - book.balance_paise
    enough = -(-missing // PAISE_PER_RUPEE) * PAISE_PER_RUPEE
    amounts = ([enough] if missing > 0 else []) + list(PRESETS_PAISE)
    return Screen(
        html=blocks(
            [_who(book)],
            [_balance(book, speaker)],
            [speaker.text("<b>How much?</b> Tap or type it, for example 1250.50.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(label=speaker.money(each, currency), press=pay_press(lease_id, each))
                    for each in dict.fromkeys(amounts)
                )
            ),
            (_cancel(lease_id, speaker),),
        ),
    )


def method_screen(book: LeaseBook, amount_paise: int, speaker: Speaker) -> Screen:
    """Return the question how the money came."""
    lease_id = book.lease.id
    return Screen(
        html=blocks(
            [_who(book), _amount(book, amount_paise, speaker)],
            [speaker.text("<b>How was it paid?</b>")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=_begun(method_text(method.value, speaker.plain)),
                        press=pay_press(lease_id, amount_paise, method),
                    )
                    for method in CODES
                )
            ),
            _back_or_cancel(lease_id, pay_press(lease_id), speaker),
        ),
    )


def reference_screen(
    book: LeaseBook, amount_paise: int, method: PaymentMethod, speaker: Speaker
) -> Screen:
    """Return the question for the reference, which may be left out."""
    lease_id = book.lease.id
    without = Button(
        label=speaker.plain.text("Without a reference"),
        press=pay_press(lease_id, amount_paise, method, has_none=True),
    )
    paid = line(_amount(book, amount_paise, speaker), method_text(method.value, speaker))
    return Screen(
        html=blocks(
            [_who(book), paid],
            [speaker.text("<b>Which reference (UTR)?</b> Type it as it stands in the receipt.")],
        ),
        buttons=(
            (without,),
            _back_or_cancel(lease_id, pay_press(lease_id, amount_paise), speaker),
        ),
    )


def pay_confirm_screen(preview: MoneyPreview, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question: what is recorded, and what it does."""
    book, lease_id, method = preview.book, preview.book.lease.id, preview.method
    assert method is not None
    amount = speaker.money(preview.amount_paise, book.place.currency)
    back = pay_press(lease_id, preview.amount_paise)
    record = Button(
        label=speaker.plain.text("Record {amount}", amount=amount),
        press=confirm_press(preview, nonce),
    )
    return Screen(
        html=blocks(
            [
                speaker.text(
                    "Record <b>{amount}</b> from {tenant}, {room}?",
                    amount=amount,
                    tenant=book.lease.tenant_name,
                    room=room_label(book.room.name),
                ),
                line(method_text(method.value, speaker), preview.reference),
            ],
            [change_text(preview, speaker), power_outcome(preview, speaker)],
        ),
        buttons=((record,), _back_or_cancel(lease_id, back, speaker)),
    )


def change_text(preview: MoneyPreview, speaker: Speaker) -> Safe:
    """Return the balance before and after."""
    currency = preview.book.place.currency
    return speaker.text(
        "Balance {before} → <b>{after}</b>",
        before=speaker.money(preview.book.balance_paise, currency),
        after=speaker.money(preview.after_paise, currency),
    )


def power_outcome(preview: MoneyPreview, speaker: Speaker) -> Safe | None:
    """Return what becomes of the power."""
    if preview.power == "restoring":
        return speaker.text("⏳ Power will be switched on again.")
    if preview.power == "by_hand":
        return speaker.text("✋ This meter has no relay: switch power on by hand.")
    if preview.power == "cutting_by_hand":
        return speaker.text("✋ This meter has no relay: switch power off by hand.")
    if preview.power == "cutting":
        return speaker.text("🔴 Power will be switched off.")
    if preview.power == "still_off":
        return _still_off(preview, speaker)
    return speaker.text("Power stays as it is.")


def _still_off(preview: MoneyPreview, speaker: Speaker) -> Safe:
    book = preview.book
    if preview.overdue_paise:
        amount = speaker.money(preview.overdue_paise, book.place.currency)
        return speaker.text("🔴 Power stays off: {amount} more is overdue.", amount=amount)
    missing = book.terms.cut_off_paise - preview.after_paise
    if missing <= 0:
        return speaker.text("🔴 Power stays off: a manager holds it.")
    amount = speaker.money(missing, book.place.currency)
    return speaker.text("🔴 Power stays off: {amount} more would bring it back.", amount=amount)


def _begun(text: str) -> str:
    """Return a text as a label begins: "bank transfer" large, "UPI" as it is."""
    return text[:1].upper() + text[1:]


def _who(book: LeaseBook) -> Safe:
    return lines(line(bold(room_label(book.room.name)), book.lease.tenant_name), book.place.name)


def _balance(book: LeaseBook, speaker: Speaker) -> Safe:
    return speaker.text(
        "Balance {balance}  (cut-off {cut_off})",
        balance=bold(speaker.money(book.balance_paise, book.place.currency)),
        cut_off=speaker.money(book.terms.cut_off_paise, book.place.currency),
    )


def _amount(book: LeaseBook, amount_paise: int, speaker: Speaker) -> Safe:
    return bold(speaker.money(amount_paise, book.place.currency))


def _back_or_cancel(lease_id: int, back: Press, speaker: Speaker) -> tuple[Button, ...]:
    return Button(label=speaker.plain.text("‹ Back"), press=back), _cancel(lease_id, speaker)


def _cancel(lease_id: int, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.ROOM, lease_id))
