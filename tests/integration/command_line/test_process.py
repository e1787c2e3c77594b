"""The real process against the simulated vendors: onboarding, a day's deduction, a check."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.lakeside import ROOM_302, lakeside_building
from bot.sandbox.qube.server import BASE_PATH, create_qube_app
from bot.sandbox.serving import serve
from bot.sandbox.telegram import TelegramWorld, create_bot_api_app
from tests.driver.chat import Chat

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "123456:canary-token"
KEY = "canary-key"
EVENING = datetime(2026, 10, 26, 23, 59, tzinfo=ZoneInfo("Asia/Kolkata"))
LEASES = f"""\
place,room,meter,type,tenant,phone,mode,rate,start_on,opening_reading,opening_balance
Lakeside Apartments,Room #302,{ROOM_302},ELECTRICITY,Asha Rao,,prepaid,6.50,2026-10-26,1450.0,3000
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    folder: Path
    environment: Mapping[str, str]
    telegram: TelegramWorld

    async def start(self, *argv: str, **changes: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *argv,
            cwd=self.folder,
            env={**self.environment, **changes},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def bot(self, *argv: str, **changes: str) -> Ended:
        return await self.end(await self.start(*argv, **changes))

    async def end(self, process: asyncio.subprocess.Process) -> Ended:
        out, err = await process.communicate()
        return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())


@pytest_asyncio.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    clock = SandboxClock(EVENING)
    building = lakeside_building(clock)
    telegram = TelegramWorld(TOKEN, "lakeside_bot", clock.now)
    qube_app = create_qube_app(building, api_key=KEY, requests_per_minute=None)
    async with serve(qube_app) as qube, serve(create_bot_api_app(telegram)) as bot_api:
        yield Machine(
            folder=tmp_path,
            telegram=telegram,
            environment={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": bot_api,
                "QUBE_API_KEY": KEY,
                "QUBE_API_URL": f"{qube}{BASE_PATH}",
                "QUBE_REQUESTS_PER_MINUTE": "100000",
                "OWNER_TELEGRAM_IDS": "7",
                "HTTP_PORT": "0",
                "LOG_LEVEL": "DEBUG",
            },
        )


async def test_the_first_day_of_room_302_costs_76_70(machine: Machine) -> None:
    (machine.folder / "leases.csv").write_text(LEASES)
    imported = await machine.bot("import", "leases.csv", "--yes")
    synced = await machine.bot("job", "sync")
    deducted = await machine.bot("job", "deduct", "--now", EVENING.isoformat())
    balances = await machine.bot("export", "balances")
    ledger = await machine.bot("export", "ledger")
    runs = (imported, synced, deducted, balances, ledger)

    assert [run.code for run in runs] == [0] * 5
    assert "https://t.me/lakeside_bot?start=" in imported.out
    assert "₹76.70" in deducted.out
    assert "₹2,923.30" in deducted.out
    _, balance = balances.out.splitlines()
    assert balance == (
        f"Lakeside Apartments,Room #302,{ROOM_302},Asha Rao,prepaid,2923.30,INR,on,1461.8,"
        "2026-10-26T23:59:00+05:30"
    )
    _, _, entry = ledger.out.splitlines()
    assert ",deduction,-76.70,2923.30,," in entry
    assert "26 Oct 23:59 · 1,450.0 → 1,461.8 kWh · 11.8 kWh × ₹6.50 = ₹76.70" in entry
    assert not [run for run in runs if "canary" in run.out + run.err]


async def test_a_check_of_a_healthy_machine_is_all_ok(machine: Machine) -> None:
    await machine.bot("migrate")
    checked = await machine.bot("check")
    lines = {line.partition(":")[0] for line in checked.out.splitlines()}

    assert {"ok Telegram token", "ok Qube key", "ok database", "ok clock"} <= lines
    assert "canary" not in checked.out + checked.err


async def test_a_wrong_key_is_told_in_one_line_without_a_traceback(machine: Machine) -> None:
    refused = await machine.bot("job", "sync", QUBE_API_KEY="wrong", LOG_LEVEL="INFO")

    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines()[-1].startswith("bot: Qube does not accept QUBE_API_KEY")
    assert "Traceback" not in refused.err


async def test_no_settings_at_all_are_told_in_one_line(machine: Machine) -> None:
    refused = await machine.bot("run", TELEGRAM_BOT_TOKEN="", QUBE_API_KEY="")

    assert (refused.code, refused.out) == (2, "")
    assert len(refused.err.splitlines()) == 1


async def test_the_bot_answers_until_it_is_told_to_stop(machine: Machine) -> None:
    (machine.folder / "leases.csv").write_text(LEASES)
    imported = await machine.bot("import", "leases.csv", "--yes")
    token = imported.out.partition("?start=")[2].split()[0]
    chat = Chat(machine.telegram.person("Asha", "en"), timeout_s=30)
    process = await machine.start("run")
    ending = asyncio.create_task(machine.end(process))  # reads, or a full pipe would stop it
    try:
        home = await chat.say(f"/start {token}")
    finally:
        process.terminate()
        ended = await ending

    assert "₹3,000.00" in home.text
    assert (ended.code, ended.out) == (0, "")
    assert "Traceback" not in ended.err
    assert "canary" not in ended.err


async def test_with_an_address_the_bot_is_called_instead_of_polling(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    chat = Chat(machine.telegram.person("Asha", "en"), timeout_s=30)
    process = await machine.start(
        "run",
        WEBHOOK_URL=f"http://127.0.0.1:{port}",
        WEBHOOK_SECRET="canary-secret",
        HTTP_PORT=str(port),
    )
    ending = asyncio.create_task(machine.end(process))
    try:
        greeting = await chat.say("/start")
        target = machine.telegram.webhook.target
    finally:
        process.terminate()
        ended = await ending

    assert greeting.text
    assert ended.code == 0
    assert target is not None
    assert target.url == f"http://127.0.0.1:{port}/telegram"
    assert "canary" not in ended.err
