"""How many people rooms are for and how large they are, in the store. Rule 8.2."""

from collections.abc import Mapping

from sqlalchemy import CheckConstraint, Column, Text, UniqueConstraint, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.place import room
from bot.db.types import AnyRow, LocalDate, RegisterValue
from bot.domain.meter import SplitKey
from bot.domain.room_size import RoomSize, Sizes

room_size = table(
    "room_size",
    row_id(),
    to("room", "room_id"),
    Column("key", Text, nullable=False),
    Column("from_on", LocalDate, nullable=False),
    Column("value", RegisterValue, nullable=False),
    UniqueConstraint("room_id", "key", "from_on"),
    CheckConstraint("value >= 0", name="no_less_than_nothing"),
)


class RoomSizes:
    """How many people rooms are for, and how large they are."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_place(self, place_id: int, key: SplitKey) -> Mapping[int, Sizes]:
        """Return the sizes of the rooms of a place by a key, oldest first, by room id; rooms of
        which nothing is known are missing."""
        rows = await self._connection.execute(
            select(room_size)
            .join(room, room.c.id == room_size.c.room_id)
            .where(room.c.place_id == place_id, room_size.c.key == key.value)
            .order_by(room_size.c.from_on)
        )
        found: dict[int, list[RoomSize]] = {}
        for row in rows:
            found.setdefault(row.room_id, []).append(_size_from(row))
        return found

    async def of_room(self, room_id: int, key: SplitKey) -> Sizes:
        """Return the sizes of a room by a key, oldest first."""
        rows = await self._connection.execute(
            select(room_size)
            .where(room_size.c.room_id == room_id, room_size.c.key == key.value)
            .order_by(room_size.c.from_on)
        )
        return [_size_from(row) for row in rows]

    async def put(self, room_id: int, key: SplitKey, size: RoomSize) -> None:
        """Store the size of a room from a day on, and forget those that were to come later."""
        locked = select(room.c.id).where(room.c.id == room_id).with_for_update()
        await self._connection.execute(locked)
        await self._connection.execute(
            delete(room_size).where(
                room_size.c.room_id == room_id,
                room_size.c.key == key.value,
                room_size.c.from_on >= size.from_on,
            )
        )
        await self._connection.execute(
            insert(room_size).values(
                room_id=room_id, key=key.value, from_on=size.from_on, value=size.value
            )
        )


def _size_from(row: AnyRow) -> RoomSize:
    return RoomSize(from_on=row.from_on, value=row.value)
