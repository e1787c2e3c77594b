from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.sandbox.page import Part
from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.telegram import SandboxPerson
from bot.sandbox.world import STORY_STARTS_AT, SandboxWorld

EVERYWHERE = [
    "/",
    "/setup",
    "/static/js/main.js",
    "/static/nothing",
    "/chat/people",
    "/panel/building",
    "/nowhere",
]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_forbids_what_is_not_the_pages_own(
    page: httpx.AsyncClient, path: str
) -> None:
    headers = (await page.get(path)).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


async def test_the_page_and_its_files_are_asked_for_anew(page: httpx.AsyncClient) -> None:
    for path in ("/", "/static/js/main.js", "/static/css/base.css"):
        answer = await page.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        unchanged = await page.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert unchanged.status_code == 304 or path == "/"


async def test_the_page_learns_who_is_who(
    world: SandboxWorld, page: httpx.AsyncClient, bot: Bot, asha: SandboxPerson
) -> None:
    world.introduce("Ravi", Part.MANAGER, note="Manager", phone_number="+912212345678")
    passer_by = world.telegram.person("Zoya", "hi")
    await bot.set_my_description("Ask me what is left.")
    await bot.set_my_description("पूछिए", language_code="hi")

    setup = (await page.get("/setup")).json()

    assert (setup["zone"], setup["place"]) == ("Asia/Kolkata", "Lakeside Apartments")
    assert setup["bot"] == {"username": "lakeside_bot", "name": "Lakeside Power"}
    first, second, third = setup["people"]
    assert first == {
        "user_id": asha.user_id,
        "name": "Asha Rao",
        "language_code": "en",
        "part": "tenant",
        "note": "Room 302",
        "phone_number": "+919800000001",
        "started": True,
        "blocked": False,
        "about_bot": "Ask me what is left.",
    }
    assert (second["part"], second["phone_number"]) == ("manager", "+912212345678")
    assert (third["user_id"], third["part"]) == (passer_by.user_id, "stranger")
    assert third["about_bot"] == "पूछिए"


async def test_a_word_typed_on_the_page_reaches_the_bot(
    page: httpx.AsyncClient, bot: Bot, asha: SandboxPerson
) -> None:
    await page.post(f"/chat/{asha.user_id}/text", json={"text": "/balance"})
    updates = await bot.get_updates()
    assert [u.message.text for u in updates if u.message] == ["/start", "/balance"]


async def test_a_meter_is_taken_offline_from_the_page(
    world: SandboxWorld, page: httpx.AsyncClient
) -> None:
    await page.post(f"/panel/meters/{ROOM_302}/online", json={"online": False})
    assert not world.building.meter(ROOM_302).is_online


async def test_the_clock_is_sent_ahead_from_the_page(
    world: SandboxWorld, page: httpx.AsyncClient
) -> None:
    told = (await page.post("/panel/journey", json={"hours": 1})).json()
    assert told["destination"] == "2026-10-25T13:30:00+00:00"
    await world.traveller.arrival()
    assert world.clock.now() == STORY_STARTS_AT + timedelta(hours=1)


async def test_a_journey_is_stopped_from_the_page(
    world: SandboxWorld, page: httpx.AsyncClient
) -> None:
    await page.post("/panel/journey", json={"hours": 24})
    told: dict[str, Any] = (await page.delete("/panel/journey")).json()
    assert told["destination"] is None
    assert told["now"] == world.clock.now().isoformat()
    assert world.clock.now() < STORY_STARTS_AT + timedelta(hours=24)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"hours": 0}', b'{"hours": -1}', b'{"hours": "one"}', b'{"hours": 1e30}'],
)
async def test_an_impossible_journey_is_refused_with_a_sentence(
    world: SandboxWorld, page: httpx.AsyncClient, body: bytes
) -> None:
    answer = await page.post("/panel/journey", content=body)
    assert answer.status_code == 400
    assert answer.json() == {"error": "hours must be a number above 0 and within 366 days."}
    assert world.traveller.destination is None
