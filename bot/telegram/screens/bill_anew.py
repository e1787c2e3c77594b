"""Billing anew what was taken back whole: the question, and what was done."""

from bot.i18n import Safe, Speaker
from bot.services.bill_anew import AnewPreview
from bot.services.invoice_record import Invoice
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.bills import OF_LEASE, lines_of_bill, period_text
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label


def anew_screen(
    preview: AnewPreview, speaker: Speaker, *, nonce: str, is_changed: bool = False
) -> Screen:
    """Return what would be charged and billed, and the question."""
    bill, anew, book = preview.bill, preview.anew, preview.book
    currency = book.place.currency
    amount = speaker.money(anew.total_paise, currency)
    confirm = Button(
        label=speaker.plain.text("Bill {amount}", amount=amount),
        press=press(Action.BILL_ANEW_CONFIRM, bill.id, anew.total_paise, nonce=nonce),
    )
    changed = speaker.text("⚠️ Readings or prices have changed. It is this by now:")
    return Screen(
        html=blocks(
            [
                changed if is_changed else None,
                speaker.text(
                    "Bill <b>{amount}</b> instead of bill {number}?",
                    amount=amount,
                    number=bill.number,
                ),
                line(bold(room_label(book.room.name)), book.lease.tenant_name),
            ],
            [period_text(anew, speaker), *lines_of_bill(anew, currency, speaker)],
            [
                _difference(bill, anew, currency, speaker),
                speaker.text(
                    "Balance {before} → <b>{after}</b>",
                    before=speaker.money(book.balance_paise, currency),
                    after=speaker.money(anew.balance_after_paise, currency),
                ),
                speaker.text(
                    "Use is charged by the readings and prices of now, the rest as it was."
                ),
            ],
        ),
        buttons=((confirm,), (_back(bill.id, speaker),)),
    )


def _difference(bill: Invoice, anew: Invoice, currency: str, speaker: Speaker) -> Safe:
    if anew.total_paise == bill.total_paise:
        return speaker.text("As much as before.")
    was = speaker.money(bill.total_paise, currency)
    return speaker.text("It was {amount}.", amount=was)


def billed_anew_screen(bill_id: int, anew: Invoice, speaker: Speaker) -> Screen:
    """Return what was done."""
    amount = bold(speaker.money(anew.total_paise, str(anew.facts["currency"])))
    open_it = Button(
        label=speaker.plain.text("Open bill"), press=press(Action.BILL, anew.id, OF_LEASE)
    )
    return Screen(
        html=blocks(
            [speaker.text("✅ Bill {number} · {amount}", number=anew.number, amount=amount)],
            [speaker.text("The tenant is told.")],
        ),
        buttons=rows_of(open_it, _back(bill_id, speaker)),
    )


def _back(invoice_id: int, speaker: Speaker) -> Button:
    return Button(
        label=speaker.plain.text("‹ Back"), press=press(Action.BILL, invoice_id, OF_LEASE)
    )
