import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest

from bot.sandbox.serving import serve
from bot.sandbox.telegram import SandboxPerson, TelegramWorld


class Hook:
    """A receiver that notes what it gets and can be told to fail first."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[tuple[int, str | None]] = asyncio.Queue()
        self.failures = 0
        self.url = ""

    async def receive(self, request: Request) -> Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        await self.got.put((update["update_id"], secret))
        self.failures -= 1
        return Response(status_code=503 if self.failures >= 0 else 200)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])])
    async with serve(app) as url:
        hook.url = f"{url}/hook"
        yield hook


async def test_updates_are_pushed_in_order_with_the_secret(
    bot: Bot, asha: SandboxPerson, hook: Hook
) -> None:
    asha.send_text("one")

    await bot.set_webhook(hook.url, secret_token="s3cret-_")

    first, second = await hook.got.get(), await hook.got.get()
    assert second == (first[0] + 1, "s3cret-_")


async def test_an_update_is_pushed_again_until_it_is_accepted(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson, hook: Hook
) -> None:
    hook.failures = 1
    await bot.set_webhook(hook.url)
    asha.send_text("one")

    received = [(await hook.got.get())[0] for _ in range(3)]

    assert received == [received[0], received[0], received[0] + 1]
    info = await bot.get_webhook_info()
    assert info.url == hook.url
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_a_duplicated_update_is_pushed_twice(
    bot: Bot, world: TelegramWorld, hook: Hook
) -> None:
    world.duplicate_next_update()
    world.person("Asha").send_text("pay")

    await bot.set_webhook(hook.url)

    first, second = await hook.got.get(), await hook.got.get()
    assert first == second


async def test_what_waits_can_be_dropped(bot: Bot, asha: SandboxPerson) -> None:
    assert (await bot.get_webhook_info()).pending_update_count == 1

    await bot.delete_webhook(drop_pending_updates=True)

    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_an_address_or_secret_that_telegram_would_not_take_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Invalid webhook url specified"):
        await bot.set_webhook("nowhere")
    with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
        await bot.set_webhook("https://example.org", secret_token="with space")
