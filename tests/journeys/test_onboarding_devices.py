"""The manager sets right in the chat what does not fit at Qube: a device that was replaced without
its name, and one that was left in Qube's own prepaid mode. Rule 3.4."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.demo.tenants import EVERYBODY
from bot.sandbox.qube.lakeside import PREPAID_ROOM, ROOM_302, SPACE_ID
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import Failure, MeterLabels, Mode
from tests.journeys.house import House, at, charged

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM_103 = next(each for each in EVERYBODY if each.room == "Room #103")


async def taps(house: House, *steps: tuple[str, str]) -> None:
    """Tap each button and wait for what it brings: notices come in between."""
    for label, answer in steps:
        seen = house.ravi.seq
        await house.ravi.tap(label)
        await house.ravi.hears(answer, after=seen)


async def test_a_device_that_was_replaced_without_its_name_is_linked_in_the_chat(
    house: House,
) -> None:
    await house.until(at(4))
    old = house.meter
    read_last = old.register_kwh
    building = house.world.building
    house.world.clock.move_to(at(5, "12:00"))
    building.take_offline(ROOM_302)
    new = building.add_meter(
        MeterLabels(name="QUBE new"),
        load=SteadyLoad(500),
        space_id=SPACE_ID,
        opening_kwh=Decimal("2.5"),
    )
    new.lost_answers.append(Failure.DROP)

    await house.ravi.say("/sync")
    await house.ravi.hears("has no name")
    await taps(
        house,
        ("Without a name · 1", "no name in UDF 1"),
        ("QUBE new", "It measures no meter of ours"),
        ("Link to a room's meter …", "Which meter does it measure?"),
        ("302 · lakeside.floor-3.room-302", f"{old.device_id} loses this name."),
        ("Link it", "🟢 It measures 302 now."),
    )
    assert house.meter is new
    assert old.labels.udf1 is None

    await house.ravi.hears("New meter device")
    house.world.clock.step(timedelta(hours=2))
    await taps(
        house,
        ("What they showed …", "device changed"),
        ("Old ended at …", "What did the old device show at last?"),
    )
    await house.ravi.say(str(read_last + 4))
    await house.ravi.hears("4.0 kWh more were used: ₹26.00")
    await taps(house, ("Charge ₹26.00", "Old: ended at"))
    await house.until(at(6))

    amounts = [row["amount"] for row in await house.entries("deduction")]
    assert "-26.00" in amounts
    after = [Decimal(amount) for amount in amounts[amounts.index("-26.00") + 1 :]]
    assert sum(after) == Decimal(charged(Decimal("2.5"), new.register_kwh))


async def test_a_device_is_taken_out_of_prepaid_mode_in_the_chat(house: House) -> None:
    await house.take_in(ROOM_103)
    meter = house.world.building.meter(PREPAID_ROOM)
    meter.lost_answers.append(Failure.DROP)

    await house.ravi.say("/sync")
    await house.ravi.hears("1 bills by itself")
    await taps(
        house,
        ("Wrong mode · 1", "They should only measure."),
        ("Switch all …", "Set 1 device to measurement?"),
        ("Switch 1 device", "🟢 Room #103: it only measures now, read back"),
    )

    assert meter.mode is Mode.MEASUREMENT
    house.world.clock.step(timedelta(hours=1))
    await taps(house, ("‹ Qube", "Looked at"), ("⟳ Look again", "Looked at"))
    assert "bills by itself" not in (await house.ravi.hears("Looked at")).text
