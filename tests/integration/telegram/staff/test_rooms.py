"""Staff see any room in two taps, and each only what their role covers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.people import Role
from bot.domain.supply import SupplyReason
from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram import TelegramWorld
from bot.telegram.application import TelegramBot
from tests.driver import Chat
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_the_home_card_says_what_wants_a_look(ravi: Chat) -> None:
    card = await ravi.say("/start")

    assert card.text.startswith("Lakeside Apartments\n\n4 rooms")
    for label in ("Rooms", "Take payment", "Power …", "🟡 Low · 1", "🔴 Off · 1", "Status"):
        assert label in ravi.buttons


async def test_the_list_shows_every_room_with_its_state_and_balance(ravi: Chat) -> None:
    listed = await ravi.say("/rooms")

    assert listed.text.splitlines() == [
        "Rooms · 4",
        "",
        "Lakeside Apartments",
        "🔴 302 · Asha Rao · ₹85.50",
        "🟡 303 · Binod Das · ₹312.00",
        "🟢 304 · Chitra <Iyer> · ₹3,000.00",
        "⚪ 305 · vacant",
    ]


@pytest.mark.parametrize(
    ("filter_", "rooms"),
    [
        ("🟡 Low", ["🟡 303"]),
        ("🔴 Off", ["🔴 302"]),
        ("⚠️ Offline", ["⚠️ 304"]),
        ("Owing", ["🔴 301"]),
        ("⚪ Vacant", ["⚪ 305"]),
    ],
)
async def test_a_filter_leaves_the_rooms_that_it_names(
    ravi: Chat, building: Lakeside, clock: SandboxClock, filter_: str, rooms: list[str]
) -> None:
    await building.let("Room #301", tenant="Esha", balance_paise=-1)
    await _turn_off(building, "Room #301")
    async with building.transactions.begin() as unit:
        device = await unit.metering.device("device-Room #304")
        assert device is not None
        await unit.metering.save_device(replace(device, is_online=False))
    await ravi.say("/rooms")

    listed = await ravi.press(filter_)

    shown = [label for label in ravi.buttons if label[:1] in "🟢🟡🔴⚪⚠" and label[-1].isdigit()]
    if filter_ == "🔴 Off":
        rooms = ["🔴 301", *rooms]
    assert shown == rooms, listed.text
    assert f"✓ {filter_}" in ravi.buttons


async def test_pages_turn_in_place(ravi: Chat, building: Lakeside) -> None:
    for number in range(401, 418):
        await building.let(f"Room #{number}", tenant=f"Tenant {number}")
    first = await ravi.say("/rooms")
    assert "Page 1 of 3" in first.text

    second = await ravi.press("Next ›")
    last = await ravi.press("Next ›")

    assert second.message_id == last.message_id == first.message_id
    assert "Page 3 of 3" in last.text
    assert "417" in last.text
    assert "Next ›" not in ravi.buttons
    assert "Page 2 of 3" in (await ravi.press("‹ Previous")).text


async def test_a_search_too_long_for_a_button_survives_the_paging(
    ravi: Chat, building: Lakeside
) -> None:
    tenant = "श्रीमती लक्ष्मीबाई विश्वनाथन"
    for number in range(401, 411):
        await building.let(f"Room #{number}", tenant=tenant)

    first = await ravi.say(tenant)
    second = await ravi.press("Next ›")

    assert "Rooms · 10" in first.text
    assert f"Search: “{tenant}”" in second.text
    assert "410" in second.text
    assert "302" not in second.text


async def test_typing_a_number_opens_the_room(ravi: Chat) -> None:
    card = await ravi.say("room #302")

    lines = card.text.splitlines()
    assert lines[0] == "302 · Asha Rao · prepaid"
    assert "🔴 ₹85.50  (cut-off ₹100.00)  cut just now" in lines
    assert "🔴 Power off, confirmed 18:42:00" in lines
    assert ravi.buttons == [
        "Take payment",
        "Power …",
        "Statement",
        "Usage",
        "Invitation",
        "More …",
        "‹ Rooms",
        "‹ Home",
    ]


async def test_the_card_tells_last_payment_and_week(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    clock.step(timedelta(hours=5, minutes=17))
    building.meter("Room #304").uses("11.8")
    await building.deduct()
    await building.pay("Room #304", 100_000, reference="423188908890")

    card = await ravi.say("304")

    assert "Last payment ₹1,000.00 · 12 Nov · UPI" in card.text
    assert "7 days  11.8 kWh · ₹76.70" in card.text


async def test_a_wrong_number_brings_the_nearest(ravi: Chat) -> None:
    missed = await ravi.say("306")

    assert missed.text.startswith("There is no room “306”")
    assert "303 · Binod Das" in ravi.buttons
    assert "303" in (await ravi.press("303")).text.splitlines()[0]


async def test_what_is_typed_is_shown_literally(ravi: Chat) -> None:
    missed = await ravi.say("<b>&{nobody}")

    assert "“<b>&{nobody}”" in missed.text


async def test_a_vacant_room_has_a_card(ravi: Chat) -> None:
    await ravi.say("/rooms")

    card = await ravi.press("⚪ 305")

    assert "⚪ Vacant" in card.text
    assert ravi.buttons == ["More …", "‹ Rooms", "‹ Home"]


async def test_more_tells_of_the_meter(ravi: Chat) -> None:
    await ravi.say("302")

    card = await ravi.press("More …")

    assert "Meter lakeside.Room #302" in card.text
    assert "302 · Asha Rao" in (await ravi.press("‹ Back")).text


async def test_statement_and_usage_lead_back_to_the_room(ravi: Chat) -> None:
    await ravi.say("302")
    assert (await ravi.press("Statement")).text.startswith("Statement · Room 302")
    assert (await ravi.press("‹ Home")).text.startswith("302 · Asha Rao")
    assert (await ravi.press("Usage")).content.photo is not None
    assert (await ravi.press("‹ Home")).text.startswith("302 · Asha Rao")


async def test_a_caretaker_sees_rooms_but_no_money(kishan: Chat) -> None:
    for doing in ("/start", "/rooms", "302", "303", "/help"):
        await kishan.say(doing)
    await kishan.say("302")
    await kishan.press("More …")
    await kishan.say("/rooms")

    said = kishan.transcript()
    assert "₹" not in said
    assert "🟡" not in said
    assert "Low" not in kishan.buttons
    assert "Take payment" not in said
    assert "Power …" not in said
    assert "🟢 303" in kishan.buttons


async def test_who_is_tenant_and_staff_sees_both(
    world: TelegramWorld, building: Lakeside, ravi: Chat
) -> None:
    await building.join("Room #304", ravi.person.user_id)

    home = await ravi.say("/start")
    assert "4 rooms" in home.text
    own = await ravi.press("My own room")
    assert own.text.startswith("Room 304 · Lakeside Apartments")
    assert (await ravi.say("/balance")).text.startswith("Room 304")
    assert (await ravi.say("302")).text.startswith("302 · Asha Rao")


async def test_a_manager_of_another_place_finds_nothing(
    world: TelegramWorld, building: Lakeside, elsewhere: Chat
) -> None:
    for doing in ("/start", "/rooms", "302", "/rooms lakeside", "Asha"):
        said = await elsewhere.say(doing)
        assert "Asha Rao" not in said.text
        assert "Lakeside" not in said.text
    assert not any("302" in button for m in elsewhere.all for row in m.buttons for button in row)


async def test_staff_read_hindi_when_their_phone_is_hindi(
    world: TelegramWorld, building: Lakeside, telegram: TelegramBot
) -> None:
    person = world.person("राधा", "hi")
    chat = Chat(person)
    await chat.say("/start")
    await building.employ(person.user_id, Role.MANAGER, name="राधा")

    home = await chat.say("/start")
    card = await chat.say("३०२")

    assert "4 कमरे" in home.text
    assert "कटने की सीमा ₹100.00" in card.text
    assert "भुगतान लें" in chat.buttons


async def _turn_off(building: Lakeside, room: str) -> None:
    await building.set_power(room, on=False, reason=SupplyReason.BELOW_CUT_OFF)
