"""Readings of meters: where to begin, which meter, and the list of one."""

from datetime import date

from bot.domain.metering import Reading, ReadingStatus, ReadingType
from bot.domain.people import Actor, Permission
from bot.domain.period import first_of_month, local_date
from bot.i18n import N_, Safe, Speaker
from bot.services.reading_list import MeterChoice, ReadingPage, ReviewPage
from bot.services.stores.meter_sheet import MeterLine
from bot.services.stores.reading_list import HeldLine
from bot.telegram.callbacks import Action, ButtonTooLong, Press, encode, press
from bot.telegram.reading_days import days_of, is_month, month_number
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, bold, line, lines
from bot.telegram.screens.room import room_label

LIST, ENTER = "l", "e"
"""What a chosen meter is for."""
KEPT = "~"
"""Stands in a button for a search that is too long for it."""
ALL, BILLING = "a", "b"
TYPES = {
    "d": ReadingType.AUTOMATIC,
    "m": ReadingType.MANUAL,
    "p": ReadingType.PHOTO,
    "e": ReadingType.ESTIMATED,
}
FILTER_NAMES = {
    ALL: N_("All"),
    "d": N_("By the meter"),
    "m": N_("By hand"),
    "p": N_("Photos"),
    "e": N_("≈ Estimated"),
    BILLING: N_("For bills"),
}
SIGNS = {ReadingType.MANUAL: "✍️", ReadingType.PHOTO: "📷", ReadingType.ESTIMATED: "≈"}
MONTHS_BACK = 4
_LONGEST_LABEL = 40


def readings_screen(held: int, actor: Actor, speaker: Speaker) -> Screen:
    """Return where to begin with readings."""
    say = speaker.plain.text
    waiting = say("To review · {n}", n=speaker.count(held))
    return Screen(
        html=lines(
            bold(speaker.text("Readings")),
            speaker.text("Type a room, or the name of a meter, to see what it showed."),
        ),
        buttons=(
            *rows_of(
                Button(label=waiting, press=press(Action.READING_REVIEW)) if held else None,
                Button(label=say("Enter a reading"), press=choice_press(ENTER, 0, ""))
                if actor.may(Permission.READ_METERS)
                else None,
                Button(label=say("Meters"), press=choice_press(LIST, 0, "")),
                home_button(speaker),
            ),
        ),
    )


def choice_press(wanted: str, number: int, text: str) -> Press:
    """Return the way to a page of meters to choose from."""
    whole = press(Action.READING_METER, wanted, number, text)
    try:
        encode(whole)
    except ButtonTooLong:
        return press(Action.READING_METER, wanted, number, KEPT)
    return whole


def list_press(meter_id: int, code: str = ALL, month: int = 0, before_id: int = 0) -> Press:
    """Return the way to a page of a meter's readings."""
    return press(Action.METER_READINGS, meter_id, code, month, before_id)


def enter_press(meter_id: int) -> Press:
    """Return the way to the question what a meter shows."""
    return press(Action.READING_ENTER, meter_id)


def meter_label(name: MeterLine) -> str:
    """Return a meter as a button says it: room and name."""
    room = None if name.room is None else room_label(name.room)
    label = " · ".join(part for part in (room, name.sheet.name) if part is not None)
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def meter_choice_screen(choice: MeterChoice, wanted: str, speaker: Speaker) -> Screen:
    """Return the meters that a text may mean."""
    say = speaker.plain.text
    asked = speaker.text("<b>Which meter?</b>\nTap it, or type its room or name.")
    if not choice.lines and choice.text:
        asked = speaker.text(
            "No meter in use is called “{typed}”. Type another room or name.",
            typed=choice.text[:_LONGEST_LABEL],
        )
    opens = enter_press if wanted == ENTER else list_press
    buttons = [Button(label=meter_label(each), press=opens(each.sheet.id)) for each in choice.lines]
    earlier = choice_press(wanted, choice.number - 1, choice.text)
    later = choice_press(wanted, choice.number + 1, choice.text)
    back = Button(label=say("‹ Back"), press=press(Action.READINGS))
    return Screen(
        html=asked,
        buttons=(
            *rows_of(*buttons),
            *rows_of(
                Button(label=say("‹ Earlier"), press=earlier) if choice.number else None,
                Button(label=say("More ›"), press=later) if choice.has_more else None,
            ),
            (back, home_button(speaker)),
        ),
    )


def reading_list_screen(page: ReadingPage, code: str, month: int, speaker: Speaker) -> Screen:
    """Return a page of a meter's readings; each opens with a tap."""
    say, meter_id = speaker.plain.text, page.sheet.id
    older = list_press(meter_id, code, month, page.older_before_id or 0)
    kind = None if code == ALL else speaker.text(FILTER_NAMES[code])
    when, none = _when(month, speaker), [speaker.text("There are no such readings.")]
    enter = Button(label=say("Enter a reading"), press=enter_press(meter_id))
    chosen = press(Action.READING_FILTER, meter_id, code, month)
    return Screen(
        html=blocks(
            [meter_title(page.sheet.name, page.room), line(page.place.name, kind, when)],
            [_row(each, page, speaker) for each in page.readings] or none,
        ),
        buttons=(
            *rows_of(*(_opening(each, page, speaker) for each in page.readings)),
            *rows_of(
                Button(label=say("‹ Newest"), press=list_press(meter_id, code, month))
                if page.before_id
                else None,
                Button(label=say("Older ›"), press=older) if page.older_before_id else None,
            ),
            *rows_of(
                enter if Permission.READ_METERS in page.may else None,
                Button(label=say("Filter …"), press=chosen),
                Button(label=say("‹ Readings"), press=press(Action.READINGS)),
                home_button(speaker),
            ),
        ),
    )


