"""A tenant finds every answer with a tap, in one message that changes."""

from datetime import date, timedelta

import pytest

from bot.db.engine import Database
from bot.domain.supply import SupplyReason
from bot.sandbox.clock import SandboxClock
from bot.services.ports import Lane
from bot.telegram.callbacks import Action, encode, press
from tests.driver import Chat
from tests.lakeside import Lakeside
from tests.statements import Statements

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROOM = "Room #302"
TODAY = date(2026, 11, 12)
MOST_STATEMENTS = 6
"""Who it is and what they are in; the lease, its meters, prices and months; what was charged."""


async def after_a_day(lakeside: Lakeside, clock: SandboxClock, kwh: str = "11.8") -> None:
    """Let a day pass up to 23:59, and charge its use."""
    clock.step(timedelta(hours=5, minutes=17))
    lakeside.meter(ROOM).uses(kwh)
    await lakeside.deduct()


async def test_start_shows_the_card_and_sets_the_menu(asha: Chat) -> None:
    card = await asha.say("/start")

    assert card.text.startswith("Room 302 · Lakeside Apartments\n\n₹3,000.00 left")
    assert card.buttons == (("Recharge", "Usage"), ("Statement", "⟳ Refresh"), ("More …",))
    assert [command.name for command in asha.menu] == [
        "start",
        "balance",
        "usage",
        "recharge",
        "statement",
        "bills",
        "paid",
        "dispute",
        "reading",
        "language",
        "help",
        "cancel",
    ]


