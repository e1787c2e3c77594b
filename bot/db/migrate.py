"""Brings a database to the present shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.db.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"


class ForeignKeysBroken(Exception):
    """A migration left rows that point nowhere; it was rolled back."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def latest_revision() -> str | None:
    """Return the newest revision that this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def current_revision(database: Database) -> str | None:
    """Return the revision of the database."""
    async with database.writer.connect() as connection:
        return await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )


async def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate to a revision, in one transaction. Raises ForeignKeysBroken."""
    async with database.writer.connect() as connection:
        if database.is_sqlite:
            await connection.exec_driver_sql("COMMIT")
            await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            await connection.run_sync(_upgrade, revision)
            await connection.commit()
        finally:
            if database.is_sqlite:
                await connection.rollback()
                await connection.exec_driver_sql("COMMIT")
                await connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise ForeignKeysBroken(broken)
