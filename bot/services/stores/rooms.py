"""Rooms as staff look for them, as the use cases see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

from bot.services.room_name import RoomName


class RoomFilter(Enum):
    """Which rooms are listed."""

    ALL = "all"
    LOW = "low"
    CUT = "cut"
    OFFLINE = "offline"
    OWING = "owing"
    VACANT = "vacant"

    @property
    def tells_of_money(self) -> bool:
        """Whether being in the list says something about a tenant's balance."""
        return self in {RoomFilter.LOW, RoomFilter.OWING}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomQuery:
    """Which rooms are wanted: of these places (None: of all), holding every word, on a day."""

    place_ids: frozenset[int] | None
    on: date
    words: tuple[str, ...] = ()
    only: RoomFilter = RoomFilter.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTally:
    """How many rooms there are, and how many of them want attention."""

    rooms: int = 0
    low: int = 0
    cut: int = 0
    offline: int = 0
    owing: int = 0
    vacant: int = 0

    def of(self, only: RoomFilter) -> int:
        """Return how many rooms a filter leaves."""
        return self.rooms if only is RoomFilter.ALL else int(getattr(self, only.value))


class RoomLists(Protocol):
    """Rooms with their present lease, page by page."""

    async def page(self, wanted: RoomQuery, *, offset: int, limit: int) -> Sequence[RoomName]:
        """Return rooms by place and number."""
        ...

    async def count(self, wanted: RoomQuery) -> int:
        """Return how many rooms a query finds."""
        ...

    async def shortest(self, wanted: RoomQuery, *, limit: int) -> Sequence[RoomName]:
        """Return rooms, those with the shortest names first: exact ones are among them."""
        ...

    async def tally(self, wanted: RoomQuery) -> RoomTally:
        """Return how many of the places' rooms each filter leaves."""
        ...

    async def of_leases(self, lease_ids: Collection[int]) -> Sequence[RoomName]:
        """Return the rooms of leases, by place and number."""
        ...

    async def one(self, room_id: int, *, on: date) -> RoomName | None:
        """Return one room with the lease of a day."""
        ...

    async def held_readings(self, place_ids: frozenset[int] | None) -> int:
        """Return how many readings of meters of these places a manager has yet to judge."""
        ...

    async def waiting_orders(self, place_ids: frozenset[int] | None) -> int:
        """Return how many orders to relays of these places are open."""
        ...
