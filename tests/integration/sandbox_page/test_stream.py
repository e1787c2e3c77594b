from datetime import timedelta

import httpx
import pytest
from telegram import Bot

from bot.sandbox.page.log import LogPosition
from bot.sandbox.page.stream import Position
from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.world import SandboxWorld

from .listening import listening


async def test_a_page_is_told_the_whole_state_when_it_connects(
    page: httpx.AsyncClient, qube: httpx.AsyncClient
) -> None:
    await qube.get("/spaces/")
    world_id = (await page.get("/setup")).json()["world"]
    async with listening(page) as ear:
        hello, time, building, wire = [await ear.next() for _ in range(4)]
    assert (hello.kind, hello.data) == ("hello", {"world": world_id})
    assert time.data == {"now": "2026-10-25T12:30:00+00:00", "speed": 0, "destination": None}
    assert ROOM_302 in {meter["udf1"] for meter in building.data[0]["meters"]}
    assert [line["target"] for line in wire.data] == ["/spaces/"]


async def test_a_page_is_told_which_chat_has_changed(
    page: httpx.AsyncClient, bot: Bot, asha: SandboxPerson
) -> None:
    async with listening(page) as ear:
        await ear.next_of("building")
        await bot.send_message(asha.chat_id, "hello")
        chat = await ear.next_of("chat")
        await bot.set_my_commands([("help", "Help")])
        everybody = await ear.next_of("chat")
    assert chat.data == {"chats": [asha.chat_id], "everybody": False}
    assert everybody.data == {"chats": [], "everybody": True}


async def test_a_page_sees_time_and_meters_move(
    world: SandboxWorld, page: httpx.AsyncClient
) -> None:
    async with listening(page) as ear:
        await ear.next_of("building")
        world.traveller.depart(timedelta(hours=2))
        moving = await ear.next_of("time")
        while moving.data["destination"]:
            moving = await ear.next_of("time")
        world.building.take_offline(ROOM_302)
        offline: set[str] = set()
        while not offline:
            meters = (await ear.next_of("building")).data[0]["meters"]
            offline = {meter["udf1"] for meter in meters if not meter["online"]}
    assert moving.data["now"] == "2026-10-25T14:30:00+00:00"
    assert offline == {ROOM_302}


async def test_a_page_that_was_cut_off_hears_what_it_missed(
    page: httpx.AsyncClient, qube: httpx.AsyncClient, asha: SandboxPerson
) -> None:
    await qube.get("/spaces/")
    async with listening(page) as ear:
        last = await ear.next_of("wire")
    asha.send_text("are you there?")
    await qube.get("/spaces/302/")
    async with listening(page, last.position) as ear:
        chat = await ear.next_of("chat")
        wire = await ear.next_of("wire")
    assert chat.data["chats"] == [asha.chat_id]
    assert [line["target"] for line in wire.data] == ["/spaces/302/"]


def test_a_position_is_read_as_it_was_written() -> None:
    position = Position(seq=7, log=LogPosition(qube=30, telegram=2))
    assert Position.parse(str(position)) == position


@pytest.mark.parametrize("text", ["", "1-2", "1-2-3-4", "a-b-c", "1-2-x", "-1-2-²"])
def test_an_unreadable_position_is_none(text: str) -> None:
    assert Position.parse(text) is None
