"""A manager schedules another price in the chat; the tenant sees each day at its own."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from tests.journeys.house import House, at, charged

HUNDREDTH = Decimal("0.01")


def rounded(rupees: Decimal) -> Decimal:
    """Return rupees to the paisa, as the month is rounded. Rule 1.4."""
    return rupees.quantize(HUNDREDTH, ROUND_HALF_UP)


async def test_a_new_price_holds_from_its_midnight_to_the_paisa(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(26, month=10))
    at_change = house.world.building.meter("lakeside.floor-3.room-302").register_kwh

    await house.ravi.say("/tariffs")
    await house.ravi.press("6.50/kWh")
    await house.ravi.press("Change from a date …")
    await house.ravi.press("Tomorrow, 27 Oct")
    await house.ravi.say("7.25")
    await house.ravi.say("none")
    summary = await house.ravi.say("GST 18")
    assert "A month with 120 units: ₹780.00 → ₹1,026.60" in summary.text
    await house.ravi.press("Set from 27 Oct")

    await house.until(at(27, month=10))
    old, new = (await house.entries("deduction"))[-2:]
    midnight = house.meter.register_kwh_at(at(27, "00:00", month=10))
    assert old["at"] == "2026-10-27T00:00:00+05:30"
    assert old["amount"] == charged(at_change, midnight)
    used = house.meter.register_kwh - midnight
    month = (midnight - 1450) * Decimal("6.50") + used * Decimal("7.25")
    energy = rounded(month) - Decimal("76.70") + Decimal(old["amount"])
    tax = rounded(used * Decimal("7.25") * Decimal("0.18"))
    assert new["amount"] == f"-{energy + tax}"
    assert await house.balance() == str(3000 - rounded(month) - tax)

    await rinkesh.say("/statement")
    entry = await rinkesh.press(f"−₹{energy + tax}")
    assert f"kWh × ₹7.25 = ₹{rounded(used * Decimal('7.25'))}" in entry.text
    assert f"GST ₹{tax}" in entry.text
    assert "Tariff “kWh #1” since 27 Oct · read by the meter" in entry.text
    await rinkesh.press("‹ Back")
    entry = await rinkesh.press("−₹76.70")
    assert "11.8 kWh × ₹6.50 = ₹76.70" in entry.text
    assert "Tariff “6.50/kWh” · read by the meter" in entry.text


async def test_a_room_gets_another_tariff_and_days_of_silence_keep_theirs(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(26, month=10))
    await house.ravi.say("/tariffs")
    await house.ravi.press("New tariff …")
    for answer in ("Shops", "9", "none", "none"):
        await house.ravi.say(answer)
    await house.ravi.press("Make it")
    await house.ravi.press("Use it for rooms …")
    await house.ravi.say("302")
    await house.ravi.say("28 Oct")
    await house.ravi.press("Use it from 28 Oct")

    await house.stop()
    house.world.clock.move_to(at(29, "10:00", month=10))
    await house.start()

    found = (await house.entries("deduction"))[1:4]
    closes = [house.meter.register_kwh_at(at(day, "00:00", month=10)) for day in (27, 28, 29)]
    months = [
        rounded((kwh - 1450) * Decimal("6.50") + more * 9)
        for kwh, more in (
            (closes[0], Decimal(0)),
            (closes[1], Decimal(0)),
            (closes[1], closes[2] - closes[1]),
        )
    ]
    costs = [after - before for before, after in pairwise([Decimal("76.70"), *months])]
    assert [row["amount"] for row in found] == [f"-{cost}" for cost in costs]
    await rinkesh.say("/statement")
    entry = await rinkesh.press("28 Oct")
    assert "× ₹9.00 =" in entry.text
    assert "Tariff “Shops” since 28 Oct · read by the meter" in entry.text
