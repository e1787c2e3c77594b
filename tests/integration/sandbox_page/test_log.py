from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError

from bot.sandbox.page.log import MOST_LINES, LogPosition, WireLog
from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.telegram import Fault, SandboxPerson
from bot.sandbox.world import SandboxWorld


@pytest.fixture
def log(world: SandboxWorld) -> WireLog:
    return WireLog(world.building, world.telegram)


def lines_of(log: WireLog) -> list[dict[str, Any]]:
    return log.after(LogPosition())[1]


async def test_both_wires_make_one_log_in_the_order_of_events(
    log: WireLog, bot: Bot, qube: httpx.AsyncClient, asha: SandboxPerson
) -> None:
    await qube.get("/spaces/")
    await bot.send_message(asha.chat_id, "one")
    await qube.get("/spaces/302/")
    await bot.send_message(asha.chat_id, "two")

    called = [(line["source"], line["summary"] or line["target"]) for line in lines_of(log)]

    assert called[-4:] == [
        ("qube", "/spaces/"),
        ("telegram", "one"),
        ("qube", "/spaces/302/"),
        ("telegram", "two"),
    ]


async def test_a_call_of_the_bot_is_summed_up_without_its_formatting(
    log: WireLog, bot: Bot, asha: SandboxPerson
) -> None:
    button = InlineKeyboardMarkup([[InlineKeyboardButton("Recharge", callback_data="pay")]])
    text = "<b>₹500</b> &lt;\n\nleft"
    await bot.send_message(asha.chat_id, text, parse_mode="HTML", reply_markup=button)

    line = lines_of(log)[-1]

    assert (line["method"], line["target"], line["status"]) == ("sendMessage", "Asha", 200)
    assert line["summary"] == "₹500 &lt; left"
    assert '"callback_data": "pay"' in line["details"]
    assert line["problem"] is None


async def test_updates_are_named_by_their_kinds(
    log: WireLog, bot: Bot, asha: SandboxPerson
) -> None:
    await bot.get_updates()
    assert (lines_of(log)[-1]["method"], lines_of(log)[-1]["summary"]) == ("getUpdates", "message")


async def test_a_refusal_is_told_with_its_reason(
    log: WireLog, bot: Bot, qube: httpx.AsyncClient
) -> None:
    with pytest.raises(BadRequest):
        await bot.send_message(5, "hello")
    await qube.get("/devices/none/metrics")
    refused, unknown = lines_of(log)[-2:]
    assert (refused["status"], refused["problem"]) == (400, "Bad Request: chat not found")
    assert refused["target"] == "5"
    assert unknown["status"] >= 400
    assert unknown["problem"]


async def test_a_lost_answer_has_no_status(
    log: WireLog, world: SandboxWorld, qube: httpx.AsyncClient, asha: SandboxPerson
) -> None:
    world.building.fail_after_effect(ROOM_302)
    device_id = world.building.meter(ROOM_302).device_id
    with pytest.raises(httpx.TransportError):
        await qube.put(f"/devices/{device_id}/relay", json={"state": False})
    line = lines_of(log)[-1]
    assert (line["status"], line["problem"]) == (None, "drop")
    assert line["summary"] == '{"state":false}'


async def test_a_call_that_hung_up_is_told_as_such(
    log: WireLog, world: SandboxWorld, bot: Bot, asha: SandboxPerson
) -> None:
    world.telegram.fail_next("sendMessage", Fault.DROP_AFTER_EFFECT)
    with pytest.raises(NetworkError):
        await bot.send_message(asha.chat_id, "hello")
    line = lines_of(log)[-1]
    assert (line["status"], line["problem"], line["summary"]) == (None, "no answer", "hello")


async def test_only_what_is_new_is_read(log: WireLog, qube: httpx.AsyncClient, bot: Bot) -> None:
    await qube.get("/spaces/")
    position, _ = log.after(LogPosition())
    assert log.after(position) == (position, [])
    await bot.get_me()
    assert [line["method"] for line in log.after(position)[1]] == ["getMe"]


async def test_of_very_many_lines_the_newest_are_kept(
    log: WireLog, world: SandboxWorld, qube: httpx.AsyncClient
) -> None:
    for _ in range(MOST_LINES + 5):
        world.telegram.wire.add(
            at=world.clock.now(), method="getMe", params={}, status=200, answer={"ok": True}
        )
    await qube.get("/spaces/")
    position, lines = log.after(LogPosition())
    assert len(lines) == MOST_LINES
    assert lines[-1]["source"] == "qube"
    assert log.after(position)[1] == []
