"""The same work in a small store and in a large one: looking at a card, charging what is due."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.running import telegram_for
from bot.services.check import CheckOutcome
from bot.telegram.application import running
from tests.benchmarks.balance import MOST_GROWTH, SMALL, TOKENS, echoing, round_trips
from tests.benchmarks.figures import Figure, fact, middle, ratio_of
from tests.benchmarks.filling import Size
from tests.benchmarks.product import Bench, bench, directory, fill
from tests.benchmarks.servers import ServerProcess, server_process

UNLIMITED = 1_000_000


async def small_and_large(
    *, sizes: Sequence[Size], due: int, asks: int, rounds: int
) -> list[Figure]:
    """This function will look at cards and charge what is due; `sizes` are a small and a large."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        telegram = await enter(server_process("telegram", *TOKENS))
        opened = []
        for world, size in enumerate(sizes, start=SMALL):
            opened.append(await enter(answering(telegram, world, size, due)))
        async with echoing(telegram):
            cards = await round_trips(telegram, asks=asks)
        return [*cards, *await _sweeps(opened, due, rounds)]


@asynccontextmanager
async def answering(
    telegram: ServerProcess, world: int, size: Size, due: int
) -> AsyncIterator[Bench]:
    """Run the chat side of the product in one of the worlds; no job runs by itself."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        url = f"sqlite:///{stack.enter_context(directory())}/bot.db"
        qube = await enter(server_process("qube", due, 0))
        await fill(url, size, qube.addresses.device_ids)
        opened = await enter(
            bench(
                url,
                qube,
                requests_per_minute=UNLIMITED,
                telegram_url=telegram.addresses.apis[world],
                bot_token=TOKENS[world],
            )
        )
        await enter(running(telegram_for(opened.app, opened.works)))
        yield opened


async def _sweeps(opened: Sequence[Bench], due: int, rounds: int) -> list[Figure]:
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
