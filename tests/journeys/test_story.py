"""Room #302 of the specification: 25 days, to the paisa."""

from bot.sandbox.telegram.records import Message
from tests.driver import Chat
from tests.journeys.house import House, at

UTR = "423188908890"


def notice(chat: Chat, sign: str) -> Message | None:
    """Return the newest message that begins with a sign."""
    found = [message for message in chat.all if message.text.startswith(sign)]
    return found[-1] if found else None


async def test_room_302_is_warned_cut_and_restored(house: House) -> None:
    rinkesh = await house.tenant()
    assert "₹3,000.00" in rinkesh.text

    await house.until(at(25, month=10))
    assert await house.balance() == "3000.00"
    await house.until(at(26, month=10))
    assert await house.balance() == "2923.30"
    assert "₹2,923.30" in (await rinkesh.say("/balance")).text

    await house.until(at(14))
    assert not notice(rinkesh, "🟡")
    await house.until(at(15))
    low = await rinkesh.hears("🟡")
    assert "left, about" in low.text
    await house.until(at(16))
    await house.until(at(17))
    last = await rinkesh.hears("🟠")
    assert "Power will be cut tomorrow about 23:59" in last.text
    assert house.has_light()

    await house.until(at(18))
    cut = await rinkesh.hears("🔴 Power is off")
    assert "Balance ₹85.50 is below ₹100.00." in cut.text
    assert "Pay ₹14.50 or more" in cut.text
    assert not house.has_light()
    assert await house.balance() == "85.50"

    house.world.clock.move_to(at(19, "09:30"))
    await house.pay(f"302 2000 upi {UTR}")
    for chat in (rinkesh, house.ravi):
        receipt = await chat.hears("🟢 Power is on again")
        assert "₹2,000.00" in receipt.text
        assert "₹85.50 → ₹2,085.50" in receipt.text
    assert house.has_light()
    assert await house.balance() == "2085.50"
    card = await rinkesh.say("/balance")
    assert "Power  🟢 on\n" in card.text, "what was drawn before the cut is not drawn now"
    assert [row["reference"] for row in await house.entries("payment")] == [UTR]


async def test_each_day_is_one_entry_with_its_arithmetic(house: House) -> None:
    rinkesh = await house.tenant()
    for day in (26, 27, 28):
        await house.until(at(day, month=10))
    amounts = [row["amount"] for row in await house.entries("deduction")]
    assert amounts[0] == "-76.70"
    assert len(amounts) == 3

    await rinkesh.say("/statement")
    entry = await rinkesh.press("−₹76.70")
    assert "1,450.0 → 1,461.8 kWh = 11.8 kWh" in entry.text
    assert "11.8 kWh × ₹6.50 = ₹76.70" in entry.text
