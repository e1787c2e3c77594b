"""A small store and a large one, asked the same turn by turn: how much longer takes the large."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TypeVar

from bot.db.engine import Database, open_database
from bot.db.migrate import upgrade
from tests.benchmarks.figures import Figure, fact, middle, ratio_of
from tests.benchmarks.product import directory, postgresql

SMALL = 100
MOST_GROWTH = 2
MOST_SHOWN = 8

StoreT = TypeVar("StoreT")


@asynccontextmanager
async def two_stores(
    fill: Callable[[Database, int], Awaitable[StoreT]], *, large: int, on_postgresql: bool
) -> AsyncIterator[Sequence[StoreT]]:
    """Open a store of SMALL and one of `large`; `fill` writes into an empty one of a size."""
    async with AsyncExitStack() as stack:
        stores = []
        for size in (SMALL, large):
            url = stack.enter_context(_database(on_postgresql=on_postgresql))
            database = await stack.enter_async_context(open_database(url))
            await upgrade(database)
            stores.append(await fill(database, size))
        yield stores


async def compared(
    stores: Sequence[StoreT],
    asked: Mapping[str, Callable[[StoreT], Awaitable[int]]],
    *,
    what: str,
    rounds: int,
) -> list[Figure]:
    """Ask the same of both, turn by turn; an ask returns how many of `what` it shows."""
    return [
        figure
        for name, ask in asked.items()
        for figure in await _compared(name, ask, stores, what, rounds)
    ]


@contextmanager
def _database(*, on_postgresql: bool) -> Iterator[str]:
    if on_postgresql:
        with postgresql() as url:
            yield url
    else:
        with directory() as home:
            yield f"sqlite:///{home}/bot.db"


async def _compared(
    name: str,
    ask: Callable[[StoreT], Awaitable[int]],
    stores: Sequence[StoreT],
    what: str,
    rounds: int,
) -> list[Figure]:
    took_s: list[list[float]] = [[] for _ in stores]
    shown = []
    for number in range(rounds + 1):
        for store, times in zip(stores, took_s, strict=True):
            began = time.perf_counter()
            shown.append(await ask(store))
            if number:  # the first round warms up
                times.append(time.perf_counter() - began)
    small, large = took_s
    return [
        Figure(name=f"{name}, of {SMALL}", value=middle(small) * 1000, unit="ms"),
        Figure(name=f"{name}, large", value=middle(large) * 1000, unit="ms"),
        Figure(name=f"{name}, large / small", value=ratio_of(large, small), at_most=MOST_GROWTH),
        fact(f"{name}, {what} shown at most", max(shown), at_most=MOST_SHOWN),
    ]
