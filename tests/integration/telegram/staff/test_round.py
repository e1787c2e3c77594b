"""Caretakers go a round through a place by buttons and numbers, and see no money."""

from datetime import timedelta

import pytest
import pytest_asyncio

from bot.domain.reading_window import ReadingWindow
from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram.images import grey_png
from tests.driver import Chat
from tests.handread import add_gas_meter, set_window, was_read
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONTH = timedelta(days=30)


@pytest_asyncio.fixture
async def tour(building: Lakeside, clock: SandboxClock) -> dict[str, int]:
    """Return the meters of gas in rooms 302 and 303, and one in the yard; due now."""
    store = building.transactions
    await set_window(store, building.place, ReadingWindow(first_day=10, last_day=14))
    meters = {}
    for name, room in (("Gas 303", "Room #303"), ("Gas 302", "Room #302"), ("Yard", None)):
        room_id = None if room is None else building.lets[room].room.id
        lease_id = None if room is None else building.lease_id(room)
        meters[name] = await add_gas_meter(
            store, building.place, name, at=clock.now() - MONTH, room_id=room_id, lease_id=lease_id
        )
        await was_read(store, meters[name], "100", clock.now() - MONTH)
    return meters


async def test_the_card_says_how_far_it_is(kishan: Chat, tour: dict[str, int]) -> None:
    card = await kishan.say("/round")
    assert card.text.splitlines() == [
        "Round · Lakeside Apartments",
        "Due 10 Nov–14 Nov",
        "",
        "✅ 0 of 3 read",
        "◻️ 3 still due",
    ]
    assert kishan.buttons == ["Begin", "‹ Home"]


async def test_the_home_card_leads_to_it(kishan: Chat, tour: dict[str, int]) -> None:
    await kishan.say("/start")
    assert "Round" in kishan.buttons
    assert (await kishan.press("Round")).text.startswith("Round · Lakeside Apartments")
    assert "round" in [each.name for each in kishan.menu]


async def test_meter_by_meter_to_the_summary(
    kishan: Chat, ravi: Chat, tour: dict[str, int], carry_on: CarryOn
) -> None:
    await ravi.say("/start")
    await kishan.say("/round")
    first = await kishan.press("Begin")
    assert first.text.splitlines() == [
        "302 · Gas 302",
        "0 of 3 done · Lakeside Apartments",
        "Last: 100.0 m³, 13 Oct · 18:42",
        "",
        "What does it show? Type it, or send a photo.",
    ]
    assert kishan.buttons == ["Skip …", "Stop here"]

    asked = await kishan.say("112")
    assert asked.text.splitlines() == [
        "302 · Gas 302",
        "0 of 3 done · Lakeside Apartments",
        "",
        "Is it 112.0 m³?",
        "last 100.0, that is 12.0 m³ in 30 days",
        "",
        "If not, type it again.",
    ]
    await kishan.say("113")
    second = await kishan.press("Yes, 113.0 m³")
    assert second.text.splitlines()[:3] == [
        "✅ 302 · Gas 302: 113.0 m³",
        "",
        "303 · Gas 303",
    ]

    asked = await kishan.say("9113")
    assert "⏸ A manager will look at it before it counts. Is it right?" in asked.text
    third = await kishan.press("Yes, 9,113.0 m³")
    assert third.text.splitlines()[0] == (
        "⏸ 303 · Gas 303: 9,113.0 m³, a manager looks at it first"
    )

    await kishan.press("Skip …")
    assert kishan.buttons == ["No access", "Broken", "Not found", "Another reason …", "‹ Back"]
    await kishan.press("Another reason")
    done = await kishan.say("a dog is in the yard")
    assert done.text.splitlines() == [
        "⏭ Yard is left out.",
        "",
        "Round · Lakeside Apartments",
        "Due 10 Nov–14 Nov",
        "",
        "✅ 1 of 3 read",
        "⏸ 1 held: a manager looks at them first",
        "",
        "⏭ 1 left out:",
        "Yard: a dog is in the yard",
    ]
    assert kishan.buttons == ["Try what was left out", "‹ Home"]
    assert "₹" not in kishan.transcript()

    await carry_on()
    told = await ravi.hears("Round done")
    assert told.text.splitlines() == [
        "📋 Round done: Lakeside Apartments",
        "2 of 3 read, 1 left out:",
        "Yard: a dog is in the yard (Kishan)",
    ]
    assert "Round · Lakeside Apartments" in (await ravi.press("Look closer …", on=told)).text


async def test_what_is_no_number_or_fell_is_refused_and_the_meter_waits(
    kishan: Chat, tour: dict[str, int]
) -> None:
    await kishan.say("/round")
    await kishan.press("Begin")
    assert "is not a number I can use" in (await kishan.say("twelve")).text
    assert "A counter never runs back" in (await kishan.say("99")).text
    assert "Is it 101.0 m³?" in (await kishan.say("101")).text


