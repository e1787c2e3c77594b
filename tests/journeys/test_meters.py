"""A manager makes a gas meter with mistakes on the way, hangs it below another, and finds it."""

import pytest

from tests.driver import Chat
from tests.journeys.house import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FILE = """place,name,type,serial_number,main
Lakeside Apartments,Gas main,GAS,G-1,yes
Lakeside Apartments,Gas shop,GAS,G-1,no
Lakeside Apartments,Water,WATER_COLD,W-1,
"""


async def bring_in(ravi: Chat) -> None:
    asked = await ravi.document(FILE.encode(), "meters.csv", "text/csv")
    assert "2 new meters" in asked.text
    assert "Line 3, name: “Gas shop” is in line 2 already" in asked.text
    done = await ravi.press("Import 2 meters")
    assert done.text.startswith("✅ Imported.")


async def make(ravi: Chat) -> None:
    """Make a gas meter; what cannot be is said at its step, and nothing said before is lost."""
    await ravi.say("/meters")
    await ravi.press("New meter …")
    await ravi.press("🔥 Gas")
    await ravi.press("m³")
    assert "is called “gas MAIN”" in (await ravi.say("gas MAIN")).text
    await ravi.say("Gas, flat 302")
    assert "No such room of this building" in (await ravi.say("room 999")).text
    await ravi.say("302")
    await ravi.press("One tenant pays")
    assert "Number G-1 is on “Gas main”" in (await ravi.say("g-1")).text
    await ravi.say("g-302")
    assert "cannot be installed later than today, 25 Oct 2026" in (await ravi.say("1.12.2026")).text
    await ravi.press("Today")
    assert "🔥 Gas, flat 302 · 302 · Gas, m³" in ravi.text
    await ravi.press("‹ Back")
    await ravi.say("12 Mar 2021")
    assert "Installed: 12 Mar 2021" in ravi.text
    card = await ravi.press("Make it")
    assert "302 · 🔥 Gas, flat 302" in card.text


async def test_a_gas_meter_is_made_hung_below_another_and_found(house: House) -> None:
    ravi = house.ravi
    await bring_in(ravi)
    await make(ravi)

    await ravi.press("Change …")
    await ravi.press("Below")
    assert "“Water” counts Cold water in m³" in (await ravi.say("w-1")).text
    await ravi.press("🔥 Gas main")
    await ravi.press("Set it")
    assert "Sub-meter of “Gas main”" in ravi.text

    await ravi.say("/meters g-1")
    await ravi.press("Change …")
    await ravi.press("Main meter")
    await ravi.press("No")
    await ravi.press("Set it")
    await ravi.press("Change …")
    await ravi.press("Below")
    assert "That would be a circle" in (await ravi.say("Gas, flat 302")).text
    await ravi.press("Cancel")
    await ravi.press("Sub-meters")
    assert "├ Gas, flat 302   –" in ravi.text

    await ravi.say("/meters")
    await ravi.press("Filter …")
    await ravi.press("Type: any")
    await ravi.press("Gas")
    await ravi.press("✓ Filter …")
    await ravi.press("Room: any")
    assert "No such room" in (await ravi.say("999")).text
    found = await ravi.say("302")
    assert found.text.splitlines() == ["Meters", "Gas · 302", "", "🔥 Gas, flat 302 · 302"]
    await ravi.press("🔥 Gas, flat 302")
    assert "No. G-302" in ravi.text


async def test_it_goes_on_where_it_was_after_a_restart(house: House) -> None:
    ravi = house.ravi
    await ravi.say("/meters")
    await ravi.press("New meter …")
    await ravi.press("💧 Cold water")
    await ravi.press("L")
    await house.stop()
    await house.start()

    await ravi.say("Roof tank")
    await ravi.press("No room")
    await ravi.press("The whole building pays")
    await ravi.press("Not known")
    await ravi.press("Not known")
    await ravi.press("Make it")
    assert "The whole building pays: Equally" in ravi.text
    rows = [row async for row in house.bot.app.meter_exports.meters()]
    assert [row[2] for row in rows[1:]].count("Roof tank") == 1
