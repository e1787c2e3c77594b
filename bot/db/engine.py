"""Opens the database, whichever it is, with the settings that keep money safe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.db.visits import connect, connect_to_read

SQLITE = "sqlite+aiosqlite"
POSTGRESQL = "postgresql+asyncpg"
BUSY_TIMEOUT_MS = 10_000


class BadDatabaseUrl(ValueError):
    """The URL names no database that the product runs on."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.shown = shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One engine to write with, one to read with."""

    url: URL
    writer: AsyncEngine
    reader: AsyncEngine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the file database."""
        return self.url.drivername == SQLITE


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
    url = parse_url(text)
    if url.drivername == SQLITE:
        database = Database(
            url=url,
            writer=_sqlite_engine(url, pool_size=1, query_only=False),
            reader=_sqlite_engine(url, pool_size=4, query_only=True),
        )
    else:
        engine = _postgresql_engine(url)
        database = Database(
            url=url,
            writer=engine,
            reader=engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ),
        )
    try:
        yield database
    finally:
        await database.reader.dispose()
        await database.writer.dispose()


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
        connect_args={
            "async_creator_fn": connect_to_read if query_only else connect,
            "isolation_level": None,
            "timeout": BUSY_TIMEOUT_MS / 1000,
        },
    )
    pragmas = [
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA recursive_triggers=ON",
        f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
        f"PRAGMA query_only={'ON' if query_only else 'OFF'}",
    ]

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine
