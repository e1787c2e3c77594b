"""A caretaker goes a round: a mistake, a jump that is held, a meter that is locked, a restart."""

from dataclasses import replace
from decimal import Decimal

from bot.domain.metering import ReadingStatus
from bot.domain.people import Role
from bot.domain.reading_window import ReadingWindow
from tests.driver import Chat
from tests.handread import add_gas_meter, add_room, set_window, was_read
from tests.journeys.house import House, at


async def meters_of_gas(house: House) -> dict[str, int]:
    """Put a meter of gas into three rooms and the yard, read once, and due from the 25th on."""
    store, meters = house.bot.app.transactions, {}
    async with store.read() as unit:
        (place,) = await unit.places.all()
    await set_window(store, replace(place), ReadingWindow(first_day=25, last_day=28))
    for name, room in (("Gas A", "Flat A9"), ("Gas B", "Flat A10"), ("Gas C", "Flat B1")):
        room_id = await add_room(store, place, room)
        meters[name] = await add_gas_meter(store, place, name, at=at(1, month=10), room_id=room_id)
    meters["Yard"] = await add_gas_meter(store, place, "Yard", at=at(1, month=10))
    for meter_id in meters.values():
        await was_read(store, meter_id, "100", at(1, month=10))
    return meters


async def caretaker(house: House) -> Chat:
    """Return the chat of a caretaker of the building."""
    chat = house.phone("Kishan")
    async with house.bot.app.transactions.begin() as unit:
        (place,) = await unit.places.all()
        user_id = chat.person.user_id
        person = await unit.people.add(
            telegram_id=user_id, chat_id=user_id, name="Kishan", language="en", at=at(1, month=10)
        )
        await unit.people.grant(person_id=person.id, place_id=place.id, role=Role.CARETAKER)
    await chat.say("/start")
    return chat


async def test_a_caretaker_finishes_a_round(house: House) -> None:
    meters = await meters_of_gas(house)
    kishan = await caretaker(house)
    await house.ravi.say("/start")
    await house.until(at(26, "10:00", month=10))

    await kishan.say("/round")
    assert "◻️ 4 still due" in kishan.text
    assert (await kishan.press("Begin")).text.startswith("Flat A9 · Gas A\n0 of 4 done")

    assert "that is 1,015.0 m³" in (await kishan.say("1115")).text
    assert "that is 15.0 m³" in (await kishan.say("115")).text
    assert (await kishan.press("Yes, 115.0 m³")).text.startswith("✅ Flat A9 · Gas A: 115.0 m³")

    assert "A manager will look at it" in (await kishan.say("5000")).text
    await house.stop()
    await house.start()
    shown = await kishan.press("Yes, 5,000.0 m³")
    assert shown.text.startswith("⏸ Flat A10 · Gas B: 5,000.0 m³")
    assert "2 of 4 done" in shown.text
    await house.ravi.hears("Reading held")

    await kishan.press("Skip …")
    await kishan.press("No access")
    await house.stop()
    await house.start()
    assert "A counter never runs back" in (await kishan.say("90")).text
    await kishan.say("/round")
    assert "⏭ 1 left out:\nFlat B1 · Gas C: no access" in kishan.text
    assert (await kishan.press("Go on")).text.startswith("Yard\n3 of 4 done")
    await kishan.say("101")
    done = await kishan.press("Yes, 101.0 m³")

    assert "✅ 2 of 4 read\n⏸ 1 held" in done.text
    assert "₹" not in kishan.transcript()
    told = await house.ravi.hears("Round done")
    assert told.text.splitlines()[1:] == [
        "3 of 4 read, 1 left out:",
        "Flat B1 · Gas C: no access (Kishan)",
    ]

    async with house.bot.app.transactions.read() as unit:
        read = await unit.rounds.read_since(meters.values(), at(25, "00:00", month=10))
    assert {name: read[key].point.value for name, key in meters.items() if key in read} == {
        "Gas A": Decimal(115),
        "Gas B": Decimal(5000),
        "Yard": Decimal(101),
    }
    assert read[meters["Gas B"]].status is ReadingStatus.HELD


async def test_what_the_round_missed_is_estimated_when_the_window_closes(house: House) -> None:
    meters = await meters_of_gas(house)
    store = house.bot.app.transactions
    await was_read(store, meters["Yard"], "120", at(11, month=10))
    await house.until(at(29, "09:00", month=10))
    await house.until(at(30, "09:00", month=10))
    async with store.read() as unit:
        guess = await unit.metering.latest(meters["Yard"])
    assert guess is not None
    assert (guess.type.value, guess.point.at) == ("ESTIMATED", at(29, "00:00", month=10))
