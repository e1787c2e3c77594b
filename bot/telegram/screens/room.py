"""How rooms are called."""

from bot.i18n.room_names import NUMBERED
from bot.i18n.room_names import room_title as room_title


def room_label(name: str) -> str:
    """Return a room as staff call it among each other: of a numbered one only the number."""
    numbered = NUMBERED.fullmatch(name.strip())
    return name if numbered is None else numbered[1]
