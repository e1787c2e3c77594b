"""What a lease cost in the last seven days, and how many of them it was metered. Rule 5.7."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import entry
from bot.db.lease import lease
from bot.db.metering import lease_meter
from bot.db.place import place
from bot.db.reading import reading
from bot.db.types import AnyRow
from bot.domain.ledger import EntryKind
from bot.domain.period import start_of

WEEK = timedelta(days=7)
ALMOST = timedelta(hours=1)
"""A check a little before the full day counts as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The cost of up to seven days, in paise."""

    cost_paise: int
    days: int


class Weeks:
    """The last week of leases."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def load(self, lease_ids: Collection[int], *, now: datetime) -> Mapping[int, Week]:
        """Return the last week by lease id."""
        costs = await self._costs(lease_ids, now)
        rows = await self._connection.execute(
            select(
                lease.c.id,
                lease.c.start_on,
                place.c.timezone,
                func.min(_first_reading_at()).label("first_at"),
            )
            .join(place, place.c.id == lease.c.place_id)
            .outerjoin(lease_meter, lease_meter.c.lease_id == lease.c.id)
            .where(lease.c.id.in_(lease_ids))
            .group_by(lease.c.id, lease.c.start_on, place.c.timezone)
        )
        return {row.id: Week(cost_paise=costs.get(row.id, 0), days=_days(row, now)) for row in rows}

    async def _costs(self, lease_ids: Collection[int], now: datetime) -> dict[int, int]:
        undone = entry.alias("undone")
        rows = await self._connection.execute(
            select(entry.c.lease_id, func.sum(entry.c.tenant_paise).label("paise"))
            .where(
                entry.c.lease_id.in_(lease_ids),
                entry.c.kind == EntryKind.DEDUCTION.value,
                entry.c.occurred_at > now - WEEK,
                ~exists().where(undone.c.reverses_id == entry.c.id),
            )
            .group_by(entry.c.lease_id)
        )
        return {row.lease_id: -int(row.paise) for row in rows}


def _first_reading_at() -> Any:
    return (
        select(reading.c.taken_at)
        .where(reading.c.meter_id == lease_meter.c.meter_id)
        .order_by(reading.c.taken_at)
        .limit(1)
        .scalar_subquery()
    )


def _days(row: AnyRow, now: datetime) -> int:
    """Return on how many days of the week the lease was metered, at least one."""
    since = max(row.first_at or now, start_of(row.start_on, ZoneInfo(row.timezone)))
    return min(max((now - since + ALMOST).days, 1), WEEK.days)
