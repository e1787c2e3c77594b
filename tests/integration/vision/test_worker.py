import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from bot.vision.worker import Worker, WorkerBusy, WorkerCrashed, WorkerTooSlow
from tests.integration.vision.stand_ins import CRASH, HANG, niceness, worked

SOON_S = 0.05


@pytest.fixture
async def worker() -> AsyncIterator[Worker[bytes, tuple[int, bytes]]]:
    worker = Worker(worked)
    yield worker
    await worker.close()


async def test_nothing_is_started_before_the_first_job(
    worker: Worker[bytes, tuple[int, bytes]],
) -> None:
    assert worker.pid is None


async def test_one_other_process_does_all_jobs(worker: Worker[bytes, tuple[int, bytes]]) -> None:
    answers = await asyncio.gather(*(worker.do(job) for job in (b"1", b"2", b"3")))

    assert [job for _, job in answers] == [b"1", b"2", b"3"]
    assert {pid for pid, _ in answers} == {worker.pid} != {os.getpid()}


async def test_a_crash_is_told_and_the_next_job_finds_a_new_process(
    worker: Worker[bytes, tuple[int, bytes]],
) -> None:
    before, _ = await worker.do(b"1")
    with pytest.raises(WorkerCrashed):
        await worker.do(CRASH)
    after, _ = await worker.do(b"2")

    assert before != after


async def test_a_job_without_end_is_killed_when_the_time_is_up() -> None:
    worker = Worker(worked, time_out_s=SOON_S)
    with pytest.raises(WorkerTooSlow):
        await worker.do(HANG)

    assert worker.pid is None
    await worker.close()


async def test_those_who_waited_behind_a_crash_are_served(
    worker: Worker[bytes, tuple[int, bytes]],
) -> None:
    crash, served = await asyncio.gather(worker.do(CRASH), worker.do(b"1"), return_exceptions=True)

    assert isinstance(crash, WorkerCrashed)
    assert isinstance(served, tuple)


async def test_too_many_at_once_are_turned_away() -> None:
    worker = Worker(worked, most_waiting=2)
    answers = await asyncio.gather(
        *(worker.do(b"%d" % number) for number in range(3)), return_exceptions=True
    )

    assert [isinstance(answer, WorkerBusy) for answer in answers] == [False, False, True]
    await worker.close()


async def test_an_idle_process_is_put_down_and_comes_back() -> None:
    worker = Worker(worked, idle_s=0)
    first, _ = await worker.do(b"1")
    second, _ = await worker.do(b"2")

    assert first
    assert second
    await worker.close()
    assert worker.pid is None


async def test_closing_ends_a_job_that_hangs(worker: Worker[bytes, tuple[int, bytes]]) -> None:
    await worker.do(b"1")
    hanging = asyncio.ensure_future(worker.do(HANG))
    await asyncio.sleep(0)
    await worker.close()

    with pytest.raises(WorkerCrashed):
        await hanging


async def test_the_process_gives_way_to_others() -> None:
    worker = Worker(niceness)

    assert await worker.do(b"") > os.nice(0)
    await worker.close()
