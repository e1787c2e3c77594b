"""A payment is taken back once, with a reason, and the power follows."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.integration.telegram.staff.test_pay import balance_of
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #302"


async def opened(chat: Chat, building: Lakeside) -> None:
    await building.pay(ROOM, 50_000)
    await chat.say("302")
    await chat.press("Statement")
    await chat.press("+₹500.00")


async def test_a_payment_is_taken_back_with_a_usual_reason(
    ravi: Chat, asha: Chat, building: Lakeside, carry_on: CarryOn
) -> None:
    await opened(ravi, building)
    await ravi.press("Take this payment back …")
    asked = await ravi.press("Wrong room")
    assert "Reason: “Wrong room”" in asked.text
    assert "Balance ₹585.50 → ₹85.50" in asked.text

    answer = await ravi.tap("Take it back")
    await carry_on()

    assert answer.text == "Taken back."
    assert await balance_of(building) == 8_550
    assert "taken back" in (await asha.hears("Wrong room")).text
    shown = await ravi.hears("Payment of ₹500.00 taken back")
    assert shown.message_id == asked.message_id


async def test_a_typed_reason_is_kept(ravi: Chat, building: Lakeside) -> None:
    await opened(ravi, building)
    await ravi.press("Take this payment back …")
    await ravi.say("it was <Binod's>")

    await ravi.tap("Take it back")

    async with building.transactions.read() as unit:
        newest = (await unit.ledger.page(building.lease_id(ROOM)))[0]
    assert newest.reason == "it was <Binod's>"


async def test_it_is_taken_back_once(ravi: Chat, meera: Chat, building: Lakeside) -> None:
    await opened(ravi, building)
    await ravi.press("Take this payment back …")
    await ravi.press("Wrong room")
    await opened_again(meera)
    await meera.press("Take this payment back …")
    await meera.press("Recorded twice")
    await ravi.tap("Take it back")

    late = await meera.tap("Take it back")

    assert late.text == "This payment was taken back already, on 12 Nov."
    assert await balance_of(building) == 8_550
    await opened_again(meera)
    assert "Taken back on 12 Nov" in meera.text
    assert "Take this payment back …" not in meera.buttons


async def test_what_was_taken_back_is_dated_by_the_calendar_of_its_place(
    ravi: Chat, meera: Chat, building: Lakeside
) -> None:
    await opened(ravi, building)
    await ravi.press("Take this payment back …")
    await ravi.press("Wrong room")
    await opened_again(meera)
    await meera.press("Take this payment back …")
    await meera.press("Recorded twice")
    async with building.transactions.begin() as unit:
        far_east = ZoneInfo("Pacific/Kiritimati")
        await unit.places.save(replace(building.place, zone=far_east))
    await ravi.tap("Take it back")

    late = await meera.tap("Take it back")

    assert late.text == "This payment was taken back already, on 13 Nov."


async def test_a_tenant_cannot_take_a_payment_back(asha: Chat, building: Lakeside) -> None:
    await building.pay(ROOM, 50_000)
    await asha.say("/statement")

    await asha.press("+₹500.00")

    assert asha.buttons == ["Question this", "‹ Back"]


async def opened_again(chat: Chat) -> None:
    await chat.say("302")
    await chat.press("Statement")
    await chat.press("+₹500.00")
