"""A world that holds every request and every answer against the Bot API."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from telegram import Bot

from bot.sandbox.clock import SandboxClock
from bot.sandbox.serving import serve
from bot.sandbox.telegram import SandboxPerson, TelegramWorld, create_bot_api_app
from tests.driver import Chat, refusal_of, unlike_the_api

TOKEN = "4242:sandbox-token"


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(datetime(2025, 11, 1, 18, 30, tzinfo=UTC))


@pytest.fixture
def world(clock: SandboxClock) -> Iterator[TelegramWorld]:
    world = TelegramWorld(TOKEN, "lakeside_bot", clock.now, validate=refusal_of)
    yield world
    assert world.violations == []
    results = [(e.method, e.answer["result"]) for e in world.wire if e.answer and e.answer["ok"]]
    assert [problem for call in results if (problem := unlike_the_api(*call))] == []


@pytest.fixture
async def server(world: TelegramWorld) -> AsyncIterator[str]:
    async with serve(create_bot_api_app(world)) as url:
        yield url
        await world.aclose()


@pytest.fixture
async def bot(server: str) -> AsyncIterator[Bot]:
    async with Bot(
        TOKEN, base_url=f"{server}/bot", base_file_url=f"{server}/file/bot"
    ) as connected:
        yield connected


@pytest.fixture
def asha(world: TelegramWorld) -> SandboxPerson:
    """A tenant who has started the bot."""
    person = world.person("Asha")
    person.send_text("/start")
    return person


@pytest.fixture
def chat(asha: SandboxPerson) -> Chat:
    return Chat(asha)
