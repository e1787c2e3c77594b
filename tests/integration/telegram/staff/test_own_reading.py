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
    asked = await asha.press("Send a photo / type it", on=told)
    assert "Send a photo of the counter, or type what it shows." in asked.text
    await asha.say("112")
    await asha.press("Yes")
    async with building.transactions.read() as unit:
        latest = await unit.metering.latest(gas)
    assert latest is not None
    assert latest.reader_name == "Asha"
