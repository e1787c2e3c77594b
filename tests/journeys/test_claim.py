"""A tenant reports a payment; the staff approve, change or reject it. Rule 9.2."""

import pytest
from PIL import Image

from tests.driver import Chat
from tests.integration.vision.pictures import file
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
UTR = "423188908890"


async def dark(house: House) -> Chat:
    """Return the chat of the tenant, whose power is off."""
    rinkesh = await house.tenant()
    await house.until(at(17))
    await house.until(at(18))
    await rinkesh.hears("🔴 Power is off")
    await rinkesh.say("/balance")
    return rinkesh


async def report(chat: Chat, amount: str = "2000") -> None:
    """Say that one has paid by UPI, up to the proof."""
    asked = await chat.press("I have paid")
    assert "How much did you pay?" in asked.text
    await chat.say(amount)
    asked = await chat.press("UPI")
    assert "send a screenshot" in asked.text


async def test_a_reference_becomes_a_payment_and_light(house: House) -> None:
    rinkesh = await dark(house)
    await report(rinkesh)
    summary = await rinkesh.say(f"UTR {UTR}")
    assert "Tell your manager that you paid ₹2,000.00?" in summary.text
    sent = await rinkesh.press("Send")
    assert "⏳ ₹2,000.00 reported, no. 1" in sent.text
    assert await house.balance() == "85.50"

    claim = await house.ravi.hears("💰 Rinkesh reports ₹2,000.00, no. 1")
    assert UTR in claim.text
    asked = await house.ravi.press("Approve", on=claim)
    assert "Has ₹2,000.00 come from Rinkesh Agrawal, 302?" in asked.text
    assert "⏳ Power will be switched on again." in asked.text
    assert await house.balance() == "85.50"
    await house.ravi.press("Record ₹2,000.00", on=asked)

    await rinkesh.hears("✅ ₹2,000.00 received (UPI 4231…8890)")
    done = await rinkesh.hears("✅ ₹2,000.00 has come")
    assert done.message_id == sent.message_id
    await rinkesh.hears("🟢 Power is on again")
    assert house.has_light()
    assert await house.balance() == "2085.50"
    decided = await house.ravi.hears("✅ ₹2,000.00 recorded by Ravi")
    assert decided.message_id == claim.message_id


async def test_a_screenshot_is_seen_by_staff_who_record_what_came(house: House) -> None:
    rinkesh = await dark(house)
    await report(rinkesh)
    await rinkesh.photo(file(Image.new("RGB", (400, 700), "white")))
    summary = await rinkesh.hears("Tell your manager that you paid")
    assert "with a picture" in summary.text
    await rinkesh.press("Send", on=summary)

    claim = await house.ravi.hears("💰 Rinkesh reports")
    card = await house.ravi.press("See the picture", on=claim)
    assert card.photo
    await house.ravi.press("Other amount …", on=card)
    asked = await house.ravi.say("1500")
    assert "The tenant said ₹2,000.00." in asked.text
    await house.ravi.press("Record ₹1,500.00", on=asked)
    await rinkesh.hears("✅ ₹1,500.00 has come, not ₹2,000.00")
    assert await house.balance() == "1585.50"


async def test_a_reference_typed_where_the_way_was_asked_is_taken(house: House) -> None:
    rinkesh = await dark(house)
    await rinkesh.press("I have paid")
    asked = await rinkesh.say("2000")
    assert "How did you pay?" in asked.text
    summary = await rinkesh.say(UTR)
    assert "Tell your manager that you paid ₹2,000.00?" in summary.text
    assert f"UPI · {UTR}" in summary.text
    sent = await rinkesh.press("Send", on=summary)
    assert sent.message_id == summary.message_id
    assert sent.buttons == (("‹ Home",),)
    assert UTR in (await house.ravi.hears("💰 Rinkesh reports ₹2,000.00")).text


async def test_what_does_not_say_how_it_was_paid_is_kept_until_it_is_said(house: House) -> None:
    rinkesh = await dark(house)
    asked = await rinkesh.press("I have paid")
    assert "How much did you pay?" in asked.text
    again = await rinkesh.say("SBINR52026111212345678")
    assert "How much did you pay?" in again.text
    assert "SBINR52026111212345678" in again.text
    await rinkesh.say("2000")
    await rinkesh.photo(file(Image.new("RGB", (400, 700), "white")))
    asked = await rinkesh.hears("SBINR52026111212345678 · with a picture")
    assert "How did you pay?" in asked.text
    refused = await rinkesh.say("yesterday")
    assert "I did not understand that" in refused.text
    summary = await rinkesh.press("Bank transfer", on=asked)
    assert "bank transfer · SBINR52026111212345678 · with a picture" in summary.text
    corrected = await rinkesh.say("1500")
    assert "Tell your manager that you paid ₹1,500.00?" in corrected.text
    back = await rinkesh.press("‹ Back", on=corrected)
    assert "SBIN" not in back.text
    assert "send a screenshot" in (await rinkesh.press("UPI", on=back)).text


async def test_a_rejected_claim_says_why(house: House) -> None:
    rinkesh = await dark(house)
    await report(rinkesh)
    await rinkesh.say(UTR)
    await rinkesh.press("Send")
    await house.ravi.hears("💰 Rinkesh reports")
    await house.ravi.say("/inbox")
    inbox = await house.ravi.hears("💰 ₹2,000.00 reported · 4231…8890 · 302")
    await house.ravi.press("1 · 302", on=inbox)
    await house.ravi.press("Reject …")
    asked = await house.ravi.press("The money has not come")
    await house.ravi.press("Reject it", on=asked)
    told = await rinkesh.hears("❌ ₹2,000.00 was not recorded")
    assert "Reason: The money has not come" in told.text
    assert await house.balance() == "85.50"
    assert "Nothing waits for you" in (await house.ravi.say("/inbox")).text


async def test_the_same_reference_is_refused_at_once(house: House) -> None:
    rinkesh = await dark(house)
    await report(rinkesh)
    await rinkesh.say(UTR)
    await rinkesh.press("Send")
    await rinkesh.say("/paid")
    await rinkesh.say("500")
    await rinkesh.press("UPI")
    refused = await rinkesh.say(UTR)
    assert f"{UTR} was reported already" in refused.text


async def test_a_button_of_another_room_files_nothing(house: House) -> None:
    rinkesh = await dark(house)
    await house.ravi.say("/rooms")
    answer = await house.ravi.forge("1:zc::1:50000:c")
    assert answer.text is None or "older message" not in answer.text
    stranger = house.phone("Nobody")
    await stranger.say("/start")
    await stranger.forge("1:zc::1:50000:c")
    await stranger.forge("1:zy:x:1:50000")
    assert "Nothing waits for you" in (await house.ravi.say("/inbox")).text
    assert await house.balance() == "85.50"
    assert rinkesh.all
