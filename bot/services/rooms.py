"""Which room somebody means who types in a hurry. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+(?:[-/.]\w+)*")
_ROOM_WORDS = frozenset({"room", "flat", "shop", "unit", "no", "number", "apartment", "apt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomName:
    """A room as people may call it: by its own name, its building's, its tenant's."""

    room_id: int
    room: str
    place: str
    tenant: str = ""


def matching_rooms(typed: str, rooms: Iterable[RoomName]) -> Sequence[RoomName]:
    """Return the rooms that the text may mean, in the order given; those named exactly win.

    Every word has to fit: `302`, `Room 302`, `#302`, `lakeside 302` and `asha` all find
    Room #302 of Lakeside Apartments, let to Asha Rao. Nothing typed fits nothing.
    """
    words = [word for word in _words(typed) if word not in _ROOM_WORDS] or _words(typed)
    if not words:
        return []
    fitting = [room for room in rooms if all(_fits(word, room) for word in words)]
    exact = [room for room in fitting if _is_named_exactly(words, room)]
    return exact or fitting


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _fits(word: str, room: RoomName) -> bool:
    names = _words(f"{room.room} {room.place} {room.tenant}")
    return any(name.startswith(word) for name in names)


def _is_named_exactly(words: Sequence[str], room: RoomName) -> bool:
    """Return whether the room's own name was typed whole, whatever else narrows it down."""
    own = [word for word in _words(room.room) if word not in _ROOM_WORDS] or _words(room.room)
    return all(word in words for word in own)
