"""Reads what people look at about their use."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, bindparam, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import charge_line, entry
from bot.db.reading import reading
from bot.db.relay import relay_order
from bot.db.types import written_out
from bot.domain.billing import LineKind
from bot.domain.ledger import EntryKind
from bot.domain.metering import ReadingStatus
from bot.domain.service_kind import ServiceKind
from bot.services.store import OrderStatus
from bot.services.stores.usage import Charged, Switch

MOST_SWITCHES = 500


_undone = entry.alias("undone")

_ENERGY = (
    select(func.sum(charge_line.c.quantity))
    .where(charge_line.c.entry_id == entry.c.id, charge_line.c.kind == LineKind.ENERGY.value)
    .correlate(entry)
    .scalar_subquery()
)
_IS_OF_ANOTHER = exists().where(
    charge_line.c.entry_id == entry.c.id,
    charge_line.c.service != ServiceKind.ELECTRICITY.value,
)

_IS_TODAY = and_(entry.c.occurred_at >= bindparam("today_at"), ~_IS_OF_ANOTHER)
_IS_USUAL = and_(
    entry.c.occurred_at >= bindparam("usual_from_at"),
    entry.c.occurred_at < bindparam("usual_to_at"),
)

_INCLUDED = (
    select(reading.c.meter_id, func.sum(reading.c.consumption, type_=reading.c.consumption.type))
    .where(
        reading.c.meter_id.in_(bindparam("meter_ids", expanding=True)),
        reading.c.lease_id == bindparam("lease_id"),
        reading.c.taken_at > bindparam("month_at"),
        reading.c.status == written_out(ReadingStatus.ACCEPTED),
    )
    .group_by(reading.c.meter_id)
    .order_by(reading.c.meter_id)
)

_CHARGED = select(
    func.sum(case((_IS_TODAY, entry.c.tenant_paise))).label("today_paise"),
    func.sum(case((_IS_TODAY, _ENERGY)), type_=charge_line.c.quantity.type).label("today_quantity"),
    func.sum(case((_IS_USUAL, entry.c.tenant_paise))).label("usual_paise"),
).where(
    entry.c.lease_id == bindparam("lease_id"),
    entry.c.kind == written_out(EntryKind.DEDUCTION),
    entry.c.occurred_at >= bindparam("since_at"),
    ~exists().where(_undone.c.reverses_id == entry.c.id),
)


class Usage:
    """Costs and cuts of a lease over time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def charged(
        self,
        lease_id: int,
        *,
        today_at: datetime,
        month_at: datetime,
        usual_from_at: datetime,
        usual_to_at: datetime,
        included_ids: Collection[int] = (),
    ) -> Charged:
        """Return what electricity since `today_at`, and all use in [from, to), was charged with.

        What was reversed does not count. `included_ids` are the lease's meters whose use is
        included in the rent: that is told since `month_at`.
        """
        rows = await self._connection.execute(
            _CHARGED,
            {
                "lease_id": lease_id,
                "since_at": min(today_at, usual_from_at),
                "today_at": today_at,
                "usual_from_at": usual_from_at,
                "usual_to_at": usual_to_at,
            },
        )
        row = rows.one()
        return Charged(
            today_paise=-int(row.today_paise or 0),
            today_quantity=row.today_quantity or Decimal(0),
            usual_paise=-int(row.usual_paise or 0),
            included=await self._included(lease_id, included_ids, month_at),
        )

    async def _included(
        self, lease_id: int, meter_ids: Collection[int], since_at: datetime
    ) -> dict[int, Decimal]:
        if not meter_ids:
            return {}
        asked = {"lease_id": lease_id, "meter_ids": list(meter_ids), "month_at": since_at}
        rows = await self._connection.execute(_INCLUDED, asked)
        return {meter_id: used or Decimal(0) for meter_id, used in rows}

    async def switched(self, lease_id: int, *, to_at: datetime) -> Sequence[Switch]:
        """Return when a lease's power went on or off before an instant, oldest first.

        Of very many only the latest ones.
        """
        rows = await self._connection.execute(
            select(relay_order.c.confirmed_at, relay_order.c.turn_on)
            .where(
                relay_order.c.lease_id == lease_id,
                relay_order.c.status == written_out(OrderStatus.CONFIRMED),
                relay_order.c.confirmed_at < to_at,
            )
            .order_by(relay_order.c.confirmed_at.desc(), relay_order.c.id.desc())
            .limit(MOST_SWITCHES)
        )
        return [Switch(at=row.confirmed_at, on=row.turn_on) for row in reversed(rows.all())]
