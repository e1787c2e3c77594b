"""How rooms are called."""

import re

from bot.i18n import Safe, Speaker, escape

_NUMBERED = re.compile(r"(?:room)?\s*#?\s*(\d\S*)", re.IGNORECASE)


def room_title(name: str, speaker: Speaker) -> Safe:
    """Return a room's name; a numbered room is said as one in the reader's language."""
    numbered = _NUMBERED.fullmatch(name.strip())
    if numbered is not None:
        return speaker.text("Room {number}", number=numbered[1])
    return escape(name) if speaker.escapes else Safe(name)


def room_label(name: str) -> str:
    """Return a room as staff call it among each other: of a numbered one only the number."""
    numbered = _NUMBERED.fullmatch(name.strip())
    return name if numbered is None else numbered[1]
