"""The driver of the journeys, against a small bot made with python-telegram-bot."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox.telegram import TelegramWorld
from bot.sandbox.telegram.person import NoSuchButton
from bot.sandbox.telegram.records import CallbackAnswer
from tests.driver import Chat, refusal_of, unlike_the_api
from tests.integration.sandbox_telegram.conftest import TOKEN
from tests.integration.sandbox_telegram.pictures import PNG

CARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Recharge ₹500", callback_data="pay")]],
)


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"Hi {context.args}", reply_markup=CARD)


async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer(f"got {query.data}")
    if query.data == "pay":
        await query.edit_message_text("⏳ waiting")
        await query.edit_message_text("✅ received")


async def received(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    name = update.message.document.file_name if update.message.document else "a picture"
    await update.message.reply_text(f"Thank you for {name}")


@pytest.fixture
async def echo(server: str) -> AsyncIterator[None]:
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{server}/bot")
    application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CallbackQueryHandler(tapped))
    application.add_handler(MessageHandler(filters.ATTACHMENT, received))
    assert application.updater is not None
    async with application:
        await application.start()
        await application.updater.start_polling(poll_interval=0)
        yield
        await application.updater.stop()
        await application.stop()


@pytest.fixture
def ravi(world: TelegramWorld) -> Chat:
    return Chat(world.person("Ravi"), timeout_s=3)


@pytest.mark.usefixtures("echo")
async def test_saying_something_returns_the_answer(ravi: Chat) -> None:
    answer = await ravi.say("/start a1")

    assert answer == ravi.last
    assert (ravi.text, ravi.buttons) == ("Hi ['a1']", ["Recharge ₹500"])
    assert ravi.transcript().splitlines()[0] == "Ravi: /start a1"


@pytest.mark.usefixtures("echo")
async def test_pressing_returns_the_edit_and_later_ones_can_be_awaited(ravi: Chat) -> None:
    card = await ravi.say("/start")

    edited = await ravi.press("Recharge")

    assert edited.message_id == card.message_id
    assert (await ravi.hears("received")).edited
    assert ravi.buttons == []


@pytest.mark.usefixtures("echo")
async def test_a_tap_can_be_judged_by_its_toast(ravi: Chat) -> None:
    await ravi.say("/start")

    assert await ravi.tap("Recharge ₹500") == CallbackAnswer(text="got pay")
    assert await ravi.forge("delete:all") == CallbackAnswer(text="got delete:all")


@pytest.mark.usefixtures("echo")
async def test_pictures_and_files_are_answered(ravi: Chat) -> None:
    assert (await ravi.photo(PNG)).text == "Thank you for a picture"
    assert (await ravi.document(b"a", "a.csv")).text == "Thank you for a.csv"


@pytest.mark.usefixtures("echo")
async def test_a_button_that_is_not_there_names_those_that_are(ravi: Chat) -> None:
    await ravi.say("/start")

    with pytest.raises(NoSuchButton) as missing:
        await ravi.press("Delete")

    assert missing.value.offered == (("Recharge ₹500",),)


async def test_silence_ends_in_a_timeout(world: TelegramWorld) -> None:
    chat = Chat(world.person("Ravi"), timeout_s=0.01)

    with pytest.raises(TimeoutError):
        await chat.say("anybody?")


@pytest.mark.usefixtures("echo")
async def test_two_people_talk_at_once(world: TelegramWorld) -> None:
    chats = [Chat(world.person(name)) for name in ("Asha", "Ravi", "Meera")]

    answers = await asyncio.gather(*(chat.say(f"/start {n}") for n, chat in enumerate(chats)))

    assert [answer.text for answer in answers] == ["Hi ['0']", "Hi ['1']", "Hi ['2']"]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": "5"}),
        ("sendMessage", {"chat_id": "5", "text": "x", "txet": "y"}),
        ("sendMessage", {"chat_id": "5", "text": "x", "disable_notification": "perhaps"}),
        ("sendMessage", {"chat_id": "5", "text": "x", "reply_markup": '{"inline_keyboard": [1]}'}),
        (
            "sendMessage",
            {
                "chat_id": "5",
                "text": "x",
                "reply_markup": '{"inline_keyboard": [[{"text": "a", "callbackdata": "b"}]]}',
            },
        ),
        ("sendPhoto", {"chat_id": "5", "photo": "attach://nothing"}),
        ("setMyCommands", {"commands": '[{"command": "a"}]'}),
        ("getUpdates", {"offset": "first"}),
        ("answerCallbackQuery", {}),
    ],
)
def test_a_request_that_the_api_does_not_know_is_refused(
    method: str, params: dict[str, Any]
) -> None:
    assert refusal_of(method, params) is not None


@pytest.mark.parametrize(
    "result",
    [
        {"message_id": 1, "date": 5, "chat": {"id": 1}},
        {"message_id": "1", "date": 5, "chat": {"id": 1, "type": "private"}},
        {"message_id": 1, "date": 5, "chat": {"id": 1, "type": "private", "name": "x"}},
    ],
)
def test_a_result_that_the_api_does_not_know_is_found(result: dict[str, Any]) -> None:
    assert unlike_the_api("sendMessage", result) is not None
