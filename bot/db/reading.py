"""Readings of meters in the store."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.types import AnyRow, Consumed, Flag, Id, RegisterValue, UtcDateTime, written_out
from bot.db.upsert import insert_missing
from bot.domain.metering import Reading, ReadingStatus, ReadingType, RegisterPoint

reading = table(
    "reading",
    row_id(),
    to("meter", "meter_id"),
    to("installation", "installation_id"),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("value", RegisterValue, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("previous_value", RegisterValue),
    Column("consumption", Consumed),
    Column("is_anomalous", Flag, nullable=False),
    to("lease", "lease_id", optional=True),
    Column("revision", Id, nullable=False),
    to("reading", "corrects_id", optional=True),
    Column("is_billing", Flag, nullable=False),
    Column("reader_name", Text),
    to("person", "reader_id", optional=True),
    Column("notes", Text),
    to("photo", "photo_id", optional=True),
    Column("proposed_value", RegisterValue),
    UniqueConstraint("installation_id", "taken_at", "type", "revision"),
    CheckConstraint("value >= 0", name="value_positive"),
    Index("ix_reading_meter_taken", "meter_id", "taken_at"),
    Index(
        "ix_reading_by_people",
        "meter_id",
        "type",
        "taken_at",
        sqlite_where=text("type <> 'AUTOMATIC'"),
        postgresql_where=text("type <> 'AUTOMATIC'"),
    ),
    Index(
        "ix_reading_billing",
        "meter_id",
        "taken_at",
        sqlite_where=text("is_billing"),
        postgresql_where=text("is_billing"),
    ),
    Index(
        "ix_reading_corrects",
        "corrects_id",
        sqlite_where=text("corrects_id IS NOT NULL"),
        postgresql_where=text("corrects_id IS NOT NULL"),
    ),
    Index(
        "ix_reading_photo",
        "photo_id",
        sqlite_where=text("photo_id IS NOT NULL"),
        postgresql_where=text("photo_id IS NOT NULL"),
    ),
    Index(
        "ix_reading_held",
        "meter_id",
        sqlite_where=text("status = 'HELD'"),
        postgresql_where=text("status = 'HELD'"),
    ),
)


def reading_from(row: AnyRow) -> Reading:
    """Return the reading of a row that holds the reading's columns."""
    return Reading(
        id=row.id,
        meter_id=row.meter_id,
        installation_id=row.installation_id,
        point=RegisterPoint(at=row.taken_at, value=row.value),
        type=ReadingType(row.type),
        status=ReadingStatus(row.status),
        previous_value=row.previous_value,
        consumption=row.consumption,
        is_anomalous=row.is_anomalous,
        lease_id=row.lease_id,
        revision=row.revision,
        corrects_id=row.corrects_id,
        is_billing=row.is_billing,
        reader_name=row.reader_name,
        reader_id=row.reader_id,
        notes=row.notes,
        photo_id=row.photo_id,
        proposed_value=row.proposed_value,
    )


