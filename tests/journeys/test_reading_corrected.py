"""A caretaker reads a meter wrong, twice: once it is seen at once, once weeks later. Rule 3.8."""

from decimal import ROUND_DOWN, Decimal

import pytest

from bot.domain.people import Role
from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.journeys.house import House, at, charged

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TENTH = Decimal("0.1")


async def caretaker(house: House, language: str = "en") -> Chat:
    """Return the chat of somebody who reads meters here."""
    chat = house.phone("Kishan", language=language)
    await chat.say("/start")
    async with house.bot.app.transactions.begin() as unit:
        (place,) = await unit.places.all()
        person = await unit.people.by_telegram(chat.person.user_id)
        assert person is not None
        await unit.people.grant(person_id=person.id, place_id=place.id, role=Role.CARETAKER)
    await chat.say("/start")
    return chat


async def type_reading(chat: Chat, value: Decimal) -> Message:
    await chat.say("/readings")
    await chat.press("Enter a reading")
    await chat.say("302")
    await chat.say(f"{value} kWh")
    return await chat.press("Record")


def shown(house: House) -> Decimal:
    """Return what a person reads off the meter of Room 302."""
    return house.meter.register_kwh.quantize(TENTH, ROUND_DOWN)


async def corrected(house: House) -> Message:
    """Say why, confirm, and return what is told."""
    await house.ravi.press("Misread")
    return await house.ravi.press("Correct it")


async def test_a_jump_is_held_corrected_and_charged_right(house: House) -> None:
    kishan, rinkesh = await caretaker(house), await house.tenant()
    await house.until(at(4))
    before = house.meter.register_kwh
    house.world.clock.move_to(at(5, "08:00"))
    right = shown(house)

    held = await type_reading(kishan, right + 1000)
    assert held.text.startswith("⏸ Held")
    assert "₹" not in kishan.transcript()
    asked = await house.ravi.hears("Reading held: Room 302")
    balance = await house.balance()

    card = await house.ravi.press("Look closer …", on=asked)
    assert card.photo is not None
    await house.ravi.press("Correct …")
    await house.ravi.say(str(right))
    await corrected(house)
    told = await rinkesh.hears("Your reading of")
    assert "was corrected" in told.text
    *_, row = await house.entries("deduction")
    assert row["amount"] == charged(before, right)
    assert await house.balance() != balance

    await house.until(at(5))
    *_, row = await house.entries("deduction")
    assert row["amount"] == charged(right, house.meter.register_kwh)
    assert await house.entries("reversal") == []


async def test_an_old_reading_is_corrected_and_the_statement_shows_it_to_the_paisa(
    house: House,
) -> None:
    kishan, rinkesh = await caretaker(house), await house.tenant()
    await house.until(at(4))
    start = house.meter.register_kwh
    house.world.clock.move_to(at(5, "08:00"))
    right = shown(house)
    wrong = right + Decimal("0.7")
    recorded = await type_reading(kishan, wrong)
    assert recorded.text.startswith("✅ Recorded")
    await house.until(at(5))
    end = house.meter.register_kwh
    await house.until(at(8))
    balance = await house.balance()

    await house.ravi.say("/readings 302")
    await house.ravi.press("Filter …")
    await house.ravi.press("By hand")
    await house.ravi.press("5 Nov ·")
    await house.ravi.press("Correct …")
    await house.ravi.say(str(right))
    done = await corrected(house)
    assert done.text.startswith("✏️ Corrected")
    await rinkesh.hears("was corrected")

    reversals = [row["amount"] for row in await house.entries("reversal")]
    taken = (charged(start, wrong), charged(wrong, end))
    assert reversals == [each.removeprefix("-") for each in taken]
    *_, first, second = [row["amount"] for row in await house.entries("deduction")]
    assert (first, second) == (charged(start, right), charged(right, end))
    assert await house.balance() == balance

    page = await rinkesh.say("/statement")
    assert "Taken back" in page.text
    await rinkesh.press(f"+₹{reversals[1]}")
    assert "was corrected:" in rinkesh.text
    async with house.bot.app.transactions.read() as unit:
        assert await unit.ledger.flaws() == []


async def test_what_a_question_gave_back_is_named_before_a_correction_and_counts_once(
    house: House,
) -> None:
    kishan, rinkesh = await caretaker(house), await house.tenant()
    await house.until(at(4))
    house.world.clock.move_to(at(5, "08:00"))
    wrong = shown(house) + Decimal("0.7")
    await type_reading(kishan, wrong)
    *_, charge = await house.entries("deduction")

    await rinkesh.say("/statement")
    await rinkesh.press(str(charge["amount"]).replace("-", "−₹"))
    await rinkesh.press("Question this")
    summary = await rinkesh.say("I was away")
    await rinkesh.press("Send", on=summary)
    card = await house.ravi.press("Open", on=await house.ravi.hears("questions an amount"))
    await house.ravi.press("Misread", on=await house.ravi.press("Uphold …", on=card))
    await house.ravi.press("Uphold")

    await house.ravi.say("/readings 302")
    await house.ravi.press("Filter …")
    await house.ravi.press("By hand")
    await house.ravi.press("5 Nov ·")
    await house.ravi.press("Correct …")
    await house.ravi.say(str(wrong - Decimal("0.7")))
    preview = await house.ravi.press("Misread")
    assert "of it was given back before (question D-0001)" in preview.text
    balance = await house.balance()
    await house.ravi.press("Correct it")
    assert await house.balance() == balance
    told = await rinkesh.hears("Your reading of")
    assert "of it was given back before (question D-0001)" in told.text
    *_, counted = await house.entries("adjustment")
    await rinkesh.say("/statement")
    entry = await rinkesh.press(str(counted["amount"]).replace("-", "−₹"))
    assert "Given back before: “Misread”" in entry.text
    assert "counts towards that" in entry.text
