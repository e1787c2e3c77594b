"""Which room somebody means who types in a hurry. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+(?:[-/.]\w+)*")
_ROOM_WORDS = frozenset({"room", "flat", "shop", "unit", "no", "number", "apartment", "apt"})
_LIKE_ENOUGH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomName:
    """A room as people may call it: by its own name, its building's, its tenant's."""

    room_id: int
    room: str
    place: str
    tenant: str = ""
    place_id: int = 0
    lease_id: int | None = None


def search_words(typed: str) -> tuple[str, ...]:
    """Return the words that tell rooms apart: no case, European digits, without "room" or "#"."""
    words = _words(typed)
    return tuple([word for word in words if word not in _ROOM_WORDS] or words)


def matching_rooms(typed: str, rooms: Iterable[RoomName]) -> Sequence[RoomName]:
    """Return the rooms that the text may mean, in the order given; those named exactly win.

    Every word has to fit: `302`, `Room 302`, `#302`, `lakeside 302` and `asha` all find
    Room #302 of Lakeside Apartments, let to Asha Rao. Nothing typed fits nothing.
    """
    words = search_words(typed)
    if not words:
        return []
    fitting = [room for room in rooms if all(_fits(word, room) for word in words)]
    exact = [room for room in fitting if is_named(typed, room)]
    return exact or fitting


def is_named(typed: str, room: RoomName) -> bool:
    """Return whether the room's own name was typed whole, whatever else narrows it down."""
    words = search_words(typed)
    return all(word in words for word in search_words(room.room))


def nearest_rooms(typed: str, rooms: Iterable[RoomName], *, limit: int = 4) -> Sequence[RoomName]:
    """Return the rooms whose own names are most like what was typed, the likest first."""
    wanted = " ".join(search_words(typed))
    liked = [(_likeness(wanted, room), room) for room in rooms]
    liked.sort(key=lambda pair: (-pair[0], pair[1].room_id))
    return [room for likeness, room in liked[:limit] if likeness >= _LIKE_ENOUGH]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall("".join(map(_plain, text)))]


def _plain(character: str) -> str:
    """Return a digit of any script as the one that doors carry."""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _fits(word: str, room: RoomName) -> bool:
    names = _words(f"{room.room} {room.place} {room.tenant}")
    return any(name.startswith(word) for name in names)


def _likeness(wanted: str, room: RoomName) -> float:
    return SequenceMatcher(None, wanted, " ".join(search_words(room.room))).ratio()
