"""Rounds in which people read meters, in the store."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Text,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.meter import meter, sheet_from
from bot.db.place import room
from bot.db.reading import reading, reading_from
from bot.db.types import AnyRow, Id, LocalDate, UtcDateTime
from bot.db.upsert import insert_new, upsert
from bot.domain.meter import MeterStatus
from bot.domain.metering import Reading, ReadingStatus, ReadingType
from bot.services.stores.reading_round import (
    HandMeter,
    ReadingRound,
    RoundStop,
    Skip,
    SkipReason,
)

AT_ONCE = 5_000
_BY_PEOPLE = [ReadingType.MANUAL.value, ReadingType.PHOTO.value]
_STANDING = [ReadingStatus.ACCEPTED.value, ReadingStatus.HELD.value]

reading_round = table(
    "reading_round",
    row_id(),
    to("place", "place_id"),
    Column("since_on", LocalDate, nullable=False),
    to("person", "begun_by", optional=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(
        "uq_reading_round_open",
        "place_id",
        unique=True,
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)

round_stop = table(
    "round_stop",
    to("reading_round", "round_id", key=True),
    Column("meter_id", Id, ForeignKey("meter.id", ondelete="CASCADE"), primary_key=True),
    to("person", "claimed_by", optional=True),
    Column("claimed_at", UtcDateTime),
    Column("skip_reason", Text),
    Column("skip_note", Text),
    to("person", "skipped_by", optional=True),
    Column("skipped_at", UtcDateTime),
    Index("ix_round_stop_meter", "meter_id"),
)


def _round_from(row: AnyRow) -> ReadingRound:
    return ReadingRound(
        id=row.id,
        place_id=row.place_id,
        since_on=row.since_on,
        begun_at=row.begun_at,
        finished_at=row.finished_at,
    )


def _stop_from(row: AnyRow) -> RoundStop:
    skip = None
    if row.skip_reason is not None:
        skip = Skip(
            reason=SkipReason(row.skip_reason),
            at=row.skipped_at,
            person_id=row.skipped_by,
            note=row.skip_note,
        )
    return RoundStop(
        meter_id=row.meter_id, claimed_by=row.claimed_by, claimed_at=row.claimed_at, skip=skip
    )


class ReadingRounds:
    """The rounds, and the meters that are read in them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def meters(self, place_id: int) -> Sequence[HandMeter]:
        """Return the meters in use of a place that people read, oldest first."""
        rows = await self._connection.execute(
            select(meter, room.c.name.label("room_name"))
            .outerjoin(room, room.c.id == meter.c.room_id)
            .where(
                meter.c.place_id == place_id,
                meter.c.status == MeterStatus.ACTIVE.value,
                meter.c.udf1.is_(None),
            )
            .order_by(meter.c.id)
        )
        return [HandMeter(sheet=sheet_from(row), room=row.room_name) for row in rows]

    async def read_since(self, meter_ids: Collection[int], at: datetime) -> Mapping[int, Reading]:
        """Return the latest reading that a person took of each meter since an instant.

        One that is held counts; one that was rejected or corrected does not.
        """
        ids = list(meter_ids)
        found: dict[int, Reading] = {}
        for first in range(0, len(ids), AT_ONCE):
            rows = await self._connection.execute(
                select(reading)
                .where(
                    reading.c.meter_id.in_(ids[first : first + AT_ONCE]),
                    reading.c.taken_at >= at,
                    reading.c.type.in_(_BY_PEOPLE),
                    reading.c.status.in_(_STANDING),
                )
                .order_by(reading.c.taken_at, reading.c.id)
            )
            found |= {row.meter_id: reading_from(row) for row in rows}
        return found

    async def under_way(self, place_id: int | None = None) -> Sequence[ReadingRound]:
        """Return the rounds that are not finished, of a place or of all; at most one of each."""
        wanted = select(reading_round).where(reading_round.c.finished_at.is_(None))
        if place_id is not None:
            wanted = wanted.where(reading_round.c.place_id == place_id)
        rows = await self._connection.execute(wanted.order_by(reading_round.c.id))
        return [_round_from(row) for row in rows]

    async def begin(
        self, *, place_id: int, since_on: date, person_id: int | None, at: datetime
    ) -> ReadingRound:
        """Store a round, or return the one that is under way in the place."""
        values = {
            "place_id": place_id,
            "since_on": since_on,
            "begun_by": person_id,
            "begun_at": at,
            "finished_at": None,
        }
        while True:  # the one in the way may be finished by others before it is looked at
            await insert_new(self._connection, reading_round, values)
            found = await self.under_way(place_id)
            if found:
                return found[0]

    async def lock(self, round_id: int) -> bool:
        """Let nobody else change a round before this unit is over; False when it is finished."""
        rows = await self._connection.execute(
            select(reading_round.c.finished_at)
            .where(reading_round.c.id == round_id)
            .with_for_update()
        )
        row = rows.first()
        return row is not None and row.finished_at is None

    async def stops(self, round_id: int) -> Mapping[int, RoundStop]:
        """Return the stops of a round by meter."""
        rows = await self._connection.execute(
            select(round_stop).where(round_stop.c.round_id == round_id)
        )
        return {row.meter_id: _stop_from(row) for row in rows}

    async def save_stop(self, round_id: int, stop: RoundStop) -> None:
        """Store a stop, in place of what was known of it."""
        skip = stop.skip
        values = {
            "round_id": round_id,
            "meter_id": stop.meter_id,
            "claimed_by": stop.claimed_by,
            "claimed_at": stop.claimed_at,
            "skip_reason": None if skip is None else skip.reason.value,
            "skip_note": None if skip is None else skip.note,
            "skipped_by": None if skip is None else skip.person_id,
            "skipped_at": None if skip is None else skip.at,
        }
        await upsert(self._connection, round_stop, [values])

    async def release(self, round_id: int, *, person_id: int) -> None:
        """Forget to which meter a person was sent."""
        await self._connection.execute(
            update(round_stop)
            .where(round_stop.c.round_id == round_id, round_stop.c.claimed_by == person_id)
            .values(claimed_by=None, claimed_at=None)
        )

    async def finish(self, round_id: int, *, at: datetime) -> None:
        """Say that a round is over."""
        await self._connection.execute(
            update(reading_round).where(reading_round.c.id == round_id).values(finished_at=at)
        )
