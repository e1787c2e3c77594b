"""`/balance` while the photos of others wait to be read, held against its time when none does."""

from contextlib import AsyncExitStack
from pathlib import Path

from tests.benchmarks.balance import COMMAND, SMALL, TOKENS, WARMING_UP
from tests.benchmarks.figures import Figure, middle, ratio_of
from tests.benchmarks.filling import Size
from tests.benchmarks.growth import answering
from tests.benchmarks.servers import ServerProcess, server_process

WAITING = 10
STORE = Size(leases=100, entries=10_000)
MOST_RATIO = 1.5


async def balance_beside_photos(folder: Path, *, asks: int, rounds: int) -> list[Figure]:
    """This function will ask so many times with photos waiting and without, in turns."""
    idle: list[float] = []
    beside: list[float] = []
    answered = 0.0
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(server_process("telegram", *TOKENS))
        await stack.enter_async_context(answering(telegram, SMALL, STORE, WAITING))
        await _asked(telegram, WARMING_UP)
        await _beside_photos(telegram, folder, asks=1, waiting=1)  # the models are loaded now
        for _ in range(rounds):
            idle += await _asked(telegram, asks)
            times, read = await _beside_photos(telegram, folder, asks=asks)
            beside, answered = beside + times, answered + read
    return [
        Figure(name="/balance, no photo waiting", value=middle(idle) * 1000, unit="ms"),
        Figure(name="/balance, ten photos waiting", value=middle(beside) * 1000, unit="ms"),
        Figure(name="photos read meanwhile", value=answered / sum(beside), unit="/s"),
        Figure(
            name="/balance, ten photos / none waiting",
            value=ratio_of(beside, idle),
            at_most=MOST_RATIO,
        ),
    ]


async def _beside_photos(
    telegram: ServerProcess, folder: Path, *, asks: int, waiting: int = WAITING
) -> tuple[list[float], float]:
    """Return the times, and how many photos were read meanwhile."""
    await telegram.post("/photos/wait", world=SMALL, photos=waiting, folder=str(folder))
    times = await _asked(telegram, asks)
    return times, await telegram.post("/photos/answered")


async def _asked(telegram: ServerProcess, asks: int) -> list[float]:
    return [await telegram.post("/ask", world=SMALL, text=COMMAND) for _ in range(asks)]
