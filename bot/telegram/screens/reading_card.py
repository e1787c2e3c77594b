"""One reading: its numbers, what is strange about it, and what a manager does with it."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.anomaly import Deviation
from bot.domain.metering import Reading, ReadingStatus, is_plausible
from bot.domain.people import Permission
from bot.i18n import N_, Safe, Speaker
from bot.i18n.reading_origin import read_by
from bot.services.reading_list import ReadingCard
from bot.services.readings import JudgementPreview
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, italic, line, lines
from bot.telegram.screens.readings import list_press, meter_title
from bot.telegram.screens.room_card import clock_text

HOUR = timedelta(hours=1)
TENTH = Decimal("0.1")
REASONS = {
    "m": N_("Misread"),
    "w": N_("Another meter"),
    "p": N_("Photo unclear"),
    "d": N_("Meter faulty"),
}
TYPED = "~"
"""Stands in a button for a reason that was typed."""
CHART, PHOTO = "c", "p"


def reading_card_screen(
    card: ReadingCard,
    preview: JudgementPreview | None,
    speaker: Speaker,
    *,
    picture: bytes | None,
    shows: str = CHART,
) -> Screen:
    """Return a reading; `preview` is what accepting it would do, for those who may."""
    return Screen(
        html=blocks(
            [_head(card, speaker)],
            [
                step_text(card.reading, card.sheet.unit, speaker),
                _plausible(card, speaker),
                deviation_text(card.deviation, card.sheet.unit, speaker),
            ],
            [
                _taken(card, speaker),
                _read_off(card, speaker),
                None if card.reading.notes is None else italic(card.reading.notes),
                *_history(card, speaker),
                _charges(preview, speaker),
            ],
        ),
        buttons=_buttons(card, speaker, shows=shows),
        photo=picture,
    )


def reading_accept_screen(
    card: ReadingCard, preview: JudgementPreview, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether a held reading counts, with what that does to the money."""
    say, amount_paise = speaker.plain.text, preview.amount_paise
    confirm = Button(
        label=say("Accept") if amount_paise is None else say("Accept and charge"),
        press=press(Action.READING_ACCEPT, card.reading.id, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [_head(card, speaker)],
            [
                step_text(card.reading, card.sheet.unit, speaker),
                _plausible(card, speaker),
                deviation_text(card.deviation, card.sheet.unit, speaker),
            ],
            [speaker.text("<b>Does this reading count?</b>"), *_money(preview, speaker)],
        ),
        buttons=((confirm,), _back_or_cancel(card, speaker)),
    )


