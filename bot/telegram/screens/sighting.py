"""What a counter seems to show: asked, and what became of it once it was confirmed. Rule 3.6."""

from decimal import Decimal

from bot.domain.anomaly import Deviation
from bot.domain.meter import MeterSheet
from bot.domain.period import local_date
from bot.i18n import Safe, Speaker
from bot.services.photo_expectation import Asked
from bot.services.photo_reading import Sighted, Weighed
from bot.services.reading_entry import EntryOutcome, Preview, Recorded
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.counter import counter_text
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold
from bot.telegram.screens.photo import (
    NO_PHOTO,
    cancel_button,
    last_text,
    named,
    other_button,
    titled,
)
from bot.telegram.staff.typed_number import number_word

_A_DAY_S = 86_400


def proposal_screen(seen: Sighted, speaker: Speaker, *, photo_id: int, nonce: str) -> Screen:
    """Return the question whether the photo was read right, with the next likely numbers."""
    assert seen.preview is not None
    best, *others = seen.values
    sheet = seen.asked.sheet
    options = [
        Button(
            label=counter_text(each, sheet),
            press=press(Action.READ_SAY, photo_id, sheet.id, number_word(each)),
        )
        for each in others
    ]
    return Screen(
        html=_question(
            seen.asked, seen.preview, best, None, speaker, is_implausible=seen.is_implausible
        ),
        buttons=(
            (_yes(seen.preview, best, speaker, photo_id=photo_id, nonce=nonce),),
            *rows_of(*options),
            *_rest(seen.asked, speaker, photo_id=photo_id),
        ),
    )


def weighed_screen(
    weighed: Weighed, value: Decimal, speaker: Speaker, *, photo_id: int, nonce: str
) -> Screen:
    """Return the question whether a number is right that a person has typed or chosen."""
    return Screen(
        html=_question(weighed.asked, weighed.preview, value, weighed.proposed, speaker),
        buttons=(
            (_yes(weighed.preview, value, speaker, photo_id=photo_id, nonce=nonce),),
            *_rest(weighed.asked, speaker, photo_id=photo_id),
        ),
    )


def recorded_screen(done: Recorded, speaker: Speaker, *, sees_money: bool) -> Screen:
    """Return what became of the reading, and what it cost."""
    appraisal, reading = done.preview.appraisal, done.reading
    sheet, place = appraisal.spot.sheet, appraisal.spot.place
    value = counter_text(reading.point.value, sheet)
    charged = None
    if done.recharged is not None and sees_money:
        charged = speaker.text(
            "<b>{amount}</b> charged, balance {balance}",
            amount=speaker.money(-done.recharged.plan.change_paise, place.currency),
            balance=speaker.money(done.recharged.after_paise, place.currency),
        )
    head = speaker.text("✅ <b>{value}</b> is recorded.", value=value)
    what = [_use(done.preview, speaker), charged]
    if done.outcome is EntryOutcome.HELD:
        head = speaker.text("⏸ <b>{value}</b> waits for a manager.", value=value)
        what.append(
            speaker.text("Somebody looks at it first. Nothing is charged yet. You will be told.")
        )
    elif appraisal.is_anomalous:
        what.append(speaker.text("⚠️ That is unusual, so a manager is told of it."))
    name = named(sheet, done.preview.room, speaker)
    another = Button(label=speaker.plain.text("Another reading"), press=press(Action.READ))
    return Screen(
        html=blocks([head, name], [each for each in what if each is not None]),
        buttons=rows_of(another, home_button(speaker)),
    )


def _question(
    asked: Asked,
    preview: Preview,
    value: Decimal,
    proposed: Decimal | None,
    speaker: Speaker,
    *,
    is_implausible: bool = False,
) -> Safe:
    shown = counter_text(value, asked.sheet)
    head = speaker.text("Is it  <b>{value}</b> ?", value=shown)
    doubt = _doubt(preview, proposed, asked.sheet, speaker)
    if is_implausible:
        head, doubt = _looks_like(asked, shown, speaker), _if_right(speaker)
    doubts = [doubt, _twin(preview, speaker)]
    return blocks(
        [head],
        [titled(asked, speaker), last_text(asked, speaker), _use(preview, speaker)],
        [each for each in doubts if each is not None],
    )


def _looks_like(asked: Asked, shown: str, speaker: Speaker) -> Safe:
    assert asked.previous_at is not None
    return speaker.text(
        "It looks like  <b>{value}</b>. That is more than is plausible since {day}. Is it right?",
        value=shown,
        day=speaker.date(local_date(asked.previous_at, asked.place.zone)),
    )


def _if_right(speaker: Speaker) -> Safe:
    return speaker.text("⚠️ Look once more. A manager will look at it before it counts.")


def _use(preview: Preview, speaker: Speaker) -> Safe | None:
    appraisal = preview.appraisal
    used, unit = appraisal.fit.consumption, appraisal.spot.sheet.unit
    if used is None or appraisal.since_at is None:
        return speaker.text("It is the first reading: use counts from here.")
    span = appraisal.point.at - appraisal.since_at
    said = {"used": bold(speaker.quantity(used, unit)), "span": speaker.duration(span)}
    usual = _usual(appraisal.deviation, Decimal(int(span.total_seconds())))
    if usual is None:
        return speaker.text("that is {used} in {span}", **said)
    return speaker.text(
        "that is {used} in {span} (usual {usual})", usual=speaker.number(usual), **said
    )


def _usual(deviation: Deviation | None, seconds: Decimal) -> Decimal | None:
    if deviation is None:
        return None
    return (deviation.mean_per_day * seconds / _A_DAY_S).quantize(Decimal("0.1"))


def _doubt(
    preview: Preview, proposed: Decimal | None, sheet: MeterSheet, speaker: Speaker
) -> Safe | None:
    if proposed is not None:
        return speaker.text(
            "⚠️ The photo looks like {proposed}. A manager will compare it before it counts.",
            proposed=counter_text(proposed, sheet),
        )
    if preview.appraisal.fit.is_jump:
        return speaker.text(
            "⚠️ That is more than is plausible. A manager will look at it before it counts."
        )
    if preview.will_be_held:
        return speaker.text("⏸ An earlier reading waits for a manager, so this one waits too.")
    if preview.appraisal.is_anomalous:
        return speaker.text("⚠️ That is unusual. Is it right?")
    return None


def _twin(preview: Preview, speaker: Speaker) -> Safe | None:
    twin = preview.appraisal.twin
    if twin is None:
        return None
    return speaker.text(
        "⚠️ The same value was recorded that day already, at {time}. Is this another reading?",
        time=speaker.time(twin.point.at),
    )


def _yes(
    preview: Preview, value: Decimal, speaker: Speaker, *, photo_id: int, nonce: str
) -> Button:
    sheet = preview.appraisal.spot.sheet
    again = int(preview.appraisal.twin is not None)
    return Button(
        label=speaker.plain.text("Yes, {value}", value=counter_text(value, sheet)),
        press=press(
            Action.READ_CONFIRM, photo_id, sheet.id, number_word(value), again, nonce=nonce
        ),
    )


def _rest(asked: Asked, speaker: Speaker, *, photo_id: int) -> Rows:
    say, meter_id = speaker.plain.text, asked.sheet.id
    return rows_of(
        Button(label=say("Type it"), press=press(Action.READ_TYPE, photo_id, meter_id)),
        Button(label=say("New photo"), press=press(Action.READ_METER, NO_PHOTO, meter_id)),
        other_button(asked, photo_id, speaker),
        cancel_button(speaker),
    )
