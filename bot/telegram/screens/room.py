"""How rooms are called."""

from bot.i18n import Safe, Speaker, escape


def room_title(name: str, speaker: Speaker) -> Safe:
    """Return a room's name, said as a room where it is a bare number."""
    if name[:1].isdigit():
        return speaker.text("Room {number}", number=name)
    return escape(name) if speaker.escapes else Safe(name)
