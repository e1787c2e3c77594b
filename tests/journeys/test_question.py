"""A bill is questioned, looked into with Qube's days, and comes back. Section 10."""

import pytest

from bot.demo.tenants import ANANYA
from tests.driver import Chat
from tests.journeys.house import House, at

ROOM = "Room #202"
NUMBER = "LA1/26-27/0001"


@pytest.fixture
async def ananya(house: House) -> Chat:
    """Return the chat of the tenant of Room 202, who is billed on the 5th."""
    await house.take_in(ANANYA)
    return await house.tenant("Ananya", room=ROOM)


async def test_a_bill_that_was_wrong_comes_back_on_a_credit_note(
    house: House, ananya: Chat
) -> None:
    await house.until(at(6, "06:00"))
    told = await ananya.hears(NUMBER)
    await ananya.press("Open bill", on=told)
    await ananya.press("Question this")
    summary = await ananya.say("Nobody lived here before the 20th")
    await house.stop()
    await house.start()
    sent = await ananya.press("Send", on=summary)
    assert sent.text.startswith("❓ D-0001")

    heard = await house.ravi.hears("questions an amount")
    card = await house.ravi.press("Open", on=heard)
    evidence = await house.ravi.press("Evidence", on=card)
    assert evidence.photo is not None
    assert "Qube has no days" not in evidence.text
    assert NUMBER in evidence.text
    card = await house.ravi.press("‹ Back", on=evidence)
    why = await house.ravi.press("Uphold …", on=card)
    asked = await house.ravi.press("Misread", on=why)
    assert f"It is a credit note for bill {NUMBER}." in asked.text
    settled = await house.ravi.press("Uphold", on=asked)
    assert "✅ upheld" in settled.text

    await ananya.hears("You are right")
    note = await ananya.hears("credit note LA1/26-27/C0001")
    assert f"for bill {NUMBER}" in note.text
