"""What one can do here."""

from collections.abc import Sequence

from telegram import BotCommand

from bot.i18n import Safe, Speaker, escape
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of


def help_screen(menu: Sequence[BotCommand], speaker: Speaker) -> Screen:
    """Return the commands of a person, and that none has to be typed."""
    lines = [f"/{line.command}  {escape(line.description)}" for line in menu]
    head = speaker.text("<b>What you can do here</b>")
    foot = speaker.text("Everything also has a button: begin with the card.")
    return Screen(
        html="\n".join([head, "", *lines, "", foot]),
        buttons=rows_of(home_button(speaker), language_button(speaker)),
    )


def home_button(speaker: Speaker, *arguments: int) -> Button:
    """Return the way to the card that one begins with."""
    return Button(label=_plain(speaker, "‹ Home"), press=press(Action.HOME, *arguments))


def language_button(speaker: Speaker) -> Button:
    """Return the way to the choice of languages, which finds those who read none of this."""
    return Button(label=_plain(speaker, "🌐 Language"), press=press(Action.LANGUAGE))


def cancelled(speaker: Speaker, *, had_dialog: bool) -> Safe:
    """Return what /cancel did."""
    if had_dialog:
        return speaker.text("Cancelled. Nothing was changed.")
    return speaker.text("There is nothing to cancel.")


def _plain(speaker: Speaker, message: str) -> str:
    return speaker.plain.text(message)
