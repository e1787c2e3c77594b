"""Brings a database to the present shape, and back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.guard import check_guards
from bot.db.metadata import APPEND_ONLY

MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = MIGRATIONS / "versions"
MIGRATING = 302_0000
"""The key under which one process at a time migrates a PostgreSQL database."""


class ForeignKeysBroken(Exception):
    """A migration left rows that point nowhere; it was rolled back."""

    def __init__(self, tables: frozenset[str]) -> None:
        super().__init__(tables)
        self.tables = tables


def config_of(*versions: Path) -> Config:
    """Return what Alembic has to know, with the revisions in these directories."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, versions or (VERSIONS,))))
    return config


def latest_revision() -> str | None:
    """Return the newest revision that this program knows."""
    return ScriptDirectory.from_config(config_of()).get_current_head()


async def current_revision(database: Database) -> str | None:
    """Return the revision of the database; None when it is empty."""
    async with database.reader.connect() as connection:
        return await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )


async def upgrade(database: Database, revision: str = "head", *, versions: Path = VERSIONS) -> None:
    """This function will migrate up to a revision, in one transaction.

    Raises ForeignKeysBroken and GuardsMissing, and then has changed nothing.
    """
    async with _alone(database) as connection:
        await connection.run_sync(_upgrade, revision, versions)


async def downgrade(database: Database, revision: str, *, versions: Path = VERSIONS) -> None:
    """This function will migrate down to a revision ("base": none), in one transaction.

    Raises ForeignKeysBroken and GuardsMissing, and then has changed nothing.
    """
    async with _alone(database) as connection:
        await connection.run_sync(_downgrade, revision, versions)


@asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[AsyncConnection]:
    """Open a transaction for one migrating process at a time.

    SQLite rebuilds tables to alter them, and would take the rows of other tables that point to a
    dropped one with it: so its foreign keys rest meanwhile, and are checked before the commit.
    """
    async with database.writer.connect() as connection:
        if not database.is_sqlite:
            await connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            yield connection
            await connection.commit()
            return
        await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
            await connection.commit()
        finally:
            await connection.rollback()
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _upgrade(connection: Connection, revision: str, versions: Path) -> None:
    config = config_of(versions)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    _check(connection)


def _downgrade(connection: Connection, revision: str, versions: Path) -> None:
    config = config_of(versions)
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
    _check(connection)


def _check(connection: Connection) -> None:
    check_guards(connection, APPEND_ONLY)
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise ForeignKeysBroken(frozenset(row[0] for row in broken))
