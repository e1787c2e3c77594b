"""A question about an amount: how a tenant puts it, and its card for both sides. Section 10."""

from collections.abc import Sequence

from bot.domain.dispute import Dispute, DisputeState, StepKind
from bot.i18n import N_, Safe, Speaker
from bot.services.dispute import Questionable
from bot.services.dispute_case import MOST_PHOTOS
from bot.services.dispute_list import DisputeCard, DisputeLine, Told
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.dispute_item import item_text
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, italic, line, lines
from bot.telegram.screens.room import room_label

MOST_STEPS = 4
LONGEST_SAID = 140
OWN = "m"
"""Stands in a button for a tenant's own questions."""
UPHOLD, PARTLY, REJECT = "u", "p", "r"
_STEPS = {
    StepKind.OPENED: N_("{name} asks"),
    StepKind.ADDED: N_("{name} adds"),
    StepKind.ASKED: N_("{name} asks back"),
    StepKind.ANSWERED: N_("{name} answers"),
    StepKind.UPHELD: N_("{name} upholds it"),
    StepKind.PARTLY: N_("{name} upholds a part"),
    StepKind.REJECTED: N_("{name} rejects it"),
    StepKind.WITHDRAWN: N_("{name} withdraws it"),
}
_STATES = {
    DisputeState.OPEN: N_("🟡 under review"),
    DisputeState.ASKED: N_("💬 waits for the tenant"),
    DisputeState.UPHELD: N_("✅ upheld"),
    DisputeState.PARTLY: N_("✅ upheld in part"),
    DisputeState.REJECTED: N_("✖️ rejected"),
    DisputeState.WITHDRAWN: N_("↩︎ withdrawn"),
}


def words_screen(asked: Questionable, amount_paise: int, speaker: Speaker) -> Screen:
    """Return the question what is wrong with an item."""
    kind, item_id = asked.item.kind.value[0], asked.item.item_id
    currency = asked.book.place.currency
    part = Button(
        label=speaker.plain.text("Only a part …"),
        press=press(Action.DISPUTE_AMOUNT, kind, item_id),
    )
    amount = bold(speaker.money(amount_paise, currency))
    return Screen(
        html=blocks(
            [
                bold(speaker.text("What is wrong with it?")),
                item_text(asked.item.facts, currency, speaker),
                speaker.text("{amount} is questioned.", amount=amount) if amount_paise else None,
            ],
            [speaker.text("Write it in your own words. You can send photos, too.")],
        ),
        buttons=rows_of(part if asked.most_paise else None, cancel_button(speaker)),
    )


def part_screen(most: str, speaker: Speaker, *, back: Button) -> Screen:
    """Return the question how much, of at most an amount."""
    return Screen(
        html=speaker.text("<b>How much of {most}?</b> Type it, for example 250.", most=most),
        buttons=((back, cancel_button(speaker)),),
    )


def say_screen(card: DisputeCard, speaker: Speaker) -> Screen:
    """Return the question for words: a tenant's, or those of staff to the tenant."""
    asks = speaker.text("<b>What do you want to know?</b> The tenant is asked it.")
    says = speaker.text("<b>What do you want to say?</b> Your manager reads it.")
    return Screen(
        html=lines(
            says if card.is_own else asks,
            head_text(card.dispute, speaker, is_own=card.is_own),
            speaker.text("Write it in your own words. You can send photos, too."),
        ),
        buttons=((back_to_card(card, speaker), cancel_button(speaker)),),
    )


