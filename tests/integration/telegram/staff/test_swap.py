"""A manager tells what the devices showed at their change, from the notice or the meter's card."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.sandbox.clock import SandboxClock
from bot.services.swap import Found, put_device
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.integration.telegram.staff.test_pay import balance_of
from tests.lakeside import Lakeside
from tests.meters import FakeMeter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #302"


async def swapped(building: Lakeside, clock: SandboxClock) -> None:
    """Put a device in that shows 5.5 kWh, two hours after the old one showed 1,450."""
    clock.step(timedelta(hours=2))
    let = building.lets[ROOM]
    async with building.transactions.begin() as unit:
        old = await unit.metering.device(let.device_id)
        assert old is not None
        await unit.metering.save_device(replace(old, id="QUBE-NEW"))
        found = Found(device_id="QUBE-NEW", energy_kwh=Decimal("5.5"), relay_on=True)
        await put_device(unit, let.meter, found, now=clock.now())
    building.gateway.meters["QUBE-NEW"] = FakeMeter(energy_kwh=Decimal("5.5"))


async def test_the_notice_leads_to_both_values(
    ravi: Chat, building: Lakeside, clock: SandboxClock, carry_on: CarryOn
) -> None:
    await ravi.say("/start")
    await swapped(building, clock)
    await carry_on()
    await ravi.hears("New meter device")

    card = await ravi.press("What they showed …")
    assert card.text.splitlines() == [
        "302 · device changed 20:42:00",
        "device-Room #302 → QUBE-NEW",
        "",
        "Old: last read 1,450.0 kWh, 18:42:00",
        "New: first read 5.5 kWh, 20:42:00",
        "",
        "What ran in between was charged to nobody. If you know what they showed, enter it.",
    ]
    await ravi.press("Old ended at …")
    asked = await ravi.say("1452.5")
    assert asked.text.splitlines() == [
        "302 · device changed 20:42:00",
        "",
        "The old device ended at 1,452.5 kWh?",
        "2.5 kWh more were used: ₹16.25",
        "Balance ₹85.50 → ₹69.25",
        "🔴 Power stays off: ₹30.75 more would bring it back.",
    ]
    card = await ravi.press("Charge ₹16.25")
    assert "Old: ended at 1,452.5 kWh" in card.text
    assert ravi.buttons == ["New began at …", "‹ Back"]

    await ravi.press("New began at …")
    await ravi.say("5.5")
    await ravi.press("Enter it")

    assert "New: began at 5.5 kWh" in ravi.text
    assert ravi.buttons == ["‹ Back"]
    assert await balance_of(building) == 8_550 - 1_625


async def test_the_meters_card_leads_there_too(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    await swapped(building, clock)
    await ravi.say("302")
    await ravi.press("More …")
    await ravi.press("Meter …")
    await ravi.press("Counter …")
    await ravi.press("Old and new device …")
    await ravi.press("New began at …")

    assert (await ravi.say("6")).text == ("The new device showed 5.5 kWh later. Type that or less.")
    assert "5.0 kWh more were used: ₹32.50" in (await ravi.say("0.5")).text
    await ravi.press("‹ Back")
    assert "What did the new device show at first?" in ravi.text
    assert "New: first read 5.5 kWh" in (await ravi.press("Cancel")).text
    assert "Device QUBE-NEW" in (await ravi.press("‹ Back")).text
    assert await balance_of(building) == 8_550


async def test_it_is_charged_once(ravi: Chat, building: Lakeside, clock: SandboxClock) -> None:
    await swapped(building, clock)
    await ravi.say("302")
    await ravi.press("More …")
    await ravi.press("Meter …")
    await ravi.press("Counter …")
    await ravi.press("Old and new device …")
    await ravi.press("Old ended at …")
    await ravi.say("1451")
    again = next(
        button.callback_data
        for row in ravi.last.keyboard
        for button in row
        if button.text.startswith("Charge")
    )
    assert again is not None
    await ravi.press("Charge ₹6.50")

    answer = await ravi.forge(again)

    assert "Nothing is done twice" in (answer.text or "")
    assert await balance_of(building) == 8_550 - 650
