"""The process is killed in the middle of things: nothing is lost, nothing happens twice."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import open_app
from bot.demo.tenants import RINKESH
from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.telegram.faults import Fault
from bot.sandbox.world import open_world
from tests.driver import Chat, refusal_of
from tests.journeys.house import BRISK_PER_MINUTE, KEY, OWNER, TOKEN, House, settings_of
from tests.journeys.process import AHEAD_S, READY

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROOT = Path(__file__).resolve().parents[2]
LEASES_ARE_OVER = timedelta(minutes=5)
START_WITHIN_S = 60


@pytest.fixture
async def poor(database_url: str) -> AsyncIterator[House]:
    """Return Room 302 in the time of this machine, below its cut-off; no bot is running."""
    now = datetime.now(UTC)
    async with open_world(
        qube_api_key=KEY,
        bot_token=TOKEN,
        start_at=now,
        requests_per_minute=BRISK_PER_MINUTE,
        validate=refusal_of,
    ) as world:
        world.clock.set_speed(1)
        settings = settings_of(world, database_url, (OWNER,))
        house = House(
            world=world,
            settings=settings,
            ravi=Chat(world.telegram.person("Ravi", "en", OWNER), timeout_s=30),
        )
        today = (now - timedelta(days=1)).date()
        register = f"{house.meter.register_kwh:f}"
        await house.take_in(replace(RINKESH, start_on=today, balance="85.50", opening_kwh=register))
        yield house
        assert world.telegram.violations == []


@asynccontextmanager
async def process(house: House, *, ahead: timedelta = timedelta()) -> AsyncIterator[None]:
    """Run the bot as a process of its own, and kill it with SIGKILL."""
    settings = house.settings
    assert settings.telegram_bot_token
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.journeys.process",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": settings.telegram_api_url,
            "QUBE_API_KEY": KEY,
            "QUBE_API_URL": settings.qube_api_url,
            "QUBE_REQUESTS_PER_MINUTE": str(BRISK_PER_MINUTE),
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "OWNER_TELEGRAM_IDS": str(OWNER),
            "HTTP_PORT": "0",
            AHEAD_S: str(ahead.total_seconds()),
        },
    )
    try:
        assert running.stdout
        async with asyncio.timeout(START_WITHIN_S):
            assert (await running.stdout.readline()).decode().strip() == READY
        yield
    finally:
        running.kill()
        await running.wait()


async def payments(house: House) -> list[str]:
    """Return the amounts that are in the books."""
    async with open_app(house.settings) as app:
        rows = [row async for row in app.exports.ledger(lambda *_: "")]
    return [row[5] for row in rows if row[4] == "payment"]


async def receipt(chat: Chat) -> str:
    """Return the one receipt, once it tells of the light."""
    await chat.hears("🟢 Power is on again")
    (told,) = (each.text for each in chat.all if each.text.startswith("✅"))
    return told


async def until(house: House, holds: Callable[[], bool]) -> None:
    """Wait until something is so in the building, which nothing announces."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - a meter tells nobody
            await asyncio.sleep(0.02)


async def cut_and_asked(house: House) -> tuple[Chat, Callable[[], Awaitable[None]]]:
    """Let Room 302 be cut, and ask the manager about the payment; return who taps it."""
    await house.ravi.say("/start")
    rinkesh = house.phone("Rinkesh")
    rinkesh.timeout_s = 30
    await rinkesh.say(f"/start {house.invitations['Room #302']}")
    await rinkesh.hears("🔴 Power is off")
    asked = await house.ravi.say("/pay 302 2000 upi 423188908890")

    async def tap() -> None:
        house.ravi.person.press(asked.message_id, asked.buttons[0][0])

    return rinkesh, tap


async def test_killed_while_the_meter_is_switched(poor: House) -> None:
    async with process(poor):
        rinkesh, tap = await cut_and_asked(poor)
        poor.world.building.fail_after_effect(ROOM_302, how="stall")
        await tap()
        await until(poor, poor.has_light)

    async with process(poor, ahead=LEASES_ARE_OVER):
        assert "₹2,000.00 received" in await receipt(rinkesh)
        assert "₹2,000.00 recorded" in await receipt(poor.ravi)
    assert await payments(poor) == ["2000.00"]
    assert poor.has_light()


async def test_killed_while_the_receipt_is_sent(poor: House) -> None:
    """Its number is lost with the answer, so that the light is told of in a message of its own."""
    async with process(poor):
        rinkesh, tap = await cut_and_asked(poor)
        poor.world.telegram.fail_next("sendMessage", Fault.STALL_AFTER_EFFECT)
        await tap()
        await rinkesh.hears("✅")

    async with process(poor, ahead=LEASES_ARE_OVER):
        await rinkesh.hears("🟢 Power is on again")
    told = [each.text for each in rinkesh.all if each.text.startswith("✅")]
    assert ["⏳" in each for each in told] == [True, False]
    assert await payments(poor) == ["2000.00"]
    assert poor.has_light()


@pytest.mark.parametrize("delay_s", [0, 0.02, 0.05, 0.1])
@pytest.mark.slow
async def test_killed_at_any_moment_after_the_tap(poor: House, delay_s: float) -> None:
    async with process(poor):
        rinkesh, tap = await cut_and_asked(poor)
        await tap()
        await asyncio.sleep(delay_s)

    async with process(poor, ahead=LEASES_ARE_OVER):
        await until(poor, poor.has_light)
        await poor.ravi.say("/status")
    assert await payments(poor) == ["2000.00"]
    assert len([each for each in rinkesh.all if each.text.startswith("✅")]) <= 2
