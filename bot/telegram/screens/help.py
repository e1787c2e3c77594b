"""What one can do here."""

from collections.abc import Sequence

from telegram import BotCommand

from bot.i18n import Speaker
from bot.telegram.callbacks import Action, press
from bot.telegram.screen import Button, Screen, rows_of
from bot.telegram.screens.greeting import noted
from bot.telegram.screens.html import blocks, bold, line

READING = "reading"


def help_screen(menu: Sequence[BotCommand], speaker: Speaker) -> Screen:
    """Return the commands of a person, and that none has to be typed."""
    reads = any(each.command == READING for each in menu)
    commands = [line(f"/{each.command}", each.description, between="  ") for each in menu]
    return Screen(
        html=blocks(
            [bold(speaker.text("What you can do here"))],
            commands,
            [speaker.text("Everything also has a button: begin with the card.")],
        ),
        buttons=rows_of(
            home_button(speaker),
            reading_button(speaker) if reads else None,
            language_button(speaker),
        ),
    )


def home_button(speaker: Speaker, *arguments: int) -> Button:
    """Return the way to the card that one begins with."""
    return Button(label=speaker.plain.text("‹ Home"), press=press(Action.HOME, *arguments))


def reading_button(speaker: Speaker) -> Button:
    """Return the way to reading a meter with a photo."""
    return Button(label=speaker.plain.text("📷 Read a meter"), press=press(Action.READ))


def language_button(speaker: Speaker) -> Button:
    """Return the way to the choice of languages, which finds those who read none of this."""
    return Button(label=speaker.plain.text("🌐 Language"), press=press(Action.LANGUAGE))


def cancelled(home: Screen | None, speaker: Speaker, *, left_something: bool) -> Screen | None:
    """Return the card to go on from, under a word on what cancelling did."""
    if left_something:
        return noted(speaker.text("Cancelled. Nothing was changed."), home)
    return noted(speaker.text("There is nothing to cancel."), home)
