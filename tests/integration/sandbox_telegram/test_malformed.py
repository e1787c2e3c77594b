"""Requests that no client library would make: each gets an answer with a reason, never a crash."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.clock import SandboxClock
from bot.sandbox.serving import serve
from bot.sandbox.telegram import TelegramWorld, create_bot_api_app
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.refusals import Refusal

CHAT_ID = 77


@pytest.fixture
def unguarded(clock: SandboxClock) -> TelegramWorld:
    """A world that leaves all judgement to the server."""
    world = TelegramWorld("1:x", "b", clock.now)
    world.person("Asha", user_id=CHAT_ID).send_text("/start")
    return world


@pytest.fixture
async def api(unguarded: TelegramWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serve(create_bot_api_app(unguarded)) as url,
        httpx.AsyncClient(base_url=f"{url}/bot1:x") as client,
    ):
        yield client
    await unguarded.aclose()


def with_button(**button: Any) -> dict[str, Any]:
    return {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "b", **button}]]}}


@pytest.mark.parametrize(
    ("method", "body", "reason"),
    [
        ("sendMessage", {"chat_id": "", "text": "x"}, "chat_id is empty"),
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup"),
        ("sendMessage", {"text": "x", "reply_markup": []}, "object expected as reply markup"),
        ("sendMessage", {"text": "x", "reply_markup": {"a": 1}}, "object expected as reply"),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [1]}},
            "must be an Array of Arrays",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [["b"]]}},
            "InlineKeyboardButton must be an Object",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"keyboard": [[1]]}},
            "KeyboardButton must be a String or an Object",
        ),
        (
            "sendMessage",
            {
                "text": "x",
                "reply_markup": {
                    "inline_keyboard": [[{"text": "b", "callback_data": "b"}] * 8] * 13
                },
            },
            "reply markup is too long",
        ),
        ("sendMessage", with_button(callback_data=5), 'Field "callback_data" must be of type'),
        ("sendMessage", with_button(callback_data=""), "BUTTON_DATA_INVALID"),
        ("sendMessage", with_button(callback_data="a", text=""), 'Field "text" must be of type'),
        ("sendMessage", with_button(callback_data="a", style="pink"), "Invalid button style"),
        ("sendMessage", with_button(copy_text="a"), 'Field "copy_text" must be of type Object'),
        ("sendMessage", with_button(web_app={"url": "http://x.in"}), "BUTTON_URL_INVALID"),
        ("sendMessage", with_button(url="http://["), "BUTTON_URL_INVALID"),
        ("sendMessage", with_button(url="example.org"), "BUTTON_URL_INVALID"),
        ("sendMessage", {"text": "x", "entities": {}}, "can't parse entities"),
        ("sendMessage", {"text": "x", "entities": [1]}, "can't parse MessageEntity"),
        ("sendMessage", {"text": "x", "reply_parameters": 5}, "can't parse reply parameters"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "attach://a"}, "photo file must be non-empty"),
        ("sendDocument", {"document": "no"}, "wrong file identifier"),
        ("sendMediaGroup", {"media": "["}, "can't parse media JSON object"),
        ("sendMediaGroup", {"media": 3}, "can't parse media JSON object"),
        ("sendMediaGroup", {"media": [1, 2]}, "can't parse InputMedia"),
        ("sendMediaGroup", {"media": [{"type": "video"}] * 2}, 'type "video" is not supported'),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"text": "x", "message_id": "one"}, "must be of type Integer"),
        ("deleteMessages", {"message_ids": ["x"]}, "expected an Array of Integer"),
        ("deleteMessages", {"message_ids": []}, "message identifiers are not specified"),
        ("getFile", {}, "file_id not specified"),
        ("getFile", {"file_id": "no"}, "wrong file_id or the file is temporarily unavailable"),
        ("getChatMember", {"user_id": 5}, "user not found"),
        ("getUpdates", {"allowed_updates": "message"}, "can't parse allowed updates"),
        ("getUpdates", {"allowed_updates": [1]}, "expected an Array of String"),
        ("setWebhook", {"url": "http://["}, "invalid webhook URL specified"),
        ("setMyCommands", {"commands": {}}, "expected an Array of BotCommand"),
        ("setMyCommands", {"commands": [1]}, "can't parse BotCommand"),
        ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}, "unsupported type"),
        ("setMyCommands", {"commands": [], "language_code": "Hindi"}, "invalid language code"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": "b"}] * 101},
            "BOT_COMMANDS_TOO_MUCH",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused_with_a_reason(
    api: httpx.AsyncClient, method: str, body: dict[str, Any], reason: str
) -> None:
    answer = await api.post(f"/{method}", json={"chat_id": CHAT_ID, **body})

    assert answer.status_code == 400
    assert answer.json()["description"].startswith("Bad Request: ")
    assert reason in answer.json()["description"]


@pytest.mark.parametrize("content", [b"{", b"[]"])
async def test_a_body_that_is_no_object_is_refused(api: httpx.AsyncClient, content: bytes) -> None:
    headers = {"content-type": "application/json"}

    answer = await api.post("/sendMessage", content=content, headers=headers)

    assert (answer.status_code, answer.json()["ok"]) == (400, False)


async def test_a_form_that_is_broken_is_refused(api: httpx.AsyncClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b"}

    answer = await api.post("/sendMessage", content=b"nonsense", headers=headers)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/bot1:x/sendPigeon", 404),
        ("/bot2:y/getMe", 401),
        ("/elsewhere", 404),
        ("/file/bot1:x/photos/file_9.jpg", 404),
        ("/file/bot2:y/photos/file_9.jpg", 401),
    ],
)
async def test_a_wrong_address_is_answered_in_the_same_envelope(
    api: httpx.AsyncClient, path: str, status: int
) -> None:
    answer = await api.get(str(api.base_url.copy_with(path=path)))

    assert (answer.status_code, answer.json()["ok"]) == (status, False)
    assert answer.json()["error_code"] == status


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "media", "text", "command", "message_id", "offset", "url"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "text",
        "message_id",
        "reply_markup",
        "entities",
        "photo",
        "media",
        "commands",
        "scope",
        "reply_parameters",
        "parse_mode",
        "message_ids",
        "callback_query_id",
    ]
)
NEEDS_A_LOOP = {"setWebhook"}


@given(
    method=st.sampled_from(sorted(set(METHODS) - NEEDS_A_LOOP)),
    values=st.dictionaries(NAMES, VALUES, max_size=5),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_parameters_are_answered_or_refused(
    unguarded: TelegramWorld, method: str, values: dict[str, Any]
) -> None:
    with suppress(Refusal):
        METHODS[method](unguarded, Params({"chat_id": CHAT_ID, **values}))
