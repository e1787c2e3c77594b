"""A manager sets rules in the chat, and a tenant without money is spared as they say."""

from decimal import Decimal

import pytest

from tests.driver import Chat
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def sets(chat: Chat, rule: str, *answers: str) -> str:
    """Set a rule from its card, by tapping or typing, and return what the card says then."""
    await chat.press(rule)
    for answer in answers:
        if any(answer == label for label in chat.buttons):
            await chat.press(answer)
        else:
            await chat.say(answer)
    return (await chat.press("Set it")).text


async def test_emergency_credit_and_protected_hours_put_a_cut_off_until_they_end(
    house: House,
) -> None:
    rinkesh = await house.tenant()
    await house.ravi.say("/settings")
    await sets(house.ravi, "Protected hours", "18:00–08:00", "Every day")
    card = await sets(house.ravi, "Emergency credit", "20")
    assert "Protected hours  18:00–08:00, every day" in card
    assert "Emergency credit  ₹20.00" in card

    await house.until(at(17))
    await house.until(at(18))
    assert await house.balance() == "85.50"
    assert house.has_light()
    assert "Not cut: there is emergency credit left." in (await house.ravi.say("302")).text

    await house.until(at(19))
    assert Decimal(await house.balance()) < 80
    assert house.has_light()
    spared = (await house.ravi.say("302")).text
    assert "Not cut until 20 Nov · 08:00: no cut begins at these hours." in spared

    await house.until(at(20, "07:55"))
    assert house.has_light()
    await house.until(at(20, "08:00"))
    await rinkesh.hears("🔴 Power is off")
    assert not house.has_light()


async def test_terms_of_one_room_cut_and_light_it_at_once(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(10))
    await house.ravi.say("302")
    await house.ravi.press("More …")
    await house.ravi.press("Terms …")
    await sets(house.ravi, "Low balance", "3000")
    card = await sets(house.ravi, "Cut-off", "2900")
    assert "Cut-off  ₹2,900.00 •" in card
    await rinkesh.hears("🔴 Power is off")
    assert not house.has_light()

    card = await sets(house.ravi, "Protected tenant", "Protect")
    assert "Protected tenant  yes" in card
    await rinkesh.hears("🟢 Power is on")
    assert house.has_light()
