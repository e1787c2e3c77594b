"""How a meter is read is set in the chat, and what was used before stays as it was charged."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.metering import MeterTerms
from bot.sandbox.clock import SandboxClock
from tests.driver import Chat
from tests.integration.telegram.staff.test_pay import balance_of
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #302"


async def terms_of(building: Lakeside) -> MeterTerms:
    meter_id = building.lets[ROOM].meter.id
    async with building.transactions.read() as unit:
        return (await unit.metering.meters([meter_id]))[meter_id].terms


async def opened(chat: Chat) -> None:
    await chat.say("302")
    await chat.press("More …")
    await chat.press("Meter …")
    await chat.press("Counter …")


async def test_the_card_tells_how_the_meter_is_read(ravi: Chat) -> None:
    await opened(ravi)

    assert ravi.text.splitlines() == [
        "302 · Meter lakeside.Room #302",
        "Lakeside Apartments",
        "",
        "Device device-Room #302, since 12 Nov",
        "Shows 1,450.0 kWh, read 18:42:00",
        "",
        "Multiplier × 1",
        "Where the counter begins anew is not known",
        "Up to 15 kWh an hour is plausible",
    ]
    assert ravi.buttons == ["Multiplier …", "Counts to …", "Plausible …", "‹ Back", "‹ Home"]


async def test_a_multiplier_holds_from_now_on(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    await opened(ravi)
    clock.step(timedelta(hours=2))
    building.meter(ROOM).uses("2")
    asked = await ravi.press("Multiplier …")
    assert "It is 1 unless the meter measures through a transformer." in asked.text
    asked = await ravi.say("× 40")
    assert "Multiplier: × 1 → × 40" in asked.text
    assert "what was used until then is charged as before" in asked.text

    card = await ravi.press("Set it to × 40")

    assert "Multiplier × 40" in card.text
    assert "Shows 1,452.0 kWh" in card.text
    assert await balance_of(building) == 8_550 - 2 * 650
    assert (await terms_of(building)).multiplier == 40


async def test_it_is_not_set_while_the_meter_cannot_be_read(ravi: Chat, building: Lakeside) -> None:
    building.meter(ROOM).is_online = False
    await opened(ravi)
    await ravi.press("Multiplier …")
    await ravi.press("× 20")

    answer = await ravi.tap("Set it to × 20")

    assert answer.text == "The meter is offline and cannot be read. Try again when it is back."
    assert (await terms_of(building)).multiplier == 1


async def test_the_end_of_the_counter_lies_above_what_it_shows(
    ravi: Chat, building: Lakeside
) -> None:
    await opened(ravi)
    await ravi.press("Counts to …")
    assert ravi.buttons == ["10,000", "1,00,000", "10,00,000", "Cancel"]
    assert (await ravi.say("1000")).text == (
        "The counter shows 1,450.0 kWh already, so it begins anew later. Type more than that."
    )

    await ravi.say("1,00,000")
    card = await ravi.press("Set it to 1,00,000")

    assert "The counter begins anew at 1,00,000" in card.text
    await ravi.press("Counts to …")
    await ravi.press("Not known")
    await ravi.press("It is not known")
    assert (await terms_of(building)).max_value is None


async def test_what_is_no_number_is_asked_again_and_the_way_back_leads_back(
    ravi: Chat, building: Lakeside
) -> None:
    await opened(ravi)
    await ravi.press("Plausible …")
    assert "is not a number I can use" in (await ravi.say("a lot")).text
    assert "It has to be more than 0" in (await ravi.say("0")).text
    assert (await ravi.say("15 kWh")).text == "It is set so already. Nothing was changed."
    asked = await ravi.say("२२.५")
    assert "Plausible in an hour: 15 kWh → 22.5 kWh" in asked.text
    assert "How much can be used in an hour?" in (await ravi.press("‹ Back")).text
    assert "Up to 15 kWh" in (await ravi.press("Cancel")).text
    assert "One tenant pays: 302 · Asha Rao" in (await ravi.press("‹ Back")).text
    assert "302 · Asha Rao" in (await ravi.press("‹ Back")).text
    assert (await terms_of(building)).limit_per_hour == Decimal(15)


async def test_who_sees_rooms_sees_the_meter_and_sets_nothing(kishan: Chat) -> None:
    await opened(kishan)

    assert "Multiplier × 1" in kishan.text
    assert kishan.buttons == ["‹ Back", "‹ Home"]


async def test_the_card_is_complete_in_hindi(ravi: Chat) -> None:
    await ravi.say("/language")
    await ravi.press("हिन्दी")
    await ravi.say("302")
    await ravi.press("और …")
    await ravi.press("मीटर …")
    await ravi.press("गिनती …")

    assert "गुणक × 1" in ravi.text
