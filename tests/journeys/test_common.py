"""The use of the stairs, split among a prepaid and a postpaid room, all in the chat. Section 8."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.demo.tenants import RINKESH
from bot.domain.meter import SplitKey
from bot.domain.room_size import RoomSize
from bot.sandbox.qube.lakeside import STAIRS
from tests.driver import Chat
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

METERS = f"""place,name,meter,type,billing_type
Lakeside Apartments,Stairs,{STAIRS},ELECTRICITY,COLLECTIVE
"""
ASHA = replace(
    RINKESH,
    room="Room #301",
    meter="lakeside.floor-3.room-301",
    tenant="Asha Rao",
    balance="0",
    mode="postpaid",
    opening_kwh="",
    billing_day="5",
)


@pytest.fixture
async def ravi(house: House) -> Chat:
    """Return the manager, on 12 November, in a house with a postpaid room and a stairs' meter."""
    await house.take_in(RINKESH, ASHA)
    await house.bot.app.meter_imports.carry_out(cause=None, content=METERS.encode())
    await house.until(at(12, "10:00"))
    return house.ravi


async def look(ravi: Chat, days: str = "1–10 Nov") -> list[str]:
    """Look at how the stairs would be split equally."""
    await ravi.say("/common")
    asked = await ravi.press("Stairs")
    assert "October" in " ".join(ravi.buttons)
    assert "Of which days?" in asked.text
    await ravi.say(days)
    return (await ravi.press("Equally")).text.splitlines()


async def charge(ravi: Chat) -> list[str]:
    """Charge what is looked at."""
    (label,) = [each for each in ravi.buttons if each.startswith("Charge")]
    return (await ravi.press(label)).text.splitlines()


def part_of(shown: list[str], room: str) -> str:
    """Return the amount in a room's line."""
    (line,) = [each for each in shown if each.startswith(room)]
    return line.split("  ")[-1]


async def test_everybody_pays_a_part_once_and_sees_why(house: House, ravi: Chat) -> None:
    rinkesh = await house.tenant()
    shown = await look(ravi)
    assert shown[:2] == ["Stairs", "Lakeside Apartments · 1–10 Nov · Equally"]
    part = part_of(shown, "302 · Rinkesh Agrawal")
    before = await house.balance()
    done = await charge(ravi)
    assert done[0] == "✅ Charged. The tenants are told."
    assert part_of(done, "302 · Rinkesh Agrawal") == part
    told = await rinkesh.hears("your share of common use")
    assert told.text.splitlines()[0] == f"👥 {part} · your share of common use"
    assert "Split equally by days: 10 of all rooms’ 20 days" in told.text
    (entry,) = await house.entries("share")
    assert entry["amount"] == f"-{part.lstrip('₹')}"
    assert Decimal(before) - Decimal(await house.balance()) == Decimal(part.lstrip("₹"))

    await rinkesh.say("/statement")
    opened = await rinkesh.press(f"12 Nov · −{part}")
    assert "Share of common use" in opened.text
    assert "Stairs, 1–10 Nov" in opened.text
    assert f"Own part: {told_quantity(opened.text)}, {part}" in opened.text


def told_quantity(text: str) -> str:
    (line,) = [each for each in text.splitlines() if each.startswith("Own part: ")]
    return line.removeprefix("Own part: ").split(",")[0]


async def test_the_part_of_a_postpaid_room_is_on_its_next_bill(house: House, ravi: Chat) -> None:
    part = part_of(await look(ravi), "301 · Asha Rao")
    await charge(ravi)
    await house.until(at(6, "10:00", month=12))
    async with house.bot.app.transactions.read() as unit:
        (place,) = await unit.places.all()
        bills = await unit.invoices.of_place(place.id, limit=10)
    lines = [line for bill in bills for line in bill.facts["lines"]]  # type: ignore[attr-defined]
    (shared,) = [line for line in lines if line.get("share")]
    assert f"₹{Decimal(shared['amount_paise']) / 100:,.2f}" == part
    assert shared["share"]["key"] == "equal"


