"""How a lease is billed, and what changes when that is to be otherwise."""

from bot.domain.lease import BillingMode
from bot.i18n import Safe, Speaker
from bot.services.book import LeaseBook
from bot.services.conversion import BillingTerms, Wanted
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.room import room_label

USUAL_DAYS = (1, 5, 10, 15, 20, 25)
PREPAID = 0
"""Stands in a button for no billing day."""


def billing_screen(terms: BillingTerms, speaker: Speaker) -> Screen:
    """Return how a lease is billed, and the ways to have it otherwise."""
    lease, say = terms.book.lease, speaker.plain.text
    is_later = lease.mode is BillingMode.POSTPAID
    ask = Button(
        label=say("Another billing day …") if is_later else say("Bill later …"),
        press=press(Action.BILLING_DAY, lease.id),
    )
    prepay = Button(
        label=say("Pay beforehand …"), press=press(Action.BILLING_DAY, lease.id, PREPAID)
    )
    back = Button(label=say("‹ Back"), press=press(Action.ROOM_MORE, terms.book.room.id))
    return Screen(
        html=blocks([_who(terms)], [*_how(terms, speaker)]),
        buttons=(*rows_of(ask, prepay if is_later else None), (back,)),
    )


def billing_day_screen(terms: BillingTerms, speaker: Speaker) -> Screen:
    """Return the question on which day of the month a period closes."""
    lease_id = terms.book.lease.id
    days = (
        Button(
            label=speaker.plain.text("Day {day}", day=speaker.count(day)),
            press=press(Action.BILLING_DAY, lease_id, day),
        )
        for day in USUAL_DAYS
    )
    return Screen(
        html=blocks(
            [_who(terms)],
            [
                speaker.text("<b>On which day of the month shall a period close?</b>"),
                speaker.text("Tap one, or type a day from 1 to 28."),
            ],
        ),
        buttons=(*rows_of(*days), _back_or_cancel(lease_id, speaker)),
    )


def billing_confirm_screen(
    terms: BillingTerms, wanted: Wanted, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question, with what will be done now and from now on."""
    lease = terms.book.lease
    confirm = Button(
        label=speaker.plain.text("Change"),
        press=press(Action.BILLING_CONFIRM, lease.id, wanted.billing_day or PREPAID, nonce=nonce),
    )
    return Screen(
        html=blocks([_who(terms)], [*_outcome(terms, wanted, speaker)]),
        buttons=((confirm,), _back_or_cancel(lease.id, speaker)),
    )


def _who(terms: BillingTerms) -> Safe:
    book = terms.book
    return lines(line(bold(room_label(book.room.name)), book.lease.tenant_name), book.place.name)


def _how(terms: BillingTerms, speaker: Speaker) -> list[Safe]:
    lease = terms.book.lease
    if lease.mode is BillingMode.PREPAID:
        return [speaker.text("Prepaid: use is deducted from the balance.")]
    return [
        speaker.text(
            "Postpaid: billed on day {day} of each month.", day=speaker.count(lease.billing_day)
        ),
        _next_bill(terms, lease.billing_day, speaker),
    ]


def _next_bill(terms: BillingTerms, billing_day: int, speaker: Speaker) -> Safe:
    return speaker.text(
        "The next bill is made when {day} is over.",
        day=speaker.date(terms.next_close_on(billing_day)),
    )


def _outcome(terms: BillingTerms, wanted: Wanted, speaker: Speaker) -> list[Safe]:
    was = terms.book.lease.mode
    if wanted.mode is BillingMode.PREPAID:
        return [
            speaker.text("<b>From now on paid beforehand.</b>"),
            speaker.text("The meters are read now, and all until now comes on a last bill."),
            speaker.text(
                "What is owed counts as balance. Power stays on until the bill is due, in {n}.",
                n=speaker.days(terms.due_days),
            ),
        ]
    assert wanted.billing_day is not None
    head = speaker.text(
        "<b>Billed on day {day} of each month.</b>", day=speaker.count(wanted.billing_day)
    )
    bill = _next_bill(terms, wanted.billing_day, speaker)
    if was is BillingMode.POSTPAID:
        return [head, bill]
    return [
        head,
        speaker.text("The meters are read now, and all until now is deducted as before."),
        _balance(terms.book, speaker),
        bill,
    ]


def _balance(book: LeaseBook, speaker: Speaker) -> Safe:
    """Say what becomes of the balance: what is owed is asked for with a bill."""
    amount = speaker.money(abs(book.balance_paise), book.place.currency)
    if book.balance_paise < 0:
        return speaker.text(
            "The tenant owes {amount}, and what is deducted now. What no bill has asked for is due "
            "with the next one.",
            amount=amount,
        )
    return speaker.text(
        "What is left of the balance of {balance} pays for the bills.", balance=amount
    )


def _back_or_cancel(lease_id: int, speaker: Speaker) -> tuple[Button, ...]:
    say = speaker.plain.text
    return (
        Button(label=say("‹ Back"), press=press(Action.BILLING, lease_id)),
        Button(label=say("Cancel"), press=press(Action.ROOM, lease_id)),
    )
