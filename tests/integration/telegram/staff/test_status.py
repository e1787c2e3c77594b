"""One card tells whether all is well."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.metering import Reading, ReadingStatus, ReadingType, RegisterPoint
from bot.sandbox.clock import SandboxClock
from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_all_is_well(ravi: Chat) -> None:
    said = await ravi.say("/status")

    for line in ("🟢 Qube answers", "🟢 No meter is offline", "🟢 No order to a meter waits"):
        assert line in said.text
    assert "No job has run yet." in said.text


async def test_what_is_wrong_is_marked(ravi: Chat, building: Lakeside, clock: SandboxClock) -> None:
    building.gateway.is_down = True
    now = clock.now()
    async with building.transactions.begin() as unit:
        device = await unit.metering.device("device-Room #304")
        assert device is not None
        await unit.metering.save_device(replace(device, is_online=False))
        await unit.jobs.claim("deduct", now, now=now, until=now + timedelta(minutes=1))
        await unit.jobs.finish("deduct", now, at=now, summary="", failed=True)
        await unit.jobs.claim("sync", now, now=now, until=now + timedelta(minutes=1))
    await ravi.say("/relay 302 on")
    await ravi.tap("On, hold")
    clock.step(timedelta(minutes=5))

    said = await ravi.say("/status")

    assert "🔴 Qube does not answer just now" in said.text
    assert "⚠️ 1 meter is offline" in said.text
    assert "⏳ 1 order to a meter waits" in said.text
    assert "1 message waits" in said.text
    assert "🔴 deduct · 5 min ago" in said.text
    assert "⏳ sync · is running" in said.text


async def test_readings_that_wait_for_a_word_are_counted(
    ravi: Chat, elsewhere: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    let = building.lets["Room #303"]
    clock.step(timedelta(hours=1))
    async with building.transactions.begin() as unit:
        installed = await unit.metering.open_installation(let.meter.id)
        assert installed is not None
        jump = Reading(
            meter_id=let.meter.id,
            installation_id=installed.id,
            point=RegisterPoint(at=clock.now(), value=Decimal(9000)),
            type=ReadingType.AUTOMATIC,
            status=ReadingStatus.HELD,
            lease_id=let.lease.id,
        )
        await unit.metering.add_readings([jump])

    assert "⚠️ 1 reading is to be judged" in (await ravi.say("/status")).text
    assert "to be judged" not in (await elsewhere.say("/status")).text


async def test_it_is_brought_up_to_date_in_place(ravi: Chat, clock: SandboxClock) -> None:
    first = await ravi.say("/status")
    building_down = await ravi.press("‹ Home")

    assert building_down.message_id == first.message_id
