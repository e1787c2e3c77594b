"""Charging the same number of leases in a small store and in a large one."""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from bot.services.check import CheckOutcome
from tests.benchmarks.figures import Figure, fact, middle, ratio_of
from tests.benchmarks.filling import Size
from tests.benchmarks.product import Bench, bench, directory, fill
from tests.benchmarks.servers import server_process

UNLIMITED = 1_000_000
MOST_GROWTH = 1.3


async def growth(*, sizes: Sequence[Size], due: int, rounds: int) -> list[Figure]:
    """This function will charge the leases that are due, in turns; `sizes` grow."""
    async with AsyncExitStack() as stack:
        opened = []
        for size in sizes:
            home = stack.enter_context(directory())
            url = f"sqlite:///{home}/bot.db"
            qube = await stack.enter_async_context(server_process("qube", due, 0))
            await fill(url, size, qube.addresses.device_ids)
            opening = bench(url, qube, requests_per_minute=UNLIMITED)
            opened.append(await stack.enter_async_context(opening))
        return await _measure(opened, due, rounds)


async def _measure(opened: Sequence[Bench], due: int, rounds: int) -> list[Figure]:
    took_s: list[list[float]] = [[] for _ in opened]
    charged = 0
    for number in range(rounds + 1):
        for each, times in zip(opened, took_s, strict=True):
            began = time.perf_counter()
            report = await each.works.deductions.run(only_due=True)
            if number:  # the first round warms up
                times.append(time.perf_counter() - began)
                charged += report.count(CheckOutcome.CHARGED)
            await each.next_hour()
    small, large = took_s
    return [
        Figure(name="sweep, small store", value=middle(small) / due * 1000, unit="ms a lease"),
        Figure(name="sweep, large store", value=middle(large) / due * 1000, unit="ms a lease"),
        Figure(
            name="sweep, large / small store", value=ratio_of(large, small), at_most=MOST_GROWTH
        ),
        fact("leases charged / due", charged / due / rounds / len(opened), exactly=1),
    ]
