"""What comes twice counts once: updates, taps, references."""

import asyncio

import pytest

from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.journeys.house import SECOND_OWNER, House, at

UTR = "423188908890"


async def confirmation(house: House, chat: Chat) -> Message:
    """Return the question whether ₹2,000 are to be recorded."""
    return await chat.say(f"/pay 302 2000 upi {UTR}")


def data_of(message: Message) -> str:
    """Return what the first button carries."""
    data = message.keyboard[0][0].callback_data
    assert data is not None
    return data


async def settled(house: House) -> list[str]:
    """Return the amounts that are in the books, once everything has been delivered."""
    await house.bot.runner.catch_up()
    return [row["amount"] for row in await house.entries("payment")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_tap_that_is_delivered_twice_pays_once(house: House) -> None:
    rinkesh = await house.tenant()
    asked = await confirmation(house, house.ravi)
    house.world.telegram.duplicate_next_update()
    await house.ravi.press("Record", on=asked)
    await house.ravi.hears("✅ ₹2,000.00 recorded")
    await rinkesh.hears("✅ ₹2,000.00 received")
    await house.ravi.say("/status")

    assert await settled(house) == ["2000.00"]
    receipts = [each for each in rinkesh.all if each.text.startswith("✅")]
    assert len(receipts) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_invitation_that_is_delivered_twice_lets_in_once(house: House) -> None:
    house.world.telegram.duplicate_next_update()
    rinkesh = await house.tenant()
    assert "Welcome!" in rinkesh.all[0].text
    card = await rinkesh.say("/balance")

    assert "₹3,000.00" in card.text
    assert not [each for each in rinkesh.all if "Ask your manager" in each.text]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_second_tap_on_the_same_confirmation_pays_nothing(house: House) -> None:
    asked = await confirmation(house, house.ravi)
    taps = [house.ravi.person.press_data(asked.message_id, data_of(asked)) for _ in range(3)]
    for tap in taps:
        await house.ravi.answer_to(tap)

    assert await settled(house) == ["2000.00"]
    assert await house.balance() == "5000.00"


async def test_two_managers_who_tap_the_same_confirmation_pay_once(house: House) -> None:
    meera = house.phone("Meera", user_id=SECOND_OWNER)
    await meera.say("/start")
    asked = await confirmation(house, house.ravi)
    own = await meera.say("/rooms")
    data = data_of(asked)
    await asyncio.gather(
        house.ravi.forge(data, on=asked),
        meera.forge(data, on=own),
    )

    assert await settled(house) == ["2000.00"]
    assert await house.balance() == "5000.00"


async def test_one_reference_confirmed_by_two_managers_pays_once(house: House) -> None:
    meera = house.phone("Meera", user_id=SECOND_OWNER)
    await meera.say("/start")
    questions = {chat: await confirmation(house, chat) for chat in (house.ravi, meera)}
    answers = await asyncio.gather(
        *(chat.tap("Record", on=asked) for chat, asked in questions.items())
    )
    await house.bot.runner.catch_up()

    assert await settled(house) == ["2000.00"]
    assert await house.balance() == "5000.00"
    assert sum("✅ ₹2,000.00 recorded" in chat.text for chat in questions) == 1
    assert sum("already" in answer.text for answer in answers) == 1, answers


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_payment_and_a_check_at_once_come_to_the_same(house: House) -> None:
    await house.tenant()
    await house.until(at(17))
    asked = await confirmation(house, house.ravi)
    house.world.clock.move_to(at(18))
    await asyncio.gather(house.bot.runner.catch_up(), house.ravi.press("Record", on=asked))
    await house.ravi.hears("✅ ₹2,000.00 recorded")
    await house.bot.runner.catch_up()

    assert await house.balance() == "2085.50"
    assert house.world.building.meter(ROOM_302).is_flowing
