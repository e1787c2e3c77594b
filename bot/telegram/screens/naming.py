"""Another name for a room or a place: one question."""

from bot.domain.place import Place, Room
from bot.i18n import Safe, Speaker
from bot.telegram.callbacks import Action, Press, press
from bot.telegram.screen import Button, Screen
from bot.telegram.screens.html import lines


def room_name_screen(room: Room, speaker: Speaker) -> Screen:
    """Return the question for a room's name."""
    return _question(
        room.name,
        speaker.text("Type its new name, for example 302 or Corner shop."),
        press(Action.ROOM_MORE, room.id),
        speaker,
    )


def place_name_screen(place: Place, speaker: Speaker) -> Screen:
    """Return the question for a building's name."""
    return _question(
        place.name,
        speaker.text("Type its new name, for example Lakeside Apartments."),
        press(Action.SETTINGS, place.id),
        speaker,
    )


def _question(name: str, example: Safe, back: Press, speaker: Speaker) -> Screen:
    asked = speaker.text("<b>What shall “{name}” be called?</b>", name=name)
    kept = speaker.text("Files that say the old name still mean it.")
    cancel = Button(label=speaker.plain.text("Cancel"), press=back)
    return Screen(html=lines(asked, example, kept), buttons=((cancel,),))
