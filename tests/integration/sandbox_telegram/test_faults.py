import asyncio
from datetime import timedelta

import httpx
import pytest
from telegram import Bot
from telegram.error import ChatMigrated, NetworkError, RetryAfter, TimedOut

from bot.sandbox.clock import SandboxClock
from bot.sandbox.serving import serve
from bot.sandbox.telegram import (
    Fault,
    RateLimits,
    SandboxPerson,
    TelegramWorld,
    create_bot_api_app,
)
from bot.sandbox.telegram.limits import Pacer
from bot.sandbox.telegram.world import NotAGroup


@pytest.fixture(autouse=True)
def _pauses_as_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns about its old numbers of seconds unless it is told to use spans."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def heard(person: SandboxPerson) -> list[str]:
    return [message.text for message in person.messages if message.from_bot]


async def test_a_failure_comes_as_often_as_it_was_ordered(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    world.fail_next("sendMessage", 502, times=2)

    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(asha.chat_id, "x")
    await bot.send_message(asha.chat_id, "x")

    assert heard(asha) == ["x"]


async def test_too_many_requests_name_the_pause(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    world.fail_next("sendMessage", 429, retry_after_s=7)

    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(asha.chat_id, "x")

    assert world.wire.of("sendMessage")[-1].answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert refused.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize(
    ("fault", "effects"),
    [(Fault.DROP_AFTER_EFFECT, ["x"]), ("drop_before_effect", [])],
)
async def test_a_connection_can_break_after_or_before_the_effect(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson, fault: str, effects: list[str]
) -> None:
    world.fail_next("sendMessage", fault)

    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(asha.chat_id, "x")

    assert heard(asha) == effects
    assert world.wire.of("sendMessage")[-1].status is None


@pytest.mark.parametrize(
    ("fault", "effects"), [(Fault.STALL, []), (Fault.STALL_AFTER_EFFECT, ["x"])]
)
async def test_an_answer_can_fail_to_come(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson, fault: Fault, effects: list[str]
) -> None:
    world.fail_next("sendMessage", fault)

    with pytest.raises(TimedOut):
        await bot.send_message(asha.chat_id, "x", read_timeout=0.05)

    assert heard(asha) == effects


async def test_a_group_that_moved_names_its_new_number(bot: Bot, world: TelegramWorld) -> None:
    group = world.group("Lakeside")
    await bot.send_message(group, "hello")

    moved = world.migrate(group)

    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(group, "hello?")
    assert refused.value.new_chat_id == moved
    assert (await bot.send_message(moved, "there")).chat.type == "supergroup"
    with pytest.raises(NotAGroup):
        world.migrate(moved)


async def test_a_person_writes_into_a_group(bot: Bot, world: TelegramWorld) -> None:
    group = world.group("Lakeside")
    world.person("Ravi").send_text("/status", in_chat=group)

    message = (await bot.get_updates())[-1].message

    assert message is not None
    assert message.from_user is not None
    assert (message.chat.id, message.from_user.first_name) == (group, "Ravi")


async def test_a_burst_into_one_chat_is_slowed_down_and_other_chats_are_not(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    world.pacer = Pacer(RateLimits(chat_per_s=0.1, chat_burst=2))
    ravi = world.person("Ravi")
    ravi.send_text("/start")
    for text in ("a", "b"):
        await bot.send_message(asha.chat_id, text)

    with pytest.raises(RetryAfter):
        await bot.send_message(asha.chat_id, "c")

    await bot.send_message(ravi.chat_id, "a")
    assert heard(asha) == ["a", "b"]


class Seconds:
    def __init__(self) -> None:
        self.value = 0.0

    def __call__(self) -> float:
        return self.value


def test_all_chats_together_have_thirty_a_second() -> None:
    seconds = Seconds()
    pacer = Pacer(RateLimits(), real=seconds)

    assert [pacer.wait_s(chat_id) for chat_id in range(31)] == [*[None] * 30, 1]

    seconds.value = 0.5
    assert [pacer.wait_s(chat_id) for chat_id in range(100, 116)] == [*[None] * 15, 1]


def test_a_chat_recovers_at_its_own_rate() -> None:
    seconds = Seconds()
    pacer = Pacer(RateLimits(chat_per_s=0.25, chat_burst=1), real=seconds)

    assert [pacer.wait_s(1), pacer.wait_s(1)] == [None, 4]
    seconds.value = 3.5
    assert pacer.wait_s(1) == 1
    seconds.value = 4
    assert pacer.wait_s(1) is None


async def test_requests_against_the_api_are_refused_and_remembered(clock: SandboxClock) -> None:
    world = TelegramWorld("1:x", "b", clock.now, validate=lambda method, params: f"no {method}")
    async with serve(create_bot_api_app(world)) as url, httpx.AsyncClient() as http:
        answer = await http.get(f"{url}/bot1:x/getChat?chat_id=5")

    assert answer.status_code == 400
    assert answer.json()["description"] == "Bad Request: no getChat"
    assert [(v.method, v.reason) for v in world.violations] == [("getChat", "no getChat")]


async def test_the_wire_keeps_what_was_said_but_not_the_token(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    await bot.send_document(asha.chat_id, b"1,2", filename="a.csv")

    (entry,) = world.wire.of("sendDocument")

    assert entry.params["document"] == "<a.csv, text/csv, 3 bytes>"
    assert entry.answer is not None
    assert entry.answer["result"]["message_id"] == 2
    assert not any(world.bot_token in str(one) for one in world.wire)


async def test_waiting_for_a_change_ends_with_it(
    bot: Bot, world: TelegramWorld, asha: SandboxPerson
) -> None:
    seen = world.changes.seq
    waiting = asyncio.create_task(world.changed(seen))

    await bot.send_message(asha.chat_id, "x")

    assert await waiting > seen
    assert [change.chat_id for change in world.changes.since(seen)] == [asha.chat_id]
