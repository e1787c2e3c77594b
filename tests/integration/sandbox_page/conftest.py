from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot

from bot.sandbox.page import Part
from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.world import SandboxWorld, open_world
from tests.driver import refusal_of

API_KEY = "a-key"
TOKEN = "4242:sandbox-token"


@pytest.fixture
async def world() -> AsyncIterator[SandboxWorld]:
    async with open_world(qube_api_key=API_KEY, bot_token=TOKEN, validate=refusal_of) as world:
        yield world


@pytest.fixture
async def page(world: SandboxWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=world.page_url) as client:
        yield client


@pytest.fixture
async def qube(world: SandboxWorld) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"X-Qube-API-Key": API_KEY}
    async with httpx.AsyncClient(base_url=world.qube_url, headers=headers) as client:
        yield client


@pytest.fixture
async def bot(world: SandboxWorld) -> AsyncIterator[Bot]:
    url = world.telegram_url
    async with Bot(TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as connected:
        yield connected


@pytest.fixture
def asha(world: SandboxWorld) -> SandboxPerson:
    """A tenant who has started the bot."""
    asha = world.introduce("Asha", Part.TENANT, last_name="Rao", note="Room 302")
    asha.send_text("/start")
    return asha
