"""A tenant moves out: what is done, and what is left to settle."""

from bot.domain.lease import BillingMode
from bot.i18n import Safe, Speaker
from bot.services.book import LeaseBook
from bot.services.move_out import MovedOut
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.room import room_label


def move_out_screen(book: LeaseBook, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question whether a lease ends now, with what will be done."""
    say, lease_id = speaker.plain.text, book.lease.id
    confirm = Button(
        label=say("End the lease now"), press=press(Action.MOVE_OUT_CONFIRM, lease_id, nonce=nonce)
    )
    later = book.lease.mode is BillingMode.POSTPAID
    return Screen(
        html=blocks(
            [_who(book)],
            [
                speaker.text("<b>Does {tenant} move out now?</b>", tenant=book.lease.tenant_name),
                speaker.text("The meters are read now, and all until now comes on a last bill.")
                if later
                else speaker.text("The meters are read now, and all until now is deducted."),
                speaker.text("The room is vacant then. This cannot be taken back."),
            ],
        ),
        buttons=((confirm,), (_cancel(lease_id, speaker),)),
    )


def moved_out_screen(done: MovedOut, speaker: Speaker) -> Screen:
    """Return what is left to settle with somebody who has moved out."""
    book = done.book
    room = Button(
        label=speaker.plain.text("Open room"), press=press(Action.ROOM_CARD, book.room.id)
    )
    bill = None
    if done.invoice is not None:
        bill = speaker.text("Last bill {number}", number=done.invoice.number)
    return Screen(
        html=blocks(
            [_who(book)],
            [
                speaker.text("<b>Moved out.</b>"),
                bill,
                settlement(book.balance_paise, book, speaker),
            ],
        ),
        buttons=rows_of(room),
    )


def settlement(balance_paise: int, book: LeaseBook, speaker: Speaker) -> Safe:
    """Return who has to pay whom how much."""
    amount = speaker.money(abs(balance_paise), book.place.currency)
    if balance_paise > 0:
        return speaker.text("To be paid back: {amount}", amount=amount)
    if balance_paise < 0:
        return speaker.text("Still to be paid: {amount}", amount=amount)
    return speaker.text("Nothing is left to settle.")


def _who(book: LeaseBook) -> Safe:
    return lines(line(bold(room_label(book.room.name)), book.lease.tenant_name), book.place.name)


def _cancel(lease_id: int, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.ROOM, lease_id))
