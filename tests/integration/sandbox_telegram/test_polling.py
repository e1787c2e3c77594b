import asyncio

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox.telegram import SandboxPerson, TelegramWorld
from bot.sandbox.telegram.updates import UnknownUpdate
from tests.integration.sandbox_telegram.conftest import TOKEN


async def texts(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[str | None]:
    updates = await bot.get_updates(offset=offset, limit=limit)
    return [update.message.text if update.message else None for update in updates]


async def ids(bot: Bot, offset: int | None = None) -> list[int]:
    return [update.update_id for update in await bot.get_updates(offset=offset)]


async def test_updates_come_again_until_they_are_confirmed(bot: Bot, asha: SandboxPerson) -> None:
    asha.send_text("one")
    asha.send_text("two")
    assert await texts(bot) == await texts(bot) == ["/start", "one", "two"]
    first = (await ids(bot))[0]

    assert await texts(bot, offset=first + 1, limit=1) == ["one"]
    assert await texts(bot, offset=-1) == ["two"]
    assert await texts(bot) == ["two"]
    assert await texts(bot, offset=first + 3) == []


async def test_a_waiting_poll_is_answered_by_the_next_update(
    bot: Bot, world: TelegramWorld
) -> None:
    asha = world.person("Asha")
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await world.updates.polled.wait()

    asha.send_text("now")

    (update,) = await polling
    assert update.message is not None
    assert update.message.text == "now"


async def test_a_command_is_marked_as_one(bot: Bot, world: TelegramWorld) -> None:
    world.person("Asha", language_code="hi").send_text("/start a1B2")

    message = (await bot.get_updates())[-1].message

    assert message is not None
    assert message.from_user is not None
    assert message.from_user.language_code == "hi"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bot_command", 0, 6)]


async def test_a_second_poller_ends_the_first_with_a_conflict(
    bot: Bot, world: TelegramWorld, server: str
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await world.updates.polled.wait()

    async with httpx.AsyncClient() as rival:
        await rival.get(f"{server}/bot{TOKEN}/getUpdates")

    with pytest.raises(Conflict, match="make sure that only one bot instance is running"):
        await first


async def test_polling_is_a_conflict_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")

    with pytest.raises(Conflict, match="use deleteWebhook to delete the webhook first"):
        await bot.get_updates()

    await bot.delete_webhook()
    await bot.get_updates()


async def test_only_the_wanted_kinds_of_updates_are_queued(bot: Bot, asha: SandboxPerson) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["my_chat_member"])
    asha.send_text("unheard")
    asha.block()

    updates = await bot.get_updates()

    assert [update.my_chat_member is not None for update in updates[1:]] == [True]


async def test_blocking_and_unblocking_are_told(bot: Bot, asha: SandboxPerson) -> None:
    asha.block()
    asha.unblock()

    blocked, unblocked = (await bot.get_updates())[-2:]

    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member is not None
    assert unblocked.my_chat_member.new_chat_member.status == "member"


async def test_a_duplicated_update_comes_once_more_after_its_confirmation(
    bot: Bot, world: TelegramWorld
) -> None:
    asha = world.person("Asha")
    world.duplicate_next_update()
    asha.send_text("pay")
    asha.send_text("more")

    first, second = await ids(bot)

    assert await ids(bot, offset=second + 1) == [first]
    assert await ids(bot, offset=second + 1) == []


async def test_an_old_update_can_be_delivered_again(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    asha.send_text("pay")
    start, pay = await ids(bot)
    assert await ids(bot, offset=pay + 1) == []

    world.redeliver(start)

    assert await ids(bot, offset=pay + 1) == [start]
    with pytest.raises(UnknownUpdate):
        world.redeliver(7)


async def test_a_persons_edit_is_an_update_of_its_own(bot: Bot, asha: SandboxPerson) -> None:
    sent = asha.send_text("50")
    asha.edit_text(sent.message_id, "500")

    update = (await bot.get_updates())[-1]

    assert update.edited_message is not None
    assert update.edited_message.text == "500"


async def test_closing_the_world_ends_a_waiting_poll(bot: Bot, world: TelegramWorld) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await world.updates.polled.wait()

    world.close()

    assert await polling == ()


async def test_a_poll_whose_client_has_gone_takes_no_update(
    bot: Bot, server: str, world: TelegramWorld
) -> None:
    async with httpx.AsyncClient() as http:
        polling = asyncio.create_task(http.get(f"{server}/bot{TOKEN}/getUpdates?timeout=20"))
        await world.updates.polled.wait()
        polling.cancel()
    await world.updates.unpolled.wait()
    world.person("Asha").send_text("still here")

    assert await texts(bot) == ["still here"]


async def test_a_method_takes_json_and_any_case(server: str, asha: SandboxPerson) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(
            f"{server}/bot{TOKEN}/SENDMESSAGE", json={"chat_id": asha.chat_id, "text": "hello"}
        )

    assert answer.json()["result"]["text"] == "hello"
    assert asha.messages[-1].text == "hello"
