"""Which of some rooms somebody means who types several. Pure."""

import re
from collections.abc import Sequence

from bot.services.lease_tariff import RoomTariff
from bot.services.room_name import RoomName, is_named, matching_rooms

ALL = frozenset({"all", "every room", "सभी", "सब"})


class NoSuchRooms(ValueError):
    """A part of the text is not one of the rooms, or several of them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def parse_rooms(text: str, rooms: Sequence[RoomTariff]) -> tuple[int, ...]:
    """Return the leases of rooms such as `302, 303`, or of all. Raises NoSuchRooms."""
    if text.strip().casefold() in ALL:
        return tuple(room.lease_id for room in rooms)
    names = [
        RoomName(room_id=0, room=room.room, place="", tenant=room.tenant, lease_id=room.lease_id)
        for room in rooms
    ]
    parts = [part.strip() for part in re.split(r"[,;\n]+|\band\b|और", text) if part.strip()]
    found = [lease_id for part in parts for lease_id in _meant(part, names)]
    if not found:
        raise NoSuchRooms(text)
    return tuple(dict.fromkeys(found))


def _meant(part: str, names: Sequence[RoomName]) -> list[int]:
    """Return the one room that is meant, or several that are all named whole: `302 303`."""
    fitting = matching_rooms(part, names)
    if len(fitting) == 1:
        return [fitting[0].lease_id or 0]
    words = part.split()
    whole = [name for word in words for name in names if is_named(word, name)]
    if len(words) > 1 and len(whole) == len(words):
        return [name.lease_id or 0 for name in whole]
    raise NoSuchRooms(part)
