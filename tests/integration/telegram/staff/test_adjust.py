"""A balance is set right by hand, step by step, and both sides read why."""

import pytest

from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.integration.telegram.staff.test_pay import balance_of
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def asked_how_much(chat: Chat, way: str) -> None:
    await chat.say("302")
    await chat.press("More …")
    await chat.press("Adjust …")
    await chat.press(way)


async def test_a_credit_is_confirmed_once_and_brings_the_light_back(
    ravi: Chat, asha: Chat, building: Lakeside, carry_on: CarryOn
) -> None:
    await asked_how_much(ravi, "Credit the tenant")
    await ravi.say("100")
    asked = await ravi.press("Goodwill")
    assert asked.text.splitlines() == [
        "Credit Asha Rao, 302, with ₹100.00?",
        "Reason: “Goodwill”",
        "",
        "Balance ₹85.50 → ₹185.50",
        "⏳ Power will be switched on again.",
    ]

    answer = await ravi.tap("Credit ₹100.00")
    await carry_on()

    assert answer.text == "Recorded."
    assert await balance_of(building) == 18_550
    heard = await asha.hears("Power is on again")
    assert heard.text.splitlines()[:3] == [
        "✏️ Adjustment: ₹100.00 credited",
        "Reason: Goodwill",
        "Balance ₹85.50 → ₹185.50",
    ]
    shown = await ravi.hears("Power is on again")
    assert shown.message_id == asked.message_id


async def test_a_charge_with_a_typed_reason_stands_on_the_statement(
    ravi: Chat, asha: Chat, building: Lakeside
) -> None:
    await asked_how_much(ravi, "Charge the tenant")
    await ravi.say("₹1,250.50")
    asked = await ravi.say("broken <switch>")
    assert asked.text.startswith("Charge Asha Rao, 302, ₹1,250.50?\nReason: “broken <switch>”")

    await ravi.tap("Charge ₹1,250.50")

    assert await balance_of(building) == 8_550 - 125_050
    await asha.say("/statement")
    opened = await asha.press("−₹1,250.50")
    assert "Adjustment: “broken <switch>”" in opened.text


async def test_every_step_has_a_way_back(ravi: Chat, building: Lakeside) -> None:
    await asked_how_much(ravi, "Credit the tenant")
    await ravi.say("250")
    await ravi.press("Goodwill")
    assert (await ravi.press("‹ Back")).text.startswith("Credit Asha Rao")
    assert "Why?" in ravi.text
    assert "How much is credited?" in (await ravi.press("‹ Back")).text
    assert "Which way?" in (await ravi.press("‹ Back")).text
    assert (await ravi.press("Cancel")).text.startswith("302 · Asha Rao")

    assert "no room “250”" in (await ravi.say("250")).text
    assert await balance_of(building) == 8_550


async def test_what_is_no_amount_or_no_reason_is_asked_again(ravi: Chat) -> None:
    await asked_how_much(ravi, "Charge the tenant")
    assert "is not an amount I can record" in (await ravi.say("lots")).text
    await ravi.say("10")

    assert (await ravi.say("?")).text == (
        "Say in a few words why. The tenant reads it on the statement."
    )
    assert (await ravi.say("key lost")).text.startswith("Charge Asha Rao, 302, ₹10.00?")


async def test_it_is_taken_back_from_the_statement(
    ravi: Chat, asha: Chat, building: Lakeside, carry_on: CarryOn
) -> None:
    await asked_how_much(ravi, "Charge the tenant")
    await ravi.say("10")
    await ravi.press("Repair or damage")
    await ravi.tap("Charge ₹10.00")
    await ravi.say("302")
    await ravi.press("Statement")
    await ravi.press("−₹10.00")
    asked = await ravi.press("Take this back …")
    assert "Take back the adjustment of ₹10.00? (302" in asked.text
    assert "The money did not arrive" not in ravi.buttons
    await ravi.press("Wrong amount")

    await ravi.tap("Take it back")
    await carry_on()

    assert await balance_of(building) == 8_550
    await asha.hears("↩️ Adjustment of ₹10.00 taken back")


async def test_who_takes_no_payments_adjusts_nothing(kishan: Chat, building: Lakeside) -> None:
    await kishan.say("302")
    await kishan.press("More …")

    assert "Adjust …" not in kishan.buttons
