"""What keeps a chat exact: updates handled, buttons spent, dialogs under way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import table, to
from bot.db.types import Facts, Id, UtcDateTime
from bot.db.upsert import insert_new, upsert
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
        values = {"update_id": update_id, "handled_at": at}
        return await insert_new(self._connection, chat_update, values)

    async def is_handled(self, update_id: int) -> bool:
        """Return whether an update is marked as handled."""
        rows = await self._connection.execute(
            select(chat_update.c.update_id).where(chat_update.c.update_id == update_id)
        )
        return rows.first() is not None

    async def spend(self, nonce: str, *, person_id: int, at: datetime) -> bool:
        """Use up a confirming button; return False when it was used before."""
        values = {"nonce": nonce, "person_id": person_id, "spent_at": at}
        return await insert_new(self._connection, spent_button, values)

    async def is_spent(self, nonce: str) -> bool:
        """Return whether a confirming button was used."""
        rows = await self._connection.execute(
            select(spent_button.c.nonce).where(spent_button.c.nonce == nonce)
        )
        return rows.first() is not None

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
        values = {"person_id": person_id, "step": step, "facts": dict(facts), "updated_at": at}
        await upsert(self._connection, dialog, [values])

    async def end_dialog(self, person_id: int) -> None:
        """Forget a person's dialog."""
        await self._connection.execute(delete(dialog).where(dialog.c.person_id == person_id))
