"""Whether the database can be worked with, before anybody works with it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.db.engine import Database
from bot.db.migrate import current_revision, latest_revision, upgrade

ALONE = 302_2359
"""The key under which one process at a time creates the tables."""


class DatabaseUnreachable(Exception):
    """No connection to the database; `reason` is what its driver says, in one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotMigrated(Exception):
    """The database has another shape than this program."""

    def __init__(self, *, current: str | None, latest: str | None) -> None:
        super().__init__(current, latest)
        self.current = current
        self.latest = latest


async def require_ready(database: Database) -> None:
    """This function will create the tables of an empty database, and touch no other.

    Raises DatabaseUnreachable, NotMigrated.
    """
    current = await revision_of(database)
    if current is None:
        if await _is_empty(database):
            async with _alone(database):
                await upgrade(database)
        current = await revision_of(database)  # perhaps another process has just made them
    latest = latest_revision()
    if current != latest:
        raise NotMigrated(current=current, latest=latest)


async def revision_of(database: Database) -> str | None:
    """This function will return the revision of the database. Raises DatabaseUnreachable."""
    try:
        if database.is_sqlite:
            # A failed connect would leave a thread behind that outlives the loop and complains.
            await asyncio.to_thread(_probe, str(database.url.database))
        return await current_revision(database)
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        raise DatabaseUnreachable(_first_line(error)) from error


def _probe(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA schema_version").fetchone()


async def _is_empty(database: Database) -> bool:
    async with database.writer.connect() as connection:
        return not await connection.run_sync(lambda sync: inspect(sync).get_table_names())


@asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[None]:
    """Keep others from creating the same tables; a file has a lock of its own."""
    if database.is_sqlite:
        yield
        return
    async with database.writer.connect() as connection:
        await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ALONE})
        try:
            yield
        finally:
            await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ALONE})


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    said = str(cause).strip().splitlines()
    return said[0] if said else type(cause).__name__
