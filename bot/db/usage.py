"""Reads what people look at about their use."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.entry import entry
from bot.db.supply import relay_order
from bot.domain.ledger import EntryKind
from bot.services.store import OrderStatus
from bot.services.stores.usage import Switch

MOST_SWITCHES = 500


class Usage:
    """Costs and cuts of a lease over time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def cost_paise(self, lease_id: int, *, from_at: datetime, to_at: datetime) -> int:
        """Return what use in [from_at, to_at) was charged with, less what was reversed."""
        undone = entry.alias("undone")
        rows = await self._connection.execute(
            select(func.coalesce(func.sum(entry.c.tenant_paise), 0)).where(
                entry.c.lease_id == lease_id,
                entry.c.kind == EntryKind.DEDUCTION.value,
                entry.c.occurred_at >= from_at,
                entry.c.occurred_at < to_at,
                ~exists().where(undone.c.reverses_id == entry.c.id),
            )
        )
        return -int(rows.scalar_one())

    async def switched(self, lease_id: int, *, to_at: datetime) -> Sequence[Switch]:
        """Return when a lease's power went on or off before an instant, oldest first.

        Of very many only the latest ones.
        """
        rows = await self._connection.execute(
            select(relay_order.c.confirmed_at, relay_order.c.turn_on)
            .where(
                relay_order.c.lease_id == lease_id,
                relay_order.c.status == OrderStatus.CONFIRMED.value,
                relay_order.c.confirmed_at < to_at,
            )
            .order_by(relay_order.c.confirmed_at.desc(), relay_order.c.id.desc())
            .limit(MOST_SWITCHES)
        )
        return [Switch(at=row.confirmed_at, on=row.turn_on) for row in reversed(rows.all())]
