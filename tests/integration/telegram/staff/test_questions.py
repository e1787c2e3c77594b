"""Whatever is asked before it is done: it stands when its update comes again, and for a day."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from telegram import Bot, Update

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram.records import Message
from bot.telegram.application import TelegramBot
from tests.driver import Chat
from tests.integration.telegram.staff.test_pay import OLDER
from tests.integration.telegram.staff.test_swap import swapped
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TARIFF = "Lakeside 2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How a question is reached, "[…]" being a tap; what is typed last asks it."""

    way: tuple[str, ...]
    typed: str
    confirm: str


METER = ("302", "[More …]", "[Meter …]")
CHANGE = ("/tariffs", f"[{TARIFF}]", "[Change from a date …]", "[Tomorrow, 13 Nov]")
NEW = ("/tariffs", "[New tariff …]", "Shops", "9", "[None]", "[None]", "[Make it]")
RECORD = ("/readings", "[Enter a reading]")
QUESTIONS = {
    "payment": Question(way=(), typed="/pay 302 500 cash", confirm="Record ₹500.00"),
    "power": Question(way=(), typed="/relay 302 on", confirm="On, hold"),
    "reversal": Question(
        way=("302", "[Statement]", "[+₹500.00]", "[Take this payment back …]"),
        typed="never came",
        confirm="Take it back",
    ),
    "adjustment": Question(
        way=("302", "[More …]", "[Adjust …]", "[Charge the tenant]", "5"),
        typed="broken switch",
        confirm="Charge ₹5.00",
    ),
    "swap": Question(
        way=(*METER, "[Counter …]", "[Old and new device …]", "[Old ended at …]"),
        typed="1452.5",
        confirm="Charge ₹16.25",
    ),
    "rule": Question(way=("/settings", "[Cut-off]"), typed="400", confirm="Set it"),
    "terms": Question(
        way=("302", "[More …]", "[Terms …]", "[Cut-off]"), typed="400", confirm="Set it"
    ),
    "counter": Question(
        way=(*METER, "[Counter …]", "[Multiplier …]"), typed="40", confirm="Set it to × 40"
    ),
    "tariff": Question(way=(*CHANGE, "7", "[None]"), typed="GST 18", confirm="Set from 13 Nov"),
    "rooms of a tariff": Question(
        way=(*NEW, "[Use it for rooms …]", "303"), typed="20 Nov", confirm="Use it from 20 Nov"
    ),
    "meter": Question(
        way=("/meters", "[⚡ 302]", "[Change …]", "[Notes]"),
        typed="behind the door",
        confirm="Set it",
    ),
    "reading": Question(way=(*RECORD, "304"), typed="1461.8", confirm="Record"),
    "correction": Question(
        way=(
            *RECORD,
            "304",
            "1455",
            "[Record]",
            "/readings 304",
            "[1,455.0]",
            "[Correct …]",
            "1452",
        ),
        typed="the dial was dirty",
        confirm="Correct it",
    ),
    "rejection": Question(
        way=(*RECORD, "302", "1850", "[Record]", "[Review it]", "[Reject …]"),
        typed="the dial was dirty",
        confirm="Reject it",
    ),
    "photo": Question(way=("/reading 302",), typed="1461.8", confirm="Yes"),
}


async def go(chat: Chat, question: Question) -> None:
    for step in question.way:
        if step.startswith("["):
            await chat.press(step[1:-1])
        else:
            await chat.say(step)


@pytest.fixture
async def asked(
    request: pytest.FixtureRequest, ravi: Chat, building: Lakeside, clock: SandboxClock
) -> Question:
    """Go to where a question is asked next."""
    question = QUESTIONS[request.param]
    await ravi.say("/start")
    if request.param == "swap":
        await swapped(building, clock)
    if request.param == "reversal":
        await building.pay("Room #302", 50_000)
    if question.way and question.way[0].startswith("/reading"):
        clock.step(timedelta(hours=20))
    await go(ravi, question)
    return question


every_question = pytest.mark.parametrize("asked", QUESTIONS, indirect=True)


def typed_once(chat: Chat, text: str, bot: Bot) -> Update:
    """Return what a person has typed, as an update that can come again."""
    user = chat.person.user
    who = {"id": user.user_id, "first_name": user.first_name}
    message = {
        "message_id": 10**6,
        "date": 0,
        "chat": {**who, "type": "private"},
        "from": {**who, "is_bot": False},
        "text": text,
    }
    return Update.de_json({"update_id": 10**9, "message": message}, bot)


def answers(message: Message, label: str) -> list[str | None]:
    """Return what the buttons carry that confirm."""
    buttons = (button for row in message.keyboard for button in row)
    return [button.callback_data for button in buttons if label in button.text]


@every_question
async def test_a_question_whose_update_comes_again_still_stands(
    asked: Question, ravi: Chat, telegram: TelegramBot
) -> None:
    """Where it is asked again, both are one question; a step that is past is not taken twice."""
    update = typed_once(ravi, asked.typed, telegram.bot)
    await telegram.process(update)
    first = ravi.last
    await telegram.process(update)

    assert ravi.last.message_id != first.message_id
    (confirming,) = answers(first, asked.confirm)
    assert answers(ravi.last, asked.confirm) in ([], [confirming])
    assert not (await ravi.tap(asked.confirm, on=first)).show_alert
    assert not [each for each in ravi.all if each.text.startswith(OLDER)]


@every_question
async def test_a_question_is_over_after_a_day(
    asked: Question, ravi: Chat, clock: SandboxClock
) -> None:
    question = await ravi.say(asked.typed)
    clock.step(timedelta(days=1, seconds=1))

    assert (await ravi.press(asked.confirm, on=question)).text.startswith(OLDER)


async def test_an_answer_that_was_given_in_time_is_spent_and_not_late(
    ravi: Chat, clock: SandboxClock
) -> None:
    question = await ravi.say("/pay 302 500 cash")
    (confirming,) = answers(question, "Record")
    assert confirming is not None
    await ravi.tap("Record", on=question)
    clock.step(timedelta(days=2))

    again = await ravi.forge(confirming, on=question)

    assert again.text is not None
    assert again.text.startswith("This was done already")
