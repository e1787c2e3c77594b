"""`/balance` while the photos of others wait to be read, held against its time when none does."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from tests.benchmarks.balance import COMMAND, SMALL, TOKENS, WARMING_UP
from tests.benchmarks.figures import Figure, middle
from tests.benchmarks.filling import Size
from tests.benchmarks.growth import answering
from tests.benchmarks.servers import ServerProcess, server_process

WAITING = 10
STORE = Size(leases=100, entries=10_000)
MOST_RATIO = 1.5
PAUSE_S = 0.1


async def balance_beside_photos(folder: Path, *, rounds: int) -> list[Figure]:
    """This function will let ten photos wait so many times, and ask until all have been read."""
    idle: list[float] = []
    beside: list[float] = []
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(server_process("telegram", *TOKENS))
        await stack.enter_async_context(answering(telegram, SMALL, STORE, WAITING))
        for _ in range(WARMING_UP):
            await _asked(telegram)
        await _beside(telegram, folder, photos=1)  # the models are loaded now
        for _ in range(rounds):
            times = await _beside(telegram, folder, photos=WAITING)
            beside += times
            idle += [await _asked(telegram) for _ in times]
    return [
        Figure(name="/balance, no photo waiting", value=middle(idle) * 1000, unit="ms"),
        Figure(name="/balance, photos waiting", value=middle(beside) * 1000, unit="ms"),
        Figure(name="/balance, photos waiting (worst)", value=max(beside) * 1000, unit="ms"),
        Figure(
            name="/balance, photos waiting / none waiting",
            value=middle(beside) / middle(idle),
            at_most=MOST_RATIO,
        ),
    ]


async def _beside(telegram: ServerProcess, folder: Path, *, photos: int) -> list[float]:
    """Return the times of asking from when the photos were sent until they have been read."""
    waiting = await telegram.post("/photos/send", world=SMALL, photos=photos, folder=str(folder))
    times: list[float] = []
    while waiting:
        times.append(await _asked(telegram))
        waiting = await telegram.post("/photos/waiting")
    return times


async def _asked(telegram: ServerProcess) -> float:
    await asyncio.sleep(PAUSE_S)
    return await telegram.post("/ask", world=SMALL, text=COMMAND)
