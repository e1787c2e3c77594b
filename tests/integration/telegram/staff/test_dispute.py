"""A tenant questions a charge in the chat, and staff settle it once. Section 10."""

from datetime import timedelta

import pytest

from bot.sandbox.clock import SandboxClock
from tests.driver import Chat
from tests.integration.telegram.staff.conftest import CarryOn
from tests.integration.telegram.staff.test_pay import balance_of
from tests.integration.telegram.test_photo import PNG
from tests.lakeside import Lakeside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def charged(building: Lakeside, clock: SandboxClock) -> None:
    """Charge a day's use of 302: ₹76.70."""
    clock.step(timedelta(hours=5, minutes=17))
    building.meter("Room #302").uses("11.8")
    await building.deduct()


async def questioned(asha: Chat, carry_on: CarryOn) -> None:
    """Question the charge, with words and a photo."""
    await asha.say("/statement")
    await asha.press(next(each for each in asha.buttons if "76.70" in each))
    asked = await asha.press("Question this")
    assert "What is wrong with it?" in asked.text
    assert "₹76.70 is questioned." in asked.text
    await asha.photo(PNG)
    assert "📷 1 photo is kept." in asha.text
    summary = await asha.say("I was away <that> day")
    assert "“I was away <that> day”" in summary.text
    assert "Until it is settled, ₹76.70 does not count against you." in summary.text
    sent = await asha.press("Send")
    assert sent.text.startswith("❓ D-0001 · 🟡 under review")
    await carry_on()


async def test_a_charge_is_questioned_asked_about_answered_and_upheld_in_part(
    ravi: Chat,
    meera: Chat,
    asha: Chat,
    building: Lakeside,
    clock: SandboxClock,
    carry_on: CarryOn,
) -> None:
    await ravi.say("/start")
    await charged(building, clock)
    before = await balance_of(building)
    await questioned(asha, carry_on)
    told = await ravi.hears("questions an amount")
    assert "“I was away <that> day”" in told.text

    await ravi.press("Open question", on=told)
    await ravi.press("Evidence")
    assert ravi.last.photo is not None
    assert "Tariff “Lakeside 2026”" in ravi.text
    await ravi.press("‹ Back")
    assert "📷 Photos" in ravi.buttons
    await ravi.press("Ask …")
    await ravi.say("Who had the key?")
    await ravi.press("Send")
    await carry_on()

    heard = await asha.hears("Your manager asks about D-0001")
    await asha.press("Answer", on=heard)
    await asha.say("My brother")
    await asha.press("Send")
    await carry_on()
    await ravi.hears("answers")

    await ravi.say("/disputes")
    assert "1 open" in ravi.text
    await ravi.press("D-0001 · 302")
    await ravi.press("Partly …")
    await ravi.say("80")
    assert "less than ₹76.70" in ravi.text
    await ravi.say("50")
    asked = await ravi.press("Misread")
    assert "It is credited to the balance." in asked.text
    await meera.say("/disputes")
    await meera.press("D-0001 · 302")
    await meera.press("Reject …")
    late = await meera.press("The meter is right")
    settled = await ravi.press("Uphold a part")
    assert "₹50.00 given back" in settled.text
    assert await balance_of(building) == before + 5_000
    refused = await meera.tap("Reject", on=late)
    assert refused.text == "D-0001 was upheld already. Nothing is decided twice."

    await carry_on()
    heard = await asha.hears("You are right in part")
    assert "“Misread”" in heard.text
    assert "₹50.00 given back" in heard.text
    await asha.say("/dispute")
    assert "D-0001 · ✅ upheld in part" in asha.text


async def test_an_item_is_questioned_once_and_by_its_tenant_alone(
    asha: Chat,
    ravi: Chat,
    kishan: Chat,
    building: Lakeside,
    clock: SandboxClock,
    carry_on: CarryOn,
) -> None:
    await charged(building, clock)
    await questioned(asha, carry_on)
    await asha.say("/statement")
    await asha.press(next(each for each in asha.buttons if "76.70" in each))
    again = await asha.press("Question this")
    assert again.text.startswith("❓ D-0001")
    await asha.press("Withdraw …")
    gone = await asha.press("Withdraw")
    assert "↩︎ withdrawn" in gone.text
    await ravi.say("/statement")
    assert "Question this" not in ravi.buttons
    await kishan.say("/disputes")
    assert "D-0001" not in kishan.text
