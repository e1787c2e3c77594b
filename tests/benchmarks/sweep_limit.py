"""A sweep under the vendor's limit: hardly longer than the limit demands, and never over it."""

import asyncio
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.db.relay import OPEN, relay_order
from bot.domain.supply import Hold
from bot.jobs import running_jobs, table
from bot.jobs.schedule import UseCases
from bot.sandbox.qube.server import BASE_PATH
from bot.services.cause import Cause
from bot.services.check import CheckOutcome
from tests.benchmarks.figures import Figure, fact
from tests.benchmarks.filling import Size
from tests.benchmarks.product import Bench, bench, directory, fill
from tests.benchmarks.rows import MANAGER_ID
from tests.benchmarks.servers import Arrival, server_process

ENTRIES_OF_A_LEASE = 10
MINUTE_S = 60.0
MOST_SLOTS = 2
MOST_TIME = 1.05
PATIENCE_S = 30


async def sweep_at_the_limit(*, per_minute: int, minutes: float, commands: int) -> list[Figure]:
    """This function will sweep `minutes` of the limit, and command relays in the middle of it."""
    meters = int(per_minute * minutes)
    size = Size(leases=meters, entries=meters * ENTRIES_OF_A_LEASE)
    with directory() as home:
        url = f"sqlite:///{home}/bot.db"
        async with server_process("qube", meters, per_minute) as qube:
            await fill(url, size, qube.addresses.device_ids)
            async with bench(url, qube, requests_per_minute=per_minute) as opened:
                return await _measure(opened, meters, per_minute, commands)


async def _measure(opened: Bench, meters: int, per_minute: int, commands: int) -> list[Figure]:
    slot_s = MINUTE_S / per_minute
    given: list[float] = []
    async with _reconciling(opened):
        began = time.monotonic()
        sweeping = asyncio.create_task(opened.works.deductions.run())
        for number in range(commands):
            done_s = meters * slot_s * (number + 1) / (commands + 1)
            await asyncio.sleep(max(began + done_s - time.monotonic(), 0))
            given.append(time.monotonic())
            await _switch_off(opened, lease_id=number + 1)
        report = await sweeping
        took_s = time.monotonic() - began
        await _carried_out(opened)
    arrivals = await opened.qube.arrivals()
    reached = [
        _reached(arrivals, at_s, device_id)
        for at_s, device_id in zip(given, opened.qube.addresses.device_ids, strict=False)
    ]
    return [
        Figure(name="time / (meters / limit)", value=took_s / (meters * slot_s), at_most=MOST_TIME),
        fact("requests in the fullest 60 s", _fullest_minute(arrivals), at_most=per_minute),
        fact("answers 429", sum(each.status == 429 for each in arrivals), exactly=0),
        fact("meters charged / meters", report.count(CheckOutcome.CHARGED) / meters, exactly=1),
        fact("flaws in the books", await opened.flaws(), exactly=0),
        Figure(
            name="a relay command reached the meter after (worst)",
            value=max(each.after_s for each in reached) / slot_s,
            unit="slots",
            at_most=MOST_SLOTS,
        ),
        Figure(
            name="requests of others from a command to its arrival (worst)",
            value=max(each.overtaken_by for each in reached),
            at_most=MOST_SLOTS,
        ),
    ]


@asynccontextmanager
async def _reconciling(opened: Bench) -> AsyncIterator[None]:
    """Run the worker that switches relays, as the bot runs it."""
    app = opened.app
    jobs = table(
        UseCases(reconciler=opened.works.reconciler),
        app.speaker,
        check_time=app.settings.deduction_time,
    )
    async with running_jobs(
        jobs, transactions=app.transactions, clock=app.clock, doorbell=app.doorbell
    ):
        yield


async def _switch_off(opened: Bench, *, lease_id: int) -> None:
    actor = await opened.app.access.actor(person_id=MANAGER_ID)
    await opened.app.power.hold(cause=Cause(actor=actor), lease_id=lease_id, hold=Hold.OFF)


async def _carried_out(opened: Bench) -> None:
    """Wait until no command is under way; in a short run the sweep may have been faster."""
    bell = opened.app.doorbell.listener()
    async with asyncio.timeout(PATIENCE_S):
        while await _open_orders(opened):
            await bell.wait(seconds=1)


async def _open_orders(opened: Bench) -> int:
    async with opened.app.database.reader.connect() as connection:
        is_open = relay_order.c.status.in_(OPEN)
        found = await connection.execute(select(func.count()).where(is_open))
        return found.scalar_one()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reached:
    """How long a command took to its meter, and how many requests of others came before it."""

    after_s: float
    overtaken_by: int


def _reached(arrivals: Sequence[Arrival], given_s: float, device_id: str) -> _Reached:
    """Look the command up in the server's own journal."""
    path = f"{BASE_PATH}/devices/{device_id}/"
    put = next(each for each in arrivals if each.method == "PUT" and each.path.startswith(path))
    others = [
        each
        for each in arrivals
        if given_s <= each.at_s < put.at_s and not each.path.startswith(path)
    ]
    return _Reached(after_s=put.at_s - given_s, overtaken_by=len(others))


def _fullest_minute(arrivals: Sequence[Arrival]) -> int:
    at = sorted(each.at_s for each in arrivals)
    return max(bisect_right(at, start + MINUTE_S) - first for first, start in enumerate(at))
