"""Messages that wait, as the use cases see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.services.store import Notice, NoticeStatus


class Outbox(Protocol):
    """Notices and the chat messages that show them."""

    async def add(self, notices: Sequence[Notice]) -> None:
        """Store notices, whose ids are ignored; one with a known key is left out."""
        ...

    async def lease_due(self, now: datetime, *, until: datetime, limit: int) -> Sequence[Notice]:
        """Take due notices for this worker alone until an instant, oldest first."""
        ...

    async def settle(
        self,
        notice_id: int,
        *,
        status: NoticeStatus,
        at: datetime,
        due_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        """Store how the delivery of a notice went."""
        ...

    async def in_thread(self, thread: str) -> Sequence[Notice]:
        """Return the latest notice of each person in a thread."""
        ...

    async def message_of(self, thread: str, *, person_id: int) -> int | None:
        """Return the message that shows a thread to a person."""
        ...

    async def bind_message(self, thread: str, *, person_id: int, message_id: int) -> None:
        """Say which message shows a thread to a person from now on."""
        ...

    async def counts(self) -> Mapping[NoticeStatus, int]:
        """Return how many notices there are, by status."""
        ...
