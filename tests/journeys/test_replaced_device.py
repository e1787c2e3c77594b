"""The device of Room #302 is replaced in the middle of the month. Rule 3.4."""

import pytest

from bot.sandbox.qube.lakeside import ROOM_302
from tests.journeys.house import House, at, charged

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_use_before_and_after_the_swap_is_charged_once(house: House) -> None:
    await house.until(at(4))
    before = await house.balance()
    old = house.meter
    read_last = old.register_kwh
    house.world.clock.move_to(at(5, "12:00"))
    new_id = house.world.building.replace(ROOM_302)

    await house.until(at(5))
    first_seen = house.meter.register_kwh
    told = await house.ravi.hears(new_id)
    assert "302" in told.text
    assert await house.balance() == before

    await house.until(at(6))
    used = house.meter.register_kwh - first_seen
    amounts = [row["amount"] for row in await house.entries("deduction")]
    assert amounts[-1] == charged(first_seen, house.meter.register_kwh)
    assert used > 0
    assert old.register_kwh > read_last


async def test_the_new_device_is_cut_and_restored_like_the_old_one(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(4))
    house.world.building.replace(ROOM_302)
    for day in (5, 18, 19, 20):
        await house.until(at(day))
    await rinkesh.hears("🔴 Power is off")
    assert not house.has_light()

    await house.pay("302 2000 cash")
    await rinkesh.hears("🟢 Power is on again")
    assert house.has_light()
