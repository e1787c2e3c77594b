"""What keeps a chat exact: updates handled, buttons spent, dialogs under way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Text, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import table, to
from bot.db.types import Facts, Id, UtcDateTime
from bot.services.store import Dialog

chat_update = table(
    "chat_update",
    Column("update_id", Id, primary_key=True),
    Column("handled_at", UtcDateTime, nullable=False),
)

spent_button = table(
    "spent_button",
    Column("nonce", Text, primary_key=True),
    to("person", "person_id"),
    Column("spent_at", UtcDateTime, nullable=False),
)

dialog = table(
    "dialog",
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("step", Text, nullable=False),
    Column("facts", Facts, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)


class Chats:
    """Marks that make doing a thing twice the same as doing it once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_new(self, update_id: int, *, at: datetime) -> bool:
        """Mark an update as handled; return False when it was."""
        known = await self._connection.execute(
            select(chat_update.c.update_id).where(chat_update.c.update_id == update_id)
        )
        if known.first() is not None:
            return False
        await self._connection.execute(
            insert(chat_update).values(update_id=update_id, handled_at=at)
        )
        return True

    async def spend(self, nonce: str, *, person_id: int, at: datetime) -> bool:
        """Use up a confirming button; return False when it was used before."""
        known = await self._connection.execute(
            select(spent_button.c.nonce).where(spent_button.c.nonce == nonce)
        )
        if known.first() is not None:
            return False
        await self._connection.execute(
            insert(spent_button).values(nonce=nonce, person_id=person_id, spent_at=at)
        )
        return True

    async def dialog(self, person_id: int) -> Dialog | None:
        """Return the step at which a person's dialog stands."""
        rows = await self._connection.execute(select(dialog).where(dialog.c.person_id == person_id))
        row = rows.first()
        if row is None:
            return None
        return Dialog(person_id=row.person_id, step=row.step, facts=row.facts)

    async def save_dialog(
        self, person_id: int, *, step: str, facts: Mapping[str, Any], at: datetime
    ) -> None:
        """Store the step at which a person's dialog stands."""
        values = {"step": step, "facts": dict(facts), "updated_at": at}
        updated = await self._connection.execute(
            update(dialog).where(dialog.c.person_id == person_id).values(values)
        )
        if updated.rowcount == 0:
            await self._connection.execute(insert(dialog).values(person_id=person_id, **values))

    async def end_dialog(self, person_id: int) -> None:
        """Forget a person's dialog."""
        await self._connection.execute(delete(dialog).where(dialog.c.person_id == person_id))
