"""What Qube has is shown on one card, and what does not fit is set right from there."""

from decimal import Decimal

import pytest
import pytest_asyncio

from bot.services.ports import DeviceMode
from tests.driver import Chat
from tests.lakeside import Lakeside
from tests.meters import FakeMeter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest_asyncio.fixture
async def qube(building: Lakeside) -> Lakeside:
    """Return Lakeside as Qube has it: 302 bills by itself, 304's device has no name, and there
    is a lift."""
    building.gateway.space_id = 1
    for room, let in building.lets.items():
        meter = building.meter(room)
        meter.name, meter.udf1 = room, let.meter.udf1
    building.meter("Room #302").mode = DeviceMode.PREPAID
    building.gateway.meters["QUBE-LIFT"] = FakeMeter(
        energy_kwh=Decimal(9), name="Lift", udf1="lakeside.lift"
    )
    old = building.gateway.meters.pop(building.lets["Room #304"].device_id)
    building.gateway.meters["QUBE-NEW"] = FakeMeter(energy_kwh=Decimal("5.5"), name="QUBE new")
    assert old.udf1 is not None
    return building


async def test_the_card_says_what_fits_and_what_does_not(ravi: Chat, qube: Lakeside) -> None:
    await ravi.say("/sync")
    card = await ravi.hears("Looked at")

    assert card.text.splitlines() == [
        "Qube · 4 devices",
        "Lakeside Apartments",
        "",
        "🟢 1 device fits its meter",
        "🔴 1 meter has no device",
        "⚠️ 1 bills by itself",
        "⚪ 1 has no name",
        "⚪ 1 has a name that no meter has",
        "",
        "Looked at 12 Nov · 18:42",
    ]
    assert ravi.buttons == [
        "Missing device · 1",
        "Wrong mode · 1",
        "Without a name · 1",
        "Unknown names · 1",
        "⟳ Look again",
        "‹ Home",
    ]
    assert len([m for m in ravi.all if "Qube" in m.text]) == 1


async def test_a_device_is_linked_to_the_meter_that_lost_its_own(
    ravi: Chat, qube: Lakeside
) -> None:
    await ravi.say("/sync")
    await ravi.hears("Looked at")
    await ravi.press("Without a name")
    device = await ravi.press("QUBE new · QUBE-NEW")
    assert device.text.splitlines() == [
        "QUBE new · QUBE-NEW",
        "Lakeside Apartments",
        "",
        "No name in UDF 1",
        "⚪ It measures no meter of ours",
        "Mode: measurement",
        "Online",
    ]
    await ravi.press("Link to a room's meter …")
    assert ravi.buttons[0] == "🔴 304 · lakeside.Room #304"
    asked = await ravi.press("304 · lakeside.Room #304")
    assert asked.text.splitlines() == [
        "Link QUBE new · QUBE-NEW to the meter of 304?",
        "",
        "Qube is told its name: lakeside.Room #304",
        (
            "It takes the place of device-Room #304, and begins at what it shows now. "
            "Nothing is charged twice."
        ),
    ]

    done = await ravi.press("Link it")

    assert "🟢 It measures 304 now." in done.text
    assert "It has taken the place of device-Room #304." in done.text
    assert qube.gateway.meters["QUBE-NEW"].udf1 == "lakeside.Room #304"
    assert "Old: last read 1,450.0 kWh" in (await ravi.press("What they showed …")).text
    await ravi.say("304")
    await ravi.press("More …")
    assert "Device QUBE-NEW" in (await ravi.press("Meter …")).text


async def test_the_room_of_a_device_may_be_typed(ravi: Chat, qube: Lakeside) -> None:
    await ravi.say("/sync")
    await ravi.hears("Looked at")
    await ravi.press("Without a name")
    await ravi.press("QUBE new · QUBE-NEW")
    await ravi.press("Link to a room's meter …")

    assert len((await ravi.say("999")).buttons) == 4
    asked = await ravi.say("room 304")
    assert asked.text.startswith("Link QUBE new · QUBE-NEW to the meter of 304?")
    await ravi.press("Link it")
    assert "There is no room “999”" in (await ravi.say("999")).text


async def test_one_is_switched_to_measurement_and_it_is_read_back(
    ravi: Chat, qube: Lakeside
) -> None:
    await ravi.say("/sync")
    await ravi.hears("Looked at")
    await ravi.press("Wrong mode")
    asked = await ravi.press("Switch all …")
    assert asked.text.startswith("Set 1 device to measurement?")
    assert "Room #302 · device-Room #302: Qube's own prepaid" in asked.text

    done = await ravi.press("Switch 1 device")

    assert done.text == "🟢 Room #302: it only measures now, read back"
    assert qube.meter("Room #302").mode is DeviceMode.MEASUREMENT
    card = await ravi.press("‹ Qube")
    assert "🟢 2 devices fit their meters" in card.text


async def test_one_that_is_offline_is_told_as_it_is(ravi: Chat, qube: Lakeside) -> None:
    await ravi.say("/sync")
    await ravi.hears("Looked at")
    qube.meter("Room #302").is_online = False
    await ravi.press("Wrong mode")
    await ravi.press("Room #302")
    await ravi.press("Switch to measurement …")

    done = await ravi.press("Switch 1 device")

    assert done.text == ("⚠️ Room #302 is offline. Nothing was changed; try again when it is back.")


async def test_a_device_is_called_as_its_room(ravi: Chat, qube: Lakeside) -> None:
    qube.meter("Room #303").name = "QUBE 17"
    qube.meter("Room #303").mode = DeviceMode.POSTPAID
    await ravi.say("/sync")
    await ravi.hears("Looked at")
    await ravi.press("Wrong mode")
    await ravi.press("QUBE 17")
    asked = await ravi.press("Call it “Room #303” …")
    assert asked.text == "Call QUBE 17 · device-Room #303 “Room #303” at Qube?"

    await ravi.press("Rename it")

    assert qube.meter("Room #303").name == "Room #303"
    assert "Room #303 · device-Room #303" in (await ravi.press("‹ Back")).text


async def test_what_was_known_is_shown_when_qube_does_not_answer(
    ravi: Chat, qube: Lakeside
) -> None:
    await ravi.say("/sync")
    await ravi.hears("Looked at")
    qube.gateway.is_down = True

    card = await ravi.press("⟳ Look again")

    assert "⚠️ Qube cannot be asked just now (down). This was so at 12 Nov · 18:42." in card.text
    assert "🟢 1 device fits its meter" in card.text


async def test_a_button_does_it_once(ravi: Chat, qube: Lakeside) -> None:
    await ravi.say("/sync")
    await ravi.hears("Looked at")
    await ravi.press("Wrong mode")
    await ravi.press("Switch all …")
    data = next(b.callback_data for row in ravi.last.keyboard for b in row if "Switch" in b.text)
    assert data is not None
    await ravi.press("Switch 1 device")

    assert "Nothing is done twice" in ((await ravi.forge(data)).text or "")


async def test_who_does_not_onboard_has_no_such_command(anil: Chat, qube: Lakeside) -> None:
    assert "/sync" in (await anil.say("/sync")).text
    assert "device" not in anil.text
    await anil.say("/start")
    assert "Qube" not in anil.buttons


async def test_a_manager_of_another_place_sees_no_device(elsewhere: Chat, qube: Lakeside) -> None:
    await elsewhere.say("/sync")
    card = await elsewhere.hears("Qube · 0 devices")
    assert "Lakeside" not in card.text
