"""A gas meter beside the electric one: made, read, priced and paid for, all in the chat."""

from decimal import Decimal

import pytest

from bot.domain.people import Role
from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def caretaker(house: House) -> Chat:
    """Return the chat of somebody who reads meters here."""
    chat = house.phone("Kishan")
    await chat.say("/start")
    async with house.bot.app.transactions.begin() as unit:
        (place,) = await unit.places.all()
        person = await unit.people.by_telegram(chat.person.user_id)
        assert person is not None
        await unit.people.grant(person_id=person.id, place_id=place.id, role=Role.CARETAKER)
    await chat.say("/start")
    return chat


async def make_gas_meter(ravi: Chat) -> None:
    """Make a meter with three decimals that Room 302 pays for."""
    await ravi.say("/meters")
    await ravi.press("New meter …")
    for tap in ("🔥 Gas", "m³"):
        await ravi.press(tap)
    await ravi.say("Gas 302")
    await ravi.say("302")
    for tap in ("One tenant", "Not known", "Not known", "Make it", "Change …", "Decimals shown"):
        if tap not in " ".join(ravi.buttons):
            await ravi.press("More …")
        await ravi.press(tap)
    await ravi.press("3")
    await ravi.press("Set it")
    await ravi.press("Who pays …")
    await ravi.press("302 · Rinkesh")
    await ravi.press("Set it")


async def read_gas(kishan: Chat, value: str) -> Message:
    await kishan.say("/readings")
    await kishan.press("Enter a reading")
    await kishan.say("Gas 302")
    await kishan.say(value)
    return await kishan.press("Record")


async def test_gas_is_read_by_hand_and_paid_from_the_balance(house: House) -> None:
    kishan, rinkesh = await caretaker(house), await house.tenant()
    await make_gas_meter(house.ravi)
    await house.until(at(3, "09:00"))
    await read_gas(kishan, "100")
    told = await house.ravi.hears("No tariff: Room 302 · Gas · m³")
    await house.until(at(6, "09:00"))
    before = await house.balance()
    await read_gas(kishan, "108.5")
    assert await house.balance() == before

    shown = await house.ravi.press("Choose a tariff …", on=told)
    assert "⚠️ Gas · m³: no tariff" in shown.text
    await house.ravi.say("/tariffs")
    asked = await house.ravi.press("New tariff …")
    assert "What is it a price for?" in asked.text
    await house.ravi.press("Gas · m³")
    for answer in ("Gas 2026", "10: 45.00, rest: 60.25", "none"):
        await house.ravi.say(answer)
    summary = await house.ravi.say("none")
    assert summary.text.splitlines() == [
        "Make the tariff “Gas 2026” at Lakeside Apartments?",
        "Gas · m³",
        "",
        "0–10 m³:  ₹45.00",
        "above 10 m³:  ₹60.25",
        "",
        "A month with 20 m³: ₹1,052.50",
        "",
        "No room has it until you use it for rooms.",
    ]
    await house.ravi.press("Make it")
    await house.ravi.press("Use it for rooms …")
    await house.ravi.say("302")
    asked = await house.ravi.press("Since it is read, 3 Nov")
    assert "What was read since 3 Nov is charged at once." in asked.text
    await house.ravi.press("Use it from 3 Nov")
    assert (await house.entries("deduction"))[-1]["amount"] == "-382.50"

    await house.until(at(7, "09:00"))
    before = await house.balance()
    await read_gas(kishan, "112.345")
    assert (await house.entries("deduction"))[-1]["amount"] == "-208.79"
    balance = Decimal(await house.balance())
    assert Decimal(before) - balance == Decimal("208.79")

    await rinkesh.say("/statement")
    entry = await rinkesh.press("7 Nov · −₹208.79")
    assert entry.text.splitlines() == [
        "6–7 Nov · 09:00   −₹208.79",
        "Gas · Gas 302",
        "108.500 → 112.345 m³ = 3.845 m³",
        "1.500 m³ × ₹45.00/m³ +",
        "2.345 m³ × ₹60.25/m³ = ₹208.79",
        "Tariff “Gas 2026” since 3 Nov · read by hand",
        f"Balance after: ₹{balance:,.2f}",
    ]
    await rinkesh.say("/balance")
    assert "Gas  12.345 m³ · ₹591.29" in rinkesh.text
