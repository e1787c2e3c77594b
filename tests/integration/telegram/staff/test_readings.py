"""Readings in the chat: looked through, entered, judged, corrected."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.metering import ReadingType
from bot.sandbox.clock import SandboxClock
from bot.services.cause import Cause
from bot.services.doorbell import Doorbell
from bot.services.reading_entry import NewReading, ReadingEntry
from bot.telegram.callbacks import Action, encode, press
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOM = "Room #304"
PAST = "Room #302"


async def balance(building: Lakeside, room: str = ROOM) -> int:
    lease_id = building.lease_id(room)
    async with building.transactions.read() as unit:
        books = await unit.books.load([lease_id], now=building.clock.now(), lock=False)
    return books[lease_id].balance_paise


async def use(building: Lakeside, clock: SandboxClock, kwh: str, *, hours: int = 24) -> None:
    """Let the meter of 304 count, and be read by the sweep."""
    building.meter(ROOM).uses(kwh)
    clock.step(timedelta(hours=hours))
    await building.deduct()


async def enter(chat: Chat, value: str, room: str = "304") -> None:
    await chat.say("/readings")
    await chat.press("Enter a reading")
    await chat.say(room)
    await chat.say(value)


async def test_the_list_of_a_meter_tells_value_use_and_how_it_was_read(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    await use(building, clock, "11.8")
    await ravi.say("/readings 304")

    assert ravi.text.splitlines()[0].startswith("304 · lakeside.Room #304")
    assert "13 Nov · 18:42  1,461.8 kWh  +11.8" in ravi.text
    assert "13 Nov · 1,461.8" in ravi.buttons
    card = await ravi.press("13 Nov · 1,461.8")
    assert "1,450.0 → 1,461.8 kWh = 11.8 kWh" in card.text
    assert "read by the meter" in card.text


async def test_readings_are_found_by_how_they_were_taken_and_by_month(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    await use(building, clock, "11.8")
    clock.step(timedelta(minutes=5))
    await enter(ravi, "1463")
    await ravi.press("Record")
    await ravi.press("All readings")
    assert len([label for label in ravi.buttons if label.startswith("13 Nov")]) == 2

    await ravi.press("Filter …")
    await ravi.press("By hand")
    assert [label for label in ravi.buttons if "Nov ·" in label] == ["13 Nov · 1,463.0"]
    await ravi.press("Filter …")
    assert "✓ By hand" in ravi.buttons
    await ravi.press("October 2026")
    assert "There are no such readings." in ravi.text
    await ravi.press("Filter …")
    await ravi.press("Any time")
    await ravi.press("Filter …")
    await ravi.say("soon")
    assert "is not a day I understand" in ravi.text
    await ravi.say("13 Nov")
    assert "By hand · 13 Nov 2026" in ravi.text
    assert [label for label in ravi.buttons if "Nov ·" in label] == ["13 Nov · 1,463.0"]
    await ravi.press("Filter …")
    await ravi.say("20 Dec to 12 Jan")
    assert "By hand · 20 Dec – 12 Jan 2026" in ravi.text
    assert "There are no such readings." in ravi.text


async def test_many_readings_are_turned_page_by_page(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    for _ in range(10):
        await use(building, clock, "10")
    await ravi.say("/readings 304")
    assert "22 Nov" in ravi.text
    assert "14 Nov" not in ravi.text

    await ravi.press("Older ›")
    assert "14 Nov" in ravi.text
    assert "22 Nov" not in ravi.text
    await ravi.press("‹ Newest")
    assert "22 Nov" in ravi.text


async def test_a_caretaker_enters_a_reading_and_sees_no_money(
    kishan: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    await enter(kishan, "1461.8 kWh")
    assert "1,461.8 kWh, read now?" in kishan.text
    assert "last 1,450.0, that is 11.8 kWh in 1 day" in kishan.text
    done = await kishan.press("Record")

    assert done.text.splitlines()[0] == "✅ Recorded"
    assert "₹" not in kishan.transcript()
    assert await balance(building) == 300_000 - 7_670


async def test_a_manager_sees_what_it_charged(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    await enter(ravi, "1461.8")
    assert "₹76.70 charged, balance ₹2,923.30" in (await ravi.press("Record")).text


async def test_a_reading_of_another_day_takes_its_place(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=2))
    await enter(ravi, "1455")
    await ravi.press("Another time …")
    assert "When was it read?" in ravi.text
    await ravi.say("13 Nov 09:00")
    assert "1,455.0 kWh, 13 Nov · 09:00?" in ravi.text
    await ravi.press("Record")
    await ravi.press("All readings")
    assert "13 Nov · 09:00  1,455.0 kWh  +5.0  ✍️" in ravi.text


async def test_the_same_value_on_the_same_day_is_asked_about(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    await enter(ravi, "1455")
    await ravi.press("Record")
    clock.step(timedelta(minutes=10))
    await enter(ravi, "1455")
    assert "⚠️ The same value was recorded that day already, at 18:42." in ravi.text
    assert (await ravi.press("Record it again")).text.startswith("✅")


async def test_what_cannot_be_is_said_with_what_to_do(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    await enter(ravi, "1449")
    assert "A counter never runs back: it showed 1,450.0 kWh on 12 Nov · 18:42." in ravi.text
    await ravi.say("many")
    assert "“many” is not a number" in ravi.text
    await ravi.say("1.2345")
    assert "up to three decimals" in ravi.text
    await ravi.say("1455")
    await ravi.press("Another time …")
    await ravi.say("11 Nov")
    assert "The meter counts here only since 12 Nov · 18:42." in ravi.text
    await ravi.say("20 Nov 2026")
    assert "That is still to come." in ravi.text


async def test_a_jump_of_a_caretaker_is_corrected_by_the_manager_and_the_tenant_told(
    ravi: Chat,
    kishan: Chat,
    asha: Chat,
    building: Lakeside,
    clock: SandboxClock,
    carry_on: CarryOn,
) -> None:
    await ravi.say("/start")
    clock.step(timedelta(days=1))
    await enter(kishan, "1850", room="302")
    assert "A manager will look at it" in kishan.text
    held = await kishan.press("Record")
    assert held.text.startswith("⏸ Held")
    await carry_on()
    asked = await ravi.hears("Reading held: Room 302")
    assert "Read by Kishan" in asked.text

    card = await ravi.press("Look closer …", on=asked)
    assert card.photo is not None
    assert "1,450.0 → 1,850.0 kWh = 400.0 kWh" in card.text
    assert "Accepting it charges ₹2,600.00." in card.text
    await ravi.press("Correct …")
    await ravi.say("1450.5")
    assert "1,450.5 kWh instead of 1,850.0 kWh?" in ravi.text
    assert "Why is it corrected?" in ravi.text
    await ravi.say("the wheels were <read> wrongly")
    assert "Reason: “the wheels were <read> wrongly”" in ravi.text
    done = await ravi.press("Correct it")
    assert done.text.startswith("✏️ Corrected")
    assert await balance(building, PAST) == 8_550 - 325
    await carry_on()
    told = await asha.hears("was corrected: 1,850.0 kWh → 1,450.5 kWh")
    assert "₹3.25 charged" in told.text
    assert "Reason: “the wheels were <read> wrongly”" in told.text


async def test_the_review_list_leads_from_one_to_the_next(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    for room in ("302", "304"):
        await enter(ravi, "1850", room=room)
        await ravi.press("Record")
    await ravi.say("/readings")
    await ravi.press("To review · 2")
    assert "2 readings to review" in ravi.text
    first = await ravi.press("302 · lakeside.Room #302 · 1,850.0")
    assert "⏸ Held" in first.text
    await ravi.press("Accept …")
    done = await ravi.press("Accept and charge")
    assert "₹2,600.00 charged" in done.text
    await ravi.press("To review · 1")
    assert "1 reading to review" in ravi.text


async def test_a_reading_is_rejected_with_a_reason_that_the_tenant_reads(
    ravi: Chat, asha: Chat, building: Lakeside, clock: SandboxClock, carry_on: CarryOn
) -> None:
    clock.step(timedelta(days=1))
    await enter(ravi, "1850", room="302")
    await ravi.press("Record")
    await ravi.press("Review it")
    await ravi.press("Reject …")
    await ravi.say("the dial was dirty")
    assert "Reason: “the dial was dirty”" in ravi.text
    done = await ravi.press("Reject it")
    assert "Nothing was charged" in done.text
    await carry_on()
    told = await asha.hears("does not count")
    assert "Reason: “the dial was dirty”" in told.text
    assert await balance(building, PAST) == 8_550


async def test_a_usual_reason_is_one_tap(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    await enter(ravi, "1850")
    await ravi.press("Record")
    await ravi.press("Review it")
    await ravi.press("Reject …")
    assert (await ravi.press("Misread")).text.startswith("↩️")


async def test_an_old_reading_is_corrected_and_the_statement_says_how(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    await enter(ravi, "1481.8")
    await ravi.press("Record")
    await use(building, clock, "40")
    await ravi.say("/readings 304")
    await ravi.press("13 Nov · 1,481.8")
    await ravi.press("Correct …")
    await ravi.say("1461.8")
    await ravi.press("Misread")
    assert "Reason: “Misread”" in ravi.text
    assert "₹260.00 is given back" in ravi.text
    assert "₹260.00 is charged" in ravi.text
    assert "Balance ₹2,740.00 → ₹2,740.00" in ravi.text
    done = await ravi.press("Correct it")
    assert "₹260.00 given back" in done.text
    await ravi.press("Open it")
    assert "Takes the place of 1,481.8 kWh." in ravi.text


async def test_only_the_time_of_a_reading_can_be_wrong(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=2))
    await enter(ravi, "1461.8")
    await ravi.press("Record")
    await ravi.press("All readings")
    await ravi.press("14 Nov · 1,461.8")
    await ravi.press("Correct …")
    await ravi.say("1461.8 13 Nov 08:00")
    assert "1,461.8 kWh, 13 Nov · 08:00 instead of 1,461.8 kWh?" in ravi.text
    await ravi.press("Misread")
    assert "1,461.8 kWh, 13 Nov · 08:00 instead of 1,461.8 kWh?" in ravi.text
    await ravi.press("Correct it")
    await ravi.press("All readings")
    assert "13 Nov · 08:00  1,461.8 kWh" in ravi.text


async def test_accountants_judge_and_do_not_read_meters_and_caretakers_the_other_way_round(
    anil: Chat, kishan: Chat, elsewhere: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(days=1))
    entry = ReadingEntry(building.transactions, building.clock, Doorbell())
    async with building.transactions.read() as unit:
        person = await unit.people.by_telegram(kishan.person.user_id)
        assert person is not None
        actor = await unit.people.actor(person.id)
    meter_id = building.lets[ROOM].meter.id
    held = await entry.record(
        cause=Cause(actor=actor),
        new=NewReading(meter_id=meter_id, value=Decimal(1850), type=ReadingType.MANUAL),
    )
    await anil.say("/readings")
    assert "Enter a reading" not in anil.buttons
    assert "To review · 1" in anil.buttons
    await kishan.say("/readings")
    assert kishan.buttons == ["Enter a reading", "Meters", "‹ Home"]
    for action in (Action.READING_REVIEW, Action.READING_CORRECT, Action.READING_REASON):
        await kishan.forge(encode(press(action, held.reading.id)))
    await elsewhere.say("/readings")
    assert "To review" not in " ".join(elsewhere.buttons)
    for action in (Action.READING, Action.READING_CORRECT, Action.ACCEPT_READING):
        await elsewhere.forge(encode(press(action, held.reading.id, nonce="mine")))
    await elsewhere.forge(encode(press(Action.METER_READINGS, meter_id, "a", 0, 0)))
    assert "1,850" not in elsewhere.transcript()
    assert "1,450" not in elsewhere.transcript()
    assert await balance(building) == 300_000


async def test_forged_buttons_do_nothing(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("/readings")
    meter_id = building.lets[ROOM].meter.id
    forged = [
        press(Action.READING_CONFIRM, meter_id, "1500", 0, 0),
        press(Action.READING_CONFIRM, meter_id, "x", 0, 0, nonce="n"),
        press(Action.READING_CORRECT_CONFIRM, 1, "1500", 0),
        press(Action.READING_CORRECT_CONFIRM, 1, "1500", 0, "~", nonce="n"),
        press(Action.READING_CORRECT_WHY, 1, "1500", 0, "?"),
        press(Action.READING_ACCEPT, 1),
        press(Action.READING_REJECT, 1, "m"),
        press(Action.READING_REJECT, 1, "?", nonce="n"),
        press(Action.METER_READINGS, meter_id, "?", 0, 0),
        press(Action.METER_READINGS, meter_id, "a", 202613, 0),
        press(Action.READING_METER, "?", 0, ""),
        press(Action.READING_METER, "l", 0, "~"),
        press(Action.READING, 999),
    ]
    for each in forged:
        await ravi.forge(encode(each))
    assert await balance(building) == 300_000


async def test_readings_are_spoken_of_in_hindi(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    await ravi.say("/language")
    await ravi.press("हिन्दी")
    clock.step(timedelta(days=1))
    await ravi.say("/readings 304")
    assert "readings" not in ravi.text.lower()
    assert not {"Enter a reading", "Filter …"} & set(ravi.buttons)
