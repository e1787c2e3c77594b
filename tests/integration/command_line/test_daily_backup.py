"""The daily copies: what they are called, and whether there will be any."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import open_app
from bot.clock import SystemClock
from bot.config import Settings
from bot.db.engine import SQLITE, parse_url
from bot.health import findings

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of a machine that reaches its database and nothing else."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return Settings(database_url=SecretStr(database_url), telegram_api_url="http://127.0.0.1:1")


@pytest.fixture
def folder(database_url: str, tmp_path: Path) -> Path:
    """Return where the copies are expected: beside the file, else where the process runs."""
    url = parse_url(database_url)
    return (Path(url.database or "").parent if url.drivername == SQLITE else tmp_path) / "backups"


async def told(settings: Settings) -> str:
    """Return the line of `check` about backups."""
    shown = [str(each) async for each in findings(settings, SystemClock())]
    (line,) = [each for each in shown if "backups:" in each]
    return line


async def test_a_daily_copy_is_called_after_what_it_is(
    settings: Settings, postgres_tools: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", postgres_tools)
    async with open_app(settings) as app:
        report = await app.backups.run()
        is_sqlite = app.database.is_sqlite

    assert report.written.absolute().parent == folder
    begins = (await asyncio.to_thread(report.written.read_bytes))[:5]
    assert (report.written.suffix, begins) == (
        (".db", b"SQLit") if is_sqlite else (".dump", b"PGDMP")
    )


async def test_check_says_by_what_and_where(
    settings: Settings, postgres_tools: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", postgres_tools)

    line = await told(settings)

    assert line.startswith(("ok backups: daily by SQLite 3.", "ok backups: daily by pg_dump 1"))
    assert line.endswith(f" into {folder}")


@on_postgresql
async def test_check_says_that_there_will_be_none_without_the_tool(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert await told(settings) == (
        "ok backups: none, as pg_dump is not on the PATH; it backs PostgreSQL up"
    )


@on_postgresql
async def test_check_says_that_there_will_be_none_with_an_old_tool(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

    assert (await told(settings)).startswith(
        "ok backups: none, as pg_dump 9 is older than the server, PostgreSQL 1"
    )