async def test_the_same_days_are_not_split_again_until_taken_back(house: House, ravi: Chat) -> None:
    await look(ravi)
    await charge(ravi)
    again = await look(ravi, "10–11 Nov")
    assert again[0].startswith("These days were split already")
    before = await house.balance()
    await ravi.press("Take back …")
    await ravi.say("Wrong days")
    (label,) = [each for each in ravi.buttons if each.startswith("Take back")]
    undone = await ravi.press(label)
    assert "↩︎ Taken back" in undone.text
    assert "Wrong days" in undone.text
    assert Decimal(await house.balance()) > Decimal(before)
    assert (await look(ravi, "10–11 Nov"))[1].endswith("10–11 Nov · Equally")


async def look_by_people(ravi: Chat) -> list[str]:
    await ravi.say("/common")
    await ravi.press("Stairs")
    await ravi.say("1–10 Nov")
    return (await ravi.press("By people")).text.splitlines()


async def say_people(ravi: Chat, room: str, people: str) -> None:
    """Say how many people live in a room; the chat asks since when."""
    await ravi.say("/common")
    await ravi.press("People and areas")
    await ravi.press(room)
    assert "Since when?" in (await ravi.say(people)).text


async def test_people_in_the_rooms_are_asked_for_before_they_count(
    house: House, ravi: Chat
) -> None:
    refused = await look_by_people(ravi)
    assert "⚠️ Not known of: 301, 302" in "\n".join(refused)
    for room, people in (("301", "3"), ("302", "1")):
        await say_people(ravi, room, people)
        assert ravi.buttons[:3] == ["Always so", "Since today", "Since 1 Nov"]
        await ravi.press("Always so")
    assert "301  3 people\n302  1 person" in ravi.text
    assert "301 · Asha Rao  3 people × 10 days" in "\n".join(await look_by_people(ravi))


async def test_people_count_from_the_day_on_which_they_came(house: House, ravi: Chat) -> None:
    for room, people in (("301", "3"), ("302", "1")):
        await say_people(ravi, room, people)
        await ravi.press("Always so")
    await look_by_people(ravi)
    await say_people(ravi, "302", "5")
    assert "302  5 people  since 6 Nov" in (await ravi.say("6 Nov")).text
    shown = await look_by_people(ravi)
    assert part_of(shown, "302 · Rinkesh Agrawal  1 person × 5 days + 5 people × 5 days")
    await say_people(ravi, "302", "2")
    assert "1 person → 5 people since 6 Nov\n→ 2 people" in ravi.text
    assert "What was said for later days counts no more." in ravi.text
    assert "That day is still to come" in (await ravi.say("1 Dec 2026")).text
    assert "302  2 people  since 1 Nov" in (await ravi.press("Since 1 Nov")).text


async def test_what_has_changed_since_it_was_looked_at_is_shown_anew(
    house: House, ravi: Chat
) -> None:
    for room, people in (("301", "3"), ("302", "1")):
        await say_people(ravi, room, people)
        await ravi.press("Always so")
    before = part_of(await look_by_people(ravi), "302")
    async with house.bot.app.transactions.begin() as unit:
        (place,) = await unit.places.all()
        more = RoomSize(from_on=at(6).date(), value=Decimal(5))
        (found,) = [each for each in await unit.places.rooms(place.id) if "302" in each.name]
        await unit.room_sizes.put(found.id, SplitKey.HEADCOUNT, more)
    again = await charge(ravi)
    assert "⚠️ Nothing is charged: rooms, readings or prices changed meanwhile. Look again." in again
    assert part_of(again, "302") != before
    assert (await charge(ravi))[0] == "✅ Charged. The tenants are told."


async def test_days_that_are_not_over_and_readings_that_are_missing_are_said(
    house: House, ravi: Chat
) -> None:
    await ravi.say("/common")
    await ravi.press("Stairs")
    refused = await ravi.say("1–12 Nov")
    assert "These days are not over yet. Choose days up to 11 Nov 2026." in refused.text
    changed = await ravi.say("/common")
    assert "more than 15%" in changed.text
    await ravi.press("Loss alert …")
    assert "more than 20%" in (await ravi.press("20%")).text
