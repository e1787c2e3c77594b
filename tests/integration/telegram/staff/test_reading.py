"""A reading that cannot be right is asked about, and charged or set aside once."""

from datetime import timedelta

import pytest

from bot.sandbox.clock import SandboxClock
from bot.telegram.callbacks import Action, encode, press
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #304"


async def hold(building: Lakeside, clock: SandboxClock, carry_on: CarryOn, *staff: Chat) -> None:
    """Let the meter of 304 jump by 100 kWh in three hours, and the staff be asked."""
    for chat in staff:
        await chat.say("/start")
    await building.deduct()
    building.meter(ROOM).uses("100")
    clock.step(timedelta(hours=3))
    await building.deduct()
    await carry_on()


async def balance(building: Lakeside) -> int:
    lease_id = building.lease_id(ROOM)
    async with building.transactions.read() as unit:
        books = await unit.books.load([lease_id], now=building.clock.now(), lock=False)
    return books[lease_id].balance_paise


async def test_a_manager_is_asked_and_nothing_is_charged_before(
    ravi: Chat, building: Lakeside, clock: SandboxClock, carry_on: CarryOn
) -> None:
    await hold(building, clock, carry_on, ravi)

    asked = await ravi.hears("Reading held: Room 304")

    assert "1,450.0 → 1,550.0 kWh" in asked.text
    assert "That is 100.0 kWh in 3 hours; up to 45.0 kWh is plausible." in asked.text
    assert "Chitra <Iyer>" in asked.text
    assert asked.buttons == (
        ("Accept …", "Reject …"),
        ("Look closer …", "Open room"),
    )
    assert await balance(building) == 300_000


async def test_accepted_it_is_charged_once_whoever_taps(
    ravi: Chat, meera: Chat, building: Lakeside, clock: SandboxClock, carry_on: CarryOn
) -> None:
    await hold(building, clock, carry_on, ravi, meera)
    await ravi.hears("Reading held")
    await meera.hears("Reading held")

    await meera.press("Accept …")
    asked = await ravi.press("Accept …")
    assert await balance(building) == 300_000
    accepted = await ravi.press("Accept and charge")
    late = await meera.tap("Accept and charge")

    assert asked.text.splitlines()[-2:] == [
        "₹650.00 is charged",
        "Balance ₹3,000.00 → ₹2,350.00",
    ]
    assert accepted.message_id == asked.message_id
    assert accepted.text.splitlines() == [
        "✅ Reading 1,550.0 accepted: Room 304",
        "₹650.00 charged, balance ₹2,350.00",
    ]
    assert late.text == "This reading was accepted already. Nothing is charged twice."
    assert await balance(building) == 235_000


async def test_rejected_it_is_set_aside(
    ravi: Chat, building: Lakeside, clock: SandboxClock, carry_on: CarryOn
) -> None:
    await hold(building, clock, carry_on, ravi)
    await ravi.hears("Reading held")

    assert "Why is it rejected?" in (await ravi.press("Reject …")).text
    rejected = await ravi.press("Meter faulty")

    assert "Nothing was charged" in rejected.text
    assert await balance(building) == 300_000


async def test_the_button_opens_the_room(
    ravi: Chat, building: Lakeside, clock: SandboxClock, carry_on: CarryOn
) -> None:
    await hold(building, clock, carry_on, ravi)
    await ravi.hears("Reading held")

    assert "304" in (await ravi.press("Open room")).text


async def test_a_tenant_a_caretaker_and_a_manager_of_elsewhere_cannot_judge(
    ravi: Chat,
    asha: Chat,
    kishan: Chat,
    elsewhere: Chat,
    building: Lakeside,
    clock: SandboxClock,
    carry_on: CarryOn,
) -> None:
    await hold(building, clock, carry_on, ravi)
    await ravi.hears("Reading held")
    for number, chat in enumerate((asha, kishan, elsewhere)):
        await chat.say("/help")
        await chat.forge(encode(press(Action.READING_ACCEPT, 1, nonce=f"mine{number}")))
        for reading_id in range(1, 12):
            await chat.forge(encode(press(Action.ACCEPT_READING, reading_id)))
            await chat.forge(encode(press(Action.READING_ACCEPT, reading_id, nonce="mine")))

    assert await balance(building) == 300_000
