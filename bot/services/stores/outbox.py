"""Messages that wait, as the use cases see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.services.store import Notice, NoticeStatus


class Outbox(Protocol):
    """Notices and the chat messages that show them."""

    async def add(self, notices: Sequence[Notice]) -> None:
        """Store notices, whose ids are ignored; one with a known key is left out."""
        ...

    async def strand(self, now: datetime, *, sparing: Collection[int] = ()) -> None:
        """Give up notices that somebody was sending and never settled: they become UNKNOWN."""
        ...

    async def lease_due(
        self, now: datetime, *, until: datetime, limit: int, sparing: Collection[int] = ()
    ) -> Sequence[Notice]:
        """Take due notices for this worker alone until an instant, oldest first.

        At most one for each person: the oldest, of a thread the newest; the ones before it in
        the thread become SUPERSEDED. People of `sparing`, and those whom somebody is writing to
        or will try again, wait: so each reads in order.
        """
        ...

    async def begin(self, leased: Notice, *, sending: bool, until: datetime) -> bool:
        """Hold a leased notice until an instant; return False when the lease was lost.

        With `sending`, it is never taken again by anybody, whatever happens now.
        """
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

    async def get(self, notice_id: int) -> Notice | None:
        """Return one notice."""
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

    async def unbind_message(self, thread: str, *, person_id: int) -> None:
        """Forget which message shows a thread to a person: it is gone."""
        ...

    async def undelivered(self, place_ids: frozenset[int] | None) -> Mapping[NoticeStatus, int]:
        """Return how many notices wait, or are lost, by status; None: everybody's, else those about
        leases of these places."""
        ...

    async def counts(self) -> Mapping[NoticeStatus, int]:
        """Return how many notices there are, by status."""
        ...
