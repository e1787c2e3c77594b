"""Leases, who lives in them, and what was said to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Text,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to, within_reason
from bot.db.place import hours_facts, hours_from
from bot.db.types import AnyRow, Facts, Flag, Id, LocalDate, Paise, UtcDateTime
from bot.db.upsert import insert_new
from bot.domain.lease import BillingMode, CheckInterval, Lease, Occupancy
from bot.domain.protection import ProtectedHours
from bot.services.store import LeaseProgress

lease = table(
    "lease",
    row_id(),
    to("place", "place_id"),
    to("room", "room_id"),
    Column("tenant_name", Text, nullable=False),
    Column("phone", Text),
    Column("mode", Text, nullable=False),
    Column("start_on", LocalDate, nullable=False),
    Column("end_on", LocalDate),
    to("tariff", "tariff_id"),
    Column("check_interval", Text, nullable=False),
    Column("cut_off_paise", Paise),
    Column("low_balance_paise", Paise),
    Column("emergency_credit_paise", Paise),
    Column("billing_day", Id, nullable=False),
    Column("is_protected", Flag, nullable=False),
    Column("protected_hours", Facts),
    Column("grace_until", UtcDateTime),
    Column("billing_since_at", UtcDateTime),
    Column("disputed_paise", Paise, nullable=False),
    Column("balance_paise", Paise, nullable=False),
    Column("low_given", Flag, nullable=False),
    Column("last_given_paise", Paise),
    Column("emergency_exhausted", Flag, nullable=False),
    Column("checked_at", UtcDateTime),
    CheckConstraint("billing_day BETWEEN 1 AND 28", name="billing_day"),
    CheckConstraint("end_on >= start_on", name="days_in_order"),
    within_reason("balance_paise"),
    Index(
        "uq_lease_running",
        "room_id",
        unique=True,
        sqlite_where=text("end_on IS NULL"),
        postgresql_where=text("end_on IS NULL"),
    ),
    Index("ix_lease_place", "place_id"),
    Index("ix_lease_room", "room_id"),
)

lease_tenant = table(
    "lease_tenant",
    to("lease", "lease_id", key=True),
    to("person", "person_id", key=True),
    Column("joined_at", UtcDateTime, nullable=False),
    Index("ix_lease_tenant_person", "person_id"),
)


def lease_from(row: AnyRow) -> Lease:
    """Return the lease of a row that holds the lease's columns."""
    return Lease(
        id=row.id,
        place_id=row.place_id,
        room_id=row.room_id,
        tenant_name=row.tenant_name,
        phone=row.phone,
        mode=BillingMode(row.mode),
        occupancy=Occupancy(start_on=row.start_on, end_on=row.end_on),
        tariff_id=row.tariff_id,
        check_interval=CheckInterval(row.check_interval),
        cut_off_paise=row.cut_off_paise,
        low_balance_paise=row.low_balance_paise,
        emergency_credit_paise=row.emergency_credit_paise,
        billing_day=row.billing_day,
        is_protected=row.is_protected,
        protected_hours=_own_hours(row.protected_hours),
        grace_until=row.grace_until,
        billing_since_at=row.billing_since_at,
    )


def _own_hours(facts: dict[str, Any] | None) -> tuple[ProtectedHours, ...] | None:
    return None if facts is None else tuple(hours_from(each) for each in facts["windows"])


def _hours_facts(hours: tuple[ProtectedHours, ...] | None) -> dict[str, Any] | None:
    return None if hours is None else {"windows": [hours_facts(each) for each in hours]}


def _columns_of(values: Lease) -> dict[str, Any]:
    return {
        "place_id": values.place_id,
        "room_id": values.room_id,
        "tenant_name": values.tenant_name,
        "phone": values.phone,
        "mode": values.mode.value,
        "start_on": values.occupancy.start_on,
        "end_on": values.occupancy.end_on,
        "tariff_id": values.tariff_id,
        "check_interval": values.check_interval.value,
        "cut_off_paise": values.cut_off_paise,
        "low_balance_paise": values.low_balance_paise,
        "emergency_credit_paise": values.emergency_credit_paise,
        "billing_day": values.billing_day,
        "is_protected": values.is_protected,
        "protected_hours": _hours_facts(values.protected_hours),
        "grace_until": values.grace_until,
        "billing_since_at": values.billing_since_at,
    }


class Leases:
    """The leases."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, lease_id: int) -> Lease | None:
        """Return a lease."""
        rows = await self._connection.execute(select(lease).where(lease.c.id == lease_id))
        row = rows.first()
        return None if row is None else lease_from(row)

    async def running_at(self, place_id: int) -> Mapping[int, Lease]:
        """Return the leases of a place that have no end, by room id."""
        rows = await self._connection.execute(
            select(lease).where(lease.c.place_id == place_id, lease.c.end_on.is_(None))
        )
        return {row.room_id: lease_from(row) for row in rows}

    async def at_place(self, place_id: int, *, on: date) -> Sequence[Lease]:
        """Return the leases of a place that are not over on a day, also those to come."""
        rows = await self._connection.execute(
            select(lease)
            .where(lease.c.place_id == place_id, lease.c.end_on.is_(None) | (lease.c.end_on > on))
            .order_by(lease.c.id)
        )
        return [lease_from(row) for row in rows]

    async def ids(self, *, after_id: int, limit: int) -> Sequence[int]:
        """Return the ids of the leases that come next, ended ones too."""
        rows = await self._connection.execute(
            select(lease.c.id).where(lease.c.id > after_id).order_by(lease.c.id).limit(limit)
        )
        return list(rows.scalars())

    async def add(self, new: Lease) -> Lease:
        """Store a new lease, whose id is ignored, with an empty balance."""
        rows = await self._connection.execute(
            insert(lease)
            .values(
                **_columns_of(new),
                balance_paise=0,
                disputed_paise=0,
                low_given=False,
                emergency_exhausted=False,
            )
            .returning(lease.c.id)
        )
        return replace(new, id=rows.scalar_one())

    async def save(self, changed: Lease) -> None:
        """Store changed terms."""
        await self._connection.execute(
            update(lease).where(lease.c.id == changed.id).values(_columns_of(changed))
        )

    async def save_progress(self, progress: Sequence[LeaseProgress]) -> None:
        """Store what was warned of and when it was checked."""
        if not progress:
            return
        await self._connection.execute(
            update(lease).where(lease.c.id == bindparam("of_lease")),
            [
                {
                    "of_lease": each.lease_id,
                    "low_given": each.armed.low_given,
                    "last_given_paise": each.armed.last_given_paise,
                    "emergency_exhausted": each.emergency_exhausted,
                    "checked_at": each.checked_at,
                }
                for each in progress
            ],
        )

    async def join(self, *, lease_id: int, person_id: int, at: datetime) -> bool:
        """Make a person a tenant of a lease; return False when they were one already."""
        values = {"lease_id": lease_id, "person_id": person_id, "joined_at": at}
        return await insert_new(self._connection, lease_tenant, values)

    async def tenants(self, lease_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        """Return the person ids of the tenants, by lease."""
        rows = await self._connection.execute(
            select(lease_tenant.c.lease_id, lease_tenant.c.person_id)
            .where(lease_tenant.c.lease_id.in_(lease_ids))
            .order_by(lease_tenant.c.joined_at, lease_tenant.c.person_id)
        )
        found: dict[int, tuple[int, ...]] = {}
        for lease_id, person_id in rows:
            found[lease_id] = (*found.get(lease_id, ()), person_id)
        return found
