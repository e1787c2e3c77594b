"""A tenant in the dark recharges: amount, code, reference, a manager's word, and light."""

from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.driver import Chat
from tests.integration.render.png import code_in
from tests.integration.vision.pictures import file
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
UTR = "423188908890"


@pytest.fixture
async def rinkesh(house: House) -> Chat:
    """Return the chat of the tenant, who knows where to pay, and whose power is off."""
    await house.stop()
    house.settings = house.settings.model_copy(
        update={"upi_id": "lakeside@upi", "upi_name": "Lakeside"}
    )
    await house.start()
    return await house.tenant()


async def go_dark(house: House, chat: Chat) -> None:
    """Let the balance fall below the cut-off."""
    await house.until(at(17))
    await house.until(at(18))
    await chat.hears("🔴 Power is off")


async def test_from_the_command_to_the_light(house: House, rinkesh: Chat) -> None:
    await go_dark(house, rinkesh)
    asked = await rinkesh.say("/recharge")
    assert "🔴 Balance ₹85.50 is below the cut-off of ₹100.00." in asked.text
    assert "₹1,000.00 lasts about 6 days." in asked.text
    shown = await rinkesh.press("₹1,000.00", on=asked)
    assert shown.photo is not None
    link = urlsplit(code_in(shown.photo.data))
    assert (link.scheme, link.netloc) == ("upi", "pay")
    assert parse_qs(link.query) == {
        "pa": ["lakeside@upi"],
        "pn": ["Lakeside"],
        "am": ["1000.00"],
        "cu": ["INR"],
        "tn": ["Room 302 Lakeside Apartments"],
    }
    assert await house.balance() == "85.50"

    await rinkesh.press("I have paid", on=shown)
    summary = await rinkesh.say(UTR)
    assert "Tell your manager that you paid ₹1,000.00?" in summary.text
    sent = await rinkesh.press("Send", on=summary)
    assert "reported, no. 1" in sent.text
    assert (await house.balance(), house.has_light()) == ("85.50", False)

    await house.ravi.say("/inbox")
    inbox = await house.ravi.hears("💰 ₹1,000.00 reported · 4231…8890 · 302")
    await house.ravi.press("1 · 302", on=inbox)
    await house.ravi.press("Approve …")
    question = await house.ravi.hears("Has ₹1,000.00 come from")
    for _ in range(2):
        await house.ravi.tap("Record ₹1,000.00", on=question)
    await rinkesh.hears("✅ ₹1,000.00 has come")
    await rinkesh.hears("🟢 Power is on again")
    assert house.has_light()
    assert await house.balance() == "1085.50"
    assert [each["reference"] for each in await house.entries("payment")] == [UTR]


async def test_from_the_last_warning_with_a_screenshot_at_once(house: House, rinkesh: Chat) -> None:
    await house.until(at(17))
    warning = await rinkesh.hears("🟠 Power will be cut tomorrow about 23:59")
    assert warning.buttons[:2] == (
        ("Recharge ₹1,000.00", "Other amount …"),
        ("Why?", "I will pay on …"),
    )
    shown = await rinkesh.press("Recharge ₹1,000.00", on=warning)
    assert shown.message_id != warning.message_id
    await rinkesh.photo(file(Image.new("RGB", (400, 700), "white")))
    summary = await rinkesh.hears("Tell your manager that you paid ₹1,000.00?")
    assert "UPI · with a picture" in summary.text
    await rinkesh.press("Send", on=summary)
    claim = await house.ravi.hears("💰 Rinkesh reports ₹1,000.00")
    assert "See the picture" in [label for row in claim.buttons for label in row]


async def test_a_code_that_nobody_pays_changes_nothing(house: House, rinkesh: Chat) -> None:
    await rinkesh.say("/recharge 5000")
    await go_dark(house, rinkesh)
    assert await house.balance() == "85.50"
    assert "Nothing waits for you" in (await house.ravi.say("/inbox")).text


async def test_what_tells_how_it_went_keeps_its_buttons_when_more_is_asked(
    house: House, rinkesh: Chat
) -> None:
    question = await house.ravi.say("/pay 302 500 cash")
    await house.ravi.press("Record", on=question)
    told = await house.ravi.hears("✅ ₹500.00 recorded for Room 302")
    assert told.message_id == question.message_id
    await house.ravi.say("/pay 302 600 cash")
    await house.ravi.say("/cancel")
    by_now = next(each for each in house.ravi.all if each.message_id == told.message_id)
    assert by_now.buttons == (("Open room", "Statement"),)
    assert rinkesh.all
