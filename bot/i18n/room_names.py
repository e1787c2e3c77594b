"""How rooms are called."""

import re

from bot.i18n.markup import Safe, escape
from bot.i18n.speaker import Speaker

NUMBERED = re.compile(r"(?:room)?\s*#?\s*(\d\S*)", re.IGNORECASE)


def room_title(name: str, speaker: Speaker) -> Safe:
    """Return a room's name; a numbered room is said as one in the reader's language."""
    numbered = NUMBERED.fullmatch(name.strip())
    if numbered is not None:
        return speaker.text("Room {number}", number=numbered[1])
    return escape(name) if speaker.escapes else Safe(name)
