"""Questions as staff settle them: the list by age, the verdict and its reason. Section 10."""

from bot.domain.dispute import StepKind
from bot.i18n import N_, Safe, Speaker
from bot.services.dispute_list import Age, DisputeCard, DisputeFilter, DisputeLine, DisputePage
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.dispute import (
    PARTLY,
    REJECT,
    UPHOLD,
    cancel_button,
    head_text,
    state_text,
)
from bot.telegram.screens.dispute_item import item_text
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.room import room_label

FILTERS = {
    DisputeFilter.OPEN: N_("All open"),
    DisputeFilter.OURS: N_("Waiting for us"),
    DisputeFilter.TENANTS: N_("Waiting for tenants"),
    DisputeFilter.LATE: N_("Late"),
    DisputeFilter.CLOSED: N_("Settled"),
}
_AGES = {
    Age.NEW: N_("{n} up to 3 days old"),
    Age.UNDER_WAY: N_("{n} up to 10 days old"),
    Age.LATE: N_("{n} older ⚠️"),
}
VERDICTS = {
    UPHOLD: StepKind.UPHELD,
    PARTLY: StepKind.PARTLY,
    REJECT: StepKind.REJECTED,
}
_GOOD = {"m": N_("Misread"), "d": N_("Meter faulty"), "t": N_("Wrong price")}
_BAD = {"c": N_("The meter is right"), "a": N_("Priced as agreed")}
REASONS = {UPHOLD: _GOOD, PARTLY: _GOOD, REJECT: _BAD}
TYPED = "~"
"""Stands in a button for a reason that was typed."""


def disputes_screen(page: DisputePage, speaker: Speaker) -> Screen:
    """Return questions of the person's places, by age, with what they hold together."""
    total = sum(page.ages.values())
    head = speaker.text("❓ <b>Questions</b> · {count} open", count=speaker.count(total))
    ages = line(
        *(
            speaker.text(_AGES[age], n=speaker.count(count))
            for age, count in page.ages.items()
            if count
        )
    )
    held = [speaker.money(paise, code) for code, paise in page.held_paise.items() if paise]
    together = speaker.text("{amount} held", amount=" + ".join(held)) if held else None
    none = speaker.text("🟢 Nothing here.")
    return Screen(
        html=blocks(
            [head, ages or None, together],
            [bold(speaker.text(FILTERS[page.only]))],
            [_line(each, page, speaker) for each in page.lines] or [none],
        ),
        buttons=(
            *rows_of(*(_open(each) for each in page.lines)),
            *rows_of(*_pages(page, speaker)),
            *rows_of(*_filters(page, speaker)),
            (home_button(speaker),),
        ),
    )


def _line(each: DisputeLine, page: DisputePage, speaker: Speaker) -> Safe:
    dispute, book = each.dispute, each.book
    age = speaker.duration(max(page.now - dispute.opened_at, page.now - page.now))
    return line(
        bold(dispute.number),
        room_label(book.room.name),
        speaker.money(dispute.disputed_paise, book.place.currency)
        if dispute.disputed_paise
        else None,
        age if dispute.state.is_open else None,
        state_text(dispute, speaker),
    )


def _open(each: DisputeLine) -> Button:
    label = f"{each.dispute.number} · {room_label(each.book.room.name)}"
    return Button(label=label, press=press(Action.DISPUTE_CARD, each.dispute.id))


def _pages(page: DisputePage, speaker: Speaker) -> list[Button]:
    say, code = speaker.plain.text, page.only.value
    found = []
    if page.number:
        before = press(Action.DISPUTES, code, page.number - 1)
        found.append(Button(label=say("‹ Before"), press=before))
    if page.has_more:
        found.append(
            Button(label=say("More ›"), press=press(Action.DISPUTES, code, page.number + 1))
        )
    return found


def _filters(page: DisputePage, speaker: Speaker) -> list[Button]:
    return [
        Button(label=speaker.plain.text(name), press=press(Action.DISPUTES, only.value, 0))
        for only, name in FILTERS.items()
        if only is not page.only
    ]


def credit_screen(card: DisputeCard, speaker: Speaker) -> Screen:
    """Return the question how much is given back of what is questioned."""
    most = speaker.money(card.most_paise, card.book.place.currency)
    return Screen(
        html=lines(
            head_text(card.dispute, speaker),
            item_text(card.item.facts, card.book.place.currency, speaker),
            speaker.text("<b>How much is given back?</b> Type it, less than {most}.", most=most),
        ),
        buttons=((_back(card, speaker), cancel_button(speaker)),),
    )


def reason_screen(card: DisputeCard, letter: str, paise: int, speaker: Speaker) -> Screen:
    """Return the question why, with the usual reasons to tap."""
    reasons = [
        Button(
            label=speaker.plain.text(said),
            press=press(Action.DISPUTE_DECIDE, card.dispute.id, letter, paise, code),
        )
        for code, said in REASONS[letter].items()
    ]
    return Screen(
        html=lines(
            verdict_text(card, letter, paise, speaker),
            item_text(card.item.facts, card.book.place.currency, speaker),
            speaker.text("<b>Why?</b> Tap or type it. The tenant reads it."),
        ),
        buttons=(*rows_of(*reasons), (_back(card, speaker), cancel_button(speaker))),
    )


def decide_screen(
    card: DisputeCard, letter: str, paise: int, reason: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether it is settled so, with what is booked."""
    dispute, book = card.dispute, card.book
    say = speaker.plain.text
    labels = {UPHOLD: say("Uphold"), PARTLY: say("Uphold a part"), REJECT: say("Reject")}
    confirm = Button(
        label=labels[letter], press=press(Action.DISPUTE_DECIDE_CONFIRM, dispute.id, nonce=nonce)
    )
    return Screen(
        html=blocks(
            [
                verdict_text(card, letter, paise, speaker),
                line(room_label(book.room.name), book.lease.tenant_name),
                item_text(card.item.facts, book.place.currency, speaker),
            ],
            [
                speaker.text("Reason: “{reason}”", reason=speaker.reason(reason)),
                _booked(card, letter, paise, speaker),
            ],
        ),
        buttons=((confirm,), (_back(card, speaker), cancel_button(speaker))),
    )


def verdict_text(card: DisputeCard, letter: str, paise: int, speaker: Speaker) -> Safe:
    """Return the question how it is settled."""
    number = card.dispute.number
    if letter == REJECT:
        return speaker.text("<b>Reject {number}?</b>", number=number)
    if not paise:
        return speaker.text("<b>Uphold {number}?</b>", number=number)
    amount = speaker.money(paise, card.book.place.currency)
    return speaker.text(
        "<b>Uphold {number} and give {amount} back?</b>", number=number, amount=amount
    )


def _booked(card: DisputeCard, letter: str, paise: int, speaker: Speaker) -> Safe | None:
    """Say what happens to the money."""
    dispute, bill = card.dispute, card.item.bill
    if letter == REJECT:
        held = speaker.money(dispute.held_paise, card.book.place.currency)
        again = speaker.text("{amount} counts again, also for the power.", amount=held)
        return again if dispute.held_paise else None
    if not paise:
        return speaker.text("No money hangs on it: correct the reading or the balance yourself.")
    if bill is None:
        return speaker.text("It is credited to the balance.")
    return speaker.text("It is a credit note for bill {number}.", number=bill.number)


def _back(card: DisputeCard, speaker: Speaker) -> Button:
    return Button(
        label=speaker.plain.text("‹ Back"), press=press(Action.DISPUTE_CARD, card.dispute.id)
    )
