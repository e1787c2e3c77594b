"""Runs jobs when they are due. The scheduler is only a clock: what was run stands in the store."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs.job import Job, JobReport
from bot.services.doorbell import Doorbell, Listener
from bot.services.ports import Clock
from bot.services.store import Transactions

_LOG = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often things are looked at, in real seconds, whatever the clock of the rules says."""

    tick_s: float = 1
    heartbeat_s: float = 60
    worker_s: float = 1
    worker_rest_s: float = 30
    farewell_s: float = 10


class Runner:
    """Starts what is due and keeps what it has started apart, so that one failure is one."""

    def __init__(
        self,
        jobs: Sequence[Job],
        transactions: Transactions,
        clock: Clock,
        doorbell: Doorbell,
        rhythm: Rhythm,
    ) -> None:
        self._jobs = jobs
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell
        self._rhythm = rhythm
        self._running: dict[str, asyncio.Task[None]] = {}
        self._claimed: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self._is_stopping = asyncio.Event()
        self._ticking: asyncio.Task[None] | None = None
        self._awaited: dict[str, list[asyncio.Future[None]]] = {}

    async def tick(self) -> None:
        """This function will start every job that has a slot which nobody has taken.

        Of several slots that were missed only the newest is run, as jobs look for what is due by
        themselves. It does not wait for what it starts.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            zones = {place.zone for place in await unit.places.all()}
            abandoned = await unit.jobs.abandoned(now)
        for job in self._jobs:
            slot_at = self._due_slot(job, now, zones, abandoned)
            if slot_at is not None:
                await self._start(job, slot_at, now)

    async def tick_apart(self) -> None:
        """This function will let a tick happen, unless one is still happening.

        The scheduler cancels what it waits for when it ends, and a tick is not to be cut in two.
        """
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self.tick(), name="tick")
            self._ticking.add_done_callback(_log_failure)

    def work(self) -> None:
        """This function will start the workers, which look for due rows until `stop`."""
        for job in self._jobs:
            if job.slots is None:
                worker = self._work(job, self._doorbell.listener())
                self._running[job.name] = asyncio.create_task(worker, name=job.name)

    async def idle(self) -> None:
        """This function will wait until nothing that a tick has started is running."""
        timed = {job.name for job in self._jobs if job.slots is not None}
        while tasks := [task for name, task in self._running.items() if name in timed]:
            await asyncio.wait(tasks)

    async def catch_up(self) -> None:
        """This function will do what is due by now, and return when it is done.

        The workers look once more in the order of the table, as one's work makes that of the
        next. For those who move the clock, and want to see what that brings about.
        """
        if self._ticking is not None:
            await asyncio.wait([self._ticking])
        await self.tick_apart()
        if self._ticking is not None:
            await asyncio.wait([self._ticking])
        await self.idle()
        for job in self._jobs:
            if job.slots is None and not self._is_stopping.is_set():
                looked = asyncio.get_running_loop().create_future()
                self._awaited.setdefault(job.name, []).append(looked)
                self._doorbell.ring()
                await looked

    async def stop(self) -> None:
        """This function will let what is running finish, but not for long."""
        self._is_stopping.set()
        self._doorbell.ring()
        if self._ticking is not None:
            await asyncio.wait([self._ticking])
        tasks = tuple(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._rhythm.farewell_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for awaited in self._awaited.values():
            _tell(awaited)

    def _due_slot(
        self,
        job: Job,
        now: datetime,
        zones: Collection[ZoneInfo],
        abandoned: Sequence[tuple[str, datetime]],
    ) -> datetime | None:
        if job.slots is None or job.name in self._running or self._is_stopping.is_set():
            return None
        slot_at = job.slots(now, zones).astimezone(UTC)
        claimed_at = self._claimed.get(job.name)
        is_new = claimed_at is None or slot_at > claimed_at
        return slot_at if is_new or (job.name, slot_at) in abandoned else None

    async def _start(self, job: Job, slot_at: datetime, now: datetime) -> None:
        until = now + LEASE
        async with self._transactions.begin() as unit:
            is_ours = await unit.jobs.claim(job.name, slot_at, now=now, until=until)
        self._claimed[job.name] = slot_at
        if is_ours:
            task = asyncio.create_task(self._run(job, slot_at, until), name=job.name)
            self._running[job.name] = task
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task.get_name(), None)
        _log_failure(task)

    async def _run(self, job: Job, slot_at: datetime, until: datetime) -> None:
        """Run one slot, with a heart that beats for it; let go of it when stopped."""
        held = _Held(job=job.name, slot_at=slot_at, until=until)
        work = asyncio.ensure_future(job.run())
        heart = asyncio.create_task(self._beat(held, work), name=f"heart of {job.name}")
        heart.add_done_callback(_log_failure)
        try:
            report = await work
        except asyncio.CancelledError:
            await self._let_go(held)
        except Exception as error:  # noqa: BLE001 - the edge: one job's failure stops no other
            _LOG.error("job %s failed", job.name, exc_info=error)
            await self._finish(held, type(error).__name__, failed=True)
        else:
            _LOG.info("job %s: %s", job.name, report.summary)
            await self._finish(held, report.summary, failed=False)
        finally:
            heart.cancel()

    async def _beat(self, held: "_Held", work: asyncio.Future[JobReport]) -> None:
        """Hold the slot for as long as the work takes; when it was lost, so is the work."""
        while True:
            await asyncio.sleep(self._rhythm.heartbeat_s)
            until = self._clock.now() + LEASE
            if not await self._renew(held, until):
                _LOG.warning("job %s was taken over", held.job)
                work.cancel()
                return
            held.until = until

    async def _renew(self, held: "_Held", until: datetime) -> bool:
        async with self._transactions.begin() as unit:
            return await unit.jobs.renew(held.job, held.slot_at, held_until=held.until, until=until)

    async def _let_go(self, held: "_Held") -> None:
        """Let the slot be taken at once by whoever is next, unless it was lost already."""
        _LOG.info("job %s was stopped before its end", held.job)
        await self._renew(held, self._clock.now())

    async def _finish(self, held: "_Held", summary: str, *, failed: bool) -> None:
        failures = self._failures.get(held.job, 0) + 1 if failed else 0
        self._failures[held.job] = failures
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await unit.jobs.finish(
                held.job,
                held.slot_at,
                at=now,
                summary=summary,
                failed=failed,
                again_at=now + retry_after(failures) if failed else None,
            )

    async def _work(self, job: Job, bell: Listener) -> None:
        failures = 0
        while not self._is_stopping.is_set():
            if await self._look(job):
                failures = 0
                await bell.wait(seconds=self._rhythm.worker_s)
            else:
                failures += 1
                rest_s = min(self._rhythm.worker_s * 2**failures, self._rhythm.worker_rest_s)
                await self._rest(rest_s)

    async def _look(self, job: Job) -> bool:
        """Do what is due, tell those who wait for it, and return whether all went well."""
        awaited = self._awaited.pop(job.name, [])
        try:
            await job.run()
        except Exception as error:  # noqa: BLE001 - the edge: it is tried again
            _LOG.error("worker %s failed", job.name, exc_info=error)
            return False
        finally:
            _tell(awaited)
        return True

    async def _rest(self, seconds: float) -> None:
        """Wait, whoever rings, unless it is the end."""
        waiting = asyncio.ensure_future(self._is_stopping.wait())
        await asyncio.wait({waiting}, timeout=seconds)
        waiting.cancel()


@dataclass(slots=True, kw_only=True)
class _Held:
    """A slot that this process holds, until when."""

    job: str
    slot_at: datetime
    until: datetime


def _tell(awaited: Iterable[asyncio.Future[None]]) -> None:
    """Let those go on who wait for a look, unless they do not wait any more."""
    for looked in awaited:
        if not looked.done():
            looked.set_result(None)


def _log_failure(task: asyncio.Task[None]) -> None:
    """Say that the store itself failed; a slot that it lost is found abandoned and run again."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _LOG.error("jobs cannot reach the store (%s)", task.get_name(), exc_info=error)


def retry_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures: doubling, up to a quarter of an hour."""
    return min(FIRST_RETRY * (1 << min(failures - 1, 10)), LONGEST_RETRY)


@asynccontextmanager
async def running_jobs(
    jobs: Sequence[Job],
    *,
    transactions: Transactions,
    clock: Clock,
    doorbell: Doorbell,
    rhythm: Rhythm | None = None,
) -> AsyncIterator[Runner]:
    """This function will run the jobs until it is left, and then wait a moment for their end."""
    rhythm = rhythm or Rhythm()
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every tick
    runner = Runner(jobs, transactions, clock, doorbell, rhythm)
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        runner.tick_apart,
        "interval",
        seconds=rhythm.tick_s,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    runner.work()
    try:
        yield runner
    finally:
        scheduler.shutdown(wait=False)
        await runner.stop()
