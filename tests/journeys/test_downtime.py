"""The bot stands still for three days, and the meters do not."""

from decimal import Decimal

from tests.journeys.house import House, at, charged


async def test_three_missed_days_are_charged_day_by_day_and_once(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(26, month=10))
    await house.stop()

    house.world.clock.move_to(at(29, "10:00", month=10))
    await house.start()
    await house.until(at(29, month=10))
    charges = [row["at"].removesuffix(":00+05:30") for row in await house.entries("deduction")]
    assert charges == [
        "2026-10-26T23:59",
        "2026-10-27T00:00",
        "2026-10-28T00:00",
        "2026-10-29T00:00",
        "2026-10-29T10:00",
        "2026-10-29T23:59",
    ]
    assert f"-{3000 - Decimal(await house.balance())}" == charged(
        Decimal(1450), house.meter.register_kwh
    )
    await rinkesh.say("/statement")
    entry = await rinkesh.press("27 Oct")
    assert "27 Oct · 24:00" in entry.text


async def test_who_ran_out_meanwhile_is_cut_at_the_start(house: House) -> None:
    rinkesh = await house.tenant()
    await house.until(at(16))
    await house.stop()
    rinkesh.person.send_text("/balance")

    house.world.clock.move_to(at(19, "10:00"))
    await house.start()
    await rinkesh.hears("🔴 Power is off")
    assert not house.has_light()
    assert await rinkesh.hears("Room 302 · Lakeside Apartments")
