"""Shared use that was split, in the store. Section 8."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Text,
    UniqueConstraint,
    and_,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.lease import lease, lease_from
from bot.db.metadata import row_id, table, to, within_reason
from bot.db.meter import lease_meter
from bot.db.types import AnyRow, Consumed, Facts, Flag, Id, LocalDate, Paise, UtcDateTime
from bot.domain.allocation import Span, Stretch
from bot.domain.lease import Lease
from bot.domain.meter import SplitKey
from bot.services.allocation_record import Allocation, AllocationPart

allocation = table(
    "allocation",
    row_id(),
    to("place", "place_id"),
    to("meter", "meter_id"),
    Column("meter", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("from_on", LocalDate, nullable=False),
    Column("to_on", LocalDate, nullable=False),
    Column("is_residual", Flag, nullable=False),
    Column("key", Text, nullable=False),
    to("tariff", "tariff_id"),
    Column("quantity", Consumed, nullable=False),
    Column("net_paise", Paise, nullable=False),
    Column("tax_paise", Paise, nullable=False),
    Column("facts", Facts, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    to("person", "actor_id", optional=True),
    Column("reversed_at", UtcDateTime),
    to("person", "reversed_by", optional=True),
    Column("reason", Text),
    CheckConstraint("to_on >= from_on", name="days_in_order"),
    within_reason("net_paise"),
    within_reason("tax_paise"),
    Index(
        "uq_allocation_standing",
        "meter_id",
        "from_on",
        "to_on",
        unique=True,
        sqlite_where=text("reversed_at IS NULL"),
        postgresql_where=text("reversed_at IS NULL"),
    ),
    Index("ix_allocation_place", "place_id", "id"),
)

allocation_part = table(
    "allocation_part",
    row_id(),
    to("allocation", "allocation_id"),
    to("room", "room_id", optional=True),
    to("lease", "lease_id", optional=True),
    Column("room", Text, nullable=False),
    Column("tenant", Text),
    Column("days", Id, nullable=False),
    Column("measure", Consumed, nullable=False),
    Column("stretches", Facts),
    Column("weight", Consumed, nullable=False),
    Column("quantity", Consumed, nullable=False),
    Column("net_paise", Paise, nullable=False),
    Column("tax_paise", Paise, nullable=False),
    to("entry", "entry_id", optional=True),
    UniqueConstraint("entry_id"),
    Index("ix_allocation_part_of", "allocation_id", "id"),
    Index("ix_allocation_part_lease", "lease_id"),
)

_RATIO = Decimal("0.000001")


class Allocations:
    """Shared use that was split, and what it is split by."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Allocation) -> Allocation:
        """Store a split with its parts, whose id is ignored, and return it with its id.

        The database has one that stands for a meter and its days, not two.
        """
        rows = await self._connection.execute(
            insert(allocation).values(_columns_of(new)).returning(allocation.c.id)
        )
        stored = replace(new, id=rows.scalar_one())
        await self._connection.execute(
            insert(allocation_part), [_part_columns(stored.id, each) for each in new.parts]
        )
        return stored

    async def bind(self, allocation_id: int, entries: Mapping[int, int]) -> None:
        """Store which entry each lease's part was booked as, by lease id."""
        for lease_id, entry_id in entries.items():
            await self._connection.execute(
                update(allocation_part)
                .where(
                    allocation_part.c.allocation_id == allocation_id,
                    allocation_part.c.lease_id == lease_id,
                )
                .values(entry_id=entry_id)
            )

    async def get(self, allocation_id: int) -> Allocation | None:
        """Return a split with its parts."""
        return await self._one(allocation.c.id == allocation_id)

    async def of_place(
        self, place_id: int, *, before_id: int | None = None, limit: int = 10
    ) -> Sequence[Allocation]:
        """Return splits of a place, newest first, without their parts."""
        query = select(allocation).where(allocation.c.place_id == place_id)
        if before_id is not None:
            query = query.where(allocation.c.id < before_id)
        rows = await self._connection.execute(query.order_by(allocation.c.id.desc()).limit(limit))
        return [_allocation_from(row) for row in rows]

    async def standing(self, meter_id: int, span: Span) -> Allocation | None:
        """Return the split of a meter that stands and has a day of a span, with its parts."""
        return await self._one(
            and_(
                allocation.c.meter_id == meter_id,
                allocation.c.reversed_at.is_(None),
                allocation.c.from_on <= span.to_on,
                allocation.c.to_on >= span.from_on,
            )
        )

    async def charged_through(self, tariff_id: int) -> date | None:
        """Return the last day that was ever split at a tariff's prices, also if it was taken back;
        None where none was."""
        rows = await self._connection.execute(
            select(func.max(allocation.c.to_on)).where(allocation.c.tariff_id == tariff_id)
        )
        through_on: date | None = rows.scalar_one()
        return through_on

    async def until(self, meter_id: int, last_on: date) -> Allocation | None:
        """Return the split of a meter that stands and ends with a day."""
        return await self._one(
            and_(
                allocation.c.meter_id == meter_id,
                allocation.c.reversed_at.is_(None),
                allocation.c.to_on == last_on,
            )
        )

    async def take_back(
        self, allocation_id: int, *, at: datetime, actor_id: int | None, reason: str
    ) -> None:
        """Store that a split stands no more, since when, by whom and why."""
        await self._connection.execute(
            update(allocation)
            .where(allocation.c.id == allocation_id)
            .values(reversed_at=at, reversed_by=actor_id, reason=reason)
        )

    async def leases(self, place_id: int, span: Span) -> Sequence[Lease]:
        """Return the leases of a place that had a day of a span, by the day on which they began."""
        rows = await self._connection.execute(
            select(lease)
            .where(
                lease.c.place_id == place_id,
                lease.c.start_on <= span.to_on,
                lease.c.end_on.is_(None) | (lease.c.end_on > span.from_on),
            )
            .order_by(lease.c.start_on, lease.c.id)
        )
        return [lease_from(row) for row in rows]

    async def ratios(self, meter_id: int) -> Mapping[int, Decimal]:
        """Return the ratios of the leases that share a meter, ended ones too, by lease id."""
        rows = await self._connection.execute(
            select(lease_meter.c.lease_id, lease_meter.c.share_ppm).where(
                lease_meter.c.meter_id == meter_id, lease_meter.c.share_ppm.is_not(None)
            )
        )
        return {row.lease_id: row.share_ppm * _RATIO for row in rows}

    async def own_meters(self, lease_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
        """Return the meters that leases have for themselves, by lease id."""
        rows = await self._connection.execute(
            select(lease_meter.c.lease_id, lease_meter.c.meter_id).where(
                lease_meter.c.lease_id.in_(lease_ids), lease_meter.c.share_ppm.is_(None)
            )
        )
        found: dict[int, frozenset[int]] = {}
        for lease_id, meter_id in rows:
            found[lease_id] = found.get(lease_id, frozenset()) | {meter_id}
        return found

    async def _one(self, condition: ColumnElement[bool]) -> Allocation | None:
        rows = await self._connection.execute(
            select(allocation).where(condition).order_by(allocation.c.id).limit(1)
        )
        row = rows.first()
        if row is None:
            return None
        parts = await self._connection.execute(
            select(allocation_part)
            .where(allocation_part.c.allocation_id == row.id)
            .order_by(allocation_part.c.id)
        )
        return replace(_allocation_from(row), parts=tuple(_part_from(part) for part in parts))


def _columns_of(new: Allocation) -> dict[str, Any]:
    return {
        "place_id": new.place_id,
        "meter_id": new.meter_id,
        "meter": new.meter,
        "unit": new.unit,
        "from_on": new.span.from_on,
        "to_on": new.span.to_on,
        "is_residual": new.is_residual,
        "key": new.key.value,
        "tariff_id": new.tariff_id,
        "quantity": new.quantity,
        "net_paise": new.net_paise,
        "tax_paise": new.tax_paise,
        "facts": dict(new.facts),
        "created_at": new.created_at,
        "actor_id": new.actor_id,
    }


_OF_PART = (
    "room_id",
    "lease_id",
    "room",
    "tenant",
    "weight",
    "quantity",
    "net_paise",
    "tax_paise",
    "entry_id",
)


def _part_columns(allocation_id: int, part: AllocationPart) -> dict[str, Any]:
    """`measure` is that of the last days, `stretches` are there when days weighed differently."""
    told = {"stretches": [[each.days, str(each.measure)] for each in part.stretches]}
    return {
        "allocation_id": allocation_id,
        "days": part.days,
        "measure": part.stretches[-1].measure,
        "stretches": told if len(part.stretches) > 1 else None,
        **{name: getattr(part, name) for name in _OF_PART},
    }


def _part_from(row: AnyRow) -> AllocationPart:
    told = [[row.days, row.measure]] if row.stretches is None else row.stretches["stretches"]
    stretches = tuple(Stretch(days=days, measure=Decimal(measure)) for days, measure in told)
    return AllocationPart(stretches=stretches, **{name: getattr(row, name) for name in _OF_PART})


def _allocation_from(row: AnyRow) -> Allocation:
    return Allocation(
        id=row.id,
        place_id=row.place_id,
        meter_id=row.meter_id,
        meter=row.meter,
        unit=row.unit,
        span=Span(from_on=row.from_on, to_on=row.to_on),
        is_residual=row.is_residual,
        key=SplitKey(row.key),
        tariff_id=row.tariff_id,
        quantity=row.quantity,
        net_paise=row.net_paise,
        tax_paise=row.tax_paise,
        facts=row.facts,
        created_at=row.created_at,
        actor_id=row.actor_id,
        reversed_at=row.reversed_at,
        reversed_by=row.reversed_by,
        reason=row.reason,
    )
