"""A tenant is reminded of a meter, types what it shows, and confirms it once."""

from datetime import timedelta

import pytest
import pytest_asyncio

from bot.domain.reading_window import ReadingWindow
from bot.sandbox.clock import SandboxClock
from bot.services.doorbell import Doorbell
from bot.services.reading_reminder import ReadingReminders
from tests.driver import Chat
from tests.handread import add_gas_meter, set_window, was_read
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #302"
MONTH = timedelta(days=30)


@pytest_asyncio.fixture
async def gas(asha: Chat, building: Lakeside, clock: SandboxClock) -> int:
    """Return the meter of gas of room 302, of which its tenant was reminded."""
    store = building.transactions
    await set_window(store, building.place, ReadingWindow(first_day=10, last_day=14))
    meter_id = await add_gas_meter(
        store,
        building.place,
        "Gas",
        at=clock.now() - MONTH,
        room_id=building.lets[ROOM].room.id,
        lease_id=building.lease_id(ROOM),
    )
    await was_read(store, meter_id, "100", clock.now() - MONTH)
    await ReadingReminders(store, clock, Doorbell()).run()
    return meter_id


async def test_from_the_reminder_to_the_reading(
    asha: Chat,
    gas: int,
    carry_on: CarryOn,
    building: Lakeside,
) -> None:
    await carry_on()
    told = await asha.hears("Please read your meter")
    assert told.text.splitlines() == [
        "📟 Please read your meter: Room 302",
        "Gas",
        "By 14 Nov is early enough.",
        "Without a reading it may have to be estimated.",
    ]
    asked = await asha.press("Read it now", on=told)
    assert asked.text.splitlines() == [
        "302 · Gas",
        "Last: 100.0 m³, 13 Oct · 18:42",
        "",
        "What does it show? Type it as you see it.",
    ]
    shown = await asha.say("112")
    assert "Is it 112.0 m³?" in shown.text
    done = await asha.press("Yes, 112.0 m³")
    assert done.text.splitlines() == ["✅ Recorded", "", "302 · Gas", "112.0 m³"]
    async with building.transactions.read() as unit:
        latest = await unit.metering.latest(gas)
    assert latest is not None
    assert latest.reader_name == "Asha"


async def test_the_same_value_again_is_asked_about(
    asha: Chat,
    gas: int,
    carry_on: CarryOn,
    clock: SandboxClock,
) -> None:
    await carry_on()
    told = await asha.hears("Please read your meter")
    await asha.press("Read it now", on=told)
    await asha.say("112")
    await asha.press("Yes, 112.0 m³")
    clock.step(timedelta(hours=1))
    await asha.press("Read it now", on=told)
    assert "Is this another reading?" in (await asha.say("112")).text
    assert asha.buttons == ["Record it again", "‹ Back", "Cancel"]
    assert "Recorded" in (await asha.press("Record it again")).text


async def test_nobody_reads_the_meter_of_others(
    asha: Chat,
    building: Lakeside,
    clock: SandboxClock,
) -> None:
    other = await add_gas_meter(building.transactions, building.place, "Other", at=clock.now())
    await asha.say("/start")
    answer = await asha.forge(f"1:wd::{other}")
    assert "not here any more" in (answer.text or "")
