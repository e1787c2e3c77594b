"""What was charged on readings, in the store."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.book import month_from
from bot.db.book_queries import MONTHS
from bot.db.entry import booked_from, charge_line, entry
from bot.db.types import AnyRow, written_out
from bot.domain.billing import LineKind, MonthToDate
from bot.domain.ledger import EntryKind
from bot.domain.service_kind import ServiceKind
from bot.services.store import BookedEntry, MonthLine

_undone = entry.alias("undone")
_off = charge_line.alias("off")
_IS_CHARGE = entry.c.kind == written_out(EntryKind.DEDUCTION)
_STANDS = and_(_IS_CHARGE, ~exists().where(_undone.c.reverses_id == entry.c.id))
# What takes a charge off its month has lines of its own.
_COUNTS = and_(
    _IS_CHARGE,
    ~exists().where(_undone.c.reverses_id == entry.c.id, _undone.c.id == _off.c.entry_id),
)


class ReadingCharges:
    """The deductions that stand, or count still, by when the use that they are for ended."""

    _connection: AsyncConnection

    async def charges(
        self, lease_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        """Return what was deducted for use that ends in (from_at, to_at] and not taken back."""
        return await self._ending(_STANDS, lease_id, from_at, to_at)

    async def given_away(
        self, lease_id: int, *, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        """Return what was taken back though the use, which ends in (from_at, to_at], counts in its
        month still."""
        return await self._ending(and_(_COUNTS, ~_STANDS), lease_id, from_at, to_at)

    async def _ending(
        self, which: ColumnElement[bool], lease_id: int, from_at: datetime, to_at: datetime
    ) -> Sequence[BookedEntry]:
        rows = await self._connection.execute(
            select(entry)
            .where(
                entry.c.lease_id == lease_id,
                entry.c.occurred_at > from_at,
                entry.c.occurred_at <= to_at,
                which,
            )
            .order_by(entry.c.occurred_at, entry.c.id)
        )
        return [booked_from(row) for row in rows]

    async def lines_of(self, entry_ids: Collection[int]) -> Sequence[tuple[int, MonthLine]]:
        """Return what entries charged for, by (entry id, line)."""
        if not entry_ids:
            return []
        rows = await self._connection.execute(
            select(charge_line)
            .where(charge_line.c.entry_id.in_(entry_ids))
            .order_by(charge_line.c.id)
        )
        return [(row.entry_id, _line_from(row)) for row in rows]

    async def charged_until(
        self, lease_id: int, *, service: ServiceKind, to_at: datetime, but: Collection[int]
    ) -> datetime | None:
        """Return up to when use of a service was deducted, of what ends by an instant and counts
        in its month, leaving entries out."""
        rows = await self._connection.execute(
            select(entry.c.occurred_at)
            .where(
                entry.c.lease_id == lease_id,
                entry.c.occurred_at <= to_at,
                entry.c.id.not_in(but),
                _COUNTS,
                exists().where(
                    charge_line.c.entry_id == entry.c.id, charge_line.c.service == service.value
                ),
            )
            .order_by(entry.c.occurred_at.desc())
            .limit(1)
        )
        return rows.scalar()

    async def months(
        self, lease_id: int, *, service: ServiceKind, since_on: date
    ) -> Mapping[date, MonthToDate]:
        """Return what a lease used of a service and was charged for it in each month since one."""
        asked = {"lease_ids": [lease_id], "since_on": since_on}
        grouped: dict[date, list[AnyRow]] = defaultdict(list)
        found = MONTHS.where(charge_line.c.service == service.value)
        for row in await self._connection.execute(found, asked):
            grouped[row.month_on].append(row)
        return {month_on: month_from(month_on, rows) for month_on, rows in grouped.items()}

    async def used_before(
        self,
        lease_id: int,
        month_on: date,
        *,
        service: ServiceKind,
        at: datetime,
        but: Collection[int],
    ) -> Decimal:
        """Return what of a service a lease was charged for in a month up to an instant, leaving
        entries and generators out, in the unit of its meters."""
        is_energy: ColumnElement[Any] = charge_line.c.kind == LineKind.ENERGY.value
        rows = await self._connection.execute(
            select(func.sum(charge_line.c.quantity, type_=charge_line.c.quantity.type))
            .join(entry, entry.c.id == charge_line.c.entry_id)
            .where(
                charge_line.c.lease_id == lease_id,
                charge_line.c.month_on == month_on,
                charge_line.c.service == service.value,
                charge_line.c.by_generator.is_(false()),
                is_energy,
                entry.c.occurred_at <= at,
                entry.c.id.not_in(but),
                _COUNTS,
            )
        )
        return rows.scalar() or Decimal(0)


def _line_from(row: AnyRow) -> MonthLine:
    return MonthLine(
        lease_id=row.lease_id,
        month_on=row.month_on,
        kind=LineKind(row.kind),
        name=row.name,
        version_id=row.version_id,
        by_generator=row.by_generator,
        quantity=row.quantity,
        amount_paise=row.amount_paise,
        since_on=row.since_on,
        service=ServiceKind(row.service),
    )
