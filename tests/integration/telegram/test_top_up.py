"""A tenant is shown what to pay and where to; nothing is credited by that. Rule 9.2."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.lease import BillingMode, Occupancy
from bot.domain.people import Role
from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram import TelegramWorld
from bot.sandbox.telegram.records import Message
from bot.telegram.application import TelegramBot
from tests.driver import Chat
from tests.integration.render.png import code_in
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ROOM = "Room #302"
FAR_BELOW_PAISE = -200_000


def asked_in(message: Message) -> dict[str, str]:
    """Return what the code in a picture asks a phone to pay."""
    assert message.photo is not None
    link = urlsplit(code_in(message.photo.data))
    assert (link.scheme, link.netloc) == ("upi", "pay")
    return {name: value for name, (value,) in parse_qs(link.query).items()}


async def used(lakeside: Lakeside, clock: SandboxClock) -> None:
    """Let a day pass on which ₹76.70 were used."""
    clock.step(timedelta(hours=5, minutes=17))
    lakeside.meter(ROOM).uses("11.8")
    await lakeside.deduct()


async def leave(lakeside: Lakeside) -> None:
    """Let the tenant of the room move out yesterday."""
    lease = lakeside.lets[ROOM].lease
    ended = Occupancy(start_on=lease.occupancy.start_on, end_on=date(2026, 11, 11))
    async with lakeside.transactions.begin() as unit:
        await unit.leases.save(replace(lease, occupancy=ended))


async def test_amounts_say_how_long_they_last(
    asha: Chat, lakeside: Lakeside, clock: SandboxClock
) -> None:
    await used(lakeside, clock)
    asked = await asha.say("/recharge")
    assert asked.text.splitlines() == [
        "Room 302 · Lakeside Apartments",
        "",
        "₹2,923.30 left",
        "",
        "₹500.00 lasts about 7 days.",
        "₹1,000.00 lasts about 13 days.",
        "₹2,400.00 lasts about 31 days.",
        "",
        "How much? Tap or type it, for example 1250.50.",
    ]
    assert asked.buttons == (
        ("₹500.00", "₹1,000.00"),
        ("₹2,400.00",),
        ("I have paid", "Cancel"),
    )


async def test_the_picture_asks_a_phone_for_the_amount_and_names_the_room(asha: Chat) -> None:
    await asha.say("/recharge")
    shown = await asha.press("₹500.00")
    assert asked_in(shown) == {
        "pa": "lakeside@upi",
        "pn": "Lakeside",
        "am": "500.00",
        "cu": "INR",
        "tn": "Room 302 Lakeside Apartments",
    }
    assert "write Room 302 Lakeside Apartments as the note" in shown.text
    copied = [each.copy_text for row in shown.keyboard for each in row if each.copy_text]
    assert copied == ["lakeside@upi", "Room 302 Lakeside Apartments"]
    assert shown.buttons[2:] == (("I have paid",), ("‹ Back", "Cancel"))
    back = await asha.press("‹ Back")
    assert "How much?" in back.text
    assert "₹3,000.00 left" in (await asha.press("Cancel")).text


@pytest.mark.parametrize(("typed", "amount"), [("500", "500.00"), ("₹1,250.50", "1250.50")])
async def test_an_amount_may_be_typed_with_the_command_or_after_it(
    asha: Chat, typed: str, amount: str
) -> None:
    assert asked_in(await asha.say(f"/recharge {typed}"))["am"] == amount
    await asha.say("/recharge")
    assert asked_in(await asha.say(typed))["am"] == amount
    assert asked_in(await asha.say("750"))["am"] == "750.00"


@pytest.mark.parametrize("typed", ["0", "-5", "lots", "1.500", "upi"])
async def test_what_is_no_amount_is_refused_as_ever(asha: Chat, typed: str) -> None:
    refused = await asha.say(f"/recharge {typed}")
    assert f"“{typed}” is not an amount I can record. Type rupees" in refused.text
    await asha.say("/recharge")
    assert "is not an amount I can record" in (await asha.say(typed)).text
    assert asked_in(await asha.say("500"))["am"] == "500.00"


async def test_more_money_than_there_is_can_only_be_a_reference(asha: Chat) -> None:
    refused = await asha.say("/recharge 99999999999999")
    assert "is not an amount I can record" in refused.text
    await asha.say("/recharge")
    asked = await asha.say("99999999999999")
    assert asked.text.startswith("Room 302 · Lakeside Apartments\n99999999999999\n")
    assert "How much did you pay?" in asked.text


async def test_who_has_paid_already_may_type_the_reference_at_once(asha: Chat) -> None:
    await asha.say("/recharge 500")
    summary = await asha.say("UTR 423188908890")
    assert "Tell your manager that you paid ₹500.00?" in summary.text
    assert "UPI · 423188908890" in summary.text


async def test_paying_is_said_with_the_amount_filled_in(asha: Chat) -> None:
    await asha.say("/recharge 500")
    asked = await asha.press("I have paid")
    assert "Room 302 · ₹500.00 · UPI" in asked.text
    assert "send a screenshot" in asked.text


async def test_looking_changes_nothing(asha: Chat, lakeside: Lakeside) -> None:
    async with lakeside.transactions.read() as unit:
        before = await unit.ledger.page(lakeside.lease_id(ROOM), before_id=None, limit=9)
    await asha.say("/recharge 500")
    await asha.press("I have paid")
    async with lakeside.transactions.read() as unit:
        after = await unit.ledger.page(lakeside.lease_id(ROOM), before_id=None, limit=9)
        claims = await unit.claims.waiting(None, limit=9)
    assert (after, list(claims)) == (before, [])
    assert "₹3,000.00 left" in (await asha.say("/balance")).text


async def test_who_is_far_below_is_told_what_is_missing(
    world: TelegramWorld, lakeside: Lakeside, telegram: TelegramBot
) -> None:
    await lakeside.let(ROOM, balance_paise=FAR_BELOW_PAISE)
    chat = Chat(world.person("Asha"))
    await lakeside.join(ROOM, chat.person.user_id)
    asked = await chat.say("/recharge")
    assert "🔴 Balance −₹2,000.00 is below the cut-off of ₹100.00." in asked.text
    assert asked.buttons[0] == ("₹2,600.00", "₹3,100.00")
    shown = await chat.say("500")
    assert "🔴 It takes ₹2,100.00 or more to reach the cut-off." in shown.text


async def test_of_several_rooms_one_is_chosen_and_the_amount_is_kept(
    asha: Chat, lakeside: Lakeside
) -> None:
    await lakeside.let("Room #303")
    await lakeside.join("Room #303", asha.person.user_id)
    asked = await asha.say("/recharge 500")
    assert asked.text == "Which room?"
    shown = await asha.press("Room #303")
    assert asked_in(shown)["tn"] == "Room 303 Lakeside Apartments"
    assert asked_in(shown)["am"] == "500.00"


@pytest.mark.parametrize("payee", [None])
async def test_without_an_address_a_tenant_hears_whom_to_ask(asha: Chat) -> None:
    await asha.say("/recharge")
    shown = await asha.press("₹500.00")
    assert shown.photo is None
    assert "Ask your manager how: cash, bank transfer or UPI." in shown.text
    assert shown.buttons == (("I have paid",), ("‹ Back", "Cancel"))
    assert "How did you pay?" in (await asha.press("I have paid")).text


async def test_another_currency_is_not_paid_by_upi(asha: Chat, lakeside: Lakeside) -> None:
    async with lakeside.transactions.begin() as unit:
        await unit.places.save(replace(lakeside.place, currency="EUR"))
    shown = await asha.say("/recharge 500")
    assert shown.photo is None
    assert "Ask your manager how" in shown.text


async def test_who_pays_later_and_owes_nothing_may_pay_ahead(
    world: TelegramWorld, lakeside: Lakeside, telegram: TelegramBot
) -> None:
    await lakeside.let(ROOM, balance_paise=0, mode=BillingMode.POSTPAID)
    chat = Chat(world.person("Asha"))
    await lakeside.join(ROOM, chat.person.user_id)
    assert (await chat.say("/balance")).buttons[0] == ("Pay …", "Usage")
    asked = await chat.press("Pay …")
    assert "Nothing is to be paid now" in asked.text
    assert asked.buttons == (("I have paid", "Cancel"),)
    assert asked_in(await chat.say("500"))["am"] == "500.00"


async def test_who_has_moved_out_pays_only_what_is_owed(asha: Chat, lakeside: Lakeside) -> None:
    await leave(lakeside)
    refused = await asha.say("/recharge 500")
    assert "You have moved out of this room, and nothing is to be paid." in refused.text
    labels = [label for row in (await asha.say("/balance")).buttons for label in row]
    assert "Recharge" not in labels
    assert "I have paid" not in labels


async def test_who_has_moved_out_in_debt_is_asked_for_it(
    world: TelegramWorld, lakeside: Lakeside, telegram: TelegramBot
) -> None:
    await lakeside.let(ROOM, balance_paise=-12_345)
    chat = Chat(world.person("Asha"))
    await lakeside.join(ROOM, chat.person.user_id)
    await leave(lakeside)
    await chat.say("/balance")
    asked = await chat.press("Pay …")
    assert "₹123.45 to pay" in asked.text
    assert asked_in(await chat.press("₹123.45"))["am"] == "123.45"


async def test_it_is_not_for_strangers_nor_for_staff(
    asha: Chat, stranger: Chat, world: TelegramWorld, lakeside: Lakeside
) -> None:
    assert "This bot is for tenants" in (await stranger.say("/recharge 500")).text
    ravi = Chat(world.person("Ravi"))
    await lakeside.employ(ravi.person.user_id, Role.MANAGER)
    assert "/recharge is not yours to do here" in (await ravi.say("/recharge 500")).text
    assert "recharge" not in [each.name for each in ravi.menu]
    data = f"1:zu::{lakeside.lease_id(ROOM)}:50000"
    seen = ravi.seq
    await ravi.forge(data)
    assert (await ravi.next(after=seen)).photo is None
    await asha.say("/help")
    assert "/recharge  Pay: how much, and where to" in asha.text


@pytest.mark.parametrize("amount", ["0", "-5", "1000000000001", "x"])
async def test_an_invented_button_shows_no_code(
    asha: Chat, lakeside: Lakeside, amount: str
) -> None:
    await asha.say("/balance")
    seen = asha.seq
    await asha.forge(f"1:zu::{lakeside.lease_id(ROOM)}:{amount}")
    shown = await asha.next(after=seen)
    assert shown.photo is None
    assert "This button is from an older message" in shown.text
