"""A tenant joins by a link, and finds what is left, what was used and why, to the paisa."""

from datetime import datetime

import pytest

from bot.sandbox.qube.lakeside import ROOM_302
from bot.sandbox.qube.load import KOLKATA
from bot.telegram.callbacks import Action, encode, press
from tests.journeys.conftest import Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ASHA = (
    f"Lakeside Apartments,Room #302,{ROOM_302},ELECTRICITY,Asha Rao,prepaid,"
    "6.50,2026-10-26,1450.0,3000"
)
VIKRAM = (
    "Lakeside Apartments,Room #101,lakeside.floor-1.room-101,ELECTRICITY,Vikram Shah,prepaid,"
    "6.50,2026-10-26,,777"
)
CHECK = datetime(2026, 10, 26, 23, 59, tzinfo=KOLKATA)
MORNING = datetime(2026, 10, 27, 8, 0, tzinfo=KOLKATA)
MOST_LINES = 12


async def test_a_tenant_joins_and_finds_every_answer(journey: Journey) -> None:
    (token,) = await journey.invite(ASHA)
    asha = journey.chat("Asha")

    card = await asha.say(f"/start {token}")
    assert card.text.startswith("Welcome! This is where you begin:\n\nRoom 302 · Lakeside")
    assert "₹3,000.00 left" in card.text

    await journey.until(CHECK)
    card = await asha.say("/balance")
    assert "₹2,923.30   about 37 days" in card.text
    assert "Today  11.8 kWh · ₹76.70" in card.text

    await asha.press("Statement", on=card)
    entry = await asha.press("−₹76.70")
    assert entry.text.splitlines() == [
        "26 Oct · 23:59   −₹76.70",
        "1,450.0 → 1,461.8 kWh = 11.8 kWh",
        "11.8 kWh × ₹6.50 = ₹76.70",
        "Tariff “6.50/kWh” · read by the meter",
        "Balance after: ₹2,923.30",
    ]

    journey.world.clock.move_to(MORNING)
    await asha.press("Back")
    await asha.press("Home")
    live = await asha.press("Refresh")
    assert "Power  🟢 on" in live.text
    assert "Read at 08:00" in live.text
    assert "₹2,923.30" in live.text
    assert len(live.text.splitlines()) <= MOST_LINES

    picture = await asha.press("Usage")
    assert picture.photo is not None
    month = await asha.press("30 days")
    assert month.message_id == picture.message_id

    hindi = await asha.say("/language")
    card = await asha.press("हिन्दी", on=hindi)
    assert card.text.startswith("कमरा 302 · Lakeside Apartments")


async def test_the_meter_goes_offline_and_the_card_stays_honest(journey: Journey) -> None:
    (token,) = await journey.invite(ASHA)
    asha = journey.chat("Asha")
    await asha.say(f"/start {token}")
    await journey.until(CHECK)
    journey.world.building.take_offline(ROOM_302)
    journey.world.clock.move_to(MORNING)

    await asha.say("/balance")
    card = await asha.press("Refresh")

    assert "⚠️ The meter is offline. Last read at 26 Oct · 23:59" in card.text
    assert "₹2,923.30" in card.text


async def test_a_stranger_and_another_tenant_try_everything(journey: Journey) -> None:
    token, other_token = await journey.invite(ASHA, VIKRAM)
    asha, vikram, mallory = journey.chat("Asha"), journey.chat("Vikram"), journey.chat("Mallory")
    await asha.say(f"/start {token}")
    card = await vikram.say(f"/start {other_token}")
    await mallory.say(f"/start {token}")
    await journey.until(CHECK)

    commands = ["/balance", "/usage", "/statement", "/rooms", "/pay 302 5000", "/relay 302 off"]
    for command in [*commands, "/import", "/status", "302"]:
        await mallory.say(command)
        await vikram.say(command)
    for chat in (mallory, vikram):
        for action in Action:
            for subject in (1, 2):
                await chat.forge(encode(press(action, subject, 7, nonce="abc")), on=chat.all[0])

    assert "₹777.00" in card.text
    for chat in (mallory, vikram):
        theirs = "\n".join(message.text for message in chat.all)
        assert not [word for word in ("302", "Asha", "2,923", "76.70") if word in theirs]
    assert "₹2,923.30" in (await asha.say("/balance")).text
