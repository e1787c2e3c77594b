"""The choice of the place through which somebody goes a round."""

from collections.abc import Sequence

from bot.domain.place import Place
from bot.i18n import Speaker
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button


def round_places_screen(places: Sequence[Place], speaker: Speaker) -> Screen:
    """Return the choice of a place, or that there is none."""
    said = speaker.text("<b>Round</b>\n\nThrough which building?")
    if not places:
        said = speaker.text("There is no building yet in which you read meters.")
    offered = [Button(label=each.name, press=press(Action.ROUND, each.id)) for each in places]
    return Screen(html=said, buttons=(*rows_of(*offered), (home_button(speaker),)))
