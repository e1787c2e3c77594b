"""A round through a place: the meter that is next, what was typed, and how far it is."""

from collections.abc import Iterator

from bot.domain.metering import Reading
from bot.domain.period import local_date
from bot.i18n import N_, Safe, Speaker
from bot.services.reading_entry import EntryOutcome, Preview, Recorded
from bot.services.round import ReadMeanwhile, Stop
from bot.services.round_progress import LeftOut, Progress
from bot.services.stores.reading_round import HandMeter, SkipReason
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, line
from bot.telegram.screens.reading_entry import meaning_lines
from bot.telegram.screens.readings import meter_title
from bot.telegram.screens.room_card import clock_text
from bot.telegram.staff.typed_number import number_word

MOST_NAMED = 4
REASONS = {
    SkipReason.NO_ACCESS: N_("no access"),
    SkipReason.BROKEN: N_("broken"),
    SkipReason.NOT_FOUND: N_("not found"),
    SkipReason.OTHER: N_("another reason"),
}
REASON_CODES = {
    "a": SkipReason.NO_ACCESS,
    "b": SkipReason.BROKEN,
    "f": SkipReason.NOT_FOUND,
    "o": SkipReason.OTHER,
}
_LABELS = {
    SkipReason.NO_ACCESS: N_("No access"),
    SkipReason.BROKEN: N_("Broken"),
    SkipReason.NOT_FOUND: N_("Not found"),
    SkipReason.OTHER: N_("Another reason …"),
}


def stop_screen(stop: Stop, speaker: Speaker, *, news: Safe | None = None) -> Screen:
    """Return the meter that is next; `news` is what became of the one before."""
    place = stop.progress.place
    say = speaker.plain.text
    return Screen(
        html=blocks(
            [] if news is None else [news],
            [*_head(stop, speaker), _last(stop.last, stop, speaker)],
            [speaker.text("<b>What does it show?</b> Type it, or send a photo.")],
        ),
        buttons=rows_of(
            Button(label=say("Skip …"), press=_skip(stop)),
            Button(label=say("Stop here"), press=press(Action.ROUND_STOP, place.id)),
        ),
    )


