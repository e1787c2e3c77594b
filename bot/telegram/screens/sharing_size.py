"""By what rooms share: people and square metres, room by room; and the alert of a loss."""

from bot.domain.meter import SplitKey
from bot.domain.place import Place, Room
from bot.i18n import Safe, Speaker
from bot.i18n.share_words import measure_text
from bot.services.allocation_look import SharedMeters
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Rows, Screen, rows_of
from bot.telegram.screens.html import blocks, bold, line
from bot.telegram.screens.meter_words import name_of
from bot.telegram.screens.room import room_label
from bot.telegram.screens.sharing import loss_text
from bot.telegram.sharing_draft import CODE_OF

PAGE_ROOMS = 8
PERCENTS = (5, 10, 15, 20, 30)
OTHER = {SplitKey.HEADCOUNT: SplitKey.FLOOR_AREA, SplitKey.FLOOR_AREA: SplitKey.HEADCOUNT}
NEVER = "n"


def sizes_screen(found: SharedMeters, key: SplitKey, speaker: Speaker, *, page: int = 0) -> Screen:
    """Return the rooms with how many people they are for, or how large they are."""
    place = found.place
    shown = found.rooms[page * PAGE_ROOMS : (page + 1) * PAGE_ROOMS]
    other = OTHER[key]
    to_other = press(Action.COMMON_SIZES, place.id, CODE_OF[other])
    back = press(Action.COMMON, place.id)
    return Screen(
        html=blocks(
            [line(bold(name_of(key, speaker)), place.name)],
            [_size_line(room, key, speaker) for room in shown],
            [speaker.text("Tap a room to change it. What was split before stays.")],
        ),
        buttons=(
            *rows_of(
                *(
                    Button(
                        label=room_label(room.name),
                        press=press(Action.COMMON_SIZE, room.id, CODE_OF[key]),
                    )
                    for room in shown
                )
            ),
            *_pages(found, key, page, speaker),
            (
                Button(label=name_of(other, speaker.plain), press=to_other),
                Button(label=speaker.plain.text("‹ Back"), press=back),
            ),
        ),
    )


def size_screen(room: Room, key: SplitKey, speaker: Speaker) -> Screen:
    """Return the question for one room."""
    asked = speaker.text("<b>How many people live there?</b> Type a number, for example 3.")
    if key is SplitKey.FLOOR_AREA:
        asked = speaker.text("<b>How many square metres?</b> Type a number, for example 41.5.")
    say = speaker.plain.text
    back = press(Action.COMMON_SIZES, room.place_id, CODE_OF[key])
    return Screen(
        html=blocks([_size_line(room, key, speaker)], [asked]),
        buttons=(
            (
                Button(label=say("‹ Back"), press=back),
                Button(label=say("Cancel"), press=press(Action.COMMON, room.place_id)),
            ),
        ),
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


def _size_line(room: Room, key: SplitKey, speaker: Speaker) -> Safe:
    size = room.floor_area if key is SplitKey.FLOOR_AREA else room.headcount
    said = speaker.text("not known")
    if key is SplitKey.FLOOR_AREA and room.floor_area is not None:
        said = Safe(measure_text(key, room.floor_area, "", speaker))
    elif size is not None:
        said = speaker.plural("{n} person", "{n} people", int(size))
    return line(room_label(room.name), bold(said), between="  ")


def _pages(found: SharedMeters, key: SplitKey, page: int, speaker: Speaker) -> Rows:
    last = max(-(-len(found.rooms) // PAGE_ROOMS), 1) - 1
    say, words = speaker.plain.text, (found.place.id, CODE_OF[key])
    before = Button(label=say("‹ Rooms before"), press=press(Action.COMMON_SIZES, *words, page - 1))
    after = Button(label=say("More rooms ›"), press=press(Action.COMMON_SIZES, *words, page + 1))
    return rows_of(before if page > 0 else None, after if page < last else None)
