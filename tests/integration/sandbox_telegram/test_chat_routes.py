import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes

from bot.sandbox.serving import serve
from bot.sandbox.telegram import SandboxPerson, TelegramWorld, chat_routes
from tests.integration.sandbox_telegram.conftest import TOKEN
from tests.integration.sandbox_telegram.pictures import PNG

CARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Recharge", callback_data="pay"),
            InlineKeyboardButton("UPI", copy_text=CopyTextButton("a@b")),
        ]
    ]
)


@pytest.fixture
async def page(world: TelegramWorld) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Mount("/chat", routes=chat_routes(world))])
    async with serve(app) as url, httpx.AsyncClient(base_url=f"{url}/chat") as client:
        yield client


@pytest.fixture
async def answering(server: str) -> AsyncIterator[None]:
    """A bot that answers every tap with a toast."""

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Soon")

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{server}/bot")
    application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    application.add_handler(CallbackQueryHandler(answer))
    assert application.updater is not None
    async with application:
        await application.start()
        await application.updater.start_polling(poll_interval=0)
        yield
        await application.updater.stop()
        await application.stop()


async def shown(page: httpx.AsyncClient, person: SandboxPerson, after: int = 0) -> Any:
    answer = await page.get(f"/{person.user_id}/messages", params={"after": after})
    return answer.json()


async def test_the_page_lists_people(page: httpx.AsyncClient, asha: SandboxPerson) -> None:
    listed = (await page.get("/people")).json()

    assert listed["bot"] == {"username": "lakeside_bot", "name": "lakeside_bot"}
    assert [(p["user_id"], p["first_name"], p["started"]) for p in listed["people"]] == [
        (asha.user_id, "Asha", True)
    ]


async def test_the_page_gets_only_what_changed(
    page: httpx.AsyncClient, bot: Bot, asha: SandboxPerson
) -> None:
    sent = await bot.send_message(
        asha.chat_id, "<b>₹500</b> &lt;", parse_mode="HTML", reply_markup=CARD
    )
    everything = await shown(page, asha)
    await bot.edit_message_text("gone", asha.chat_id, sent.message_id)
    later = await shown(page, asha, everything["seq"])

    assert [m["text"] for m in everything["messages"]] == ["/start", "₹500 <"]
    card = everything["messages"][1]
    assert card["html"] == "<b>₹500</b> &lt;"
    assert [[(b["text"], b["kind"], b["value"]) for b in row] for row in card["buttons"]] == [
        [("Recharge", "callback", "pay"), ("UPI", "copy", "a@b")]
    ]
    assert [(m["text"], m["edited"], m["buttons"]) for m in later["messages"]] == [
        ("gone", True, [])
    ]


async def test_a_deleted_message_is_told_without_its_text(
    page: httpx.AsyncClient, bot: Bot, asha: SandboxPerson
) -> None:
    sent = await bot.send_message(asha.chat_id, "oops")
    before = await shown(page, asha)
    await bot.delete_message(asha.chat_id, sent.message_id)

    (gone,) = (await shown(page, asha, before["seq"]))["messages"]

    assert gone["deleted"]
    assert "text" not in gone


async def test_the_page_writes_and_taps(
    page: httpx.AsyncClient, bot: Bot, asha: SandboxPerson, answering: None
) -> None:
    sent = await bot.send_message(asha.chat_id, "card", reply_markup=CARD)

    written = await page.post(f"/{asha.user_id}/text", json={"text": "/balance"})
    tapped = await page.post(
        f"/{asha.user_id}/press", json={"message_id": sent.message_id, "button": "Recharge"}
    )

    assert written.status_code == 201
    assert asha.messages[written.json()["message_id"] - 1].text == "/balance"
    assert tapped.json()["answer"] == {"text": "Soon", "show_alert": False, "url": None}


