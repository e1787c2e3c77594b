"""A tenant reads a meter: the question, what was typed, and what became of it."""

from bot.i18n import Safe, Speaker
from bot.services.own_meter import OwnMeter
from bot.services.reading_entry import EntryOutcome, Preview, Recorded
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks
from bot.telegram.screens.reading_entry import meaning_lines
from bot.telegram.screens.readings import meter_title
from bot.telegram.screens.room_card import clock_text
from bot.telegram.staff.typed_number import number_word


def own_value_screen(own: OwnMeter, speaker: Speaker) -> Screen:
    """Return the question what a meter shows."""
    return Screen(
        html=blocks(
            [meter_title(own.sheet.name, own.room), _last(own, speaker)],
            [speaker.text("<b>What does it show?</b> Type it as you see it.")],
        ),
        buttons=((_cancel(speaker),),),
    )


def own_confirm_screen(shown: Preview, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question whether the value is right, and what it means."""
    appraisal, sheet = shown.appraisal, shown.appraisal.spot.sheet
    value, has_twin = appraisal.point.value, shown.appraisal.twin is not None
    said = speaker.quantity(value, sheet.unit)
    say = speaker.plain.text
    confirm = press(
        Action.OWN_READING_CONFIRM, sheet.id, number_word(value), int(has_twin), nonce=nonce
    )
    label = say("Record it again") if has_twin else say("Yes, {value}", value=said)
    back = Button(label=say("‹ Back"), press=press(Action.OWN_READING, sheet.id))
    return Screen(
        html=blocks(
            [meter_title(sheet.name, shown.room)],
            [
                speaker.text("Is it <b>{value}</b>?", value=said),
                *meaning_lines(appraisal, speaker),
                *_remarks(shown, speaker),
            ],
            [speaker.text("If not, type it again.")],
        ),
        buttons=((Button(label=label, press=confirm),), (back, _cancel(speaker))),
    )


def own_recorded_screen(done: Recorded, speaker: Speaker) -> Screen:
    """Return what became of a reading."""
    sheet = done.preview.appraisal.spot.sheet
    head = speaker.text("✅ Recorded")
    if done.outcome is EntryOutcome.HELD:
        head = speaker.text("⏸ Held: a manager looks at it first. Nothing is charged yet.")
    value = speaker.quantity(done.reading.point.value, sheet.unit)
    return Screen(
        html=blocks([head], [meter_title(sheet.name, done.preview.room), value]),
        buttons=rows_of(home_button(speaker)),
    )


def _remarks(shown: Preview, speaker: Speaker) -> list[Safe]:
    said, twin = [], shown.appraisal.twin
    if shown.will_be_held:
        said.append(speaker.text("⏸ A manager will look at it before it counts. Is it right?"))
    if twin is not None:
        said.append(
            speaker.text(
                "⚠️ The same value was recorded that day already, at {time}. "
                "Is this another reading?",
                time=speaker.time(twin.point.at),
            )
        )
    return said


def _last(own: OwnMeter, speaker: Speaker) -> Safe:
    if own.last is None:
        return speaker.text("It has never been read here.")
    return speaker.text(
        "Last: {value}, {time}",
        value=speaker.quantity(own.last.point.value, own.sheet.unit),
        time=clock_text(own.last.point.at, speaker, now=own.now),
    )


def _cancel(speaker: Speaker) -> Button:
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))
