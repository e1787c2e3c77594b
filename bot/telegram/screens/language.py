"""The choice of languages, each in its own words."""

from collections.abc import Sequence

from bot.i18n import Language, Speaker
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.help import home_button


def language_screen(languages: Sequence[Language], speaker: Speaker) -> Screen:
    """Return one button per language; the present one is ticked."""
    buttons = [
        Button(
            label=f"✓ {each.own_name}" if each.code == speaker.language else each.own_name,
            press=press(Action.LANGUAGE, each.code),
        )
        for each in languages
    ]
    return Screen(
        html=speaker.text("In which language shall I write to you?"),
        buttons=(*rows_of(*buttons), (home_button(speaker),)),
    )
