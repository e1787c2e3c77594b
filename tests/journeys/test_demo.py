"""`demo` as a process: what it prints, how it ends, and what it leaves behind."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.demo.house import DemonstrationFailed
from bot.demo.story import tell
from bot.demo.tenants import RINKESH

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m bot demo` with its temporary files in a folder; end it in any case."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "default",
        "-m",
        "bot",
        "demo",
        *options,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield running
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


def left_in(folder: Path) -> list[str]:
    """Return what a process has left behind."""
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_the_demonstration_opens_and_ends_cleanly(
    tmp_path: Path, ending: signal.Signals
) -> None:
    async with demo(tmp_path, "--port", "0") as running:
        assert running.stdout
        line = (await running.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line
        async with httpx.AsyncClient() as client:
            assert (await client.get(found[0])).status_code == 200
            people = (await client.get(f"{found[0]}setup")).json()["people"]
        assert [each["name"] for each in people if each["started"]] == [
            "Ravi Kumar",
            "Rinkesh Agrawal",
            "Sunita Devi",
            "Ananya Iyer",
            "Gurpreet Singh",
        ]
        running.send_signal(ending)
        out, err = await running.communicate()

    assert (running.returncode, out.decode(), err.decode()) == (0, "", "")
    assert left_in(tmp_path) == []


async def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
        async with demo(tmp_path, "--port", str(port)) as running:
            out, err = await running.communicate()

    assert (running.returncode, out) == (1, b"")
    assert len(err.decode().splitlines()) == 1
    assert "in use" in err.decode()


async def test_the_story_is_told_to_its_end(tmp_path: Path) -> None:
    async with demo(tmp_path, "--story") as running:
        out, err = await running.communicate()

    told = out.decode()
    assert (running.returncode, err.decode()) == (0, "")
    for each in ("₹2923.30", "🟡", "🟠", "🔴 Power is off", "/pay 302 2000", "₹2,085.50", "🟢"):
        assert each in told
    assert left_in(tmp_path) == []


async def test_a_story_that_goes_wrong_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DemonstrationFailed) as failed:
        await tell(replace(RINKESH, rate="7.00"))

    assert failed.value.detail == "day 2 ends with 2917.40, not 2923.30"
    assert "Mon 26 Oct 2026, 23:59" in capsys.readouterr().out
