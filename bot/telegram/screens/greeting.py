"""First words, and words for those who came to the wrong place."""

from dataclasses import replace

from bot.i18n import Safe, Speaker
from bot.telegram.screen import Screen


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
    if current is None:
        return None
    note = speaker.text("This button is from an older message. Here is the current one:")
    return _under(note, current)


def unknown_command(command: str, help_screen: Screen | None, speaker: Speaker) -> Screen:
    """Return the help, under a word on why it comes."""
    note = speaker.text("I do not know /{command}.", command=command)
    return _under(note, help_screen or Screen(html=""))


def _under(note: Safe, screen: Screen) -> Screen:
    return replace(screen, html=f"<i>{note}</i>\n\n{screen.html}".rstrip())