async def test_the_page_sends_and_shows_pictures_and_files(
    page: httpx.AsyncClient, asha: SandboxPerson
) -> None:
    await page.post(
        f"/{asha.user_id}/photo", files={"photo": ("m.png", PNG)}, data={"caption": "01462"}
    )
    await page.post(f"/{asha.user_id}/document", files={"document": ("r.csv", b"a,b", "text/csv")})

    photo, document = (await shown(page, asha))["messages"][-2:]

    picture = await page.get(f"/files/{photo['photo']['file_id']}")
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert (photo["text"], photo["photo"]["width"]) == ("01462", 320)
    assert document["document"]["name"] == "r.csv"
    table = await page.get(f"/files/{document['document']['file_id']}")
    assert table.content == b"a,b"
    assert table.headers["content-disposition"] == "attachment"


async def test_the_page_shows_the_menu_and_the_reply_keyboard(
    page: httpx.AsyncClient, bot: Bot, asha: SandboxPerson
) -> None:
    await bot.set_my_commands([("balance", "What is left")])
    await bot.send_message(asha.chat_id, "?", reply_markup=ReplyKeyboardMarkup([["Yes"]]))

    menu = (await page.get(f"/{asha.user_id}/commands")).json()

    assert menu == [{"command": "balance", "description": "What is left"}]
    keyboard = (await shown(page, asha))["reply_keyboard"]
    assert keyboard["rows"] == [[{"text": "Yes", "action": "say"}]]


async def test_the_page_blocks_and_shares_a_number(
    page: httpx.AsyncClient, asha: SandboxPerson
) -> None:
    await page.post(f"/{asha.user_id}/contact", json={"phone_number": "+919812345678"})
    await page.post(f"/{asha.user_id}/block", json={"blocked": True})

    contact = (await shown(page, asha))["messages"][-1]["contact"]

    assert contact == {"phone_number": "+919812345678", "first_name": "Asha"}
    assert asha.blocked


async def test_changes_are_streamed_as_they_happen(
    page: httpx.AsyncClient, world: TelegramWorld, asha: SandboxPerson
) -> None:
    async with page.stream("GET", "/events") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == ": open"
        asha.send_text("hello")
        events = [line async for line in _until_data(lines)]
        world.close()

    assert json.loads(events[-1].removeprefix("data: ")) == {
        "seq": world.changes.seq - 1,
        "chats": [asha.chat_id],
        "everybody": False,
    }


async def _until_data(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if line.startswith("data: "):
            return


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("text", b"{", "The request must be JSON."),
        ("text", b"[]", "The request must be a JSON object."),
        ("text", b"{}", '"text" must be a text.'),
        ("text", b'{"text": "  "}', "There is nothing to send."),
        ("press", b'{"message_id": "x"}', '"message_id" must be a whole number.'),
        (
            "press",
            b'{"message_id": 9, "button": "x"}',
            "There is no message 9 in this chat.",
        ),
        (
            "press",
            b'{"message_id": 1, "button": "x"}',
            "The message has no button “x” any more.",
        ),
        ("photo", b"", '"photo" must be a file.'),
        ("block", b"{}", '"blocked" must be true or false.'),
    ],
)
async def test_bad_input_is_refused_with_a_sentence(
    page: httpx.AsyncClient, asha: SandboxPerson, path: str, body: bytes, sentence: str
) -> None:
    answer = await page.post(f"/{asha.user_id}/{path}", content=body)

    assert (answer.status_code, answer.json()) == (400, {"error": sentence})


async def test_somebody_unknown_is_not_found(page: httpx.AsyncClient) -> None:
    answer = await page.get("/5/messages")

    assert (answer.status_code, answer.json()) == (404, {"error": "There is no such person."})
    assert (await page.get("/files/none")).status_code == 404


async def test_a_person_who_blocked_the_bot_is_reminded(
    page: httpx.AsyncClient, asha: SandboxPerson
) -> None:
    asha.block()

    answer = await page.post(f"/{asha.user_id}/text", json={"text": "hi"})

    assert answer.json() == {"error": "The bot is blocked; unblock it or send /start."}


async def test_a_picture_that_is_none_is_refused(
    page: httpx.AsyncClient, asha: SandboxPerson
) -> None:
    answer = await page.post(f"/{asha.user_id}/photo", files={"photo": ("m.png", b"text")})

    assert answer.status_code == 400
