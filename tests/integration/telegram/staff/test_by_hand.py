"""Where no relay is, staff switch by hand and say so with one tap. Rule 6.7."""

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #302"
ON, OFF = "✓ I switched it on", "✓ I switched it off"


@pytest_asyncio.fixture(autouse=True)
async def no_relay(building: Lakeside) -> None:
    """Take the relay away from room 302, which is cut and was switched off by somebody."""
    async with building.transactions.begin() as unit:
        device = await unit.metering.device(f"device-{ROOM}")
        assert device is not None
        await unit.metering.save_device(replace(device, has_relay=False))


async def paid(ravi: Chat, carry_on: CarryOn) -> None:
    await ravi.say("/pay 302 500 cash")
    await ravi.tap("Record ₹500.00")
    await carry_on()


async def test_the_notice_is_tapped_once_and_says_so_to_everybody(
    ravi: Chat, meera: Chat, asha: Chat, carry_on: CarryOn
) -> None:
    await meera.say("/start")
    await paid(ravi, carry_on)
    asked = await ravi.hears("Please switch Room 302 ON by hand")
    assert "✋ Power will be switched on by hand by your manager" in asha.last.text

    answer = await ravi.tap(ON)
    await carry_on()

    assert answer.text == "Recorded: power is on."
    done = await ravi.hears("Room 302 is ON · by hand, by Ravi")
    assert done.message_id == asked.message_id
    assert ON not in str(done.keyboard)
    assert (await meera.hears("Room 302 is ON · by hand, by Ravi")).message_id
    assert "🟢 Power is on: switched on by hand by Ravi, 18:42" in asha.last.text
    assert "🟢 Power on, by hand, by Ravi 18:42" in (await ravi.say("302")).text


async def test_the_card_and_the_list_show_what_waits_for_a_hand(
    ravi: Chat, asha: Chat, carry_on: CarryOn
) -> None:
    await paid(ravi, carry_on)

    card = await ravi.say("302")
    assert "✋ To be switched ON by hand since 18:42" in card.text
    assert "switch by hand, then say so below." in card.text
    assert "✋ will be switched on by hand by your manager" in (await asha.say("/start")).text
    listed = await ravi.say("/rooms")
    assert "✋ 302" in listed.text

    await ravi.say("302")
    done = await ravi.tap(ON)

    assert "Recorded" in done.text
    assert "🟢 Power on, by hand, by Ravi" in ravi.last.text
    assert ON not in ravi.buttons
    assert "Power  🟢 on" in (await asha.say("/start")).text


async def test_a_second_tap_is_told_who_was_first(
    ravi: Chat, meera: Chat, carry_on: CarryOn
) -> None:
    await paid(ravi, carry_on)
    data = _data(await ravi.hears("Please switch Room 302 ON by hand"), ON)
    await meera.say("302")
    await ravi.forge(data)

    for chat in (ravi, meera):
        answer = await chat.forge(data)
        assert answer.text.startswith("Ravi has said already that Room 302 is switched on")
        assert answer.text.endswith("Nothing is recorded twice.")


async def test_an_old_button_is_refused_with_the_room_as_it_stands(
    ravi: Chat, carry_on: CarryOn
) -> None:
    await paid(ravi, carry_on)
    old = _data(await ravi.hears("Please switch Room 302 ON by hand"), ON)
    await _take_back(ravi)
    await carry_on()

    await ravi.forge(old)

    said = ravi.last.text
    assert said.startswith("Something else was decided since. This is how it stands now:")
    assert "✋ To be switched OFF by hand" in said
    assert OFF in ravi.buttons


async def test_who_may_not_switch_is_offered_nothing_and_refused(
    ravi: Chat, anil: Chat, carry_on: CarryOn
) -> None:
    await paid(ravi, carry_on)
    data = _data(await ravi.hears("Please switch Room 302 ON by hand"), ON)

    await anil.say("302")
    assert ON not in anil.buttons
    await anil.forge(data)

    assert "by hand, by" not in (await ravi.say("302")).text


async def test_still_dark_is_said_and_ended_by_the_same_word(
    ravi: Chat, carry_on: CarryOn, clock: SandboxClock
) -> None:
    await paid(ravi, carry_on)
    clock.step(timedelta(minutes=16))
    await carry_on()
    alarm = await ravi.hears("In order, still dark: Room 302")
    assert "nobody has said yet that it is switched on by hand" in alarm.text

    answer = await ravi.forge(_data(alarm, ON))

    assert answer.text == "Recorded: power is on."


async def _take_back(ravi: Chat) -> None:
    await ravi.say("302")
    await ravi.press("Statement")
    await ravi.press("+₹500.00")
    await ravi.press("Take this payment back …")
    await ravi.press("Wrong room")
    await ravi.tap("Take it back")


def _data(message: Message, label: str) -> str:
    return next(b.callback_data or "" for row in message.keyboard for b in row if b.text == label)
