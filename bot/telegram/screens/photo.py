"""Reading a meter with a photo: which meter, what it shows, and what came of it. Rule 3.6."""

from collections.abc import Mapping

from bot.domain.meter import MeterSheet
from bot.domain.period import local_date
from bot.i18n import N_, Safe, Speaker
from bot.services.meter_photo import PhotoFlaw, ReaderTrouble
from bot.services.photo_expectation import Asked
from bot.services.photo_reading import Readable
from bot.services.stores.meter_sheet import MeterLine
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.counter import counter_text
from bot.telegram.screens.help import home_button
from bot.telegram.screens.html import blocks, line
from bot.telegram.screens.meter_words import is_named, kind_of
from bot.telegram.screens.room import room_title

NO_PHOTO = 0
"""Stands in a button for a number that was typed without a photo."""

FLAWS: Mapping[PhotoFlaw | ReaderTrouble | None, str] = {
    PhotoFlaw.TOO_DARK: N_("The photo is too dark. Switch on a light, or use the flash."),
    PhotoFlaw.CUT_OFF: N_("The number is cut off. Let the whole counter be in the photo."),
    PhotoFlaw.TURNED: N_("The photo is turned. Hold the phone upright."),
    PhotoFlaw.BLURRED: N_("The photo is blurred. Hold still, and not too close."),
    PhotoFlaw.NO_NUMBER: N_("I see no number of this meter in the photo."),
    ReaderTrouble.NOT_INSTALLED: N_("📷 I have the photo."),
    ReaderTrouble.BUSY: N_("📷 I have the photo, but many are waiting to be read just now."),
    ReaderTrouble.TOO_SLOW: N_("📷 I have the photo, but could not read it."),
    ReaderTrouble.CRASHED: N_("📷 I have the photo, but could not read it."),
    None: N_("I cannot open this kind of picture here. Send it as a photo, not as a file."),
}


def reading_screen(speaker: Speaker) -> Screen:
    """Return what is said while the photo is looked at."""
    return Screen(html=speaker.text("🔎 Reading the number …"))


def choice_screen(found: Readable, speaker: Speaker, *, photo_id: int = NO_PHOTO) -> Screen:
    """Return the question which meter is meant."""
    asked = speaker.text("<b>Which meter is it?</b>")
    hint = None
    if found.has_more:
        hint = speaker.text("There are more. Type a room, or a part of the meter's name.")
    rooms = {each.room for each in found.lines}
    buttons = [
        Button(
            label=_meter_label(each, speaker.plain, with_room=len(rooms) > 1),
            press=press(Action.READ_METER, photo_id, each.sheet.id),
        )
        for each in found.lines
    ]
    return Screen(
        html=blocks([asked], [hint] if hint else []),
        buttons=(*rows_of(*buttons), (cancel_button(speaker),)),
    )


def none_found_screen(words: str, speaker: Speaker) -> Screen:
    """Return that no meter is called so."""
    return Screen(
        html=speaker.text(
            "No meter of yours is called “{words}”. Type a room, or a part of the meter's name.",
            words=words[:40],
        ),
        buttons=((cancel_button(speaker),),),
    )


def no_meter_screen(speaker: Speaker) -> Screen:
    """Return that there is nothing to read."""
    return Screen(
        html=speaker.text(
            "You have no meter to read here. If you should have one, ask your manager."
        ),
        buttons=((home_button(speaker),),),
    )


def album_screen(speaker: Speaker) -> Screen:
    """Return that of several photos one is read."""
    return Screen(
        html=speaker.text("I read the first photo only. Send the others one after the other.")
    )


def ask_screen(asked: Asked, speaker: Speaker) -> Screen:
    """Return the request for a photo, or for the number."""
    return Screen(
        html=blocks(
            [titled(asked, speaker)],
            [last_text(asked, speaker)],
            [speaker.text("<b>Send a photo of the counter</b>, or type what it shows.")],
        ),
        buttons=rows_of(other_button(asked, NO_PHOTO, speaker), cancel_button(speaker)),
    )


def type_screen(
    asked: Asked, why: PhotoFlaw | ReaderTrouble | None, speaker: Speaker, *, photo_id: int
) -> Screen:
    """Return why no number is proposed, and that it can be typed."""
    return Screen(
        html=blocks(
            [titled(asked, speaker)],
            [speaker.text(FLAWS[why])],
            [last_text(asked, speaker)],
            [speaker.text("<b>Type what the counter shows</b>, or send another photo.")],
        ),
        buttons=rows_of(other_button(asked, photo_id, speaker), cancel_button(speaker)),
    )


def just_type_screen(asked: Asked, speaker: Speaker) -> Screen:
    """Return the question what the counter shows."""
    return Screen(
        html=blocks(
            [titled(asked, speaker)],
            [last_text(asked, speaker)],
            [speaker.text("<b>Type what the counter shows.</b>")],
        ),
        buttons=((cancel_button(speaker),),),
    )


def last_text(asked: Asked, speaker: Speaker) -> Safe:
    """Return what a meter showed last."""
    if asked.previous_value is None or asked.previous_at is None:
        return speaker.text("It has never been read here.")
    return speaker.text(
        "last {value} on {day}",
        value=counter_text(asked.previous_value, asked.sheet),
        day=speaker.date(local_date(asked.previous_at, asked.place.zone)),
    )


def titled(asked: Asked, speaker: Speaker) -> Safe:
    """Return which meter is read."""
    return named(asked.sheet, asked.room, speaker)


def named(sheet: MeterSheet, room: str | None, speaker: Speaker) -> Safe:
    """Return what a meter is called, and where it is."""
    if room is None:
        return speaker.text("Meter “{name}”", name=sheet.name)
    where = room_title(room, speaker)
    if not is_named(sheet):
        return line(where, kind_of(sheet, speaker))
    return line(speaker.text("Meter “{name}”", name=sheet.name), where)


def _meter_label(each: MeterLine, speaker: Speaker, *, with_room: bool) -> Safe:
    room = None if each.room is None else room_title(each.room, speaker)
    if room is not None and not is_named(each.sheet):
        return line(room, kind_of(each.sheet, speaker))
    return line(room if with_room else None, each.sheet.name)


def other_button(asked: Asked, photo_id: int, speaker: Speaker) -> Button | None:
    """Return the way to another meter, with the same photo."""
    if not asked.has_others:
        return None
    return Button(label=speaker.plain.text("Another meter"), press=press(Action.READ, photo_id))


def cancel_button(speaker: Speaker) -> Button:
    """Return the way out."""
    return Button(label=speaker.plain.text("Cancel"), press=press(Action.CANCEL))
