"""The one table of jobs."""

import asyncio
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import Catalogues
from bot.jobs import JobUnknown, UseCases, find, table
from bot.sandbox.clock import SandboxClock
from bot.services.backup import Backups

SPEAKER = Catalogues().speaker("en", ZoneInfo("Asia/Kolkata"))
AT = datetime(2026, 11, 12, 21, 30, tzinfo=UTC)


async def _copy(path: Path) -> None:
    await asyncio.to_thread(path.write_bytes, b"x")


def test_jobs_without_their_use_case_are_not_there() -> None:
    assert table(UseCases(), SPEAKER, check_time=time(23, 59)) == ()


async def test_a_job_is_found_by_its_name_and_run_whatever_the_hour(tmp_path: Path) -> None:
    uses = UseCases(backups=Backups(_copy, SandboxClock(AT), tmp_path, suffix=".db"))
    jobs = table(uses, SPEAKER, check_time=time(23, 59))

    report = await find(jobs, "backup").once()

    assert report.summary == f"written {tmp_path}/qube-bot-2026-11-12T213000Z.db, 1 kB"


def test_an_unknown_job_is_refused_with_those_there_are(tmp_path: Path) -> None:
    uses = UseCases(backups=Backups(_copy, SandboxClock(AT), tmp_path, suffix=".db"))

    with pytest.raises(JobUnknown) as refused:
        find(table(uses, SPEAKER, check_time=time(23, 59)), "coffee")

    assert (refused.value.name, refused.value.known) == ("coffee", ("backup",))