def reading_filter_screen(
    page: ReadingPage, code: str, month: int, today_on: date, speaker: Speaker
) -> Screen:
    """Return the ways to see fewer readings: by how they were taken, by days."""
    meter_id = page.sheet.id
    kinds = [
        Button(
            label=_marked(speaker.plain.text(said), is_on=each == code),
            press=list_press(meter_id, each, month),
        )
        for each, said in FILTER_NAMES.items()
    ]
    months = [
        Button(
            label=_marked(f"{speaker.month(on)} {on.year}", is_on=month_number(on) == month),
            press=list_press(meter_id, code, month_number(on)),
        )
        for on in _months(today_on)
    ]
    any_time = Button(
        label=_marked(speaker.plain.text("Any time"), is_on=month == 0),
        press=list_press(meter_id, code),
    )
    back = list_press(meter_id, code, month)
    return Screen(
        html=lines(
            meter_title(page.sheet.name, page.room),
            line(speaker.text("<b>Which readings?</b>"), _when(month, speaker), between=" "),
            speaker.text("Tap, or type days, for example 8–12 Nov."),
        ),
        buttons=(
            *rows_of(*kinds),
            *rows_of(*months),
            (any_time, Button(label=speaker.plain.text("‹ Back"), press=back)),
        ),
    )


def review_screen(page: ReviewPage, speaker: Speaker) -> Screen:
    """Return the readings that wait to be judged, oldest first; each opens with a tap."""
    say = speaker.plain.text
    if not page.lines:
        return Screen(
            html=speaker.text("🟢 No reading waits to be judged."),
            buttons=(
                (
                    Button(label=say("‹ Readings"), press=press(Action.READINGS)),
                    home_button(speaker),
                ),
            ),
        )
    head = speaker.plural(
        "<b>{n} reading to review</b>", "<b>{n} readings to review</b>", page.readings
    )
    turns = [
        Button(label=label, press=press(Action.READING_REVIEW, number))
        for label, number in ((say("‹ Earlier"), page.number - 1), (say("More ›"), page.number + 1))
        if 0 <= number < page.pages
    ]
    return Screen(
        html=blocks(
            [head],
            [
                line(
                    meter_label(each.meter),
                    _step(each.reading, each.meter.sheet.unit, speaker),
                )
                for each in page.lines
            ],
        ),
        buttons=(
            *((_held_button(each, speaker),) for each in page.lines),
            *rows_of(*turns),
            (
                Button(label=say("‹ Readings"), press=press(Action.READINGS)),
                home_button(speaker),
            ),
        ),
    )


def _held_button(each: HeldLine, speaker: Speaker) -> Button:
    value = speaker.number(each.reading.point.value)
    return Button(
        label=f"{meter_label(each.meter)} · {value}", press=press(Action.READING, each.reading.id)
    )


def meter_title(name: str, room: str | None) -> Safe:
    """Return a meter's room and name."""
    return line(None if room is None else bold(room_label(room)), name if room else bold(name))


def sign(reading: Reading) -> str | None:
    """Return what is to be said of a reading by one sign."""
    if reading.status is ReadingStatus.HELD:
        return "⏸"
    return "⚠️" if reading.is_anomalous else SIGNS.get(reading.type)


def _row(reading: Reading, page: ReadingPage, speaker: Speaker) -> Safe:
    used = reading.consumption
    return line(
        speaker.day_and_time(reading.point.at),
        bold(speaker.quantity(reading.point.value, page.sheet.unit)),
        None if used is None else f"+{speaker.number(used)}",
        sign(reading),
        between="  ",
    )


def _step(reading: Reading, unit: str, speaker: Speaker) -> Safe:
    before = reading.previous_value
    after = bold(speaker.quantity(reading.point.value, unit))
    return line(None if before is None else speaker.number(before), after, between=" → ")


def _opening(reading: Reading, page: ReadingPage, speaker: Speaker) -> Button:
    """Several readings of a day are told apart by their time."""
    on = local_date(reading.point.at, speaker.zone)
    same_day = [each for each in page.readings if local_date(each.point.at, speaker.zone) == on]
    value = speaker.number(reading.point.value)
    said = speaker.time(reading.point.at) if len(same_day) > 1 else value
    return Button(label=f"{speaker.date(on)} · {said}", press=press(Action.READING, reading.id))


def _marked(label: str, *, is_on: bool) -> str:
    return f"✓ {label}" if is_on else label


def _months(today_on: date) -> list[date]:
    found = [first_of_month(today_on)]
    while len(found) < MONTHS_BACK:
        found.append(first_of_month(date.fromordinal(found[-1].toordinal() - 1)))
    return found


def _when(number: int, speaker: Speaker) -> str | None:
    """Return the days that are shown, as far as they are few."""
    days = days_of(number)
    if days is None:
        return None
    first_on, last_on = days
    if is_month(number):
        return speaker.month(first_on)
    if first_on == last_on:
        return speaker.full_date(first_on)
    return f"{speaker.date(first_on)} – {speaker.full_date(last_on)}"
