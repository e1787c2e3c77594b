"""Photos of meters in the store; the pictures themselves are files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Text,
    and_,
    exists,
    false,
    insert,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.claim import payment_claim
from bot.db.dispute import dispute, dispute_step
from bot.db.lease import lease
from bot.db.metadata import row_id, table, to
from bot.db.meter import lease_meter, meter, sheet_from
from bot.db.place import place, room
from bot.db.reading import reading
from bot.db.types import AnyRow, Facts, Id, UtcDateTime
from bot.domain.meter import MeterStatus
from bot.services.stores.meter_sheet import MeterLine
from bot.services.stores.photo import Photo, Proposed, ReadableQuery

photo = table(
    "photo",
    row_id(),
    Column("file_name", Text, nullable=False, unique=True),
    Column("size_bytes", Id, nullable=False),
    to("person", "taken_by", optional=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("proposal", Facts),
    Index(
        "ix_photo_kept",
        "received_at",
        sqlite_where=text("deleted_at IS NULL"),
        postgresql_where=text("deleted_at IS NULL"),
    ),
)


class Photos:
    """Photos, and the meters of which they may be."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Photo) -> Photo:
        """Store a new photo, whose id is ignored, and return it with its id."""
        rows = await self._connection.execute(
            insert(photo)
            .values(
                file_name=new.file_name,
                size_bytes=new.size_bytes,
                taken_by=new.taken_by,
                received_at=new.received_at,
            )
            .returning(photo.c.id)
        )
        return replace(new, id=rows.scalar_one())

    async def get(self, photo_id: int) -> Photo | None:
        """Return one photo."""
        rows = await self._connection.execute(select(photo).where(photo.c.id == photo_id))
        row = rows.first()
        return None if row is None else _photo_from(row)

    async def propose(self, photo_id: int, proposed: Proposed) -> None:
        """Store what was read from a photo."""
        facts = {"meter_id": proposed.meter_id, "values": [str(each) for each in proposed.values]}
        await self._connection.execute(
            update(photo).where(photo.c.id == photo_id).values(proposal=facts)
        )

    async def place_ids(self, photo_id: int) -> Collection[int]:
        """Return the places whose meters were read with a photo."""
        rows = await self._connection.execute(
            select(meter.c.place_id)
            .join(reading, reading.c.meter_id == meter.c.id)
            .where(reading.c.photo_id == photo_id)
            .distinct()
        )
        return set(rows.scalars())

    async def claimed_at(self, photo_id: int) -> Collection[int]:
        """Return the places to which a photo was sent to prove a payment."""
        rows = await self._connection.execute(
            select(payment_claim.c.place_id).where(payment_claim.c.photo_id == photo_id)
        )
        return set(rows.scalars())

    async def disputed_at(self, photo_id: int) -> Collection[int]:
        """Return the places where a photo is part of a question."""
        rows = await self._connection.execute(
            select(dispute.c.place_id)
            .join(dispute_step, dispute_step.c.dispute_id == dispute.c.id)
            .where(dispute_step.c.photo_id == photo_id)
        )
        return set(rows.scalars())

    async def disputed_by(self, photo_id: int) -> Collection[int]:
        """Return the leases that question something with a photo, or are answered with it."""
        rows = await self._connection.execute(
            select(dispute.c.lease_id)
            .join(dispute_step, dispute_step.c.dispute_id == dispute.c.id)
            .where(dispute_step.c.photo_id == photo_id)
        )
        return set(rows.scalars())

    async def outdated(
        self,
        *,
        kept_since: Mapping[datetime, Collection[int]],
        unused_before: datetime,
        limit: int,
    ) -> Sequence[Photo]:
        """Return photos from before an instant that nobody needs any more, oldest first.

        `kept_since` says of which instant on the photos of places are kept; a place that it leaves
        out keeps none.
        """

        def is_kept(place_id: Column[int]) -> ColumnElement[bool]:
            return or_(
                false(),
                *(
                    and_(photo.c.received_at >= since_at, place_id.in_(place_ids))
                    for since_at, place_ids in kept_since.items()
                ),
            )

        is_needed = exists().where(
            reading.c.photo_id == photo.c.id,
            meter.c.id == reading.c.meter_id,
            is_kept(meter.c.place_id),
        ) | exists().where(
            payment_claim.c.photo_id == photo.c.id, is_kept(payment_claim.c.place_id)
        )
        is_needed |= exists().where(
            dispute_step.c.photo_id == photo.c.id,
            dispute.c.id == dispute_step.c.dispute_id,
            is_kept(dispute.c.place_id),
        )
        rows = await self._connection.execute(
            select(photo)
            .where(photo.c.deleted_at.is_(None), photo.c.received_at < unused_before, ~is_needed)
            .order_by(photo.c.received_at)
            .limit(limit)
        )
        return [_photo_from(row) for row in rows]

    async def mark_deleted(self, photo_ids: Collection[int], *, at: datetime) -> None:
        """Note that the files of photos are gone."""
        await self._connection.execute(
            update(photo).where(photo.c.id.in_(photo_ids)).values(deleted_at=at)
        )

    async def readable(self, wanted: ReadableQuery, *, limit: int) -> Sequence[MeterLine]:
        """Return meters, those that no device reads first, then by place and room."""
        rows = await self._connection.execute(
            select(meter, place.c.name.label("place_name"), room.c.name.label("room_name"))
            .join(place, place.c.id == meter.c.place_id)
            .outerjoin(room, room.c.id == meter.c.room_id)
            .where(
                meter.c.status == MeterStatus.ACTIVE.value,
                or_(_is_of_leases(wanted.lease_ids, wanted.on), _is_at(wanted.place_ids)),
                *(_is_called(word) for word in wanted.words),
            )
            .order_by(meter.c.udf1.is_not(None), place.c.name, room.c.name, meter.c.id)
            .limit(limit)
        )
        return [
            MeterLine(sheet=sheet_from(row), place=row.place_name, room=row.room_name)
            for row in rows
        ]


def _is_of_leases(lease_ids: Collection[int], on: date) -> ColumnElement[bool]:
    own: ColumnElement[bool] = meter.c.id.in_(
        select(lease_meter.c.meter_id)
        .join(lease, lease.c.id == lease_meter.c.lease_id)
        .where(
            lease.c.id.in_(lease_ids),
            lease.c.start_on <= on,
            lease.c.end_on.is_(None) | (lease.c.end_on > on),
        )
    )
    return own


def _is_at(place_ids: Collection[int] | None) -> ColumnElement[bool]:
    if place_ids is None:
        return true()
    there: ColumnElement[bool] = meter.c.place_id.in_(place_ids)
    return there


def _is_called(word: str) -> ColumnElement[bool]:
    names = (meter.c.name, meter.c.serial_number, meter.c.udf1, room.c.name)
    return or_(*(name.icontains(word, autoescape=True) for name in names))


def _photo_from(row: AnyRow) -> Photo:
    return Photo(
        id=row.id,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        taken_by=row.taken_by,
        received_at=row.received_at,
        deleted_at=row.deleted_at,
        proposed=None if row.proposal is None else _proposed_from(row.proposal),
    )


def _proposed_from(facts: Mapping[str, Any]) -> Proposed:
    values = tuple(Decimal(each) for each in facts["values"])
    return Proposed(meter_id=facts["meter_id"], values=values)
