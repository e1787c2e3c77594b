"""A backup is whole and checked, or it is not there."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.db.backup import (
    BackupExists,
    BackupFailed,
    BackupToolMissing,
    BackupToolTooOld,
    backup,
    backup_tool,
)
from bot.db.engine import Database, open_database
from bot.db.unit_of_work import SqlTransactions
from tests.databases import PostgresServer
from tests.integration.db.world import AT, World, a_payment, furnish

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def _names(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


async def _keys(url: str, world: World) -> list[str]:
    async with open_database(url) as copy, SqlTransactions(copy).read() as unit:
        assert await unit.ledger.flaws() == []
        return [entry.key for entry in await unit.ledger.page(world.lease.id)]


@pytest.fixture
async def world(transactions: SqlTransactions) -> World:
    """Furnish one room that has paid."""
    async with transactions.begin() as unit:
        world = await furnish(unit)
        await unit.ledger.append([a_payment(world, "a")], recorded_at=AT)
        return world


@on_sqlite
async def test_a_copy_holds_what_was_booked(
    database: Database, world: World, tmp_path: Path
) -> None:
    await backup(database, tmp_path / "copy.db")
    assert await _keys(f"sqlite:///{tmp_path / 'copy.db'}", world) == ["a"]


@on_sqlite
async def test_a_copy_is_made_while_somebody_writes(
    database: Database, transactions: SqlTransactions, world: World, tmp_path: Path
) -> None:
    async with asyncio.timeout(60), transactions.begin() as unit:
        await unit.ledger.append([a_payment(world, "unfinished")], recorded_at=AT)
        await backup(database, tmp_path / "copy.db")
    assert await _keys(f"sqlite:///{tmp_path / 'copy.db'}", world) == ["a"]


@on_sqlite
async def test_the_bot_goes_on_reading_after_a_copy(
    database: Database, transactions: SqlTransactions, world: World, tmp_path: Path
) -> None:
    for number in range(6):
        await backup(database, tmp_path / f"copy-{number}.db")
    async with transactions.read() as first, transactions.read() as second:
        assert await first.leases.get(world.lease.id) == world.lease
        assert await second.leases.get(world.lease.id) == world.lease


async def test_nothing_is_overwritten(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("precious")
    with pytest.raises(BackupExists) as refused:
        await backup(database, path)
    assert refused.value.path == path
    assert path.read_text() == "precious"


async def test_a_folder_that_is_not_there_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as refused:
        await backup(database, tmp_path / "nowhere" / "copy")
    assert refused.value.filename == str(tmp_path / "nowhere")


@on_sqlite
async def test_a_folder_in_which_nothing_can_be_written_is_told_in_a_sentence(
    database: Database,
) -> None:
    with pytest.raises(BackupFailed, match="unable to open"):
        await backup(database, Path("/proc/copy.db"))


@on_sqlite
async def test_a_broken_copy_is_not_kept(database: Database, tmp_path: Path) -> None:
    """The copy of a file whose rows point nowhere is no backup."""
    async with database.writer.connect() as connection:
        await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        await connection.exec_driver_sql("INSERT INTO room (place_id, name) VALUES (99, 'x')")
    target = tmp_path / "backups"
    target.mkdir()
    with pytest.raises(BackupFailed, match="room"):
        await backup(database, target / "copy.db")
    assert _names(target) == []


@on_postgresql
async def test_an_archive_restores_what_was_booked(
    database: Database,
    world: World,
    tmp_path: Path,
    postgres_server: PostgresServer,
    postgres_tools: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", postgres_tools)
    await backup(database, tmp_path / "archive")
    restored = postgres_server.create()
    command = ["pg_restore", f"--dbname={postgres_server.url(restored)}", str(tmp_path / "archive")]
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0
    assert await _keys(postgres_server.url(restored), world) == ["a"]
    postgres_server.drop(restored)


@on_postgresql
async def test_without_the_tool_there_is_no_archive(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupToolMissing) as refused:
        await backup(database, tmp_path / "archive")
    assert refused.value.tool == "pg_dump"
    assert _names(tmp_path) == []


def put_tool(folder: Path, said: str) -> None:
    """Put a pg_dump on a path of its own that says its version and does nothing."""
    tool = folder / "pg_dump"
    tool.write_text(f"#!/bin/sh\necho '{said}'\n")
    tool.chmod(0o755)


@on_postgresql
async def test_a_tool_older_than_the_server_is_named_before_it_is_run(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_tool(tmp_path, "pg_dump (PostgreSQL) 9.6.24")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    target = tmp_path / "backups"
    target.mkdir()
    with pytest.raises(BackupToolTooOld) as refused:
        await backup(database, target / "archive")
    assert (refused.value.tool, refused.value.version) == ("pg_dump", 9)
    assert refused.value.server >= 15
    assert _names(target) == []


@on_postgresql
async def test_a_tool_newer_than_the_server_will_do(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_tool(tmp_path, "pg_dump (PostgreSQL) 99beta1 (Debian 99~beta1-1.pgdg12+1)")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert await backup_tool(database) == "pg_dump 99"


@on_postgresql
async def test_a_tool_that_tells_no_version_is_not_trusted(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_tool(tmp_path, "good morning")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(BackupFailed, match="good morning"):
        await backup_tool(database)


@pytest.fixture
def unreachable(database: Database) -> Database:
    """Return a database that nobody answers for, with a password in its URL."""
    url = database.url.set(host="127.0.0.1", port=1, password="hunter2", query={})
    return replace(database, url=url)


@on_postgresql
async def test_a_failed_archive_is_not_kept_and_tells_no_secret(
    unreachable: Database, tmp_path: Path, postgres_tools: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", postgres_tools)
    with pytest.raises(BackupFailed) as refused:
        await backup(unreachable, tmp_path / "archive")
    assert refused.value.detail
    assert "hunter2" not in refused.value.detail
    assert _names(tmp_path) == []