def send_screen(
    about: Safe, words: str, photos: int, held: str | None, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return what is about to be sent; more words and photos may follow."""
    send = Button(label=speaker.plain.text("Send"), press=press(Action.DISPUTE_SEND, nonce=nonce))
    return Screen(
        html=blocks(
            [bold(speaker.text("Shall I send this?")), about],
            [
                italic(f"“{words}”"),
                speaker.plural("📷 {n} photo", "📷 {n} photos", photos) if photos else None,
            ],
            [
                None
                if held is None
                else speaker.text(
                    "Until it is settled, {amount} does not count against you.", amount=held
                ),
                speaker.text("Send more words or photos, and they are added.")
                if photos < MOST_PHOTOS
                else speaker.text("These are all the photos that fit. Words can still be added."),
            ],
        ),
        buttons=((send, cancel_button(speaker)),),
    )


def own_disputes_screen(found: Sequence[DisputeLine], speaker: Speaker) -> Screen:
    """Return a tenant's own questions, and how one is put."""
    how = speaker.text(
        "To question an amount, open it on the statement or a bill and tap “Question this”."
    )
    shown = [_own_line(each, speaker) for each in found]
    buttons = [_open_button(each.dispute, speaker) for each in found]
    statement = Button(label=speaker.plain.text("Statement"), press=press(Action.STATEMENT))
    return Screen(
        html=blocks([bold(speaker.text("Your questions"))], shown, [how]),
        buttons=(*rows_of(*buttons), *rows_of(statement, home_button(speaker))),
    )


def dispute_screen(card: DisputeCard, speaker: Speaker) -> Screen:
    """Return a question with its dated steps, and what one can do about it."""
    book, dispute = card.book, card.dispute
    whose = None if card.is_own else line(room_label(book.room.name), book.lease.tenant_name)
    shown = card.told[-MOST_STEPS:]
    left_out = len(card.told) - len(shown)
    return Screen(
        html=blocks(
            [
                head_text(dispute, speaker, is_own=card.is_own),
                whose,
                item_text(card.item.facts, book.place.currency, speaker),
                _money(card, speaker),
                _limit(card, speaker),
            ],
            [
                speaker.plural("{n} earlier step", "{n} earlier steps", left_out)
                if left_out
                else None,
                *(_step(each, speaker) for each in shown),
            ],
        ),
        buttons=_card_buttons(card, speaker),
    )


def withdraw_screen(card: DisputeCard, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question whether a question is taken back."""
    confirm = Button(
        label=speaker.plain.text("Withdraw"),
        press=press(Action.DISPUTE_WITHDRAW_CONFIRM, card.dispute.id, nonce=nonce),
    )
    amount = speaker.money(card.dispute.held_paise, card.book.place.currency)
    held = speaker.text("{amount} counts again then.", amount=amount)
    return Screen(
        html=lines(
            speaker.text("<b>Withdraw {number}?</b>", number=card.dispute.number),
            item_text(card.item.facts, card.book.place.currency, speaker),
            held if card.dispute.held_paise else None,
        ),
        buttons=((confirm,), (back_to_card(card, speaker), cancel_button(speaker))),
    )


def head_text(dispute: Dispute, speaker: Speaker, *, is_own: bool = False) -> Safe:
    """Return the number of a question and how far it has come."""
    return line(bold(f"❓ {dispute.number}"), state_text(dispute, speaker, is_own=is_own))


def state_text(dispute: Dispute, speaker: Speaker, *, is_own: bool = False) -> Safe:
    """Return how far a question has come, to the tenant if it is their own."""
    if is_own and dispute.state is DisputeState.ASKED:
        return speaker.text("💬 waits for your answer")
    return speaker.text(_STATES[dispute.state])


def cancel_button(speaker: Speaker) -> Button:
    """Return the way out, which forgets what was said so far."""
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))


def question_button(kind: str, item_id: int, speaker: Speaker) -> Button:
    """Return the way to question an item, by the first letter of its kind."""
    return Button(
        label=speaker.plain.text("Question this"), press=press(Action.DISPUTE, kind, item_id)
    )


def _own_line(each: DisputeLine, speaker: Speaker) -> Safe:
    said = item_text(each.item.facts, each.book.place.currency, speaker)
    return line(bold(each.dispute.number), state_text(each.dispute, speaker, is_own=True), said)


def _open_button(dispute: Dispute, speaker: Speaker) -> Button:
    label = line(dispute.number, state_text(dispute, speaker.plain, is_own=True))
    return Button(label=label, press=press(Action.DISPUTE_CARD, dispute.id))


def _money(card: DisputeCard, speaker: Speaker) -> Safe | None:
    dispute, currency = card.dispute, card.book.place.currency
    if dispute.credited_paise:
        amount = bold(speaker.money(dispute.credited_paise, currency))
        return speaker.text("{amount} given back", amount=amount)
    if not dispute.state.is_open or not dispute.disputed_paise:
        return None
    amount = bold(speaker.money(dispute.disputed_paise, currency))
    if dispute.held_paise == dispute.disputed_paise:
        return speaker.text("{amount} questioned, not counted meanwhile", amount=amount)
    held = speaker.money(dispute.held_paise, currency)
    return speaker.text(
        "{amount} questioned, {held} not counted meanwhile", amount=amount, held=held
    )


def _limit(card: DisputeCard, speaker: Speaker) -> Safe | None:
    dispute = card.dispute
    if not dispute.state.is_open:
        return None
    if card.is_own:
        return speaker.text("It is settled by {day}.", day=speaker.day_and_time(dispute.decide_by))
    if dispute.waits_for_answer:
        return speaker.text("Answer by {day}.", day=speaker.day_and_time(dispute.answer_by))
    late = "⚠️" if dispute.decide_by <= card.now else None
    said = speaker.text("Decide by {day}.", day=speaker.day_and_time(dispute.decide_by))
    return line(late, said, between=" ")


def _step(told: Told, speaker: Speaker) -> Safe:
    step = told.step
    who = speaker.text(_STEPS[step.kind], name=told.by or "?")
    words = None if step.words is None else speaker.reason(step.words)
    if words is not None and len(words) > LONGEST_SAID:
        words = words[: LONGEST_SAID - 1] + "…"
    said = None if words is None else f": “{words}”"
    photo = " 📷" if step.photo_id is not None else None
    return line(speaker.day_and_time(step.at), " ", who, said, photo, between="")


def _card_buttons(card: DisputeCard, speaker: Speaker) -> Rows:
    say, dispute_id = speaker.plain.text, card.dispute.id
    is_open = card.dispute.state.is_open
    photos = Button(label=say("📷 Photos"), press=press(Action.DISPUTE_PHOTO, dispute_id, 0))
    shown = photos if card.photo_ids else None
    if card.is_own:
        is_asked = card.dispute.state is DisputeState.ASKED
        talk = say("Answer") if is_asked else say("Add …")
        answer = Button(label=talk, press=press(Action.DISPUTE_SAY, dispute_id))
        withdraw = Button(label=say("Withdraw …"), press=press(Action.DISPUTE_WITHDRAW, dispute_id))
        back = Button(label=say("‹ Your questions"), press=press(Action.DISPUTES, OWN))
        return (
            *rows_of(answer if is_open else None, shown, withdraw if is_open else None),
            (back,),
        )
    verdicts = [(UPHOLD, say("Uphold …")), (PARTLY, say("Partly …")), (REJECT, say("Reject …"))]
    decisions = [
        Button(label=label, press=press(Action.DISPUTE_DECIDE, dispute_id, letter))
        for letter, label in verdicts
        if letter != PARTLY or card.most_paise > 1
    ]
    ask = Button(label=say("Ask …"), press=press(Action.DISPUTE_SAY, dispute_id))
    evidence = Button(label=say("Evidence"), press=press(Action.DISPUTE_EVIDENCE, dispute_id))
    return (
        *rows_of(
            evidence,
            shown,
            ask if card.may_decide else None,
            *(decisions if card.may_decide else ()),
            Button(label=say("Open room"), press=press(Action.ROOM, card.dispute.lease_id)),
        ),
        (Button(label=say("‹ Questions"), press=press(Action.DISPUTES)),),
    )


def back_to_card(card: DisputeCard, speaker: Speaker) -> Button:
    """Return the way to the card of a question."""
    return Button(
        label=speaker.plain.text("‹ Back"), press=press(Action.DISPUTE_CARD, card.dispute.id)
    )
