"""A tenant says that they have paid: how much, how, what proves it, and the summary. Rule 9.2."""

from dataclasses import replace

from bot.domain.claim import CLAIMABLE, PaymentClaim
from bot.domain.ledger import PaymentMethod
from bot.i18n import Safe, Speaker
from bot.i18n.payment_methods import method_text
from bot.services.book import LeaseBook
from bot.services.claim_check import ClaimDraft
from bot.services.owing import to_pay_paise
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.claim_draft import Said
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.payment import CODES, PRESETS_PAISE
from bot.telegram.screens.room import room_title


def claim_press(
    lease_id: int, amount_paise: int | None = None, method: PaymentMethod | None = None
) -> Press:
    """Return the way to the next question about what was paid."""
    known = [] if amount_paise is None else [amount_paise]
    return press(Action.CLAIM, lease_id, *known, *([] if method is None else [CODES[method]]))


def claim_amount_screen(book: LeaseBook, said: Said, speaker: Speaker) -> Screen:
    """Return the question how much was paid; what is open comes first."""
    lease_id, currency = book.lease.id, book.place.currency
    amounts = dict.fromkeys(each for each in (to_pay_paise(book), *PRESETS_PAISE) if each > 0)
    return Screen(
        html=blocks(
            [
                line(bold(room_title(book.room.name, speaker)), book.place.name),
                _known(said, speaker),
            ],
            [speaker.text("<b>How much did you pay?</b> Tap or type it, for example 1250.50.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(label=speaker.money(each, currency), press=claim_press(lease_id, each))
                    for each in amounts
                )
            ),
            (_cancel(speaker),),
        ),
    )


def claim_method_screen(book: LeaseBook, said: Said, speaker: Speaker) -> Screen:
    """Return the question how it was paid."""
    lease_id, amount_paise = book.lease.id, said.amount_paise
    return Screen(
        html=blocks(
            [_head(book, said, speaker), _known(said, speaker)],
            [speaker.text("<b>How did you pay?</b>")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=_begun(method_text(method.value, speaker.plain)),
                        press=claim_press(lease_id, amount_paise, method),
                    )
                    for method in CLAIMABLE
                )
            ),
            (_back(claim_press(lease_id), speaker), _cancel(speaker)),
        ),
    )


def claim_proof_screen(book: LeaseBook, said: Said, speaker: Speaker) -> Screen:
    """Return the question for the reference, or a picture of the receipt."""
    return Screen(
        html=blocks(
            [line(_head(book, said, speaker), _known(said, speaker))],
            [
                speaker.text(
                    "<b>Type the reference (UTR), or send a screenshot</b> of the receipt. "
                    "Only who looks after the money sees it."
                )
            ],
        ),
        buttons=(
            (_back(claim_press(book.lease.id, said.amount_paise), speaker), _cancel(speaker)),
        ),
    )


def without_picture(asked: Screen, speaker: Speaker) -> Screen:
    """Return a question once more, under a word on why a picture does not answer it."""
    trouble = speaker.text("This picture cannot be kept here: type the reference instead.")
    return replace(asked, html=blocks([trouble], [Safe(asked.html)]))


def claim_confirm_screen(
    book: LeaseBook, draft: ClaimDraft, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether this is sent."""
    back = claim_press(draft.lease_id, draft.amount_paise)
    send = Button(
        label=speaker.plain.text("Send"),
        press=press(Action.CLAIM_CONFIRM, draft.lease_id, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [
                speaker.text(
                    "Tell your manager that you paid <b>{amount}</b>?",
                    amount=speaker.money(draft.amount_paise, book.place.currency),
                ),
                _known(draft, speaker),
                room_title(book.room.name, speaker),
            ],
            [speaker.text("They look whether it has come. Your balance changes when they have.")],
        ),
        buttons=((send,), (_back(back, speaker), _cancel(speaker))),
    )


def claim_sent_screen(book: LeaseBook, claim: PaymentClaim, speaker: Speaker) -> Screen:
    """Return the word that a claim waits for the staff."""
    return Screen(
        html=lines(
            speaker.text(
                "⏳ <b>{amount}</b> reported, no. {number}",
                amount=speaker.money(claim.amount_paise, book.place.currency),
                number=str(claim.id),
            ),
            _known(claim, speaker),
            speaker.text("Your manager has been told. You hear from us as soon as they looked."),
        ),
        buttons=((home_button(speaker, book.lease.id),),),
    )


def claim_button(lease_id: int, speaker: Speaker) -> Button:
    """Return the way to say that one has paid."""
    return Button(label=speaker.plain.text("I have paid"), press=claim_press(lease_id))


def _known(said: Said | ClaimDraft | PaymentClaim, speaker: Speaker) -> Safe | None:
    """Return how it was paid, and what proves it, as far as that is known."""
    known = [
        None if said.method is None else method_text(said.method.value, speaker),
        said.reference,
        None if said.photo_id is None else speaker.text("with a picture"),
    ]
    return line(*known) if any(known) else None


def _head(book: LeaseBook, said: Said, speaker: Speaker) -> Safe:
    assert said.amount_paise is not None
    amount = speaker.money(said.amount_paise, book.place.currency)
    return line(room_title(book.room.name, speaker), bold(amount))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _back(to: Press, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("‹ Back"), press=to)


def _cancel(speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))
