import asyncio
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from telegram import Bot

from bot.sandbox.page import Part
from bot.sandbox.telegram.world import PersonExists
from bot.sandbox.world import STORY_STARTS_AT, SandboxWorld, open_world

from .conftest import API_KEY, TOKEN
from .listening import listening


async def test_time_stands_still_where_the_story_begins(world: SandboxWorld) -> None:
    assert world.clock.now() == STORY_STARTS_AT
    assert world.clock.speed == 0
    assert STORY_STARTS_AT.isoformat() == "2026-10-25T18:00:00+05:30"


async def test_both_apis_and_the_page_answer(
    qube: httpx.AsyncClient, bot: Bot, page: httpx.AsyncClient
) -> None:
    assert (await qube.get("/spaces/")).json()["success"] is True
    assert (await bot.get_me()).username == "lakeside_bot"
    assert (await page.get("/")).status_code == 200


async def test_the_request_limit_of_the_vendor_can_be_set() -> None:
    headers = {"X-Qube-API-Key": API_KEY}
    async with (
        open_world(qube_api_key=API_KEY, bot_token=TOKEN, requests_per_minute=1) as world,
        httpx.AsyncClient(base_url=world.qube_url, headers=headers) as qube,
    ):
        answers = [(await qube.get("/spaces/")).status_code for _ in range(2)]
    assert answers == [200, 429]


async def test_a_person_is_introduced_once(world: SandboxWorld) -> None:
    asha = world.introduce("Asha", Part.TENANT, user_id=7)
    assert world.telegram.people[7] is asha
    with pytest.raises(PersonExists):
        world.introduce("Asha", Part.TENANT, user_id=7)


async def test_a_taken_port_is_refused_and_leaves_nothing_open(world: SandboxWorld) -> None:
    before = asyncio.all_tasks()
    with pytest.raises(OSError, match="in use"):
        async with open_world(
            qube_api_key=API_KEY, bot_token=TOKEN, page_port=urlsplit(world.page_url).port or 0
        ):
            pass
    assert asyncio.all_tasks() == before


async def test_leaving_ends_streams_polls_and_journeys() -> None:
    before = asyncio.all_tasks()
    async with httpx.AsyncClient(timeout=None) as client:
        async with open_world(qube_api_key=API_KEY, bot_token=TOKEN) as world:
            client.base_url = httpx.URL(world.page_url)
            polls = f"{world.telegram_url}/bot{TOKEN}/getUpdates?timeout=50"
            polling = asyncio.create_task(client.get(polls))
            await world.telegram.updates.polled.wait()
            async with listening(client) as ear:
                await ear.next()
                world.traveller.depart(timedelta(days=300))
                await ear.next_of("time")
        with suppress(httpx.TransportError):
            await polling
    assert world.traveller.destination is None
    assert asyncio.all_tasks() == before
