"""The buildings, as the use cases see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.place import Place, Room


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerName:
    """What a room, or without one its place, was called before."""

    place_id: int
    room_id: int | None
    name: str


class Places(Protocol):
    """The buildings."""

    async def all(self) -> Sequence[Place]:
        """Return every place, by name."""
        ...

    async def first(self, place_ids: Collection[int] | None, *, limit: int) -> Sequence[Place]:
        """Return the first of some places (None: of all), by name."""
        ...

    async def zones(self) -> Collection[ZoneInfo]:
        """Return the time zones in which there are places."""
        ...

    async def get(self, place_id: int) -> Place | None:
        """Return a place."""
        ...

    async def find(self, *, name: str) -> Place | None:
        """Return the place of that name."""
        ...

    async def lock(self) -> None:
        """Let nobody else add places, or what is in them, before this unit is over."""
        ...

    async def add(self, new: Place) -> Place:
        """Store a new place, whose `id` is ignored, and return it with its id."""
        ...

    async def save(self, changed: Place) -> None:
        """Store a place's changed name and rules."""
        ...

    async def rooms(self, place_id: int) -> Sequence[Room]:
        """Return the rooms of a place, by name."""
        ...

    async def room(self, room_id: int) -> Room | None:
        """Return a room."""
        ...

    async def add_room(self, *, place_id: int, name: str) -> Room:
        """Store a new room."""
        ...

    async def save_room(self, changed: Room) -> None:
        """Store a room's changed name."""
        ...

    async def former_names(self) -> Sequence[FormerName]:
        """Return what rooms and places were called before, oldest first."""
        ...

    async def remember(self, former: FormerName) -> None:
        """Store what a room or a place was called until now."""
        ...