async def test_balance_counts_the_charge_of_the_day(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await after_a_day(lakeside, clock)

    card = await asha.say("/balance")

    assert "₹2,923.30   about 37 days" in card.text
    assert "Today  11.8 kWh · ₹76.70" in card.text
    assert "November  11.8 kWh · ₹76.70" in card.text
    assert "Read at 23:59" in card.text


async def test_balance_writes_nothing(asha: Chat, lakeside: Lakeside) -> None:
    await asha.say("/balance")
    async with lakeside.transactions.begin():
        card = await asha.say("/balance")

    assert "₹3,000.00" in card.text


async def test_balance_asks_the_store_for_a_handful_of_things(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock, database: Database
) -> None:
    await after_a_day(lakeside, clock)
    await asha.say("/balance")
    assert database.near is not None
    statements = Statements()

    with statements.of(database.near, database.writer.sync_engine):
        card = await asha.say("/balance")

    assert "₹2,923.30" in card.text
    assert len(statements.asked) <= MOST_STATEMENTS, statements.asked


async def test_refresh_asks_the_meter_and_changes_the_card_in_place(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock
) -> None:
    card = await asha.say("/balance")
    clock.step(timedelta(hours=1))
    lakeside.meter(ROOM).uses("6.4")

    fresh = await asha.press("Refresh")

    assert fresh.message_id == card.message_id
    assert "Today  6.4 kWh · ₹41.60" in fresh.text
    assert "Power  🟢 on · 640 W now" in fresh.text
    assert "Read at 19:42" in fresh.text
    assert "₹3,000.00 left" in fresh.text
    assert lakeside.gateway.asked == [("metrics", "device-Room #302", Lane.FRESH)]


async def test_refresh_charges_nothing(asha: Chat, lakeside: Lakeside) -> None:
    await asha.say("/balance")
    lakeside.meter(ROOM).uses("6.4")
    await asha.press("Refresh")

    statement = await asha.say("/statement")

    assert "Use" not in statement.text


async def test_refresh_twice_without_news_is_answered_twice(asha: Chat) -> None:
    await asha.say("/balance")
    await asha.press("Refresh")

    answer = await asha.tap("Refresh")

    assert answer.text == "Asking the meter …"
    assert len(asha.all) == 1


async def test_refresh_of_an_offline_meter_says_when_it_was_read_last(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await after_a_day(lakeside, clock)
    await asha.say("/balance")
    lakeside.meter(ROOM).is_online = False

    card = await asha.press("Refresh")

    assert "⚠️ The meter is offline. Last read at 23:59" in card.text


async def test_refresh_without_the_vendor_keeps_the_card(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await after_a_day(lakeside, clock)
    await asha.say("/balance")
    lakeside.gateway.is_down = True

    card = await asha.press("Refresh")

    assert "⚠️ The meter does not answer just now. Last read at 23:59" in card.text


async def test_a_cut_says_what_restores_power(asha: Chat, lakeside: Lakeside) -> None:
    await lakeside.let("Room #101", balance_paise=8_550)
    await lakeside.set_power("Room #101", on=False, reason=SupplyReason.BELOW_CUT_OFF)
    await lakeside.join("Room #101", asha.person.user_id)

    await asha.say("/balance")
    card = await asha.press("101")

    assert "🔴 Power is off: balance ₹85.50 is below ₹100.00." in card.text
    assert "Pay ₹14.50 or more to restore it." in card.text


async def test_usage_is_a_picture_with_the_other_span_to_choose(
    asha: Chat, lakeside: Lakeside
) -> None:
    lakeside.meter(ROOM).history(until=TODAY - timedelta(days=1), daily_kwh=["4"] * 20)

    week = await asha.say("/usage")
    month = await asha.press("30 days")

    assert week.photo is not None
    assert week.buttons == (("✓ 7 days", "30 days"), ("Statement", "‹ Home"))
    assert month.message_id == week.message_id
    assert month.photo is not None
    assert month.text.endswith("in 30 days")


async def test_usage_without_history_draws_what_was_charged_and_says_so(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await after_a_day(lakeside, clock)
    lakeside.gateway.is_down = True

    usage = await asha.say("/usage")

    assert "11.8 kWh · ₹76.70 in 7 days" in usage.text
    assert "⚠️ The meter's history cannot be had just now." in usage.text


async def test_home_takes_the_place_of_the_picture(asha: Chat) -> None:
    await asha.say("/usage")

    await asha.press("Home")
    await asha.until(lambda chat: len(chat.all) == 1 or None)

    assert asha.last.photo is None
    assert "₹3,000.00 left" in asha.text


async def test_a_statement_opens_into_its_arithmetic_and_back(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await after_a_day(lakeside, clock)

    page = await asha.say("/statement")
    entry = await asha.press("−₹76.70")
    back = await asha.press("Back")

    assert "Balance ₹2,923.30" in page.text
    assert "1,450.0 → 1,461.8 kWh = 11.8 kWh\n11.8 kWh × ₹6.50 = ₹76.70" in entry.text
    assert "Balance after: ₹2,923.30" in entry.text
    assert back.text == page.text
    assert {page.message_id, entry.message_id, back.message_id} == {page.message_id}


async def test_a_long_statement_is_turned_over_page_by_page(asha: Chat, lakeside: Lakeside) -> None:
    for number in range(8):
        await lakeside.pay(ROOM, 100_00 + number)

    newest = await asha.say("/statement")
    older = await asha.press("Older")
    opened = await asha.press("₹100.01")
    back = await asha.press("Back")
    again = await asha.press("Newest")

    assert len(newest.text.splitlines()) <= 12
    assert "Opening balance" in older.text
    assert "₹100.01" in opened.text
    assert back.text == older.text
    assert again.text == newest.text


async def test_somebody_with_two_rooms_chooses(asha: Chat, lakeside: Lakeside) -> None:
    await lakeside.let("Room #101", balance_paise=50_000)
    await lakeside.join("Room #101", asha.person.user_id)

    choice = await asha.say("/balance")
    card = await asha.press("101")
    others = await asha.press("Other rooms")

    assert choice.text == "Which room?"
    assert choice.buttons == (("Room #302 · ₹3,000.00", "Room #101 · ₹500.00"),)
    assert card.text.startswith("Room 101")
    assert others.text == choice.text


@pytest.mark.parametrize(("command", "head"), [("/usage", "Room 101"), ("/statement", "Statement")])
async def test_every_command_asks_which_of_two_rooms(
    asha: Chat, lakeside: Lakeside, command: str, head: str
) -> None:
    await lakeside.let("Room #101")
    await lakeside.join("Room #101", asha.person.user_id)

    assert (await asha.say(command)).text == "Which room?"
    assert (await asha.press("101")).text.startswith(head)


async def test_text_outside_a_dialog_brings_the_card(asha: Chat) -> None:
    assert "₹3,000.00 left" in (await asha.say("how much is left?")).text


async def test_an_unknown_command_brings_the_help(asha: Chat) -> None:
    answer = await asha.say("/recharges")

    assert answer.text.startswith("I do not know /recharges.\n\nWhat you can do here")
    assert "/balance" in answer.text


async def test_cancel_without_a_dialog_says_so_and_goes_on(asha: Chat) -> None:
    answer = await asha.say("/cancel")

    assert answer.text.startswith("There is nothing to cancel.\n\nRoom 302")


async def test_the_cancel_button_of_a_card_without_a_dialog_leaves_it(asha: Chat) -> None:
    card = await asha.say("/balance")
    after = asha.seq
    await asha.forge(encode(press(Action.CANCEL)), on=card)
    answer = await asha.next(after=after)

    assert answer.text.startswith("Cancelled. Nothing was changed.\n\nRoom 302")


async def test_cancel_ends_a_dialog(asha: Chat, lakeside: Lakeside) -> None:
    person_id = await lakeside.meet(asha.person.user_id, name="Asha")
    async with lakeside.transactions.begin() as unit:
        at = lakeside.clock.now()
        await unit.chats.save_dialog(person_id, step="nowhere", facts={}, at=at)

    answer = await asha.say("/cancel")

    assert answer.text.startswith("Cancelled. Nothing was changed.")
    async with lakeside.transactions.read() as unit:
        assert await unit.chats.dialog(person_id) is None


async def test_a_dialog_that_nobody_knows_any_more_does_not_trap(
    asha: Chat, lakeside: Lakeside
) -> None:
    person_id = await lakeside.meet(asha.person.user_id, name="Asha")
    async with lakeside.transactions.begin() as unit:
        at = lakeside.clock.now()
        await unit.chats.save_dialog(person_id, step="of.an.old.version", facts={}, at=at)

    assert "₹3,000.00 left" in (await asha.say("hello")).text


async def test_a_chosen_language_is_spoken_at_once_and_kept(asha: Chat) -> None:
    await asha.say("/language")
    card = await asha.press("हिन्दी")
    again = await asha.say("/balance")

    assert "कमरा 302" in card.text
    assert again.text == card.text
    assert asha.menu[1].description != "What is left, and how long it lasts"


async def test_words_that_say_nothing_bring_the_card_with_a_word_on_why(asha: Chat) -> None:
    said = await asha.say("hello")

    assert said.text.startswith("I did not understand that.")
    assert "₹3,000.00 left" in said.text


async def test_a_command_of_the_staff_is_said_to_be_theirs(asha: Chat) -> None:
    said = await asha.say("/pay 302 500")

    assert said.text.startswith("/pay is not yours to do here. Ask your manager")
    assert asha.buttons


async def test_a_bad_invitation_leaves_a_known_tenant_the_way_home(asha: Chat) -> None:
    said = await asha.say("/start nonsense")

    assert "This invitation link does not work." in said.text
    assert asha.buttons == ["‹ Home"]
