"""Who did what, for good."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Text, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import row_id, table, to
from bot.db.types import Facts, UtcDateTime

audit = table(
    "audit",
    row_id(),
    Column("at", UtcDateTime, nullable=False),
    to("person", "actor_id", optional=True),
    to("place", "place_id", optional=True),
    Column("action", Text, nullable=False),
    Column("facts", Facts, nullable=False),
)


class AuditTrail:
    """The append-only trail of staff actions."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        *,
        at: datetime,
        actor_id: int | None,
        place_id: int | None,
        action: str,
        facts: Mapping[str, object],
    ) -> None:
        """Append one line."""
        await self._connection.execute(
            insert(audit).values(
                at=at, actor_id=actor_id, place_id=place_id, action=action, facts=dict(facts)
            )
        )