async def test_stopping_waits_and_goes_on(kishan: Chat, tour: dict[str, int]) -> None:
    await kishan.say("/round")
    await kishan.press("Begin")
    await kishan.press("Skip …")
    await kishan.press("No access")
    card = await kishan.press("Stop here")
    assert "302 · Gas 302: no access" in card.text
    assert kishan.buttons == ["Go on", "‹ Home"]
    await kishan.say("/start")
    await kishan.say("/round")
    assert (await kishan.press("Go on")).text.startswith("303 · Gas 303\n1 of 3 done")


async def test_back_leads_to_the_same_meter(kishan: Chat, tour: dict[str, int]) -> None:
    await kishan.say("/round")
    await kishan.press("Begin")
    await kishan.press("Skip …")
    assert (await kishan.press("‹ Back")).text.startswith("302 · Gas 302")
    await kishan.say("101")
    assert (await kishan.press("‹ Back")).text.startswith("302 · Gas 302")


async def test_two_go_together_and_nothing_is_overwritten(
    kishan: Chat, ravi: Chat, tour: dict[str, int], clock: SandboxClock
) -> None:
    await kishan.say("/round")
    await kishan.press("Begin")
    await kishan.say("105")
    await ravi.say("/round")
    assert (await ravi.press("Begin")).text.startswith("303 · Gas 303")
    await ravi.press("Stop here")

    clock.step(timedelta(minutes=31))
    assert (await ravi.press("Begin")).text.startswith("302 · Gas 302")
    await ravi.say("106")
    await ravi.press("Yes, 106.0 m³")
    late = await kishan.press("Yes, 105.0 m³")
    assert late.text.splitlines()[0] == (
        "Ravi has read 302 · Gas 302 already: 106.0 m³ at 12 Nov · 19:13. Nothing is overwritten."
    )
    assert "Yard" in late.text


async def test_a_confirmation_counts_once(kishan: Chat, tour: dict[str, int]) -> None:
    await kishan.say("/round")
    await kishan.press("Begin")
    asked = await kishan.say("105")
    (data,) = [b.callback_data for row in asked.keyboard for b in row if b.text.startswith("Yes")]
    await kishan.press("Yes, 105.0 m³")
    answer = await kishan.forge(data or "")
    assert "Nothing is done twice" in (answer.text or "")


async def test_who_has_nothing_to_read_is_told_so(kishan: Chat, building: Lakeside) -> None:
    card = await kishan.say("/round")
    assert "There is no meter here that people read." in card.text
    assert "Once a month: November" in card.text


async def test_accountants_and_strangers_go_no_round(
    anil: Chat, elsewhere: Chat, tour: dict[str, int], building: Lakeside
) -> None:
    await anil.say("/start")
    assert "Round" not in anil.buttons
    answer = await anil.forge(f"1:wn::{building.place.id}")
    assert answer is not None
    await elsewhere.say("/start")
    await elsewhere.forge(f"1:wn::{building.place.id}")
    assert "Gas" not in anil.transcript() + elsewhere.transcript()


async def test_a_photo_is_of_the_meter_that_is_next(
    kishan: Chat, tour: dict[str, int], building: Lakeside
) -> None:
    await kishan.say("/round")
    await kishan.press("Begin")
    seen = kishan.seq
    kishan.person.send_photo(grey_png(64, 48))
    await kishan.until(lambda one: (one.last.seq > seen and "Reading the" not in one.text) or None)
    assert "Gas 302" in kishan.text
    await kishan.say("112")
    await kishan.press("Yes")
    assert kishan.buttons[0] == "Next meter"
    assert (await kishan.press("Next meter")).text.startswith("303 · Gas 303\n1 of 3 done")


async def test_a_photo_of_what_somebody_else_has_read_meanwhile_is_no_second_reading(
    kishan: Chat, ravi: Chat, tour: dict[str, int], clock: SandboxClock
) -> None:
    await kishan.say("/round")
    await kishan.press("Begin")
    seen = kishan.seq
    kishan.person.send_photo(grey_png(64, 48))
    await kishan.until(lambda one: (one.last.seq > seen and "Reading the" not in one.text) or None)
    await kishan.say("112")
    clock.step(timedelta(minutes=31))
    await ravi.say("/round")
    await ravi.press("Begin")
    await ravi.say("106")
    await ravi.press("Yes, 106.0 m³")
    late = await kishan.press("Yes")
    assert late.text.startswith("Ravi has read 302 · Gas 302 already: 106.0 m³")
    assert "Yard" in late.text
