"""What keeps a chat exact, as the use cases see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.services.store import Dialog


class Chats(Protocol):
    """Marks that make doing a thing twice the same as doing it once."""

    async def is_new(self, update_id: int, *, at: datetime) -> bool:
        """Mark an update as handled; return False when it was."""
        ...

    async def is_handled(self, update_id: int) -> bool:
        """Return whether an update is marked as handled."""
        ...

    async def spend(self, nonce: str, *, person_id: int, at: datetime) -> bool:
        """Use up a confirming button; return False when it was used before."""
        ...

    async def is_spent(self, nonce: str) -> bool:
        """Return whether a confirming button was used."""
        ...

    async def dialog(self, person_id: int) -> Dialog | None:
        """Return the step at which a person's dialog stands."""
        ...

    async def save_dialog(
        self, person_id: int, *, step: str, facts: Mapping[str, Any], at: datetime
    ) -> None:
        """Store the step at which a person's dialog stands."""
        ...

    async def end_dialog(self, person_id: int) -> None:
        """Forget a person's dialog."""
        ...
