"""Copies of the books: one a day, the last few of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.clock import SandboxClock
from bot.services.backup import Backups

AT = datetime(2026, 11, 12, 21, 30, tzinfo=UTC)
DAY = timedelta(days=1)


async def copy(path: Path) -> None:
    await asyncio.to_thread(path.write_bytes, b"books")


async def no_space(path: Path) -> None:
    raise OSError(path)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_only_the_last_few_copies_are_kept(tmp_path: Path) -> None:
    clock, folder = SandboxClock(AT), tmp_path / "made" / "when needed"
    backups = Backups(copy, clock, folder, suffix=".db", keep=2)

    for _ in range(3):
        report = await backups.run()
        clock.step(DAY)

    assert names(folder) == ["qube-bot-2026-11-13T213000Z.db", "qube-bot-2026-11-14T213000Z.db"]
    assert report.written.name == "qube-bot-2026-11-14T213000Z.db"
    assert report.size_bytes == 5
    assert [path.name for path in report.removed] == ["qube-bot-2026-11-12T213000Z.db"]


async def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "before-the-move.db").touch()
    (tmp_path / "qube-bot.db").touch()

    await Backups(copy, SandboxClock(AT), tmp_path, suffix=".db", keep=1).run()

    assert "before-the-move.db" in names(tmp_path)
    assert "qube-bot.db" in names(tmp_path)


async def test_a_copy_that_fails_costs_no_older_one(tmp_path: Path) -> None:
    clock = SandboxClock(AT)
    await Backups(copy, clock, tmp_path, suffix=".db", keep=1).run()
    clock.step(DAY)

    with pytest.raises(OSError, match="qube-bot"):
        await Backups(no_space, clock, tmp_path, suffix=".db", keep=1).run()

    assert names(tmp_path) == ["qube-bot-2026-11-12T213000Z.db"]
