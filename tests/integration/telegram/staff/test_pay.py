"""Money is recorded once, after one question, and everybody concerned hears of it."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram import TelegramWorld
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.lakeside import Lakeside

ROOM = "Room #302"
UTR = "423188908890"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def balance_of(building: Lakeside, room: str = ROOM) -> int:
    async with building.transactions.read() as unit:
        lease_id = building.lease_id(room)
        books = await unit.books.load([lease_id], now=building.clock.now(), lock=False)
        return books[lease_id].balance_paise


def data_of(chat: Chat, label: str) -> str:
    buttons = [button for row in chat.last.keyboard for button in row]
    found = next(button.callback_data for button in buttons if label in button.text)
    assert found is not None
    return found


async def test_one_line_is_confirmed_once_and_brings_the_light_back(
    ravi: Chat, asha: Chat, building: Lakeside, carry_on: CarryOn
) -> None:
    building.meter(ROOM).relay_on = False
    asked = await ravi.say(f"/pay 302 2000 upi {UTR}")
    assert asked.text.splitlines() == [
        "Record ₹2,000.00 from Asha Rao, 302?",
        f"UPI · {UTR}",
        "",
        "Balance ₹85.50 → ₹2,085.50",
        "⏳ Power will be switched on again.",
    ]
    assert await balance_of(building) == 8_550

    seen = ravi.seq
    answer = await ravi.tap("Record ₹2,000.00")
    await carry_on()

    assert answer.text == "Recorded."
    assert await balance_of(building) == 208_550
    receipt = await ravi.hears("Power is on again", after=seen)
    assert receipt.message_id == asked.message_id
    assert "₹85.50 → ₹2,085.50" in receipt.text
    heard = await asha.hears("Power is on again")
    assert "₹2,000.00 received" in heard.text
    assert building.meter(ROOM).relay_on is True


async def test_two_managers_tapping_the_same_confirmation_record_it_once(
    ravi: Chat, meera: Chat, building: Lakeside
) -> None:
    await meera.say("/start")
    await ravi.say("/pay 302 500 cash")
    data = data_of(ravi, "Record")

    first = await ravi.forge(data)
    second = await meera.forge(data)

    assert first.text == "Recorded."
    assert second.show_alert
    assert second.text == (
        "This was done already, by you or by somebody else. Nothing is done twice."
    )
    assert await balance_of(building) == 58_550


async def test_the_same_update_delivered_twice_is_recorded_once(
    ravi: Chat, building: Lakeside, world: TelegramWorld
) -> None:
    await ravi.say("/pay 302 500 cash")

    world.duplicate_next_update()
    await ravi.tap("Record")
    await ravi.say("302")

    assert await balance_of(building) == 58_550


@on_sqlite
async def test_what_is_missing_is_asked_step_by_step_with_a_way_back(
    ravi: Chat, building: Lakeside
) -> None:
    await ravi.say("/start")
    await ravi.press("Take payment")
    how_much = await ravi.press("302 · Asha Rao")
    assert "How much?" in how_much.text
    assert ravi.buttons == ["₹15.00", "₹500.00", "₹1,000.00", "₹2,000.00", "Cancel"]
    await ravi.press("₹500.00")
    await ravi.press("‹ Back")
    how = await ravi.say("1,250.50")
    assert "₹1,250.50" in how.text
    await ravi.press("UPI")
    confirm = await ravi.say("UTR: 4231 8890 8890")
    assert f"UPI · {UTR}" in confirm.text

    await ravi.tap("Record ₹1,250.50")

    assert await balance_of(building) == 133_600


@on_sqlite
async def test_cancel_ends_the_steps(ravi: Chat, building: Lakeside) -> None:
    await ravi.say("/pay 302")
    await ravi.press("Cancel")

    said = await ravi.say("500")

    assert "no room “500”" in said.text
    assert await balance_of(building) == 8_550


@on_sqlite
async def test_the_slash_command_cancels_too(ravi: Chat) -> None:
    await ravi.say("/pay 302")

    assert (await ravi.say("/cancel")).text.startswith("Cancelled. Nothing was changed.")


OLDER = "This button is from an older message."


@on_sqlite
@pytest.mark.parametrize(
    "meanwhile", ["/cancel", "/rooms 303", "/pay 303 500 cash", "/relay 303 on", "/help"]
)
async def test_a_confirmation_is_over_once_something_else_is_begun(
    ravi: Chat, building: Lakeside, meanwhile: str
) -> None:
    asked = await ravi.say("/pay 302 500 cash")
    said = await ravi.say(meanwhile)
    assert said.text.startswith("Cancelled.") is (meanwhile == "/cancel")

    assert (await ravi.press("Record ₹500.00", on=asked)).text.startswith(OLDER)

    assert await balance_of(building) == 8_550


@on_sqlite
async def test_looking_at_a_room_leaves_the_confirmation_as_it_is(
    ravi: Chat, building: Lakeside
) -> None:
    asked = await ravi.say("/pay 302 500 cash")
    await ravi.say("303")

    assert (await ravi.tap("Record ₹500.00", on=asked)).text == "Recorded."


@on_sqlite
async def test_a_confirmation_is_over_after_a_day(
    ravi: Chat, building: Lakeside, clock: SandboxClock
) -> None:
    asked = await ravi.say("/pay 302 500 cash")
    clock.step(timedelta(days=1, seconds=1))

    assert (await ravi.press("Record", on=asked)).text.startswith(OLDER)

    assert await balance_of(building) == 8_550


@on_sqlite
async def test_money_that_came_meanwhile_asks_again_with_the_balance_of_now(
    ravi: Chat, building: Lakeside
) -> None:
    asked = await ravi.say("/pay 302 500 cash")
    await building.pay(ROOM, 50_000)

    again = await ravi.press("Record", on=asked)

    assert again.text.startswith(OLDER)
    assert "Balance ₹585.50 → ₹1,085.50" in again.text
    assert await balance_of(building) == 58_550
    assert (await ravi.tap("Record")).text == "Recorded."
    assert await balance_of(building) == 108_550


@on_sqlite
@pytest.mark.parametrize("other", ["/rooms 304", "/help", "/status", "/nonsense", "/start"])
async def test_a_command_ends_the_question_that_waits(
    ravi: Chat, building: Lakeside, other: str
) -> None:
    await ravi.say("/pay 302")
    await ravi.say(other)

    assert (await ravi.say("303")).text.startswith("303 · Binod Das")


@on_sqlite
async def test_cash_needs_no_reference_and_others_may_go_without(ravi: Chat) -> None:
    assert (await ravi.say("/pay 302 500 cash")).text.startswith("Record ₹500.00")
    await ravi.say("/pay 302 500 neft")

    confirm = await ravi.press("Without a reference")

    assert "bank transfer" in confirm.text.splitlines()[1]


@on_sqlite
async def test_amount_and_room_may_come_in_any_order(ravi: Chat) -> None:
    for typed in (
        "302 500 cash",
        "₹500 302 cash",
        "500 asha cash",
        "cash ₹500 lakeside 302",
        "room #302 500/- cash",
    ):
        asked = await ravi.say(f"/pay {typed}")
        assert asked.text.startswith("Record ₹500.00 from Asha Rao, 302?"), typed


@on_sqlite
@pytest.mark.parametrize(
    "typed", ["0", "-5", "abc", "1e9", "12.345", "1.500", "₹0", "+0.001", "1,25", "५०.५०५"]
)
async def test_a_mistyped_amount_is_refused_and_never_read_as_a_room(
    ravi: Chat, typed: str
) -> None:
    said = await ravi.say(f"/pay 302 {typed} cash")

    assert said.text == (
        f"“{typed}” is not an amount I can record. Type rupees, for example 500 or 1250.50."
    )
    assert "How was it paid?" in (await ravi.say("500")).text


@on_sqlite
@pytest.mark.parametrize("typed", ["309 301 cash", "309 302 cash", "309 asha cash"])
async def test_a_mistyped_room_is_never_taken_for_an_amount(ravi: Chat, typed: str) -> None:
    said = await ravi.say(f"/pay {typed}")

    assert "no room “309”" in said.text
    assert not any("Record" in label for label in ravi.buttons)


@on_sqlite
async def test_the_rooms_nearest_to_a_mistyped_one_keep_the_amount(ravi: Chat) -> None:
    await ravi.say("/pay 309 301 cash")

    asked = await ravi.press("302")

    assert asked.text.startswith("Record ₹301.00 from Asha Rao, 302?")


@on_sqlite
async def test_of_two_plain_numbers_the_first_is_the_room(ravi: Chat) -> None:
    assert "no room “500”" in (await ravi.say("/pay 500 302 cash")).text


@on_sqlite
@pytest.mark.parametrize("typed", ["lakeside 302", "302 asha", "asha 302"])
async def test_a_room_named_whole_is_not_taken_for_an_amount(ravi: Chat, typed: str) -> None:
    said = await ravi.say(f"/pay {typed}")

    assert "How much?" in said.text
    assert said.text.startswith("302 · Asha Rao")


@on_sqlite
async def test_a_reference_that_is_known_is_refused_and_names_the_first(
    ravi: Chat, building: Lakeside
) -> None:
    await building.pay("Room #303", 150_000, reference=UTR)

    said = await ravi.say(f"/pay 302 500 upi {UTR}")

    assert said.text == (
        f"UTR {UTR} is already on Room 303, 12 Nov, ₹1,500.00. "
        "If it is a different payment, check the number."
    )


@on_sqlite
@pytest.mark.parametrize("typed", ["4231-8890-8890", "4231 8890 8890"])
async def test_a_reference_that_is_known_is_refused_however_it_is_grouped(
    ravi: Chat, building: Lakeside, typed: str
) -> None:
    await building.pay("Room #303", 150_000, reference=UTR)

    assert f"UTR {UTR} is already on Room 303" in (await ravi.say(f"/pay 302 500 {typed}")).text


@on_sqlite
async def test_a_known_reference_is_dated_by_the_calendar_of_its_place(
    ravi: Chat, building: Lakeside
) -> None:
    await building.pay("Room #303", 150_000, reference=UTR)
    async with building.transactions.begin() as unit:
        far_east = ZoneInfo("Pacific/Kiritimati")
        await unit.places.save(replace(building.place, zone=far_east))

    said = await ravi.say(f"/pay 302 500 upi {UTR}")

    assert f"UTR {UTR} is already on Room 303, 13 Nov, " in said.text


@on_sqlite
async def test_a_reference_taken_meanwhile_is_refused_at_the_tap(
    ravi: Chat, building: Lakeside
) -> None:
    await ravi.say(f"/pay 302 500 upi {UTR}")
    await building.pay("Room #303", 150_000, reference=UTR)

    answer = await ravi.tap("Record")

    assert answer.show_alert
    assert "is already on Room 303" in (answer.text or "")
    assert await balance_of(building) == 8_550


@on_sqlite
async def test_a_reference_too_long_for_the_button_is_kept(ravi: Chat, building: Lakeside) -> None:
    reference = "HDFC-" + "7" * 50
    await ravi.say("/pay 302")
    await ravi.press("₹500.00")
    await ravi.press("Bank transfer")
    asked = await ravi.say(reference)
    assert reference in asked.text

    await ravi.tap("Record")

    async with building.transactions.read() as unit:
        paid = await unit.ledger.last_payment(building.lease_id(ROOM))
    assert paid is not None
    assert paid.reference == reference


@on_sqlite
@pytest.mark.parametrize("typed", ["0", "-5", "abc", "1.234", "9" * 30, "५०.५०५"])
async def test_what_is_no_amount_is_refused_and_asked_again(ravi: Chat, typed: str) -> None:
    await ravi.say("/pay 302")

    said = await ravi.say(typed)
    assert "is not an amount I can record" in said.text

    assert "How was it paid?" in (await ravi.say("500")).text


@on_sqlite
async def test_too_little_leaves_the_power_off(ravi: Chat) -> None:
    asked = await ravi.say("/pay 302 10 cash")

    assert "🔴 Power stays off: ₹4.50 more would bring it back." in asked.text


@on_sqlite
async def test_nobody_pays_for_a_vacant_room(ravi: Chat) -> None:
    await ravi.say("/pay 305 500 cash")

    assert "⚪ Vacant" in (await ravi.press("305")).text


@on_sqlite
async def test_an_accountant_takes_payments_and_switches_nothing(
    anil: Chat, building: Lakeside
) -> None:
    await anil.say("/pay 302 500 cash")
    assert (await anil.tap("Record")).text == "Recorded."

    card = await anil.say("302")

    assert "₹585.50" in card.text
    assert "Power …" not in anil.buttons
    assert "/relay is not yours to do here." in (await anil.say("/relay 302 on")).text
