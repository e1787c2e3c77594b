"""Slots of the jobs and the trail of actions, as the use cases see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.services.store import JobRun


class JobSlots(Protocol):
    """The queue of the clock."""

    async def latest(self, job: str) -> datetime | None:
        """Return the newest slot of a job that was ever claimed."""
        ...

    async def claim(self, job: str, slot_at: datetime, *, now: datetime, until: datetime) -> bool:
        """Take a slot until an instant; return False when somebody has it or had it.

        One that was abandoned, or failed and is to be tried again, can be taken.
        """
        ...

    async def renew(
        self, job: str, slot_at: datetime, *, held_until: datetime, until: datetime
    ) -> bool:
        """Hold a slot for longer, or let go of it; return False when it was lost meanwhile."""
        ...

    async def finish(
        self,
        job: str,
        slot_at: datetime,
        *,
        at: datetime,
        summary: str,
        failed: bool,
        again_at: datetime | None = None,
    ) -> None:
        """Store how a slot went; a failed one may be taken again from `again_at`."""
        ...

    async def abandoned(self, now: datetime) -> Sequence[tuple[str, datetime]]:
        """Return each job's newest slot if whoever claimed it never finished it, or failed and
        is to try again by now."""
        ...

    async def last_runs(self) -> Sequence[JobRun]:
        """Return the newest run of each job."""
        ...


class AuditTrail(Protocol):
    """The append-only trail of staff actions."""

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
        ...
