"""A sweep without a limit, held against a bare loop that only asks for the metrics."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import nullcontext

from bot.qube.client import open_http
from bot.services.check import CheckOutcome
from bot.services.sweep import READERS
from tests.benchmarks.figures import Figure, fact, middle, ratio_of
from tests.benchmarks.filling import Size
from tests.benchmarks.product import Bench, bench, directory, fill, postgresql
from tests.benchmarks.servers import API_KEY, ServerProcess, server_process

ENTRIES_OF_A_LEASE = 30
UNLIMITED = 1_000_000
LEAST_RATE = 0.40


async def sweep_off_the_limit(*, on_postgresql: bool, meters: int, rounds: int) -> list[Figure]:
    """This function will sweep as fast as it goes, in turns with the bare loop."""
    with directory() as home:
        sqlite = nullcontext(f"sqlite:///{home}/bot.db")
        with postgresql() if on_postgresql else sqlite as url:
            async with server_process("qube", meters, 0) as qube:
                size = Size(leases=meters, entries=meters * ENTRIES_OF_A_LEASE)
                await fill(url, size, qube.addresses.device_ids)
                async with bench(url, qube, requests_per_minute=UNLIMITED) as opened:
                    return await _measure(opened, meters, rounds)


async def _measure(opened: Bench, meters: int, rounds: int) -> list[Figure]:
    bare_s: list[float] = []
    sweep_s: list[float] = []
    charged = 0
    for number in range(rounds + 1):
        bare = await _bare(opened.qube)
        began = time.perf_counter()
        report = await opened.works.deductions.run()
        took = time.perf_counter() - began
        await opened.next_hour()
        if number:  # the first round warms up
            bare_s.append(bare)
            sweep_s.append(took)
            charged += report.count(CheckOutcome.CHARGED)
    return [
        Figure(name="bare loop", value=meters / middle(bare_s), unit="/s"),
        Figure(name="sweep", value=meters / middle(sweep_s), unit="/s"),
        Figure(name="sweep / bare loop", value=ratio_of(bare_s, sweep_s), at_least=LEAST_RATE),
        fact("meters charged / meters", charged / meters / rounds, exactly=1),
        fact("flaws in the books", await opened.flaws(), exactly=0),
    ]


async def _bare(qube: ServerProcess) -> float:
    """Return how long the same client takes to get the same metrics and do nothing with them."""
    waiting = iter(qube.addresses.device_ids)
    async with open_http(api_key=API_KEY, base_url=qube.addresses.apis[0]) as http:

        async def read(devices: Iterator[str]) -> None:
            for device_id in devices:
                response = await http.get(f"devices/{device_id}/metrics")
                response.raise_for_status()

        began = time.perf_counter()
        await asyncio.gather(*(read(waiting) for _ in range(READERS)))
        return time.perf_counter() - began
