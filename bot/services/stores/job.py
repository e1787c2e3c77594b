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
        """Take a slot until an instant; return False when somebody has it or had it."""
        ...

    async def finish(
        self, job: str, slot_at: datetime, *, at: datetime, summary: str, failed: bool
    ) -> None:
        """Store how a slot went."""
        ...

    async def abandoned(self, now: datetime) -> Sequence[tuple[str, datetime]]:
        """Return the slots that were claimed by somebody who never finished them."""
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
