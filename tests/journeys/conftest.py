"""The whole bot over loopback HTTP: simulated meters on one side, a messenger on the other."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.config import Settings
from bot.demo.tenants import RINKESH
from bot.jobs import Rhythm, Runner
from bot.running import running_bot
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.world import SandboxWorld, open_world
from bot.services import delivery
from bot.services.onboarding import Onboarding
from tests.driver import Chat, refusal_of
from tests.journeys.house import BRISK_PER_MINUTE, OWNER, SECOND_OWNER, House, settings_of

TOKEN = "4242:sandbox-token"
KEY = "sandbox-key"
STARTS_AT = datetime(2026, 10, 26, 0, 0, tzinfo=KOLKATA)
AT_ONCE = Rhythm(tick_s=3600, heartbeat_s=3600, worker_s=0.05)
HEADER = "place,room,meter,type,tenant,mode,rate,start_on,opening_reading,opening_balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A running bot, and the hands to move the world around it."""

    world: SandboxWorld
    runner: Runner
    onboarding: Onboarding

    async def invite(self, *rows: str) -> list[str]:
        """Import leases and return the token of each tenant's invitation link."""
        content = "\n".join([HEADER, *rows]).encode()
        imported = await self.onboarding.carry_out(cause=None, content=content)
        assert len(imported.created) == len(rows), imported.plan
        await self.runner.catch_up()
        return [lease.ticket.token for lease in imported.created]

    async def until(self, moment: datetime) -> None:
        """Move the clock, and let what is due happen."""
        self.world.clock.move_to(moment)
        await self.runner.catch_up()

    def chat(self, first_name: str, language_code: str = "en") -> Chat:
        """Return the chat of somebody new."""
        person: SandboxPerson = self.world.telegram.person(first_name, language_code)
        return Chat(person)


@pytest_asyncio.fixture
async def journey(database_url: str) -> AsyncIterator[Journey]:
    """Return the whole bot, running on a fresh database."""
    async with open_world(
        qube_api_key=KEY,
        bot_token=TOKEN,
        start_at=STARTS_AT,
        requests_per_minute=None,
        validate=refusal_of,
    ) as world:
        settings = Settings(
            telegram_bot_token=SecretStr(TOKEN),
            telegram_api_url=world.telegram_url,
            qube_api_key=SecretStr(KEY),
            qube_api_url=world.qube_url,
            qube_requests_per_minute=1_000_000,
            database_url=SecretStr(database_url),
            http_port=0,
        )
        async with running_bot(settings, clock=world.clock, rhythm=AT_ONCE) as bot:
            yield Journey(world=world, runner=bot.runner, onboarding=bot.app.onboarding)
        assert world.telegram.violations == []


@pytest_asyncio.fixture
async def house(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[House]:
    """Return Room #302 with its manager and a running bot, on the evening of 25 October.

    Whatever the bot tells people has to be something that can be said.
    """
    monkeypatch.chdir(tmp_path)  # backups are left where a process runs
    async with open_world(
        qube_api_key=KEY,
        bot_token=TOKEN,
        requests_per_minute=BRISK_PER_MINUTE,
        validate=refusal_of,
    ) as world:
        ravi = Chat(world.telegram.person("Ravi", "en", OWNER))
        settings = settings_of(world, database_url, (OWNER, SECOND_OWNER))
        built = House(world=world, settings=settings, ravi=ravi)
        await built.take_in(RINKESH)
        await built.start()
        await ravi.say("/start")
        yield built
        await built.stop()
        assert world.telegram.violations == []
    logged = [*caplog.get_records("setup"), *caplog.get_records("call")]
    errors = [each for each in logged if each.levelno >= logging.ERROR]
    assert not [each.getMessage() for each in errors if each.name == delivery.__name__]
