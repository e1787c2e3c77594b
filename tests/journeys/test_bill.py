"""A month is over: the bill arrives, is kept, paid for and, where it is wrong, taken back."""

import re

import pytest

from bot.demo.tenants import ANANYA
from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.journeys.house import House, at

ROOM = "Room #202"
NUMBER = "LA1/26-27/0001"
MORNING = "06:00"


@pytest.fixture
async def ananya(house: House) -> Chat:
    """Return the chat of the tenant of Room 202, who is billed on the 5th."""
    await house.take_in(ANANYA)
    return await house.tenant("Ananya", room=ROOM)


async def billed(house: House) -> None:
    """Let the first period close and its bill be made."""
    await house.until(at(6, MORNING))


async def paper_of(chat: Chat, after: int) -> Message:
    """Wait for a file."""
    return await chat.until(
        lambda one: next((m for m in one.all if m.document is not None and m.seq > after), None)
    )


async def test_a_bill_arrives_and_its_paper_is_kept(house: House, ananya: Chat) -> None:
    await billed(house)
    told = await ananya.hears(NUMBER)
    assert "To pay" in told.text
    card = await ananya.press("Open bill", on=told)
    assert re.search(r"kWh × ₹6\.50 = ₹", card.text)
    seen = ananya.seq
    await ananya.tap("PDF", on=told)
    sent = await paper_of(ananya, seen)
    assert sent.document is not None
    assert sent.document.name == "LA1-26-27-0001.pdf"
    assert sent.document.data.startswith(b"%PDF-")


async def test_it_is_read_in_hindi(house: House) -> None:
    await house.take_in(ANANYA)
    chat = house.phone("Ananya", language="hi")
    await chat.say(f"/start {house.invitations[ROOM]}")
    await billed(house)
    told = await chat.hears(NUMBER)
    card = await chat.press("बिल खोलें", on=told)
    assert "बिजली" in card.text
    seen = chat.seq
    await chat.tap("पीडीएफ़", on=card)
    sent = await paper_of(chat, seen)
    assert sent.document is not None
    assert sent.document.data.startswith(b"%PDF-")


async def test_the_home_card_says_what_is_due_and_what_is_not_billed_yet(
    house: House, ananya: Chat
) -> None:
    await billed(house)
    home = await ananya.say("/balance")
    assert re.search(r"₹[\d,.]+ due by 16 Nov", home.text)
    assert "not billed yet" in home.text
    listed = await ananya.press("Bills", on=home)
    assert "🟡 open" in listed.text
    await house.until(at(20, MORNING))
    assert "🔴" in (await ananya.say("/balance")).text


async def test_without_an_address_a_tenant_hears_whom_to_ask(house: House, ananya: Chat) -> None:
    await billed(house)
    await ananya.press("Open bill", on=await ananya.hears(NUMBER))
    asked = await ananya.press("Pay ₹")
    assert "Ask your manager" in asked.text


async def test_nobody_else_gets_the_bill(house: House, ananya: Chat) -> None:
    await billed(house)
    told = await ananya.hears(NUMBER)
    data = [button.callback_data for row in told.keyboard for button in row]
    rinkesh, stranger = await house.tenant(), house.phone("Kabir")
    await stranger.say("/start")
    for other in (rinkesh, stranger):
        for each in data:
            assert each is not None
            seen = other.seq
            await other.forge(each)
            answer = await other.next(after=seen)
            assert answer.document is None
            assert NUMBER not in answer.text
        assert NUMBER not in (await other.say("/bills")).text


async def test_a_bill_is_taken_back_once_by_two_taps(house: House, ananya: Chat) -> None:
    await billed(house)
    await house.ravi.say("/invoices")
    await house.ravi.press("202 · ₹")
    await house.ravi.press("Credit note …")
    await house.ravi.press("All of it")
    asked = await house.ravi.press("Wrong price")
    assert "not billed again by itself" in asked.text
    await house.ravi.press("Take back ₹", on=asked)
    answer = await house.ravi.tap("Take back ₹", on=asked)
    assert "already" in (answer.text or "")
    assert "Wrong price" in (await ananya.hears("LA1/26-27/C0001")).text
    assert await house.balance(ROOM) == "0.00"
    assert "↩︎ credited" in (await ananya.say("/bills")).text


