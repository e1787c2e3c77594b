"""`/balance` through HTTP and polling: held against a bare echo, in a small and a large store."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.running import telegram_for
from bot.telegram.application import running
from tests.benchmarks.figures import Figure, middle, ratio_of
from tests.benchmarks.filling import Size
from tests.benchmarks.product import Bench, bench, directory, fill
from tests.benchmarks.servers import ServerProcess, server_process

COMMAND = "/balance"
TOKENS = tuple(f"{number}:benchmark" for number in (101, 102, 103))
ECHO, SMALL, LARGE = range(3)
WARMING_UP = 30
MOST_RATIO = 2.0
UNLIMITED = 1_000_000


async def balance(*, sizes: Sequence[Size], asks: int) -> list[Figure]:
    """This function will ask all bots in turns; `sizes` are a small store and a large one."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        qube = await enter(server_process("qube", sizes[0].leases, 0))
        telegram = await enter(server_process("telegram", *TOKENS))
        await enter(_echo(telegram))
        for number, size in enumerate(sizes, start=SMALL):
            home = stack.enter_context(directory())
            url = f"sqlite:///{home}/bot.db"
            await fill(url, size, qube.addresses.device_ids)
            await enter(_answering(url, qube, telegram, number))
        return await _measure(telegram, asks)


async def _measure(telegram: ServerProcess, asks: int) -> list[Figure]:
    took_s: dict[int, list[float]] = {ECHO: [], SMALL: [], LARGE: []}
    for number in range(asks + WARMING_UP):
        for world, times in took_s.items():
            asked_s = await telegram.post("/ask", world=world, text=COMMAND)
            if number >= WARMING_UP:
                times.append(asked_s)
    echo, small, large = took_s.values()
    return [
        Figure(name="echo", value=middle(echo) * 1000, unit="ms"),
        Figure(name="/balance, small store", value=middle(small) * 1000, unit="ms"),
        Figure(name="/balance, large store", value=middle(large) * 1000, unit="ms"),
        Figure(name="/balance / echo", value=ratio_of(small, echo), at_most=MOST_RATIO),
        Figure(name="/balance, large / small store", value=ratio_of(large, small), at_most=1.3),
    ]


@asynccontextmanager
async def _answering(
    url: str, qube: ServerProcess, telegram: ServerProcess, world: int
) -> AsyncIterator[Bench]:
    """Run the chat side of the product in one of the worlds; no job is due meanwhile."""
    async with (
        bench(
            url,
            qube,
            requests_per_minute=UNLIMITED,
            telegram_url=telegram.addresses.apis[world],
            bot_token=TOKENS[world],
        ) as opened,
        running(telegram_for(opened.app, opened.works)),
    ):
        yield opened


@asynccontextmanager
async def _echo(telegram: ServerProcess) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.echo", TOKENS[ECHO]),
        telegram.addresses.apis[ECHO],
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
