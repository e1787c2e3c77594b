"""First words, and words for those who came to the wrong place."""

from dataclasses import replace

from bot.i18n import Safe, Speaker
from bot.telegram.screen import Screen
from bot.telegram.screens.html import blocks, italic


def greeting(speaker: Speaker) -> Screen:
    """Return what a stranger is told: where to go, and nothing else."""
    return Screen(
        html=speaker.text(
            "This bot is for tenants of buildings that use it.\n"
            "Ask your manager for your invitation link."
        )
    )


def only_private(speaker: Speaker) -> Safe:
    """Return what is said in a group."""
    return speaker.text(
        "I speak only in private, because it is about your money. Write to me there."
    )


def old_button(current: Screen | None, speaker: Speaker) -> Screen | None:
    """Return the current card, under a word on why it comes."""
    note = speaker.text("This button is from an older message. Here is the current one:")
    return noted(note, current)


def welcome(home: Screen | None, speaker: Speaker) -> Screen | None:
    """Return the first card of somebody who has just been let in."""
    return noted(speaker.text("Welcome! This is where you begin:"), home)


def unknown_command(command: str, help_screen: Screen | None, speaker: Speaker) -> Screen | None:
    """Return the help, under a word on why it comes."""
    return noted(speaker.text("I do not know /{command}.", command=command), help_screen)


def not_yours(command: str, help_screen: Screen | None, speaker: Speaker) -> Screen | None:
    """Return the help for somebody whose role does not cover a command."""
    note = speaker.text(
        "/{command} is not yours to do here. Ask your manager if you need it.", command=command
    )
    return noted(note, help_screen)


def not_understood(home: Screen | None, speaker: Speaker) -> Screen | None:
    """Return the card to go on from, for words that say nothing here."""
    return noted(speaker.text("I did not understand that. Here is where you can go on:"), home)


def noted(note: Safe, screen: Screen | None) -> Screen | None:
    """Return a card under a word on why it comes."""
    if screen is None:
        return None
    return replace(screen, html=blocks([italic(note)], [Safe(screen.html)]))
