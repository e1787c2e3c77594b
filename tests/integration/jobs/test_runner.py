"""Jobs are run by slots that the store gives out, whatever happens to those who run them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.db.unit_of_work import SqlTransactions
from bot.jobs import Job, JobReport, Runner, running_jobs
from bot.jobs.runner import FIRST_RETRY, LEASE, Rhythm
from bot.jobs.slots import every
from bot.sandbox.clock import SandboxClock
from bot.services.doorbell import Doorbell
from bot.services.store import JobRun

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUICK = Rhythm(tick_s=0.01, heartbeat_s=0.01, worker_s=0.01, worker_rest_s=0.02, farewell_s=0.05)
SLOW = Rhythm(tick_s=3600, heartbeat_s=3600, worker_s=3600, worker_rest_s=3600, farewell_s=5)


class Work:
    """Counts its runs; it can be told to fail, or to wait until it may end."""

    def __init__(self) -> None:
        self.runs = 0
        self.ended = 0
        self.error: Exception | None = None
        self.started = asyncio.Event()
        self.often = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def run(self) -> JobReport:
        self.runs += 1
        self.started.set()
        if self.runs == 3:
            self.often.set()
        if self.error is not None:
            raise self.error
        await self.may_end.wait()
        self.ended += 1
        return JobReport(summary=f"run {self.runs}")


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(NOON + timedelta(minutes=10))


@pytest.fixture
async def work() -> Work:
    return Work()


Start = Callable[..., Runner]


@pytest.fixture
async def start(transactions: SqlTransactions, clock: SandboxClock) -> AsyncIterator[Start]:
    runners: list[Runner] = []

    def begin(*jobs: Job, rhythm: Rhythm = SLOW) -> Runner:
        runners.append(Runner(jobs, transactions, clock, Doorbell(), rhythm))
        return runners[-1]

    yield begin
    for runner in runners:
        await runner.stop()


def hourly(work: Work, name: str = "work") -> Job:
    return Job(name=name, slots=every(HOUR), run=work.run)


async def ticked(runner: Runner) -> None:
    await runner.tick()
    await runner.idle()


async def last_run(transactions: SqlTransactions) -> JobRun:
    async with transactions.read() as unit:
        (run,) = await unit.jobs.last_runs()
    return run


async def test_a_slot_is_run_once(
    start: Start, work: Work, clock: SandboxClock, transactions: SqlTransactions
) -> None:
    runner = start(hourly(work))

    for _ in range(3):
        await ticked(runner)
        clock.step(timedelta(minutes=30))

    assert work.runs == 2
    assert await last_run(transactions) == JobRun(
        job="work",
        slot_at=NOON + HOUR,
        finished_at=NOON + HOUR + timedelta(minutes=10),
        failed=False,
        summary="run 2",
    )


async def test_two_processes_run_a_slot_once(start: Start, work: Work) -> None:
    first, second = start(hourly(work)), start(hourly(work))

    await asyncio.gather(ticked(first), ticked(second))

    assert work.runs == 1


async def test_a_clock_that_jumps_by_days_runs_the_newest_slot_only(
    start: Start, work: Work, clock: SandboxClock, transactions: SqlTransactions
) -> None:
    runner = start(hourly(work))
    await ticked(runner)

    clock.step(3 * DAY)
    await ticked(runner)
    await ticked(runner)

    assert work.runs == 2
    assert (await last_run(transactions)).slot_at == NOON + 3 * DAY


async def test_a_slot_missed_while_nobody_ran_is_caught_up(
    start: Start, work: Work, clock: SandboxClock
) -> None:
    before = start(hourly(work))
    await ticked(before)
    await before.stop()
    clock.step(3 * DAY)

    await ticked(start(hourly(work)))

    assert work.runs == 2


async def test_a_slot_that_was_run_is_not_run_again_after_a_restart(
    start: Start, work: Work
) -> None:
    before = start(hourly(work))
    await ticked(before)
    await before.stop()

    await ticked(start(hourly(work)))

    assert work.runs == 1


async def test_a_slot_whose_process_died_is_run_again_when_its_lease_is_over(
    start: Start, work: Work, clock: SandboxClock, transactions: SqlTransactions
) -> None:
    now = clock.now()
    async with transactions.begin() as unit:
        assert await unit.jobs.claim("work", NOON, now=now, until=now + LEASE)
    runner = start(hourly(work))

    await ticked(runner)
    assert work.runs == 0
    clock.step(LEASE)
    await ticked(runner)
    assert work.runs == 1


async def test_a_failure_is_logged_stored_and_tried_again_later(
    start: Start,
    work: Work,
    clock: SandboxClock,
    transactions: SqlTransactions,
    caplog: pytest.LogCaptureFixture,
) -> None:
    runner = start(hourly(work))
    work.error = OSError("no route")

    await ticked(runner)
    await ticked(runner)

    assert work.runs == 1
    run = await last_run(transactions)
    assert (run.failed, run.summary) == (True, "OSError")
    assert "job work failed" in caplog.text
    clock.step(FIRST_RETRY)
    await ticked(runner)
    clock.step(FIRST_RETRY)
    await ticked(runner)
    assert work.runs == 2
    work.error = None
    clock.step(FIRST_RETRY)
    await ticked(runner)
    assert work.runs == 3
    assert not (await last_run(transactions)).failed


async def test_the_failure_of_one_job_stops_no_other(start: Start, work: Work) -> None:
    broken = Work()
    broken.error = RuntimeError()

    await ticked(start(hourly(broken, "broken"), hourly(work)))

    assert (broken.runs, work.runs) == (1, 1)


async def test_a_long_run_is_not_begun_a_second_time(
    start: Start, work: Work, clock: SandboxClock
) -> None:
    runner = start(hourly(work))
    work.may_end.clear()
    await runner.tick()
    await work.started.wait()

    clock.step(2 * HOUR)
    await runner.tick()
    assert work.runs == 1

    work.may_end.set()
    await runner.idle()
    await ticked(runner)
    assert work.runs == 2


async def test_a_long_run_holds_its_slot_by_its_heartbeat(
    start: Start, work: Work, clock: SandboxClock, transactions: SqlTransactions
) -> None:
    runner = start(hourly(work), rhythm=QUICK)
    work.may_end.clear()
    await runner.tick()
    clock.step(LEASE - timedelta(seconds=1))
    beaten_at = clock.now() + LEASE

    async with asyncio.timeout(10):
        while not await is_held_until(transactions, beaten_at):  # noqa: ASYNC110 - a store tells nobody
            await asyncio.sleep(0)

    work.may_end.set()
    await runner.idle()
    assert work.ended == 1


async def is_held_until(transactions: SqlTransactions, until: datetime) -> bool:
    async with transactions.read() as unit:
        return not await unit.jobs.abandoned(until - timedelta(seconds=1))


async def test_a_run_whose_slot_was_taken_over_is_stopped(
    start: Start, work: Work, clock: SandboxClock, transactions: SqlTransactions
) -> None:
    runner = start(hourly(work), rhythm=QUICK)
    work.may_end.clear()
    await runner.tick()
    later = clock.now() + 10 * LEASE
    async with transactions.begin() as unit:
        assert await unit.jobs.claim("work", NOON, now=later, until=later + LEASE)

    await runner.idle()

    assert (work.runs, work.ended) == (1, 0)
    async with transactions.read() as unit:
        assert await unit.jobs.abandoned(later) == []


async def test_a_run_that_is_stopped_begins_again_at_once_with_the_next_start(
    start: Start, work: Work
) -> None:
    before = start(hourly(work), rhythm=QUICK)
    work.may_end.clear()
    await before.tick()
    await work.started.wait()
    await before.stop()
    assert (work.runs, work.ended) == (1, 0)

    work.may_end.set()
    await ticked(start(hourly(work)))

    assert (work.runs, work.ended) == (2, 1)


async def test_a_run_that_is_about_to_end_may_end(start: Start, work: Work) -> None:
    runner = start(hourly(work))
    work.may_end.clear()
    await runner.tick()
    await work.started.wait()

    stopping = asyncio.create_task(runner.stop())
    await asyncio.sleep(0)
    work.may_end.set()
    await stopping

    assert work.ended == 1


async def test_nothing_begins_after_the_end(start: Start, work: Work) -> None:
    runner = start(hourly(work))
    await runner.stop()

    await ticked(runner)

    assert work.runs == 0


# --- the scheduler and the workers: one database is enough --------------------------------

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_database
async def test_the_scheduler_ticks_and_the_workers_work(
    transactions: SqlTransactions, clock: SandboxClock, work: Work
) -> None:
    worker = Work()
    jobs = (hourly(work), Job(name="worker", run=worker.run))
    async with running_jobs(
        jobs, transactions=transactions, clock=clock, doorbell=Doorbell(), rhythm=QUICK
    ):
        async with asyncio.timeout(10):
            await work.started.wait()
            await worker.started.wait()
    runs = worker.runs

    assert work.ended == 1
    await asyncio.sleep(0)
    assert worker.runs == runs


@one_database
async def test_who_moves_the_clock_can_wait_for_what_that_brings_about(
    transactions: SqlTransactions, clock: SandboxClock, work: Work
) -> None:
    made, worked = Work(), Work()
    jobs = (
        hourly(work),
        Job(name="first", run=made.run),
        Job(name="second", run=worked.run),
    )
    async with running_jobs(
        jobs, transactions=transactions, clock=clock, doorbell=Doorbell(), rhythm=SLOW
    ) as runner:
        await runner.catch_up()
        before = work.ended, made.ended, worked.ended
        clock.step(HOUR)
        await runner.catch_up()

    assert work.ended == before[0] + 1
    assert made.ended > before[1]
    assert worked.ended > before[2]


async def test_nobody_waits_for_a_worker_that_ends(
    transactions: SqlTransactions, clock: SandboxClock, work: Work
) -> None:
    work.may_end.clear()
    async with running_jobs(
        (Job(name="worker", run=work.run),),
        transactions=transactions,
        clock=clock,
        doorbell=Doorbell(),
        rhythm=QUICK,
    ) as runner:
        await work.started.wait()
        waiting = asyncio.create_task(runner.catch_up())
        await asyncio.sleep(0)

    await asyncio.wait_for(waiting, 5)


async def test_the_bell_wakes_a_worker(transactions: SqlTransactions, clock: SandboxClock) -> None:
    worker, bell = Work(), Doorbell()
    jobs = (Job(name="worker", run=worker.run),)
    async with running_jobs(
        jobs, transactions=transactions, clock=clock, doorbell=bell, rhythm=SLOW
    ):
        async with asyncio.timeout(10):
            await worker.started.wait()
            worker.started.clear()
            await asyncio.sleep(0)
            bell.ring()
            await worker.started.wait()

    assert worker.runs >= 2


@one_database
async def test_a_worker_that_fails_is_tried_again_and_stops_nobody(
    transactions: SqlTransactions, clock: SandboxClock, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = Work(), Work()
    broken.error = RuntimeError("no")
    jobs = (Job(name="broken", run=broken.run), Job(name="fine", run=fine.run))
    async with running_jobs(
        jobs, transactions=transactions, clock=clock, doorbell=Doorbell(), rhythm=QUICK
    ):
        async with asyncio.timeout(10):
            await broken.often.wait()
            await fine.often.wait()

    assert "worker broken failed" in caplog.text


@one_database
async def test_a_worker_is_let_finish_what_it_does(
    transactions: SqlTransactions, clock: SandboxClock
) -> None:
    worker = Work()
    worker.may_end.clear()
    jobs = (Job(name="worker", run=worker.run),)
    async with running_jobs(
        jobs, transactions=transactions, clock=clock, doorbell=Doorbell(), rhythm=SLOW
    ):
        await worker.started.wait()
        asyncio.get_running_loop().call_soon(worker.may_end.set)

    assert worker.ended == worker.runs == 1


@one_database
async def test_the_scheduler_is_silent(
    transactions: SqlTransactions, clock: SandboxClock, caplog: pytest.LogCaptureFixture, work: Work
) -> None:
    caplog.set_level(logging.INFO)
    async with running_jobs(
        (hourly(work),), transactions=transactions, clock=clock, doorbell=Doorbell(), rhythm=QUICK
    ):
        async with asyncio.timeout(10):
            await work.started.wait()

    assert [each.name for each in caplog.records if each.name.startswith("apscheduler")] == []
