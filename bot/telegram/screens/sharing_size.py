"""By what rooms share: people and square metres, room by room; and the alert of a loss."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from bot.domain.meter import SplitKey
from bot.domain.period import first_of_month
from bot.domain.place import Place
from bot.domain.room_size import ALWAYS, RoomSize, size_on
from bot.i18n import N_, Safe, Speaker
from bot.i18n.share_words import measure_text
from bot.services.room_size import SizedRoom, SizedRooms
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.room import room_label
from bot.telegram.screens.sharing import loss_text
from bot.telegram.sharing_draft import CODE_OF

PAGE_ROOMS = 8
MOST_SIZES = 4
PERCENTS = (5, 10, 15, 20, 30)
OTHER = {SplitKey.HEADCOUNT: SplitKey.FLOOR_AREA, SplitKey.FLOOR_AREA: SplitKey.HEADCOUNT}
NEVER = "n"
_HEADS = {
    SplitKey.HEADCOUNT: N_("People in the rooms"),
    SplitKey.FLOOR_AREA: N_("Areas of the rooms"),
}


def sizes_screen(found: SizedRooms, key: SplitKey, speaker: Speaker, *, page: int = 0) -> Screen:
    """Return the rooms with how many people they are for, or how large they are."""
    place = found.place
    shown = found.rooms[page * PAGE_ROOMS : (page + 1) * PAGE_ROOMS]
    other = OTHER[key]
    to_other = press(Action.COMMON_SIZES, place.id, CODE_OF[other])
    back = press(Action.COMMON, place.id)
    return Screen(
        html=blocks(
            [line(bold(speaker.text(_HEADS[key])), place.name)],
            [_size_line(each, speaker) for each in shown],
            [speaker.text("Tap a room to change it. What was split before stays.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=room_label(each.room.name),
                        press=press(Action.COMMON_SIZE, each.room.id, CODE_OF[key]),
                    )
                    for each in shown
                )
            ),
            *_pages(found, key, page, speaker),
            (
                Button(label=speaker.plain.text(_HEADS[other]), press=to_other),
                Button(label=speaker.plain.text("‹ Back"), press=back),
            ),
        ),
    )


def size_screen(sized: SizedRoom, speaker: Speaker) -> Screen:
    """Return the question for one room."""
    asked = speaker.text("<b>How many people live there?</b> Type a number, for example 3.")
    if sized.key is SplitKey.FLOOR_AREA:
        asked = speaker.text("<b>How many square metres?</b> Type a number, for example 41.5.")
    return Screen(
        html=blocks([_history_line(sized, speaker)], [asked]),
        buttons=(_ways_out(sized, Action.COMMON_SIZES, sized.room.place_id, speaker),),
    )


def since_screen(sized: SizedRoom, word: str, speaker: Speaker, *, nonce: str) -> Screen:
    """Return the question since when a room's size is what a word says."""
    buttons = (
        Button(
            label=label,
            press=press(
                Action.COMMON_SIZE_SINCE,
                sized.room.id,
                CODE_OF[sized.key],
                word,
                on.isoformat(),
                nonce=nonce,
            ),
        )
        for on, label in _days_of(sized, speaker.plain)
    )
    later = None
    if not all(each.is_always for each in sized.sizes):
        later = speaker.text("What was said for later days counts no more.")
    return Screen(
        html=blocks(
            [
                _history_line(sized, speaker),
                line("→", bold(_size_text(sized.key, Decimal(word), speaker)), between=" "),
            ],
            [
                speaker.text("<b>Since when?</b> Tap, or type a day, for example 15 Nov."),
                later,
            ],
        ),
        buttons=(
            *rows_of(*buttons),
            _ways_out(sized, Action.COMMON_SIZE, sized.room.id, speaker),
        ),
    )


def _days_of(sized: SizedRoom, speaker: Speaker) -> Iterator[tuple[date, str]]:
    """Yield the days to choose from, the likeliest first: people move in, walls stand."""
    today_on = sized.today_on
    month_on = first_of_month(today_on)
    days = {
        today_on: speaker.text("Since today"),
        month_on: speaker.text("Since {day}", day=speaker.date(month_on)),
    }
    before_on = first_of_month(month_on - timedelta(days=1))
    days |= {before_on: speaker.text("Since {day}", day=speaker.date(before_on))}
    always = ALWAYS, speaker.text("Always so")
    is_first = not sized.sizes or sized.key is SplitKey.FLOOR_AREA
    if is_first:
        yield always
    yield from days.items()
    if not is_first:
        yield always


def _ways_out(
    sized: SizedRoom, before: Action, before_id: int, speaker: Speaker
) -> tuple[Button, ...]:
    say = speaker.plain.text
    return (
        Button(label=say("‹ Back"), press=press(before, before_id, CODE_OF[sized.key])),
        Button(label=say("Cancel"), press=press(Action.COMMON, sized.room.place_id)),
    )


def loss_screen(place: Place, speaker: Speaker) -> Screen:
    """Return the question above what part staff are told of a loss."""
    buttons = [
        Button(label=speaker.percent(each), press=press(Action.COMMON_LOSS, place.id, each))
        for each in PERCENTS
        if each != place.loss_percent
    ]
    if place.loss_percent is not None:
        never = speaker.plain.text("Never")
        buttons.append(Button(label=never, press=press(Action.COMMON_LOSS, place.id, NEVER)))
    return Screen(
        html=blocks(
            [line(bold(speaker.text("Loss alert")), place.name)],
            [loss_text(place, speaker)],
            [speaker.text("<b>From which part on?</b>")],
        ),
        buttons=(
            *rows_of(*buttons),
            (Button(label=speaker.plain.text("‹ Back"), press=press(Action.COMMON, place.id)),),
        ),
    )


def _size_line(sized: SizedRoom, speaker: Speaker) -> Safe:
    """Return what a room is now, and since when if it was another one before."""
    now = size_on(sized.sizes, sized.today_on)
    if now is None:
        return line(room_label(sized.room.name), bold(speaker.text("not known")), between="  ")
    said = bold(_size_text(sized.key, now.value, speaker))
    return line(room_label(sized.room.name), said, _since(now, sized, speaker), between="  ")


def _history_line(sized: SizedRoom, speaker: Speaker) -> Safe:
    """Return what a room was lately, and is now."""
    said = [
        line(
            bold(_size_text(sized.key, each.value, speaker)),
            _since(each, sized, speaker),
            between=" ",
        )
        for each in sized.sizes[-MOST_SIZES:]
    ] or [bold(speaker.text("not known"))]
    return line(room_label(sized.room.name), line(*said, between=" → "), between="  ")


def _since(size: RoomSize, sized: SizedRoom, speaker: Speaker) -> Safe | None:
    if size.is_always:
        return None
    is_this_year = size.from_on.year == sized.today_on.year
    day = speaker.date(size.from_on) if is_this_year else speaker.full_date(size.from_on)
    return speaker.text("since {day}", day=day)


def _size_text(key: SplitKey, value: Decimal, speaker: Speaker) -> Safe:
    return Safe(measure_text(key, value, "", speaker))


def _pages(found: SizedRooms, key: SplitKey, page: int, speaker: Speaker) -> Rows:
    last = max(-(-len(found.rooms) // PAGE_ROOMS), 1) - 1
    say, words = speaker.plain.text, (found.place.id, CODE_OF[key])
    before = Button(label=say("‹ Rooms before"), press=press(Action.COMMON_SIZES, *words, page - 1))
    after = Button(label=say("More rooms ›"), press=press(Action.COMMON_SIZES, *words, page + 1))
    return rows_of(before if page > 0 else None, after if page < last else None)
