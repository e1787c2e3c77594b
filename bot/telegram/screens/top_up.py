"""Paying: how much, how long that lasts, and where to."""

from collections.abc import Iterator

from bot.domain.ledger import PaymentMethod
from bot.i18n import Safe, Speaker
from bot.services.top_up import TopUp
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.claim import claim_button, claim_press
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_title
from bot.telegram.screens.upi import paying_screen


def top_up_press(lease_id: int, amount_paise: int | None = None, *, aside: bool = False) -> Press:
    """Return the way to pay an amount, or to the question how much."""
    known = [] if amount_paise is None else [amount_paise]
    return press(Action.TOP_UP, lease_id, *known, aside=aside)


def top_up_button(lease_id: int, speaker: Speaker, *, is_prepaid: bool) -> Button:
    """Return the way to pay; nobody recharges what is billed later."""
    label = speaker.plain.text("Recharge") if is_prepaid else speaker.plain.text("Pay …")
    return Button(label=label, press=top_up_press(lease_id))


def lasts_text(top_up: TopUp, amount_paise: int, speaker: Speaker) -> Safe | None:
    """Return how long an amount lasts, where that can be told."""
    days = top_up.lasts_days(amount_paise)
    if days is None:
        return None
    return speaker.text(
        "{amount} lasts about {days}.",
        amount=speaker.money(amount_paise, top_up.book.place.currency),
        days=speaker.days(days),
    )


def amount_screen(top_up: TopUp, speaker: Speaker) -> Screen:
    """Return the question how much; a tap or a typed amount answers it."""
    book, presets = top_up.book, top_up.presets_paise
    return Screen(
        html=blocks(
            [line(bold(room_title(book.room.name, speaker)), book.place.name)],
            [*_standing(top_up, speaker)],
            [*filter(None, (lasts_text(top_up, each, speaker) for each in presets))],
            [_question(top_up, speaker)],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=speaker.money(each, book.place.currency),
                        press=top_up_press(book.lease.id, each),
                    )
                    for each in presets
                )
            ),
            (claim_button(book.lease.id, speaker), _cancel(speaker)),
        ),
    )


def pay_screen(
    top_up: TopUp, amount_paise: int, speaker: Speaker, *, picture: bytes | None
) -> Screen:
    """Return how an amount is paid; that it was is for the tenant to say, and staff to see."""
    book, currency = top_up.book, top_up.book.place.currency
    method = None if top_up.payee is None else PaymentMethod.UPI
    amount = bold(speaker.money(amount_paise, currency))
    short = None
    if amount_paise < top_up.missing_paise:
        missing = speaker.money(top_up.missing_paise, currency)
        short = speaker.text("🔴 It takes {missing} or more to reach the cut-off.", missing=missing)
    paid = Button(
        label=speaker.plain.text("I have paid"),
        press=claim_press(book.lease.id, amount_paise, method),
    )
    back = Button(label=speaker.plain.text("‹ Back"), press=top_up_press(book.lease.id))
    return paying_screen(
        [
            line(speaker.text("Pay {amount}", amount=amount), room_title(book.room.name, speaker)),
            lasts_text(top_up, amount_paise, speaker),
            short,
        ],
        speaker,
        payee=top_up.payee,
        note=top_up.note,
        picture=picture,
        buttons=((paid,), (back, _cancel(speaker))),
        last=speaker.text("Your balance changes when your manager has seen the money."),
    )


def _standing(top_up: TopUp, speaker: Speaker) -> Iterator[Safe]:
    """Yield what is left, or what is to be paid."""
    book, currency = top_up.book, top_up.book.place.currency
    if top_up.is_prepaid:
        values = {
            "balance": speaker.money(book.balance_paise, currency),
            "cut_off": speaker.money(book.terms.cut_off_paise, currency),
        }
        if top_up.missing_paise:
            yield speaker.text(
                "🔴 Balance <b>{balance}</b> is below the cut-off of {cut_off}.", **values
            )
        else:
            yield speaker.text("<b>{balance}</b> left", **values)
    elif top_up.due_on is not None:
        yield from _due(top_up, speaker.date(top_up.due_on), speaker)
    elif top_up.to_pay_paise:
        amount = speaker.money(top_up.to_pay_paise, currency)
        yield speaker.text("<b>{amount}</b> to pay", amount=amount)
    else:
        yield speaker.text("Nothing is to be paid now. What you pay ahead stays yours.")


def _due(top_up: TopUp, day: str, speaker: Speaker) -> Iterator[Safe]:
    whole = speaker.money(top_up.due_paise, top_up.book.place.currency)
    if not top_up.overdue_paise:
        yield speaker.text("<b>{amount}</b> due by {day}", amount=whole, day=day)
        return
    overdue = speaker.money(top_up.overdue_paise, top_up.book.place.currency)
    yield speaker.text("🔴 <b>{amount}</b> overdue since {day}", amount=overdue, day=day)
    if top_up.overdue_paise < top_up.due_paise:
        yield speaker.text("{amount} to pay in all", amount=whole)


def _question(top_up: TopUp, speaker: Speaker) -> Safe:
    if not top_up.presets_paise:
        return speaker.text("<b>How much?</b> Type it, for example 1250.50.")
    return speaker.text("<b>How much?</b> Tap or type it, for example 1250.50.")


def _cancel(speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))
