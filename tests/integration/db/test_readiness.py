"""A database is looked at before anybody works with it."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.db.engine import open_database
from bot.db.migrate import latest_revision
from bot.db.readiness import DatabaseUnreachable, NotMigrated, require_ready, revision_of


async def test_an_empty_database_gets_its_tables(empty_database_url: str) -> None:
    async with open_database(empty_database_url) as database:
        await require_ready(database)

        assert await revision_of(database) == latest_revision()


async def test_two_that_start_at_once_make_the_tables_once(empty_database_url: str) -> None:
    async with (
        open_database(empty_database_url) as one,
        open_database(empty_database_url) as other,
    ):
        await asyncio.gather(require_ready(one), require_ready(other))

        assert await revision_of(one) == latest_revision()


async def test_a_ready_database_is_left_as_it_is(database_url: str) -> None:
    async with open_database(database_url) as database:
        await require_ready(database)


async def test_a_database_of_somebody_else_is_not_touched(empty_database_url: str) -> None:
    async with open_database(empty_database_url) as database:
        async with database.writer.begin() as connection:
            await connection.execute(text("CREATE TABLE recipe (name TEXT)"))
        with pytest.raises(NotMigrated) as refused:
            await require_ready(database)

        assert (refused.value.current, refused.value.latest) == (None, latest_revision())


async def test_a_database_of_another_revision_is_not_touched(database_url: str) -> None:
    async with open_database(database_url) as database:
        async with database.writer.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        with pytest.raises(NotMigrated) as refused:
            await require_ready(database)

        assert refused.value.current == "0000"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/bot.db",
        "postgresql://nobody:canary@127.0.0.1:1/bot",
    ],
)
async def test_a_database_that_cannot_be_reached_is_told_in_a_line(url: str) -> None:
    async with open_database(url) as database:
        with pytest.raises(DatabaseUnreachable) as refused:
            await require_ready(database)

    assert len(refused.value.reason.splitlines()) == 1
    assert "canary" not in refused.value.reason


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(b"a shopping list, much longer than the head of a database file" * 20)
    threads = threading.active_count()
    async with open_database(f"sqlite:///{path}") as database:
        with pytest.raises(DatabaseUnreachable, match="not a database"):
            await require_ready(database)

    assert threading.active_count() <= threads + 1  # the executor's own, which stays