async def test_a_bill_that_was_taken_back_is_billed_anew_once(house: House, ananya: Chat) -> None:
    await billed(house)
    before = await house.balance(ROOM)
    await house.ravi.say("/invoices")
    card = await house.ravi.press("202 · ₹")
    assert "Bill anew …" not in [label for row in card.buttons for label in row]
    await house.ravi.press("Credit note …")
    await house.ravi.press("All of it")
    asked = await house.ravi.press("Wrong price")
    await house.ravi.press("Take back ₹", on=asked)
    await house.ravi.press("‹ Back")
    asked = await house.ravi.press("Bill anew …")
    assert f"instead of bill {NUMBER}?" in asked.text
    assert "As much as before." in asked.text
    assert await house.balance(ROOM) == "0.00"
    done = await house.ravi.press("Bill ₹", on=asked)
    assert "LA1/26-27/0002" in done.text
    answer = await house.ravi.tap("Bill ₹", on=asked)
    assert "already" in (answer.text or "")
    told = await ananya.hears("LA1/26-27/0002")
    assert f"Instead of bill {NUMBER}" in told.text
    assert await house.balance(ROOM) == before
    card = await house.ravi.press("‹ Back", on=done)
    assert "Bill LA1/26-27/0002 takes its place." in card.text
    card = await house.ravi.press("LA1/26-27/0002", on=card)
    assert f"Instead of bill {NUMBER}" in card.text


async def test_more_than_the_bill_is_refused_with_a_word_on_what_is_left(
    house: House, ananya: Chat
) -> None:
    await billed(house)
    await house.ravi.say("/invoices")
    card = await house.ravi.press("202 · ₹")
    total = re.search(r"₹[\d,.]+\d", card.text)
    assert total is not None
    await house.ravi.press("Credit note …")
    refused = await house.ravi.say("99999")
    assert f"comes to {total[0]} by now" in refused.text
    await house.ravi.say("100.50")
    asked = await house.ravi.say("the lamp in the hall was on it")
    done = await house.ravi.press("Take back ₹100.50", on=asked)
    assert "LA1/26-27/C0001" in done.text
    told = await ananya.hears("LA1/26-27/C0001")
    assert "the lamp in the hall was on it" in told.text


async def test_a_list_can_be_narrowed_to_what_is_overdue(house: House, ananya: Chat) -> None:
    await billed(house)
    listed = await house.ravi.say("/invoices")
    assert "202" in listed.text
    assert "No bill is overdue" in (await house.ravi.press("Overdue")).text
    await house.until(at(20, MORNING))
    await house.ravi.say("/invoices")
    assert "202" in (await house.ravi.press("Overdue")).text


async def test_who_has_no_bill_is_told_so(house: House) -> None:
    rinkesh = await house.tenant()
    assert "There are no bills yet" in (await rinkesh.say("/bills")).text


async def test_a_building_sets_how_long_its_tenants_have_to_pay(house: House, ananya: Chat) -> None:
    ravi = house.ravi
    await ravi.say("/settings")
    await ravi.press("Bills due")
    asked = await ravi.say("15")
    assert "10 days after issue → 15 days after issue" in asked.text
    await ravi.press("Set it", on=asked)
    await ravi.press("Reminders")
    asked = await ravi.say("−1, 0, 10")
    assert "−3, 0, +3, +7 days → −1, 0, +10" in asked.text
    shown = await ravi.press("Set it", on=asked)
    assert "−1, 0, +10 days" in shown.text
    await billed(house)
    assert "by 21 Nov" in (await ananya.hears(NUMBER)).text