def round_confirm_screen(stop: Stop, shown: Preview, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question whether the value is right, and what it means."""
    appraisal, place = shown.appraisal, stop.progress.place
    meter, say = stop.meter.sheet, speaker.plain.text
    value = appraisal.point.value
    said = speaker.quantity(value, meter.unit)
    confirm = press(Action.ROUND_CONFIRM, place.id, meter.id, number_word(value), nonce=nonce)
    held = None
    if shown.will_be_held:
        held = speaker.text("⏸ A manager will look at it before it counts. Is it right?")
    return Screen(
        html=blocks(
            _head(stop, speaker),
            [
                speaker.text("Is it <b>{value}</b>?", value=said),
                *meaning_lines(appraisal, speaker),
                held,
            ],
            [speaker.text("If not, type it again.")],
        ),
        buttons=(
            (Button(label=say("Yes, {value}", value=said), press=confirm),),
            (
                Button(label=say("‹ Back"), press=press(Action.ROUND_NEXT, place.id)),
                Button(label=say("Skip …"), press=_skip(stop)),
            ),
        ),
    )


def skip_screen(stop: Stop, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question why a meter is not read."""
    place, meter = stop.progress.place, stop.meter.sheet
    reasons = [
        Button(
            label=speaker.plain.text(_LABELS[reason]),
            press=press(Action.ROUND_SKIP_WHY, place.id, meter.id, code, nonce=nonce),
        )
        for code, reason in REASON_CODES.items()
    ]
    return Screen(
        html=blocks(_head(stop, speaker), [speaker.text("<b>Why is it not read?</b>")]),
        buttons=(*rows_of(*reasons), (_back(stop, speaker),)),
    )


def skip_note_screen(stop: Stop, speaker: Speaker) -> Screen:
    """Return the question for a reason in words."""
    return Screen(
        html=blocks(
            _head(stop, speaker),
            [speaker.text("<b>Why is it not read?</b> Type it in a few words.")],
        ),
        buttons=((_back(stop, speaker),),),
    )


def progress_screen(progress: Progress, speaker: Speaker, *, news: Safe | None = None) -> Screen:
    """Return how far a place is, and the way to go on."""
    return Screen(
        html=blocks(
            [] if news is None else [news],
            [
                speaker.text("<b>Round</b> · {place}", place=progress.place.name),
                _due_text(progress, speaker),
            ],
            _counts(progress, speaker),
            [*_left_out(progress, speaker), _others(progress, speaker)],
        ),
        buttons=(
            *rows_of(_on(progress, speaker)),
            (home_button(speaker),),
        ),
    )


def recorded_text(done: Recorded, speaker: Speaker) -> Safe:
    """Return what became of a value, in one line."""
    sheet = done.preview.appraisal.spot.sheet
    name = meter_title(sheet.name, done.preview.room)
    value = speaker.quantity(done.reading.point.value, sheet.unit)
    if done.outcome is EntryOutcome.HELD:
        return speaker.text(
            "⏸ {meter}: {value}, a manager looks at it first", meter=name, value=value
        )
    return line("✅", line(name, value, between=": "), between=" ")


def meanwhile_text(error: ReadMeanwhile, speaker: Speaker) -> Safe:
    """Return who has read a meter first."""
    point, unit = error.reading.point, error.meter.sheet.unit
    who = error.reading.reader_name or speaker.text("Somebody")
    return speaker.text(
        "{who} has read {meter} already: {value} at {time}. Nothing is overwritten.",
        who=who,
        meter=meter_title(error.meter.sheet.name, error.meter.room),
        value=speaker.quantity(point.value, unit),
        time=speaker.day_and_time(point.at),
    )


def skipped_text(meter: HandMeter, speaker: Speaker) -> Safe:
    """Return that a meter was left out."""
    return speaker.text("⏭ {meter} is left out.", meter=meter_title(meter.sheet.name, meter.room))


def reason_text(reason: SkipReason, note: str | None, speaker: Speaker) -> Safe:
    """Return why a meter was left out."""
    said = speaker.text(REASONS[reason])
    return line(note or said)


def _head(stop: Stop, speaker: Speaker) -> list[Safe]:
    progress, meter = stop.progress, stop.meter
    return [
        meter_title(meter.sheet.name, meter.room),
        speaker.text(
            "{done} of {total} done · {place}",
            done=progress.done,
            total=progress.total,
            place=progress.place.name,
        ),
    ]


def _last(last: Reading | None, stop: Stop, speaker: Speaker) -> Safe:
    if last is None:
        return speaker.text("It has never been read here.")
    return speaker.text(
        "Last: {value}, {time}",
        value=speaker.quantity(last.point.value, stop.meter.sheet.unit),
        time=clock_text(last.point.at, speaker, now=stop.progress.now),
    )


def _due_text(progress: Progress, speaker: Speaker) -> Safe:
    zone, since = progress.place.zone, progress.since
    days = f"{speaker.date(since.first_on)}–{speaker.date(since.last_on)}"
    if progress.place.reading_window is None:
        return speaker.text("Once a month: {month}", month=speaker.month(since.first_on))
    if progress.is_open:
        left = (since.last_on - local_date(progress.now, zone)).days
        if not left:
            return speaker.text("Due {days}: today is the last day", days=days)
        return speaker.text("Due {days}", days=days)
    return speaker.text("Was due {days}", days=days)


def _counts(progress: Progress, speaker: Speaker) -> Iterator[Safe]:
    if not progress.total:
        yield speaker.text("There is no meter here that people read.")
        return
    yield speaker.text("✅ {read} of {total} read", read=progress.read, total=progress.total)
    if progress.held:
        yield speaker.text("⏸ {n} held: a manager looks at them first", n=progress.held)
    if progress.due:
        yield speaker.text("◻️ {n} still due", n=len(progress.due))
    elif not progress.left_out:
        yield speaker.text("Nothing is left to be read.")


def _left_out(progress: Progress, speaker: Speaker) -> Iterator[Safe]:
    left_out = progress.left_out
    if left_out:
        yield speaker.text("⏭ {n} left out:", n=len(left_out))
    for each in left_out[:MOST_NAMED]:
        yield _left_out_text(each, speaker)
    rest = len(left_out) - MOST_NAMED
    if rest > 0:
        yield speaker.text("{n} more", n=speaker.count(rest))


def _left_out_text(each: LeftOut, speaker: Speaker) -> Safe:
    name = meter_title(each.meter.sheet.name, each.meter.room)
    return line(name, reason_text(each.skip.reason, each.skip.note, speaker), between=": ")


def _others(progress: Progress, speaker: Speaker) -> Safe | None:
    names = sorted(set(progress.taken.values()))
    if not progress.due or progress.next_meter is not None or not names:
        return None
    return speaker.text("The rest is with {names}.", names=", ".join(names))


def _on(progress: Progress, speaker: Speaker) -> Button | None:
    say, to = speaker.plain.text, press(Action.ROUND_NEXT, progress.place.id)
    if progress.next_meter is not None:
        return Button(label=say("Go on") if progress.done else say("Begin"), press=to)
    if progress.due:
        return Button(label=say("Look again"), press=to)
    if progress.left_out:
        return Button(label=say("Try what was left out"), press=to)
    return None


def _skip(stop: Stop) -> Press:
    return press(Action.ROUND_SKIP, stop.progress.place.id, stop.meter.sheet.id)


def _back(stop: Stop, speaker: Speaker) -> Button:
    to = press(Action.ROUND_NEXT, stop.progress.place.id)
    return Button(label=speaker.plain.text("‹ Back"), press=to)
