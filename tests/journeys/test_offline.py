"""The meter of Room #302 is away when it should be switched."""

import pytest

from bot.sandbox.qube.lakeside import ROOM_302
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_cut_waits_for_the_meter_and_says_so(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(17))
    house.world.building.take_offline(ROOM_302)

    await house.until(at(18))
    assert await house.balance() > "100"
    await house.until(at(19))
    waiting = await rinkesh.hears("Power will be switched off when it is back")
    assert house.has_light()
    assert (await house.ravi.hears("offline")).text

    house.world.building.bring_back(ROOM_302)
    await house.until(at(20, "00:30"))
    cut = await rinkesh.hears("🔴 Power is off")
    assert cut.message_id == waiting.message_id
    assert not house.has_light()

    used_paise = -sum(
        int(row["amount"].replace(".", "")) for row in await house.entries("deduction")
    )
    assert used_paise <= 300_000
    assert await house.balance() == f"{(300_000 - used_paise) / 100:.2f}"


async def test_light_waits_for_the_meter_and_the_manager_is_told(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(17))
    await house.until(at(18))
    await rinkesh.hears("🔴 Power is off")
    house.world.building.take_offline(ROOM_302)

    house.world.clock.move_to(at(19, "09:30"))
    await house.pay("302 2000 cash")
    waiting = await rinkesh.hears("The meter is offline. It will switch on as soon as it is back")
    assert "₹85.50 → ₹2,085.50" in waiting.text
    assert not house.has_light()

    await house.until(at(19, "09:50"))
    alarm = await house.ravi.hears("dark")
    assert "302" in alarm.text

    house.world.building.bring_back(ROOM_302)
    await house.until(at(19, "10:00"))
    receipt = await rinkesh.hears("🟢 Power is on again")
    assert receipt.message_id == waiting.message_id
    assert house.has_light()
    assert await house.balance() == "2085.50"


async def test_a_lost_answer_of_the_meter_is_read_back(house: House) -> None:
    rinkesh = await house.tenant()
    house.world.building.fail_after_effect(ROOM_302, how="gateway_error")
    await house.until(at(17))
    await house.until(at(18))

    await rinkesh.hears("🔴 Power is off")
    switches = [
        each
        for each in house.world.building.requests
        if each.method == "PUT" and each.path.rstrip("/").endswith("/relay")
    ]
    assert len(switches) == 1
    assert not house.has_light()
