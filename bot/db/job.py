"""Slots of the jobs: each is run once, whoever ticks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, Text, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.metadata import table
from bot.db.types import UtcDateTime
from bot.db.upsert import insert_new
from bot.services.store import JobRun

job_slot = table(
    "job_slot",
    Column("job", Text, primary_key=True),
    Column("slot_at", UtcDateTime, primary_key=True),
    Column("status", Text, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("summary", Text),
)


RUNNING, DONE, FAILED, RETRYING = "RUNNING", "DONE", "FAILED", "RETRYING"
UNFINISHED = (RUNNING, RETRYING)


def _newest() -> Select[*tuple[Any, ...]]:
    """Return the newest slot of each job."""
    newest = (
        select(job_slot.c.job, func.max(job_slot.c.slot_at).label("slot_at"))
        .group_by(job_slot.c.job)
        .subquery()
    )
    return select(job_slot).join(
        newest, (newest.c.job == job_slot.c.job) & (newest.c.slot_at == job_slot.c.slot_at)
    )


class JobSlots:
    """The queue of the clock."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def latest(self, job: str) -> datetime | None:
        """Return the newest slot of a job that was ever claimed."""
        rows = await self._connection.execute(
            select(func.max(job_slot.c.slot_at)).where(job_slot.c.job == job)
        )
        newest: datetime | None = rows.scalar_one_or_none()
        return newest

    async def claim(self, job: str, slot_at: datetime, *, now: datetime, until: datetime) -> bool:
        """Take a slot until an instant; return False when somebody has it or had it.

        One that was abandoned, or failed and is to be tried again, can be taken.
        """
        slot = {"job": job, "slot_at": slot_at, "status": RUNNING, "lease_until": until}
        if await insert_new(self._connection, job_slot, slot):
            return True
        taken_over = await self._connection.execute(
            update(job_slot)
            .where(
                job_slot.c.job == job,
                job_slot.c.slot_at == slot_at,
                job_slot.c.status.in_(UNFINISHED),
                job_slot.c.lease_until <= now,
            )
            .values(status=RUNNING, lease_until=until, finished_at=None)
        )
        return taken_over.rowcount == 1

    async def renew(
        self, job: str, slot_at: datetime, *, held_until: datetime, until: datetime
    ) -> bool:
        """Hold a slot for longer, or let go of it; return False when it was lost meanwhile."""
        done = await self._connection.execute(
            update(job_slot)
            .where(
                job_slot.c.job == job,
                job_slot.c.slot_at == slot_at,
                job_slot.c.status == RUNNING,
                job_slot.c.lease_until == held_until,
            )
            .values(lease_until=until)
        )
        return done.rowcount == 1

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
        ending = {"finished_at": at, "summary": summary}
        if not failed:
            ending["status"] = DONE
        elif again_at is None:
            ending["status"] = FAILED
        else:
            ending |= {"status": RETRYING, "lease_until": again_at}
        await self._connection.execute(
            update(job_slot)
            .where(job_slot.c.job == job, job_slot.c.slot_at == slot_at)
            .values(ending)
        )

    async def abandoned(self, now: datetime) -> Sequence[tuple[str, datetime]]:
        """Return each job's newest slot if whoever claimed it never finished it, or failed and
        is to try again by now."""
        rows = await self._connection.execute(
            _newest().where(job_slot.c.status.in_(UNFINISHED), job_slot.c.lease_until <= now)
        )
        return [(row.job, row.slot_at) for row in rows]

    async def last_runs(self) -> Sequence[JobRun]:
        """Return the newest run of each job."""
        rows = await self._connection.execute(_newest())
        return [
            JobRun(
                job=row.job,
                slot_at=row.slot_at,
                finished_at=row.finished_at,
                failed=row.status in {FAILED, RETRYING},
                summary=row.summary,
            )
            for row in rows
        ]
