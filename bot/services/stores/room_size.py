"""How many people rooms are for and how large they are, as the use cases see it."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.meter import SplitKey
from bot.domain.room_size import RoomSize, Sizes


class RoomSizes(Protocol):
    """How many people rooms are for, and how large they are."""

    async def of_place(self, place_id: int, key: SplitKey) -> Mapping[int, Sizes]:
        """Return the sizes of the rooms of a place by a key, oldest first, by room id; rooms of
        which nothing is known are missing."""
        ...

    async def of_room(self, room_id: int, key: SplitKey) -> Sizes:
        """Return the sizes of a room by a key, oldest first."""
        ...

    async def put(self, room_id: int, key: SplitKey, size: RoomSize) -> None:
        """Store the size of a room from a day on, and forget those that were to come later."""
        ...
