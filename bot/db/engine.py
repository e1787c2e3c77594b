"""Opens the database, whichever it is, with the settings that keep money safe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from sqlite3 import OperationalError
from typing import Any

import stamina
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from bot.db.visits import connect

SQLITE = "sqlite+aiosqlite"
POSTGRESQL = "postgresql+asyncpg"
BUSY_TIMEOUT_MS = 10_000
BUSY_S = BUSY_TIMEOUT_MS / 1000
SQLITE_SETTINGS = {"isolation_level": None, "timeout": BUSY_S}


class BadDatabaseUrl(ValueError):
    """The URL names no database that the product runs on."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.shown = shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One engine to write with, one to read with.

    On SQLite units of work read with `near`, which works in the loop itself: in WAL mode a reader
    waits for nobody, and a statement takes 20 to 200 µs, which handing it to a thread and back
    makes five times as long on an idle machine and worse on a busy one.
    """

    url: URL
    writer: AsyncEngine
    reader: AsyncEngine
    near: Engine | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the file database."""
        return self.url.drivername == SQLITE

    async def close(self) -> None:
        """Close every connection; the next statement would open one anew."""
        if self.near is not None:
            self.near.dispose()
        await self.reader.dispose()
        await self.writer.dispose()


def parse_url(text: str) -> URL:
    """Return the URL with the driver that we use. Raises BadDatabaseUrl."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise BadDatabaseUrl(text.partition("@")[0].partition(":")[0]) from None
    family = url.drivername.partition("+")[0]
    if family == "sqlite":
        return url.set(drivername=SQLITE)
    if family in {"postgresql", "postgres"}:
        return url.set(drivername=POSTGRESQL)
    raise BadDatabaseUrl(url.render_as_string(hide_password=True))


@asynccontextmanager
async def open_database(text: str) -> AsyncIterator[Database]:
    """Open the database, and close it on leaving. Raises BadDatabaseUrl."""
    database = database_at(text)
    try:
        yield database
    finally:
        await database.close()


def database_at(text: str) -> Database:
    """Return the database of a URL, to which nothing is connected yet. Raises BadDatabaseUrl."""
    url = parse_url(text)
    if url.drivername == SQLITE:
        return Database(
            url=url,
            writer=_sqlite_engine(url, pool_size=1, query_only=False),
            reader=_sqlite_engine(url, pool_size=4, query_only=True),
            near=_near_engine(url),
        )
    engine = _postgresql_engine(url)
    return Database(
        url=url,
        writer=engine,
        reader=engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ),
    )


def _postgresql_engine(url: URL) -> AsyncEngine:
    settings = {"lock_timeout": f"{BUSY_TIMEOUT_MS}ms"}
    return create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"server_settings": settings},
    )


def _sqlite_engine(url: URL, *, pool_size: int, query_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"async_creator_fn": connect, **SQLITE_SETTINGS},
    )
    _prepare(engine.sync_engine, query_only=query_only)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine


def _near_engine(url: URL) -> Engine:
    """Return an engine without a limit: in the loop nobody could wait for a connection."""
    engine = create_engine(
        url.set(drivername="sqlite"),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=-1,
        connect_args={"check_same_thread": False, **SQLITE_SETTINGS},
    )
    _prepare(engine, query_only=True)

    @event.listens_for(engine, "checkout")
    def begin(connection: Any, _record: ConnectionPoolEntry, _lent: Any) -> None:
        # A listener to the beginning of transactions would make every statement ask for listeners.
        connection.execute("BEGIN")

    return engine


def use_wal(cursor: Any) -> None:
    """Let readers wait for nobody.

    A new file is asked again: SQLite does not wait by itself when two processes change its mode.
    """
    for patience in stamina.retry_context(on=OperationalError, attempts=None, timeout=BUSY_S):
        with patience:
            cursor.execute("PRAGMA journal_mode=WAL")


def _prepare(engine: Engine, *, query_only: bool) -> None:
    """Let every connection of a SQLite engine have the settings that keep money safe."""
    pragmas = [
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA recursive_triggers=ON",
        f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
        f"PRAGMA query_only={'ON' if query_only else 'OFF'}",
    ]

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        use_wal(cursor)
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()
