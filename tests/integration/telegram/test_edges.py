"""The chat goes on whatever Telegram, the network or the program does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from telegram.error import TelegramError

from bot.domain.people import Actor
from bot.sandbox.serving import serve
from bot.sandbox.telegram import Fault, SandboxPerson, TelegramWorld, create_bot_api_app
from bot.sandbox.telegram.records import Message
from bot.services.home_card import HomeCard
from bot.services.report import Reports
from bot.telegram.application import TelegramBot, build_application, running
from bot.telegram.context import Services
from tests.driver import Chat
from tests.integration.telegram.conftest import CATALOGUES, TOKEN
from tests.lakeside import KOLKATA, Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Broken(Exception):
    """Nobody has thought of this."""


class BrokenReports(Reports):
    """A use case with a fault, or one that takes as long as the test wants."""

    broken = False
    gate: asyncio.Event | None = None

    async def home(self, *, actor: Actor, lease_id: int) -> HomeCard:
        """Fail, or wait, or do as usual."""
        if self.broken:
            raise Broken("secret detail")
        if self.gate is not None:
            await self.gate.wait()
        return await super().home(actor=actor, lease_id=lease_id)


@pytest.fixture
def reports(lakeside: Lakeside) -> BrokenReports:
    """Return the use case that the test can break."""
    return BrokenReports(lakeside.transactions, lakeside.gateway, lakeside.clock)


@pytest.fixture
def services(services: Services, reports: BrokenReports) -> Services:
    """Return the use cases with that one among them."""
    return replace(services, reports=reports)


async def test_a_fault_of_the_program_is_apologised_for_and_logged_with_its_number(
    asha: Chat, reports: BrokenReports, caplog: pytest.LogCaptureFixture
) -> None:
    reports.broken = True

    apology = await asha.say("/balance")

    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "Something went wrong here, and it is not your fault." in apology.text
    assert "secret" not in apology.text
    assert apology.text.splitlines()[-1].split()[-1] in record.getMessage()
    assert record.exc_info is not None


async def test_an_apology_speaks_the_language_that_the_person_has_chosen(
    asha: Chat, reports: BrokenReports
) -> None:
    await asha.say("/language")
    await asha.press("हिन्दी")
    reports.broken = True

    asha.person.send_text("/balance")

    apology = await asha.hears("इसमें आपकी कोई गलती नहीं है")
    assert "Something went wrong" not in apology.text


async def test_a_tap_that_ends_in_a_fault_is_answered_and_the_card_stays(
    asha: Chat, reports: BrokenReports
) -> None:
    card = await asha.say("/balance")
    reports.broken = True

    await asha.tap("Refresh")
    apology = await asha.hears("Something went wrong")

    assert apology.message_id != card.message_id
    assert card.text in [message.text for message in asha.all]


async def test_the_next_message_is_answered_as_if_nothing_had_been(
    asha: Chat, reports: BrokenReports
) -> None:
    reports.broken = True
    await asha.say("/balance")
    reports.broken = False

    assert "₹3,000.00" in (await asha.say("/balance")).text


async def test_a_tap_that_is_too_old_still_changes_the_card(
    asha: Chat, world: TelegramWorld, reports: BrokenReports
) -> None:
    await asha.say("/language")
    reports.gate = asyncio.Event()
    seen = asha.seq

    asha.person.press(asha.last.message_id, "‹ Home")
    world.presses.expire_all()
    reports.gate.set()

    assert "₹3,000.00" in (await asha.next(after=seen)).text


async def test_a_deleted_message_is_answered_with_a_new_one(
    asha: Chat, world: TelegramWorld
) -> None:
    card = await asha.say("/language")
    (data,) = [b.callback_data for row in card.keyboard for b in row if b.text == "‹ Home"]
    conversation = world.conversations[asha.person.chat_id]
    conversation.delete(card)

    await asha.forge(str(data), on=card)

    assert "₹3,000.00" in asha.text
    assert asha.last.message_id != card.message_id


async def test_a_refused_pace_is_waited_for(asha: Chat, world: TelegramWorld) -> None:
    world.fail_next("sendMessage", 429, retry_after_s=1)

    assert "₹3,000.00" in (await asha.say("/balance")).text


async def test_a_person_who_cannot_be_written_to_is_noted(
    asha: Chat, world: TelegramWorld, lakeside: Lakeside
) -> None:
    person_id = await lakeside.meet(asha.person.user_id, name="Asha")
    await asha.say("/start")
    world.fail_next("sendMessage", 403)

    asha.person.send_text("/balance")
    await until_unreachable(lakeside, person_id)


async def test_a_network_that_breaks_does_not_stop_the_bot(
    asha: Chat, world: TelegramWorld
) -> None:
    await asha.say("/start")
    world.fail_next("sendMessage", Fault.DROP_BEFORE_EFFECT)

    asha.person.send_text("/language")

    assert "₹3,000.00" in (await asha.say("/balance")).text


async def test_a_menu_that_is_refused_harms_nobody(asha: Chat, world: TelegramWorld) -> None:
    world.fail_next("setMyCommands", 400)

    assert "₹3,000.00" in (await asha.say("/start")).text


async def test_one_chat_does_not_wait_for_another(
    asha: Chat, world: TelegramWorld, lakeside: Lakeside, reports: BrokenReports
) -> None:
    reports.gate = asyncio.Event()
    asha.person.send_text("/balance")
    vikram = Chat(world.person("Vikram"))
    await lakeside.let("Room #118")
    await lakeside.join("Room #118", vikram.person.user_id)

    answer = await vikram.say("/language")

    assert answer.text == "In which language shall I write to you?"
    assert asha.all == ()
    reports.gate.set()
    await asha.hears("₹3,000.00")


async def test_updates_of_one_chat_are_answered_in_their_order(
    asha: Chat, reports: BrokenReports
) -> None:
    reports.gate = asyncio.Event()
    asha.person.send_text("/balance")
    asha.person.send_text("/language")
    asha.person.send_text("/help")
    reports.gate.set()

    await asha.hears("What you can do here")

    assert [m.text.splitlines()[0] for m in asha.all] == [
        "Room 302 · Lakeside Apartments",
        "In which language shall I write to you?",
        "What you can do here",
    ]


async def test_an_edited_message_is_left_alone(asha: Chat, world: TelegramWorld) -> None:
    sent = asha.person.send_text("/help")
    await asha.hears("What you can do here")

    asha.person.edit_text(sent.message_id, "/balance")
    await asha.say("/language")

    assert len(asha.all) == 2


async def test_an_update_that_a_webhook_received_is_handled_before_it_returns(
    world: TelegramWorld, services: Services
) -> None:
    async with called_at("https://bot.example/hook", world, services) as built:
        person = world.person("Mallory")
        await built.process_update_json(update_of(person, person.send_text("hello")))

    assert Chat(person).text.startswith("This bot is for tenants")


async def test_an_update_that_a_webhook_receives_again_is_not_answered_again(
    world: TelegramWorld, services: Services
) -> None:
    async with called_at("https://bot.example/hook", world, services) as built:
        person = world.person("Mallory")
        update = update_of(person, person.send_text("hello"))
        await built.process_update_json(update)
        await built.process_update_json(update)

    assert len(Chat(person).all) == 1


@pytest.mark.parametrize("method", ["getMe", "setMyCommands", "deleteWebhook"])
@pytest.mark.parametrize("code", [429, 502])
async def test_trouble_at_the_start_is_waited_for(
    world: TelegramWorld, services: Services, method: str, code: int
) -> None:
    world.fail_next(method, code, times=2, retry_after_s=0)
    person = world.person("Mallory")
    async with called_at(None, world, services, pauses_s=(0.0, 0.0)):
        answer = await Chat(person).say("hello")

    assert answer.text.startswith("This bot is for tenants")


@pytest.mark.parametrize(("code", "times"), [(502, 3), (401, 1)])
async def test_trouble_that_lasts_and_a_wrong_token_end_the_start(
    world: TelegramWorld, services: Services, code: int, times: int
) -> None:
    world.fail_next("getMe", code, times=times)
    with pytest.raises(TelegramError):
        async with called_at(None, world, services, pauses_s=(0.0, 0.0)):
            pass
    assert len(world.wire.of("getMe")) == times


@asynccontextmanager
async def called_at(
    address: str | None,
    world: TelegramWorld,
    services: Services,
    pauses_s: Sequence[float] = (),
) -> AsyncIterator[TelegramBot]:
    """Run the bot by itself, with a webhook or polling."""
    async with serve(create_bot_api_app(world)) as url:
        built = build_application(
            token=TOKEN,
            api_url=url,
            services=services,
            catalogues=CATALOGUES,
            default_language="en",
            default_zone=KOLKATA,
        )
        secret = None if address is None else "s3cret"
        try:
            async with running(
                built, webhook_url=address, webhook_secret=secret, pauses_s=pauses_s
            ):
                yield built
        finally:
            await world.aclose()


def update_of(person: SandboxPerson, message: Message) -> dict[str, object]:
    chat = {"id": person.chat_id, "type": "private", "first_name": "Mallory"}
    sender = {"id": person.user_id, "is_bot": False, "first_name": "Mallory"}
    said = {
        "message_id": message.message_id,
        "date": int(message.sent_at.timestamp()),
        "chat": chat,
        "from": sender,
        "text": message.text,
    }
    return {"update_id": 1, "message": said}


async def until_unreachable(lakeside: Lakeside, person_id: int) -> None:
    while True:
        await asyncio.sleep(0)
        async with lakeside.transactions.read() as unit:
            if not (await unit.people.get([person_id]))[person_id].is_reachable:
                return
