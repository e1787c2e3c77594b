"""A month of who pays later: bill, reminders, last warning, cut, payment, light. Section 7."""

from datetime import datetime, timedelta

import pytest

from bot.demo.tenants import ANANYA
from tests.driver import Chat
from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BILLED_AT = at(6, "01:00")
METER = ANANYA.meter


def has_light(house: House) -> bool:
    return house.world.building.meter(METER).is_flowing


async def billed(house: House) -> Chat:
    """Return the chat of a tenant who has a bill of 6 November, due on the 16th."""
    await house.stop()
    await house.take_in(ANANYA)
    await house.start()
    ananya = await house.tenant("Ananya", room=ANANYA.room)
    await house.until(BILLED_AT)
    await ananya.hears("🧾 Room 202 · bill")
    return ananya


async def each_day(house: House, until: datetime) -> None:
    """Let the mornings come one by one."""
    now = house.world.clock.now().astimezone(until.tzinfo)
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    while morning <= until:
        if morning > now:
            await house.until(morning)
        morning += timedelta(days=1)
    await house.until(until)


async def test_a_bill_is_brought_to_mind_and_at_last_cuts_the_power(house: House) -> None:
    ananya = await billed(house)
    await each_day(house, at(13, "09:00"))
    assert "to pay by 16 Nov" in (await ananya.hears("to pay by 16 Nov")).text
    await each_day(house, at(16, "09:00"))
    await ananya.hears("to pay today")
    await each_day(house, at(19, "09:00"))
    late = await ananya.hears("overdue since 16 Nov")
    assert "Power will be cut on 23 Nov about 24:00" in late.text
    await each_day(house, at(22, "09:00"))
    await ananya.hears("🟠 Power will be cut tomorrow about 24:00")
    await each_day(house, at(23, "23:30"))
    assert has_light(house)

    await house.until(at(24, "00:05"))
    off = await ananya.hears("🔴 Power is off")
    assert "is overdue. Pay it to have power again." in off.text
    assert not has_light(house)
    told = await house.ravi.hears("🔴 Room 202 is OFF · confirmed by the meter")
    assert "overdue" in told.text
    await house.ravi.say("/rooms 202")
    await house.ravi.hears("overdue)")

    home = await ananya.say("/balance")
    owed = next(each for each in home.text.split() if each.startswith("₹"))
    await house.pay(f"202 {owed} cash")
    await ananya.hears("🟢 Power is on again")
    assert has_light(house)


async def test_a_bot_that_stood_still_warns_before_it_cuts(house: House) -> None:
    ananya = await billed(house)
    await house.stop()
    house.world.clock.move_to(at(29, "08:00"))
    await house.start()
    await ananya.hears("🟠 Power will be cut tomorrow about 08:00")
    reminders = [each for each in ananya.all if "overdue since" in each.text]
    assert len(reminders) == 1
    await house.until(at(30, "07:55"))
    assert has_light(house)
    await house.until(at(30, "08:05"))
    await ananya.hears("🔴 Power is off")
    assert not has_light(house)


async def test_a_claim_from_a_reminder_brings_the_power_back(house: House) -> None:
    ananya = await billed(house)
    await each_day(house, at(24, "00:05"))
    await ananya.hears("🔴 Power is off")
    reminder = next(each for each in reversed(ananya.all) if "I have paid" in str(each.buttons))
    asked = await ananya.press("I have paid", on=reminder)
    owed = asked.buttons[0][0]
    await ananya.press(owed, on=asked)
    await ananya.press("Cash")
    await ananya.press("Send")
    claim = await house.ravi.hears("💰 Ananya reports")
    question = await house.ravi.press("Approve", on=claim)
    await house.ravi.press("Record", on=question)
    await ananya.hears("🟢 Power is on again")
    assert has_light(house)


async def test_a_promise_that_a_manager_accepts_keeps_the_power_and_is_broken(
    house: House,
) -> None:
    ananya = await billed(house)
    await each_day(house, at(22, "09:00"))
    warning = await ananya.hears("🟠 Power will be cut tomorrow about 24:00")
    asked = await ananya.press("I will pay on …", on=warning)
    assert "When will you pay?" in asked.text
    summary = await ananya.press("27 Nov", on=asked)
    assert "Tell your manager that you will pay by Fri 27 Nov?" in summary.text
    await ananya.press("Send", on=summary)

    question = await house.ravi.hears("🤝 Ananya will pay by Fri 27 Nov")
    await house.ravi.say("/inbox")
    await house.ravi.hears("🤝 Will pay later · 27 Nov · 202")
    await house.ravi.press("Other day …", on=question)
    effect = await house.ravi.press("26 Nov")
    assert "Keep power on until 24:00 on Thu 26 Nov?" in effect.text
    await house.ravi.press("Accept", on=effect)
    await ananya.hears("🤝 Accepted: power stays until Thu 26 Nov, 24:00")

    await house.until(at(24, "00:10"))
    await house.until(at(26, "23:30"))
    assert has_light(house)
    await house.until(at(27, "00:10"))
    await ananya.hears("🔴 Power is off")
    assert not has_light(house)
    await house.until(at(27, "09:00"))
    await house.ravi.hears("🔴 The day has passed, nothing has come")
    await ananya.hears("🔴 You promised to pay by Thu 26 Nov: nothing has come")
