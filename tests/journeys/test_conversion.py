"""A room is billed later from one moment on, and pays beforehand again: nothing is lost between."""

from decimal import Decimal

import pytest

from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.journeys.house import House, at, charged

OPENING_KWH = Decimal(1450)


@pytest.fixture
async def rinkesh(house: House) -> Chat:
    """Return the chat of the tenant of Room 302, who has ₹3,000 on the evening of 25 October."""
    return await house.tenant()


async def billing_card(house: House) -> Message:
    """Go to how the room is billed, as a manager does."""
    await house.ravi.say("302")
    await house.ravi.press("More …")
    return await house.ravi.press("Billing …")


async def assert_all_is_charged_once(house: House, until_kwh: Decimal) -> None:
    """Whichever way it was charged, the balance is what is left after all use until there."""
    used = Decimal(charged(OPENING_KWH, until_kwh))
    assert Decimal(await house.balance()) == 3000 + used
    assert sum(Decimal(each["amount"]) for each in await house.entries("deduction")) == used


async def test_there_and_back_again_without_a_gap(house: House, rinkesh: Chat) -> None:
    await house.until(at(4, "12:00"))
    await billing_card(house)
    await house.ravi.press("Bill later …")
    question = await house.ravi.press("Day 25")
    assert "The meters are read now" in question.text
    await house.ravi.press("Change", on=question)
    await house.ravi.hears("Postpaid: billed on day 25 of each month.")
    await assert_all_is_charged_once(house, house.meter.register_kwh)
    await rinkesh.hears("day 25")

    await house.until(at(26, "06:00"))
    bill = await rinkesh.hears("/26-27/0001")
    assert "4 Nov to 25 Nov" in bill.text
    assert f"To pay ₹{-Decimal(await house.balance())}" in bill.text
    assert house.has_light()
    await assert_all_is_charged_once(house, house.meter.register_kwh_at(at(26, "00:00")))

    await house.until(at(27, "12:00"))
    await billing_card(house)
    question = await house.ravi.press("Pay beforehand …")
    assert "all until now comes on a last bill" in question.text
    await house.ravi.press("Change", on=question)
    await house.ravi.hears("Prepaid: use is deducted from the balance.")
    await rinkesh.hears("/26-27/0002")
    told = await rinkesh.hears("billing", after=bill.seq)
    assert "7 Dec" in told.text
    await assert_all_is_charged_once(house, house.meter.register_kwh)
    card = await rinkesh.say("/balance")
    assert "It is not cut before 8 Dec" in card.text


async def test_an_offline_meter_changes_nothing(house: House, rinkesh: Chat) -> None:
    await house.until(at(4, "12:00"))
    house.meter.offline_since = at(4, "11:00")
    before = await house.balance()
    await billing_card(house)
    await house.ravi.press("Bill later …")
    question = await house.ravi.press("Day 25")
    for _ in range(2):
        answer = await house.ravi.tap("Change", on=question)
        assert "offline" in (answer.text or "")
    assert await house.balance() == before
    assert "Prepaid" in (await billing_card(house)).text


async def test_who_moves_out_pays_up_to_that_moment(house: House, rinkesh: Chat) -> None:
    await house.until(at(4, "12:00"))
    question = await house.ravi.say("/moveout 302")
    assert "move out now?" in question.text
    for _ in range(2):
        await house.ravi.tap("End the lease now", on=question)
    await house.ravi.hears("Moved out.")
    left_kwh = house.meter.register_kwh
    await house.until(at(6, "06:00"))
    assert house.meter.register_kwh > left_kwh
    await assert_all_is_charged_once(house, left_kwh)
    assert "You have moved out of this room." in (await rinkesh.say("/balance")).text
