"""Updates must survive the death of the process: confirmed only when handled."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.sandbox.clock import SandboxClock
from bot.sandbox.serving import serve
from bot.sandbox.telegram import TelegramWorld, create_bot_api_app
from bot.telegram.polling import Polling
from tests.driver import refusal_of

TOKEN = "4242:polling-token"


@pytest.fixture
def world(clock_of_polling: SandboxClock) -> TelegramWorld:
    return TelegramWorld(TOKEN, "lakeside_bot", clock_of_polling.now, validate=refusal_of)


@pytest.fixture
def clock_of_polling() -> SandboxClock:
    from datetime import UTC, datetime

    return SandboxClock(datetime(2026, 10, 25, tzinfo=UTC))


@pytest.fixture
async def client(world: TelegramWorld) -> AsyncIterator[Bot]:
    async with serve(create_bot_api_app(world)) as url:
        async with Bot(TOKEN, base_url=f"{url}/bot") as bot:
            yield bot
        await world.aclose()


class Handler:
    """Handles updates when it is let, and counts them."""

    def __init__(self) -> None:
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.gate = asyncio.Event()
        self.done: list[str] = []

    async def __call__(self, update: Update) -> None:
        text = (update.message and update.message.text) or ""
        self.begun.put_nowait(text)
        if text == "slow":
            await self.gate.wait()
        self.done.append(text)


def polling(
    client: Bot, handler: Handler, report: list[TelegramError], *, held_s: float = 60
) -> Polling:
    return Polling(client, handler, allowed=["message"], report=report.append, held_s=held_s)


async def test_an_update_at_work_stays_unconfirmed_and_later_ones_are_handled_meanwhile(
    client: Bot, world: TelegramWorld
) -> None:
    handler, person = Handler(), world.person("Asha")
    async with polling(client, handler, []).running():
        person.send_text("/start")
        person.send_text("slow")
        person.send_text("quick")
        assert [await handler.begun.get() for _ in range(3)] == ["/start", "slow", "quick"]
        assert len(world.updates) >= 2, (
            "the slow update and the one behind it must stay at Telegram"
        )
        handler.gate.set()
    assert sorted(handler.done) == ["/start", "quick", "slow"]
    assert len(world.updates) == 0


async def test_while_few_wait_a_slow_one_is_kept_however_long_it_takes(
    client: Bot, world: TelegramWorld
) -> None:
    """So that a process that is killed in the middle gets it again."""
    handler, person = Handler(), world.person("Asha")
    async with polling(client, handler, [], held_s=0).running():
        person.send_text("slow")
        assert await handler.begun.get() == "slow"
        for text in ("one", "two", "three"):
            person.send_text(text)
            assert await handler.begun.get() == text
        assert len(world.updates) == 4
        handler.gate.set()
    assert len(world.updates) == 0


async def test_a_slow_update_does_not_make_the_bot_deaf_to_a_hundred_others(
    client: Bot, world: TelegramWorld
) -> None:
    handler, person = Handler(), world.person("Asha")
    many = [str(number) for number in range(120)]
    trouble: list[TelegramError] = []
    async with polling(client, handler, trouble, held_s=0.1).running():
        person.send_text("slow")
        for text in many:
            person.send_text(text)
        async with asyncio.timeout(10):
            assert [await handler.begun.get() for _ in range(121)] == ["slow", *many]
        assert "slow" not in handler.done
        handler.gate.set()
    assert handler.done[-1] == "slow"
    assert len(world.updates) == 0


async def test_each_update_is_handled_once_though_it_is_fetched_again(
    client: Bot, world: TelegramWorld
) -> None:
    handler, person = Handler(), world.person("Asha")
    async with polling(client, handler, []).running():
        person.send_text("slow")
        await handler.begun.get()
        person.send_text("one")
        await handler.begun.get()
        person.send_text("two")
        await handler.begun.get()
        handler.gate.set()
    assert sorted(handler.done) == ["one", "slow", "two"]


@pytest.mark.parametrize("status", [401, 502])
async def test_trouble_is_reported_and_polling_goes_on(
    client: Bot, world: TelegramWorld, status: int
) -> None:
    handler, person = Handler(), world.person("Asha")
    world.fail_next("getUpdates", status)
    trouble: list[TelegramError] = []
    async with polling(client, handler, trouble).running():
        person.send_text("hello")
        assert await handler.begun.get() == "hello"
    assert len(trouble) == 1
