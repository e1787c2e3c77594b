"""Power is switched after one question, and one message tells how it goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.supply import Hold
from bot.sandbox.clock import SandboxClock
from bot.services.book import SupplyState
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #302"


async def supply_of(building: Lakeside) -> SupplyState:
    meter_id = building.lets[ROOM].meter.id
    async with building.transactions.read() as unit:
        return (await unit.supplies.states([meter_id]))[meter_id]


async def test_one_message_lives_from_the_question_to_the_meters_word(
    ravi: Chat, building: Lakeside, carry_on: CarryOn
) -> None:
    building.meter(ROOM).relay_on = False
    asked = await ravi.say("/relay 302 on")
    assert asked.text.startswith("Switch power ON in 302 (Asha Rao)?")
    assert "Balance ₹85.50 is below the cut-off of ₹100.00" in asked.text
    assert "the rules would keep it off" in asked.text
    assert ravi.buttons == ["On, until midnight", "On, hold", "Add a reason", "Cancel"]

    seen = ravi.seq
    answer = await ravi.tap("On, until midnight")
    await carry_on()

    assert answer.text == "On its way to the meter."
    confirmed = await ravi.hears("302 is ON · confirmed by the meter", after=seen)
    assert confirmed.message_id == asked.message_id
    assert "by Ravi" in confirmed.text
    assert len(ravi.all) == 1
    assert building.meter(ROOM).relay_on is True
    assert (await supply_of(building)).hold is Hold.ON


async def test_until_midnight_ends_at_the_places_midnight(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    await ravi.say("/relay 302 on")
    await ravi.tap("On, until midnight")

    until = (await supply_of(building)).hold_until

    assert until is not None
    assert until - clock.now() == timedelta(hours=5, minutes=18)
    assert "until 24:00 · by Ravi" in (await ravi.say("302")).text


async def test_an_order_to_an_offline_meter_waits_and_can_be_cancelled(
    ravi: Chat, building: Lakeside, carry_on: CarryOn
) -> None:
    building.meter(ROOM).relay_on = False
    building.meter(ROOM).is_online = False
    asked = await ravi.say("/relay 302 on")
    await ravi.tap("On, hold")
    await carry_on()
    waits = await ravi.hears("is offline. The order waits")
    assert waits.message_id == asked.message_id

    answer = await ravi.tap("Cancel order")
    building.meter(ROOM).is_online = True
    await carry_on()

    assert answer.text == "The order is cancelled. The rules decide again."
    assert building.meter(ROOM).relay_on is False
    assert (await supply_of(building)).hold is Hold.NONE


async def test_off_is_held_against_a_payment_and_given_back_to_the_rules(
    ravi: Chat, building: Lakeside, carry_on: CarryOn
) -> None:
    asked = await ravi.say("/relay room 304 off burning smell")
    assert "Reason: “burning smell”" in asked.text
    assert "A payment does not bring it back" in asked.text
    await ravi.tap("Off, hold")
    await carry_on()
    await building.pay("Room #304", 100_000)
    await carry_on()
    assert building.meter("Room #304").relay_on is False
    card = await ravi.say("304")
    assert "✋ Held off" in card.text
    assert "burning smell" in card.text

    given = await ravi.say("/relay 304 auto")
    assert "By the rules it will be on: all is in order." in given.text
    await ravi.tap("Back to the rules")
    await carry_on()

    assert building.meter("Room #304").relay_on is True


async def test_everything_can_be_tapped(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("/start")
    await ravi.press("Power …")
    choice = await ravi.press("302 · Asha Rao")
    assert "What shall the power be?" in choice.text
    await ravi.press("On")
    why = await ravi.press("Add a reason")
    assert why.text == "Why? Type a few words."
    asked = await ravi.say("guests tonight")
    assert "Reason: “guests tonight”" in asked.text

    await ravi.tap("On, hold")

    supply = await supply_of(building)
    assert (supply.hold, supply.hold_reason) == (Hold.ON, "guests tonight")


async def test_cancel_changes_nothing_and_shows_the_room(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("/relay 302 on")

    card = await ravi.press("Cancel")

    assert card.text.startswith("302 · Asha Rao")
    assert (await supply_of(building)).hold is Hold.NONE


@pytest.mark.parametrize("typed", ["/relay 302 on", "/relay 302 on guests tonight"])
@pytest.mark.parametrize("meanwhile", ["/cancel", "/rooms 303", "/relay 303 off"])
async def test_a_question_is_over_once_something_else_is_begun(
    ravi: Chat, building: Lakeside, typed: str, meanwhile: str
) -> None:
    asked = await ravi.say(typed)
    await ravi.say(meanwhile)

    said = await ravi.press("On, hold", on=asked)

    assert said.text.startswith("This button is from an older message.")
    assert (await supply_of(building)).hold is Hold.NONE


async def test_a_question_is_over_after_a_day(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    asked = await ravi.say("/relay 302 on")
    clock.step(timedelta(days=1, seconds=1))

    said = await ravi.press("On, hold", on=asked)

    assert said.text.startswith("This button is from an older message.")
    assert (await supply_of(building)).hold is Hold.NONE


async def test_several_rooms_are_offered_with_the_wish_kept(ravi: Chat) -> None:
    offered = await ravi.say("/relay 30 off")
    assert "Which room do you mean by “30”?" in offered.text

    asked = await ravi.press("303 · Binod Das")

    assert asked.text.startswith("Switch power OFF in 303 (Binod Das)?")


async def test_a_room_typed_after_the_question_is_taken(ravi: Chat) -> None:
    await ravi.say("/relay")

    assert (await ravi.say("303 बंद")).text.startswith("Switch power OFF in 303")


async def test_an_order_that_is_carried_out_cannot_be_cancelled(
    ravi: Chat, building: Lakeside, carry_on: CarryOn, clock: SandboxClock
) -> None:
    building.meter(ROOM).relay_on = False
    building.meter(ROOM).is_online = False
    await ravi.say("/relay 302 on")
    await ravi.tap("On, hold")
    await carry_on()
    waiting = await ravi.hears("The order waits")
    data = next(b.callback_data for row in waiting.keyboard for b in row if "Cancel" in b.text)
    building.meter(ROOM).is_online = True
    clock.step(timedelta(minutes=5))
    await carry_on()

    answer = await ravi.forge(data or "")

    assert answer.text == "Too late: the meter has carried the order out."


async def test_a_meter_without_a_relay_is_said_to_be_switched_by_hand(
    ravi: Chat, building: Lakeside
) -> None:
    async with building.transactions.begin() as unit:
        device = await unit.metering.device("device-Room #302")
        assert device is not None
        await unit.metering.save_device(replace(device, has_relay=False))

    said = await ravi.say("/relay 302 on")

    assert said.text == "The meter of Room 302 has no relay. Switch it by hand."
    card = await ravi.say("302")
    assert "This meter has no relay: switch by hand." in card.text
    assert "Power …" not in ravi.buttons


@pytest.mark.parametrize("typed", ["/relay 305 on", "/relay 305"])
async def test_a_vacant_room_says_who_switches_it(ravi: Chat, typed: str) -> None:
    said = await ravi.say(typed)

    assert "⚪ Vacant. Nobody rents this room." in said.text
    assert "Switch at the meter by hand, or enter the new tenant first." in said.text
    assert ravi.buttons
