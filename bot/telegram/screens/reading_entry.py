"""Entering a reading, or the right one in the place of a wrong one, to the confirmation."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.domain.metering import Reading
from bot.domain.people import Permission
from bot.i18n import Safe, Speaker
from bot.services.reading_appraisal import Appraisal
from bot.services.reading_entry import EntryOutcome, Preview, Recorded
from bot.services.reading_list import ReadingPage
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.html import blocks, bold
from bot.telegram.screens.reading_card import deviation_text, step_text
from bot.telegram.screens.readings import enter_press, list_press, meter_title
from bot.telegram.screens.room_card import clock_text
from bot.telegram.staff.typed_number import number_word

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOW = 0
"""Stands in a button for the moment at which it is pressed."""


def minutes_of(at: datetime | None) -> int:
    """Return an instant as a button carries it."""
    return NOW if at is None else (at - EPOCH) // MINUTE


def instant_of(minutes: int) -> datetime | None:
    """Return the instant that a button carries."""
    return None if minutes == NOW else EPOCH + minutes * MINUTE


def reading_value_screen(page: ReadingPage, now: datetime, speaker: Speaker) -> Screen:
    """Return the question what a meter shows."""
    last = next(iter(page.readings), None)
    return Screen(
        html=blocks(
            [meter_title(page.sheet.name, page.room), page.place.name],
            [_last(last, page.sheet.unit, now, speaker)],
            [speaker.text("<b>What does the meter show?</b> Type it, for example 1450.5.")],
        ),
        buttons=(
            (
                Button(label=speaker.plain.text("‹ Back"), press=list_press(page.sheet.id)),
                Button(label=speaker.plain.text("Cancel"), press=press(Action.READINGS)),
            ),
        ),
    )


def reading_day_screen(shown: Preview, speaker: Speaker) -> Screen:
    """Return the question when a reading was taken."""
    spot = shown.appraisal.spot
    return Screen(
        html=blocks(
            [meter_title(spot.sheet.name, shown.room)],
            [bold(speaker.quantity(shown.appraisal.point.value, spot.sheet.unit))],
            [
                speaker.text(
                    "<b>When was it read?</b> Type the day, with the time if you know it: "
                    "yesterday, 12 Nov 18:30."
                )
            ],
        ),
        buttons=(back_or_cancel(enter_press(spot.sheet.id), speaker),),
    )


def reading_confirm_screen(
    shown: Preview, at: datetime | None, speaker: Speaker, *, nonce: str
) -> Screen:
    """Return the question: what the reading means, and what is strange about it."""
    appraisal, sheet = shown.appraisal, shown.appraisal.spot.sheet
    value = number_word(appraisal.point.value)
    has_twin = appraisal.twin is not None
    say = speaker.plain.text
    confirm = press(
        Action.READING_CONFIRM, sheet.id, value, minutes_of(at), int(has_twin), nonce=nonce
    )
    label = say("Record it again") if has_twin else say("Record")
    another_day = press(Action.READING_DAY, sheet.id, value)
    return Screen(
        html=blocks(
            [meter_title(sheet.name, shown.room), appraisal.spot.place.name],
            [
                speaker.text(
                    "<b>{value}</b>, {time}?",
                    value=speaker.quantity(appraisal.point.value, sheet.unit),
                    time=speaker.text("read now")
                    if at is None
                    else clock_text(at, speaker, now=shown.now),
                ),
                *meaning_lines(appraisal, speaker),
                _held(shown, speaker),
                _twin(appraisal, speaker),
            ],
        ),
        buttons=(
            *rows_of(
                Button(label=label, press=confirm),
                Button(label=say("Another time …"), press=another_day),
            ),
            back_or_cancel(enter_press(sheet.id), speaker),
        ),
    )


def recorded_screen(
    done: Recorded, may: frozenset[Permission], currency: str, speaker: Speaker
) -> Screen:
    """Return what became of a reading; money only for those who see it."""
    reading, spot = done.reading, done.preview.appraisal.spot
    head = speaker.text("✅ Recorded")
    if done.outcome is EntryOutcome.HELD:
        head = speaker.text("⏸ Held: a manager looks at it first. Nothing is charged yet.")
    say = speaker.plain.text
    review = None
    if done.outcome is EntryOutcome.HELD and Permission.TAKE_PAYMENT in may:
        review = Button(label=say("Review it"), press=press(Action.READING, reading.id))
    return Screen(
        html=blocks(
            [head],
            [
                meter_title(spot.sheet.name, done.preview.room),
                step_text(reading, spot.sheet.unit, speaker),
                deviation_text(done.preview.appraisal.deviation, spot.sheet.unit, speaker),
                _charged(done, currency, speaker) if Permission.SEE_MONEY in may else None,
            ],
        ),
        buttons=rows_of(
            review,
            Button(label=say("Another reading"), press=press(Action.READING_METER, "e", 0, "")),
            Button(label=say("All readings"), press=list_press(spot.sheet.id)),
        ),
    )


def _last(last: Reading | None, unit: str, now: datetime, speaker: Speaker) -> Safe:
    if last is None:
        return speaker.text("It has never been read here.")
    return speaker.text(
        "Last: {value}, {time}",
        value=speaker.quantity(last.point.value, unit),
        time=clock_text(last.point.at, speaker, now=now),
    )


def meaning_lines(appraisal: Appraisal, speaker: Speaker) -> list[Safe | None]:
    """Return the use since the reading before, and how it is held against the habit."""
    unit, used = appraisal.spot.sheet.unit, appraisal.fit.consumption
    if used is None or appraisal.since_at is None:
        return [speaker.text("It is the first one: use counts from here.")]
    return [
        speaker.text(
            "last {before}, that is {used} in {span}",
            before=speaker.number(appraisal.previous_value or Decimal(0)),
            used=bold(speaker.quantity(used, unit)),
            span=speaker.duration(appraisal.point.at - appraisal.since_at),
        ),
        deviation_text(appraisal.deviation, unit, speaker),
    ]


def _held(shown: Preview, speaker: Speaker) -> Safe | None:
    if not shown.will_be_held:
        return None
    return speaker.text("⏸ A manager will look at it before it counts. Is it right?")


def _twin(appraisal: Appraisal, speaker: Speaker) -> Safe | None:
    if appraisal.twin is None:
        return None
    return speaker.text(
        "⚠️ The same value was recorded that day already, at {time}. Is this another reading?",
        time=speaker.time(appraisal.twin.point.at),
    )


def _charged(done: Recorded, currency: str, speaker: Speaker) -> Safe | None:
    if done.recharged is None:
        return None
    return speaker.text(
        "<b>{amount}</b> charged, balance {balance}",
        amount=speaker.money(-done.recharged.plan.change_paise, currency),
        balance=speaker.money(done.recharged.after_paise, currency),
    )


def back_or_cancel(back: Press, speaker: Speaker) -> tuple[Button, ...]:
    """Return the ways to go on without an answer."""
    say = speaker.plain.text
    cancel = Button(label=say("Cancel"), press=press(Action.READINGS))
    return Button(label=say("‹ Back"), press=back), cancel