def reading_reason_screen(card: ReadingCard, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question why a reading is set aside; a reason is the confirmation."""
    reading_id = card.reading.id
    reasons = [
        Button(
            label=speaker.plain.text(said),
            press=press(Action.READING_REJECT, reading_id, code, nonce=nonce),
        )
        for code, said in REASONS.items()
    ]
    return Screen(
        html=blocks(
            [_head(card, speaker)],
            [step_text(card.reading, card.sheet.unit, speaker)],
            [
                speaker.text(
                    "<b>Why is it rejected?</b> Tap or type it. The tenant reads it. "
                    "Nothing is charged."
                )
            ],
        ),
        buttons=(*rows_of(*reasons), _back_or_cancel(card, speaker)),
    )


def reading_reject_screen(
    card: ReadingCard, reason: str, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question whether to set a reading aside for a reason that was typed."""
    confirm = Button(
        label=speaker.plain.text("Reject it"),
        press=press(Action.READING_REJECT, card.reading.id, TYPED, nonce=nonce),
    )
    return Screen(
        html=blocks(
            [_head(card, speaker)],
            [
                step_text(card.reading, card.sheet.unit, speaker),
                speaker.text("Reason: “{reason}”", reason=speaker.reason(reason)),
            ],
        ),
        buttons=((confirm,), _back_or_cancel(card, speaker)),
    )


def step_text(reading: Reading, unit: str, speaker: Speaker) -> Safe:
    """Return from which value to which, and the difference in the meter's unit."""
    before, used = reading.previous_value, reading.consumption
    after = bold(speaker.quantity(reading.point.value, unit))
    if before is None:
        return after
    step = line(speaker.number(before), after, between=" → ")
    return step if used is None else line(step, speaker.quantity(used, unit), between=" = ")


def deviation_text(found: Deviation | None, unit: str, speaker: Speaker) -> Safe | None:
    """Return how a use is held against the meter's habit, with the numbers. Rule 3.6."""
    if found is None:
        return None
    said = {
        "used": speaker.quantity(rounded(found.per_day), unit),
        "mean": speaker.quantity(rounded(found.mean_per_day), unit),
    }
    if not found.is_anomalous:
        return speaker.text("{used} a day, usual {mean}", **said)
    if found.percent is None:
        return speaker.text("⚠️ Unusual: {used} a day, and none before", **said)
    return speaker.text(
        "⚠️ Unusual: {used} a day, usual {mean} ({percent})", **said, percent=signed(found, speaker)
    )


def rounded(per_day: Decimal) -> Decimal:
    """Return a daily use as finely as anybody wants to know it."""
    return per_day.quantize(TENTH if per_day >= 1 else TENTH / 10, ROUND_HALF_UP)


def signed(found: Deviation, speaker: Speaker) -> str:
    """Return a deviation in percent with its sign."""
    percent = found.percent or 0
    return f"+{speaker.percent(percent)}" if percent > 0 else speaker.percent(percent)


def origin_text(reading: Reading, speaker: Speaker) -> Safe:
    """Return how a reading was come by."""
    return read_by(reading.type.value, speaker, name=reading.reader_name)


def _head(card: ReadingCard, speaker: Speaker) -> Safe:
    title = meter_title(card.sheet.name, card.room)
    return lines(title, line(card.tenant, card.place.name), _state(card, speaker))


def _state(card: ReadingCard, speaker: Speaker) -> Safe | None:
    match card.reading.status:
        case ReadingStatus.HELD:
            return speaker.text("⏸ Held, nothing is charged yet")
        case ReadingStatus.REJECTED:
            return speaker.text("↩️ Rejected, it does not count")
        case ReadingStatus.CORRECTED:
            return speaker.text("✏️ Corrected, it does not count")
        case ReadingStatus.ACCEPTED:
            return None


def _plausible(card: ReadingCard, speaker: Speaker) -> Safe | None:
    """Return why a reading is held. Rule 3.5."""
    reading = card.reading
    if reading.status is not ReadingStatus.HELD or card.since_at is None:
        return None
    used, elapsed = reading.consumption, reading.point.at - card.since_at
    terms = card.sheet.terms
    if used is None or is_plausible(used, elapsed, terms):
        return speaker.text("It came while another reading waited, or leaves a jump behind.")
    most = terms.limit_per_hour * max(elapsed // HOUR, 1)
    return speaker.text(
        "In {span}; up to {limit} is plausible.",
        span=speaker.duration(elapsed),
        limit=speaker.quantity(most, card.sheet.unit),
    )


def _taken(card: ReadingCard, speaker: Speaker) -> Safe:
    at = clock_text(card.reading.point.at, speaker, now=card.now)
    return line(at, origin_text(card.reading, speaker), between=", ")


def _read_off(card: ReadingCard, speaker: Speaker) -> Safe | None:
    """Return what was read from the photo, where a person said otherwise."""
    proposed = card.reading.proposed_value
    if proposed is None or proposed == card.reading.point.value:
        return None
    return speaker.text(
        "The photo seemed to show {value}.", value=speaker.quantity(proposed, card.sheet.unit)
    )


def _history(card: ReadingCard, speaker: Speaker) -> list[Safe]:
    said = []
    if card.was is not None:
        value = speaker.quantity(card.was.point.value, card.sheet.unit)
        said.append(speaker.text("Takes the place of {value}.", value=value))
    if card.corrected_by is not None:
        value = speaker.quantity(card.corrected_by.point.value, card.sheet.unit)
        said.append(speaker.text("{value} counts instead.", value=value))
    return said


def _money(preview: JudgementPreview, speaker: Speaker) -> list[Safe]:
    """Return what is charged, and the balance before and after it."""
    amount_paise, before_paise = preview.amount_paise, preview.balance_paise
    if amount_paise is None or before_paise is None:
        return [speaker.text("No money hangs on it.")]
    return [
        speaker.text("{amount} is charged", amount=speaker.money(amount_paise, preview.currency)),
        speaker.text(
            "Balance {before} → <b>{after}</b>",
            before=speaker.money(before_paise, preview.currency),
            after=speaker.money(before_paise - amount_paise, preview.currency),
        ),
    ]


def _charges(preview: JudgementPreview | None, speaker: Speaker) -> Safe | None:
    if preview is None or preview.amount_paise is None:
        return None
    amount = speaker.money(preview.amount_paise, preview.currency)
    return speaker.text("Accepting it charges <b>{amount}</b>.", amount=amount)


def _buttons(card: ReadingCard, speaker: Speaker, *, shows: str) -> tuple[tuple[Button, ...], ...]:
    say, reading = speaker.plain.text, card.reading
    is_held = reading.status is ReadingStatus.HELD
    may_judge = Permission.TAKE_PAYMENT in card.may
    accept = press(Action.ACCEPT_READING, reading.id)
    can_correct = reading.status in {ReadingStatus.HELD, ReadingStatus.ACCEPTED}
    doing = rows_of(
        Button(label=say("Accept …"), press=accept) if is_held and may_judge else None,
        Button(label=say("Correct …"), press=press(Action.READING_CORRECT, reading.id))
        if can_correct and may_judge
        else None,
        Button(label=say("Reject …"), press=press(Action.READING_REASON, reading.id))
        if is_held and may_judge
        else None,
        _other_picture(card, speaker, shows),
    )
    back = Button(label=say("‹ To review"), press=press(Action.READING_REVIEW))
    every = Button(label=say("All readings"), press=list_press(card.sheet.id))
    return (*doing, (every, back) if is_held and may_judge else (every,))


def _other_picture(card: ReadingCard, speaker: Speaker, shows: str) -> Button | None:
    if card.reading.photo_id is None:
        return None
    if shows == PHOTO:
        label, other = speaker.plain.text("Last readings"), CHART
    else:
        label, other = speaker.plain.text("Photo"), PHOTO
    return Button(label=label, press=press(Action.READING, card.reading.id, other))


def _back_or_cancel(card: ReadingCard, speaker: Speaker) -> tuple[Button, ...]:
    say = speaker.plain.text
    back = Button(label=say("‹ Back"), press=press(Action.READING, card.reading.id))
    return back, Button(label=say("Cancel"), press=press(Action.READING_REVIEW))
