"""One device in place of another: what both showed, and what a manager knows of it. Rule 3.4."""

from bot.domain.metering import Reading
from bot.i18n import Safe, Speaker
from bot.services.replacement import SwapCard, SwapValue
from bot.services.swap_value import SwapEnd
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.payment import change_text, power_outcome
from bot.telegram.screens.room import room_label
from bot.telegram.screens.room_card import clock_text
from bot.telegram.staff.typed_number import number_word

CODES = {"c": SwapEnd.CLOSING, "o": SwapEnd.OPENING}


def swap_press(card: SwapCard, *known: str) -> Press:
    """Return the way to the next question; known are the end, then its value."""
    return press(Action.SWAP, card.swap.new.id, *known)


def swap_screen(card: SwapCard, speaker: Speaker) -> Screen:
    """Return what both devices showed, as far as it is known."""
    swap, say = card.swap, speaker.plain.text
    unasked = {code: end for code, end in CODES.items() if swap.known(end) is None}
    labels = {SwapEnd.CLOSING: say("Old ended at …"), SwapEnd.OPENING: say("New began at …")}
    hint = speaker.text(
        "What ran in between was charged to nobody. If you know what they showed, enter it."
    )
    back = Button(label=say("‹ Back"), press=press(Action.METER, swap.meter.id))
    return Screen(
        html=blocks(
            [_title(card, speaker), line(swap.old.device_id, swap.new.device_id, between=" → ")],
            [_old(card, speaker), _new(card, speaker)],
            [hint] if unasked and card.lease_id is not None else [],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(label=labels[end], press=swap_press(card, code))
                    for code, end in unasked.items()
                    if card.lease_id is not None
                )
            ),
            (back,),
        ),
    )


def swap_value_screen(card: SwapCard, end: SwapEnd, speaker: Speaker) -> Screen:
    """Return the question for a value."""
    asked = speaker.text("<b>What did the new device show at first?</b> Type it.")
    if end is SwapEnd.CLOSING:
        asked = speaker.text("<b>What did the old device show at last?</b> Type it.")
    said = _old(card, speaker) if end is SwapEnd.CLOSING else _new(card, speaker)
    return Screen(
        html=blocks([_title(card, speaker)], [said], [asked]),
        buttons=((_cancel(card, speaker),),),
    )


def swap_confirm_screen(told: SwapValue, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question: what the value means, and what it charges."""
    card, reckoned = told.card, told.reckoned
    code = next(code for code, end in CODES.items() if end is told.end)
    unit, currency = card.swap.meter.unit, card.place.currency
    typed = speaker.quantity(reckoned.typed.point.value, unit)
    confirm = press(
        Action.SWAP_CONFIRM,
        card.swap.new.id,
        code,
        number_word(reckoned.typed.point.value),
        nonce=nonce,
    )
    amount = speaker.money(reckoned.amount_paise, currency)
    say = speaker.plain.text
    label = say("Charge {amount}", amount=amount) if reckoned.amount_paise else say("Enter it")
    asked = speaker.text("The new device began at <b>{value}</b>?", value=typed)
    if told.end is SwapEnd.CLOSING:
        asked = speaker.text("The old device ended at <b>{value}</b>?", value=typed)
    back = Button(label=say("‹ Back"), press=swap_press(card, code))
    return Screen(
        html=blocks([_title(card, speaker)], [asked, *_meaning(told, speaker)]),
        buttons=((Button(label=label, press=confirm),), (back, _cancel(card, speaker))),
    )


def _meaning(told: SwapValue, speaker: Speaker) -> list[Safe | None]:
    reckoned, unit = told.reckoned, told.card.swap.meter.unit
    if not reckoned.quantity:
        return [speaker.text("Nothing is charged by that.")]
    used = speaker.quantity(reckoned.quantity, unit)
    unlikely = None
    if reckoned.is_unlikely:
        unlikely = speaker.text("⚠️ That is more than is plausible. Is it right?")
    if reckoned.checked is None:
        return [speaker.text("{used} more were used.", used=used), unlikely]
    amount = speaker.money(reckoned.amount_paise, told.card.place.currency)
    return [
        speaker.text("{used} more were used: {amount}", used=used, amount=amount),
        unlikely,
        change_text(told.money, speaker),
        power_outcome(told.money, speaker),
    ]


def _title(card: SwapCard, speaker: Speaker) -> Safe:
    room = None if card.swap.room is None else bold(room_label(card.swap.room))
    at = clock_text(card.swap.new.opened_at, speaker, now=card.now)
    return line(room, speaker.text("device changed {time}", time=at))


def _old(card: SwapCard, speaker: Speaker) -> Safe:
    known, last = card.swap.known(SwapEnd.CLOSING), card.swap.last
    if known is not None:
        return speaker.text("Old: ended at {value}", value=_value(known, card, speaker))
    if last is None:
        return speaker.text("Old: was never read")
    return speaker.text("Old: last read {value}", value=_read(last, card, speaker))


def _new(card: SwapCard, speaker: Speaker) -> Safe:
    known, first = card.swap.known(SwapEnd.OPENING), card.swap.first
    if known is not None:
        return speaker.text("New: began at {value}", value=_value(known, card, speaker))
    if first is None:
        return speaker.text("New: has not been read yet")
    return speaker.text("New: first read {value}", value=_read(first, card, speaker))


def _read(reading: Reading, card: SwapCard, speaker: Speaker) -> Safe:
    at = clock_text(reading.point.at, speaker, now=card.now)
    return line(_value(reading, card, speaker), at, between=", ")


def _value(reading: Reading, card: SwapCard, speaker: Speaker) -> str:
    return speaker.quantity(reading.point.value, card.swap.meter.unit)


def _cancel(card: SwapCard, speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=swap_press(card))
