"""Places and rooms in the store."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Text, UniqueConstraint, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Facts, Id, Paise
from bot.domain.place import LOSS_PERCENT, PHOTOS_KEPT, Place, Room
from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import ReadingWindow
from bot.services.stores.place import FormerName

place = table(
    "place",
    row_id(),
    Column("name", Text, nullable=False, unique=True),
    Column("space_id", Id, unique=True),
    Column("timezone", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("cut_off_paise", Paise, nullable=False),
    Column("low_balance_paise", Paise, nullable=False),
    Column("emergency_credit_paise", Paise, nullable=False),
    Column("rules", Facts, nullable=False),
)

room = table(
    "room",
    row_id(),
    to("place", "place_id"),
    Column("name", Text, nullable=False),
    UniqueConstraint("place_id", "name"),
)

former_name = table(
    "former_name",
    row_id(),
    to("place", "place_id"),
    to("room", "room_id", optional=True),
    Column("name", Text, nullable=False),
)


def place_from(row: AnyRow) -> Place:
    """Return the place of a row that holds the place's columns."""
    rules = row.rules
    hours = rules.get("protected_hours")
    return Place(
        id=row.id,
        name=row.name,
        zone=ZoneInfo(row.timezone),
        currency=row.currency,
        space_id=row.space_id,
        cut_off_paise=row.cut_off_paise,
        low_balance_paise=row.low_balance_paise,
        emergency_credit_paise=row.emergency_credit_paise,
        grace=timedelta(hours=rules.get("grace_hours", 0)),
        protected_hours=None if hours is None else hours_from(hours),
        holidays=frozenset(date.fromisoformat(on) for on in rules.get("holidays", ())),
        reading_window=_window_from(rules.get("reading_window")),
        photos_kept=timedelta(days=rules.get("photos_kept_days", PHOTOS_KEPT.days)),
        due_days=rules.get("due_days", 10),
        loss_percent=rules.get("loss_percent", LOSS_PERCENT),
        reminder_days=tuple(rules.get("reminder_days", (-3, 0, 3, 7))),
    )


def hours_from(facts: dict[str, Any]) -> ProtectedHours:
    """Return the window that facts hold."""
    return ProtectedHours(
        start=time.fromisoformat(facts["start"]),
        end=time.fromisoformat(facts["end"]),
        weekdays=frozenset(facts["weekdays"]),
    )


def hours_facts(hours: ProtectedHours) -> dict[str, Any]:
    """Return a window as facts that can be stored."""
    return {
        "start": hours.start.isoformat(),
        "end": hours.end.isoformat(),
        "weekdays": sorted(hours.weekdays),
    }


def _window_from(facts: dict[str, Any] | None) -> ReadingWindow | None:
    if facts is None:
        return None
    since = facts.get("since")
    return ReadingWindow(
        first_day=facts["first_day"],
        last_day=facts["last_day"],
        since_on=None if since is None else date.fromisoformat(since),
    )


def _window_facts(window: ReadingWindow) -> dict[str, Any]:
    since_on = window.since_on
    return {
        "first_day": window.first_day,
        "last_day": window.last_day,
        "since": None if since_on is None else since_on.isoformat(),
    }


def _rules_of(values: Place) -> dict[str, Any]:
    hours, window = values.protected_hours, values.reading_window
    return {
        "grace_hours": int(values.grace.total_seconds() // 3600),
        "holidays": sorted(on.isoformat() for on in values.holidays),
        "protected_hours": None if hours is None else hours_facts(hours),
        "due_days": values.due_days,
        "loss_percent": values.loss_percent,
        "reminder_days": list(values.reminder_days),
        "reading_window": None if window is None else _window_facts(window),
        "photos_kept_days": values.photos_kept.days,
    }


def _columns_of(values: Place) -> dict[str, Any]:
    return {
        "name": values.name,
        "space_id": values.space_id,
        "timezone": values.zone.key,
        "currency": values.currency,
        "cut_off_paise": values.cut_off_paise,
        "low_balance_paise": values.low_balance_paise,
        "emergency_credit_paise": values.emergency_credit_paise,
        "rules": _rules_of(values),
    }


def _room_from(row: AnyRow) -> Room:
    return Room(id=row.id, place_id=row.place_id, name=row.name)


class Places:
    """The buildings."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> Sequence[Place]:
        """Return every place, by name."""
        rows = await self._connection.execute(select(place).order_by(place.c.name))
        return [place_from(row) for row in rows]

    async def first(self, place_ids: Collection[int] | None, *, limit: int) -> Sequence[Place]:
        """Return the first of some places (None: of all), by name."""
        query = select(place).order_by(place.c.name).limit(limit)
        if place_ids is not None:
            query = query.where(place.c.id.in_(place_ids))
        return [place_from(row) for row in await self._connection.execute(query)]

    async def zones(self) -> Collection[ZoneInfo]:
        """Return the time zones in which there are places."""
        names = await self._connection.execute(select(place.c.timezone).distinct())
        return {ZoneInfo(name) for name in names.scalars()}

    async def get(self, place_id: int) -> Place | None:
        """Return a place."""
        rows = await self._connection.execute(select(place).where(place.c.id == place_id))
        row = rows.first()
        return None if row is None else place_from(row)

    async def find(self, *, name: str) -> Place | None:
        """Return the place of that name."""
        rows = await self._connection.execute(select(place).where(place.c.name == name))
        row = rows.first()
        return None if row is None else place_from(row)

    async def lock(self) -> None:
        """Let nobody else add places, or what is in them, before this unit is over."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(text("LOCK TABLE place IN SHARE ROW EXCLUSIVE MODE"))

    async def add(self, new: Place) -> Place:
        """Store a new place, whose `id` is ignored, and return it with its id."""
        rows = await self._connection.execute(
            insert(place).values(_columns_of(new)).returning(place.c.id)
        )
        return replace(new, id=rows.scalar_one())

    async def save(self, changed: Place) -> None:
        """Store a place's changed name and rules."""
        await self._connection.execute(
            update(place).where(place.c.id == changed.id).values(_columns_of(changed))
        )

    async def rooms(self, place_id: int) -> Sequence[Room]:
        """Return the rooms of a place, by name."""
        rows = await self._connection.execute(
            select(room).where(room.c.place_id == place_id).order_by(room.c.name)
        )
        return [_room_from(row) for row in rows]

    async def room(self, room_id: int) -> Room | None:
        """Return a room."""
        rows = await self._connection.execute(select(room).where(room.c.id == room_id))
        row = rows.first()
        return None if row is None else _room_from(row)

    async def add_room(self, *, place_id: int, name: str) -> Room:
        """Store a new room."""
        rows = await self._connection.execute(
            insert(room).values(place_id=place_id, name=name).returning(room.c.id)
        )
        return Room(id=rows.scalar_one(), place_id=place_id, name=name)

    async def save_room(self, changed: Room) -> None:
        """Store a room's changed name."""
        await self._connection.execute(
            update(room).where(room.c.id == changed.id).values(name=changed.name)
        )

    async def former_names(self) -> Sequence[FormerName]:
        """Return what rooms and places were called before, oldest first."""
        rows = await self._connection.execute(select(former_name).order_by(former_name.c.id))
        return [
            FormerName(place_id=row.place_id, room_id=row.room_id, name=row.name) for row in rows
        ]

    async def remember(self, former: FormerName) -> None:
        """Store what a room or a place was called until now."""
        await self._connection.execute(
            insert(former_name).values(
                place_id=former.place_id, room_id=former.room_id, name=former.name
            )
        )
