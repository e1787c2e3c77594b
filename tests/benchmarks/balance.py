"""`/balance` through HTTP and polling: held against a bare echo, in a small and a large store."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.benchmarks.figures import Figure, middle, ratio_of
from tests.benchmarks.servers import ServerProcess

COMMAND = "/balance"
TOKENS = tuple(f"{number}:benchmark" for number in (101, 102, 103))
ECHO, SMALL, LARGE = range(3)
WARMING_UP = 30
MOST_RATIO = 2.0
MOST_GROWTH = 1.3


async def round_trips(telegram: ServerProcess, *, asks: int) -> list[Figure]:
    """This function will ask all bots in turns."""
    took_s: dict[int, list[float]] = {ECHO: [], SMALL: [], LARGE: []}
    for number in range(asks + WARMING_UP):
        for world, times in took_s.items():
            asked_s = await telegram.post("/ask", world=world, text=COMMAND)
            if number >= WARMING_UP:
                times.append(asked_s)
    echo, small, large = took_s.values()
    growth = ratio_of(large, small)
    return [
        Figure(name="echo", value=middle(echo) * 1000, unit="ms"),
        Figure(name="/balance, small store", value=middle(small) * 1000, unit="ms"),
        Figure(name="/balance, large store", value=middle(large) * 1000, unit="ms"),
        Figure(name="/balance / echo", value=ratio_of(small, echo), at_most=MOST_RATIO),
        Figure(name="/balance, large / small store", value=growth, at_most=MOST_GROWTH),
    ]


@asynccontextmanager
async def echoing(telegram: ServerProcess) -> AsyncIterator[None]:
    """Run the bare bot in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.echo", TOKENS[ECHO]),
        telegram.addresses.apis[ECHO],
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
