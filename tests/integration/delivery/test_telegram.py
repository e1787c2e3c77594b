"""The outbox over real HTTP, against the stand-in for Telegram and all that it refuses."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.i18n import Catalogues
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
from bot.services.delivery import FIRST_RETRY, Delivery
from bot.services.messenger import DeliveryUnknown, RetryLater
from bot.services.pacing import Pacing
from bot.services.store import NoticeKind, NoticeStatus
from bot.telegram.notifier import Notifier, trouble
from tests.driver import refusal_of
from tests.integration.db.world import AT
from tests.integration.delivery.building import MANAGER_CHAT, Building
from tests.integration.delivery.scripted import LeapingTicker

TOKEN = "4242:sandbox-token"
INDIA = ZoneInfo("Asia/Kolkata")
CHECK_TIME = time(23, 59)
POWER = {
    "on": False,
    "reason": "below_cut_off",
    "balance_paise": 8_550,
    "at": AT.isoformat(),
    "seconds": 9,
}


@pytest.fixture
def world(clock: SandboxClock) -> Iterator[TelegramWorld]:
    world = TelegramWorld(TOKEN, "lakeside_bot", clock.now, validate=refusal_of)
    yield world
    assert world.violations == []


@pytest.fixture
async def bot(world: TelegramWorld) -> AsyncIterator[Bot]:
    async with serve(create_bot_api_app(world)) as url:
        request = HTTPXRequest(connection_pool_size=8, read_timeout=0.5)
        async with Bot(TOKEN, base_url=f"{url}/bot", request=request) as connected:
            yield connected
        await world.aclose()


@pytest.fixture
def delivery(building: Building, clock: SandboxClock, bot: Bot, pacing: Pacing) -> Delivery:
    notifier = Notifier(
        bot, Catalogues(), default_language="en", default_zone=INDIA, check_time=CHECK_TIME
    )
    return Delivery(building.transactions, clock, notifier, pacing)


def started(world: TelegramWorld, name: str, user_id: int) -> SandboxPerson:
    person = world.person(name, user_id=user_id)
    person.send_text("/start")
    return person


@pytest.fixture
def asha(world: TelegramWorld) -> SandboxPerson:
    return started(world, "Asha", 1)


@pytest.fixture
def bina(world: TelegramWorld) -> SandboxPerson:
    return started(world, "Bina", 2)


@pytest.fixture
def ravi(world: TelegramWorld) -> SandboxPerson:
    return started(world, "Ravi", MANAGER_CHAT)


def heard(person: SandboxPerson) -> list[str]:
    return [message.text.splitlines()[0] for message in person.visible if message.from_bot]


async def power(building: Building, state: str, *, thread: str = "power:1") -> None:
    await building.tell(
        building.asha,
        f"{thread}:{state}",
        kind=NoticeKind.POWER,
        thread=thread,
        facts=POWER | {"state": state},
    )


async def test_a_notice_is_said_in_the_language_of_its_reader(
    delivery: Delivery, building: Building, asha: SandboxPerson, bina: SandboxPerson
) -> None:
    async with building.transactions.begin() as unit:
        people = await unit.people.get([building.bina.tenant.id])
        (person,) = people.values()
        await unit.people.save(replace(person, language="hi"))
    for world_ in (building.asha, building.bina):
        await building.tell(world_, f"low:{world_.tenant.id}")

    await delivery.run()

    assert heard(asha) == ["🟡 ₹312.00 left, about 3 days"]
    assert heard(bina) == ["🟡 ₹312.00 बचे हैं, लगभग 3 दिन के लिए"]
    assert asha.messages[-1].buttons == (
        ("Recharge ₹500.00", "Other amount …"),
        ("Why?", "Usage"),
        ("Question this",),
    )


async def test_a_switch_is_one_message_from_the_order_to_the_meters_word(
    delivery: Delivery, building: Building, asha: SandboxPerson, world: TelegramWorld
) -> None:
    for state in ("sent", "waiting_offline", "off"):
        await power(building, state)
        await delivery.run()

    assert heard(asha) == ["🔴 Power is off, 17:30:00 (after 9 seconds)"]
    assert len(world.wire.of("sendMessage")) == 1
    assert len(world.wire.of("editMessageText")) == 2


async def test_an_edit_that_changes_nothing_is_done(
    delivery: Delivery, building: Building, asha: SandboxPerson
) -> None:
    await power(building, "sent")
    await delivery.run()
    await building.tell(
        building.asha,
        "again",
        kind=NoticeKind.POWER,
        thread="power:1",
        facts=POWER | {"state": "sent"},
    )

    assert (await delivery.run()).sent == 1


async def test_a_message_that_the_person_deleted_is_sent_anew(
    delivery: Delivery, building: Building, asha: SandboxPerson, world: TelegramWorld, bot: Bot
) -> None:
    await power(building, "sent")
    await delivery.run()
    await bot.delete_message(asha.chat_id, asha.messages[-1].message_id)

    await power(building, "off")
    await delivery.run()

    assert heard(asha) == ["🔴 Power is off, 17:30:00 (after 9 seconds)"]
    assert len(world.wire.of("sendMessage")) == 2


async def test_a_tenant_who_blocked_the_bot_is_a_matter_for_the_manager(
    delivery: Delivery, building: Building, asha: SandboxPerson, ravi: SandboxPerson
) -> None:
    asha.block()
    await building.tell(building.asha, "a")
    await building.tell(building.asha, "b")

    await delivery.run()

    assert heard(asha) == []
    assert heard(ravi) == ["🔕 Asha 1 gets no messages any more, warnings neither"]
    assert "press Start" in ravi.messages[-1].text


@pytest.mark.parametrize("obstacle", ["deactivated", "never started"])
async def test_a_chat_that_is_not_there_is_no_reason_to_try_again(
    delivery: Delivery,
    building: Building,
    world: TelegramWorld,
    ravi: SandboxPerson,
    obstacle: str,
) -> None:
    if obstacle == "deactivated":
        started(world, "Asha", 1)
        world.deactivate(1)
    await building.tell(building.asha, "a")

    assert (await delivery.run()).failed == 1

    assert not (await building.person(building.asha.tenant.id)).is_reachable
    assert ("account is gone" in ravi.messages[-1].text) is (obstacle == "deactivated")


async def test_too_many_requests_pause_all_until_they_may_go_on(
    delivery: Delivery,
    building: Building,
    world: TelegramWorld,
    clock: SandboxClock,
    ticker: LeapingTicker,
    asha: SandboxPerson,
    bina: SandboxPerson,
) -> None:
    world.fail_next("sendMessage", 429, retry_after_s=7)
    await building.tell(building.asha, "a")
    await delivery.run()
    await building.tell(building.bina, "b")

    assert (await delivery.run()).sent == 0
    assert heard(bina) == []
    clock.step(timedelta(seconds=7))
    ticker.seconds += 7
    assert (await delivery.run()).sent == 2
    assert len(heard(asha)) == len(heard(bina)) == 1


async def test_the_pace_is_one_that_telegram_bears(
    building: Building,
    world: TelegramWorld,
    clock: SandboxClock,
    bot: Bot,
    asha: SandboxPerson,
    bina: SandboxPerson,
) -> None:
    world.pacer = Pacer(RateLimits(chat_per_s=20, chat_burst=3))
    pacing = Pacing(chat_per_s=20)
    notifier = Notifier(
        bot, Catalogues(), default_language="en", default_zone=INDIA, check_time=CHECK_TIME
    )
    delivery = Delivery(building.transactions, clock, notifier, pacing)
    for number in range(6):
        await building.tell(building.asha, f"a{number}")
        await building.tell(building.bina, f"b{number}")

    assert (await delivery.run()).sent == 12

    assert {entry.status for entry in world.wire.of("sendMessage")} == {200}


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER_EFFECT, Fault.STALL_AFTER_EFFECT])
async def test_a_message_whose_answer_was_lost_is_there_once(
    delivery: Delivery,
    building: Building,
    world: TelegramWorld,
    clock: SandboxClock,
    asha: SandboxPerson,
    fault: Fault,
) -> None:
    world.fail_next("sendMessage", fault)
    await building.tell(building.asha, "a")

    assert (await delivery.run()).unknown == 1
    clock.step(timedelta(days=1))
    await delivery.run()

    assert len(heard(asha)) == 1
    assert await building.counts() == {NoticeStatus.UNKNOWN: 1}


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER_EFFECT, Fault.DROP_BEFORE_EFFECT])
async def test_an_edit_whose_answer_was_lost_is_made_again(
    delivery: Delivery,
    building: Building,
    world: TelegramWorld,
    clock: SandboxClock,
    asha: SandboxPerson,
    fault: Fault,
) -> None:
    await power(building, "sent")
    await delivery.run()
    world.fail_next("editMessageText", fault)
    await power(building, "off")

    assert (await delivery.run()).waiting == 1
    clock.step(FIRST_RETRY)
    assert (await delivery.run()).sent == 1

    assert heard(asha) == ["🔴 Power is off, 17:30:00 (after 9 seconds)"]


async def test_a_chat_that_moved_is_followed(
    delivery: Delivery, building: Building, world: TelegramWorld
) -> None:
    group = world.group("Lakeside")
    async with building.transactions.begin() as unit:
        await unit.people.save(replace(building.asha.tenant, chat_id=group))
    moved = world.migrate(group)
    await building.tell(building.asha, "a")

    await delivery.run()

    assert (await building.person(building.asha.tenant.id)).chat_id == moved
    said = [message.text for message in world.conversation(moved).messages if message.text]
    assert [text[0] for text in said] == ["🟡"]


async def test_a_telegram_that_is_not_there_loses_nothing(
    building: Building,
    clock: SandboxClock,
    ticker: LeapingTicker,
    pacing: Pacing,
    delivery: Delivery,
    asha: SandboxPerson,
) -> None:
    await building.tell(building.asha, "a")
    async with HTTPXRequest() as request:
        lost = Bot(TOKEN, base_url="http://127.0.0.1:9/bot", request=request)
        notifier = Notifier(
            lost, Catalogues(), default_language="en", default_zone=INDIA, check_time=CHECK_TIME
        )
        cut_off = Delivery(building.transactions, clock, notifier, pacing)
        assert (await cut_off.run()).waiting == 1

    clock.step(FIRST_RETRY)
    ticker.seconds += FIRST_RETRY.total_seconds()
    assert (await delivery.run()).sent == 1
    assert len(heard(asha)) == 1


async def test_a_notice_whose_facts_are_wrong_fails_alone(
    delivery: Delivery,
    building: Building,
    asha: SandboxPerson,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await building.tell(building.asha, "bad", kind=NoticeKind.POWER)
    await building.tell(building.asha, "good")

    report = await delivery.run()

    assert (report.failed, report.sent) == (1, 1)
    assert "power: KeyError" in caplog.text


def test_a_token_that_is_refused_pauses_all() -> None:
    assert isinstance(trouble(InvalidToken()), RetryLater)


def test_an_error_of_unknown_origin_may_have_come_after_the_effect() -> None:
    assert isinstance(trouble(NetworkError("?")), DeliveryUnknown)
    assert isinstance(trouble(TimedOut()), DeliveryUnknown)