class Readings:
    """What meters showed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_readings(self, new: Sequence[Reading]) -> Sequence[int]:
        """Store readings, whose ids are ignored; return the ids in the same order.

        One that is stored already (same installation, instant, type and revision) keeps its id.
        """
        if not new:
            return []
        await insert_missing(self._connection, reading, [reading_columns(each) for each in new])
        known = await self._known(new)
        return [known[_identity(each)] for each in new]

    async def _known(self, new: Sequence[Reading]) -> dict[tuple[int, datetime, str, int], int]:
        rows = await self._connection.execute(
            select(
                reading.c.id,
                reading.c.installation_id,
                reading.c.taken_at,
                reading.c.type,
                reading.c.revision,
            ).where(
                reading.c.installation_id.in_({each.installation_id for each in new}),
                reading.c.taken_at.in_({each.point.at for each in new}),
            )
        )
        return {(row.installation_id, row.taken_at, row.type, row.revision): row.id for row in rows}

    async def reading(self, reading_id: int) -> Reading | None:
        """Return one reading."""
        rows = await self._connection.execute(select(reading).where(reading.c.id == reading_id))
        row = rows.first()
        return None if row is None else reading_from(row)

    async def openings(self, lease_ids: Collection[int]) -> Mapping[tuple[int, int], Reading]:
        """Return the first reading that somebody typed in, by lease and meter."""
        rows = await self._connection.execute(
            select(reading)
            .where(
                reading.c.lease_id.in_(lease_ids),
                reading.c.type == ReadingType.MANUAL.value,
                reading.c.status == written_out(ReadingStatus.ACCEPTED),
            )
            .order_by(reading.c.taken_at.desc(), reading.c.id.desc())
        )
        return {(row.lease_id, row.meter_id): reading_from(row) for row in rows}

    async def held(self) -> Sequence[Reading]:
        """Return the readings of leases that a manager has yet to judge, oldest first."""
        rows = await self._connection.execute(
            select(reading)
            .where(
                reading.c.status == written_out(ReadingStatus.HELD), reading.c.lease_id.is_not(None)
            )
            .order_by(reading.c.taken_at, reading.c.id)
        )
        return [reading_from(row) for row in rows]

    async def readings_after(self, reading_id: int, *, limit: int) -> Sequence[Reading]:
        """Return the readings that come next in the order of storing."""
        rows = await self._connection.execute(
            select(reading).where(reading.c.id > reading_id).order_by(reading.c.id).limit(limit)
        )
        return [reading_from(row) for row in rows]

    async def latest(self, meter_id: int) -> Reading | None:
        """Return the latest accepted reading of a meter."""
        rows = await self._connection.execute(
            select(reading)
            .where(
                reading.c.meter_id == meter_id,
                reading.c.status == written_out(ReadingStatus.ACCEPTED),
            )
            .order_by(reading.c.taken_at.desc(), reading.c.id.desc())
            .limit(1)
        )
        row = rows.first()
        return None if row is None else reading_from(row)

    async def ends_of(self, installation_id: int) -> tuple[Reading | None, Reading | None]:
        """Return the first and the last accepted reading of an installation."""
        wanted = select(reading).where(
            reading.c.installation_id == installation_id,
            reading.c.status == written_out(ReadingStatus.ACCEPTED),
        )
        first = wanted.order_by(reading.c.taken_at, reading.c.id).limit(1)
        last = wanted.order_by(reading.c.taken_at.desc(), reading.c.id.desc()).limit(1)
        found = [(await self._connection.execute(each)).first() for each in (first, last)]
        ends = [None if row is None else reading_from(row) for row in found]
        return ends[0], ends[1]

    async def before(self, later: Reading) -> Reading | None:
        """Return the last accepted reading of the same lease and installation before another."""
        rows = await self._connection.execute(
            select(reading)
            .where(
                reading.c.installation_id == later.installation_id,
                reading.c.lease_id == later.lease_id,
                reading.c.taken_at < later.point.at,
                reading.c.status == written_out(ReadingStatus.ACCEPTED),
            )
            .order_by(reading.c.taken_at.desc(), reading.c.id.desc())
            .limit(1)
        )
        row = rows.first()
        return None if row is None else reading_from(row)

    async def judge(self, *, reading_id: int, status: ReadingStatus) -> bool:
        """Accept or reject a held reading; return False when it is held no longer."""
        done = await self._connection.execute(
            update(reading)
            .where(reading.c.id == reading_id, reading.c.status == written_out(ReadingStatus.HELD))
            .values(status=status.value)
        )
        return done.rowcount == 1


def _identity(each: Reading) -> tuple[int, datetime, str, int]:
    return each.installation_id, each.point.at, each.type.value, each.revision


def reading_columns(each: Reading) -> dict[str, Any]:
    """Return the columns that hold a reading."""
    return {
        "meter_id": each.meter_id,
        "installation_id": each.installation_id,
        "taken_at": each.point.at,
        "value": each.point.value,
        "type": each.type.value,
        "status": each.status.value,
        "previous_value": each.previous_value,
        "consumption": each.consumption,
        "is_anomalous": each.is_anomalous,
        "lease_id": each.lease_id,
        "revision": each.revision,
        "corrects_id": each.corrects_id,
        "is_billing": each.is_billing,
        "reader_name": each.reader_name,
        "reader_id": each.reader_id,
        "notes": each.notes,
        "photo_id": each.photo_id,
        "proposed_value": each.proposed_value,
    }
