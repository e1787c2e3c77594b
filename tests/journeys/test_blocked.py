"""People who cannot be written to, and a Telegram that has enough."""

import pytest

from tests.journeys.house import House, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_tenant_who_has_blocked_the_bot_is_named_to_the_manager(house: House) -> None:
    rinkesh = await house.tenant()
    rinkesh.person.block()
    seen = len(rinkesh.all)

    told = await house.ravi.hears("Rinkesh")
    assert "302" in told.text
    await house.until(at(17))
    await house.until(at(18))
    assert not house.has_light()
    assert len(rinkesh.all) == seen

    card = await rinkesh.say("/start")
    assert "🔴 Power is off" in card.text
    await house.pay("302 2000 cash")
    assert "₹2,085.50" in (await rinkesh.hears("🟢 Power is on again")).text


async def test_a_refusal_on_sending_is_named_to_the_manager_too(house: House) -> None:
    rinkesh = await house.tenant()
    house.world.telegram.fail_next("sendMessage", 403)
    await house.until(at(15))

    await house.ravi.hears("Rinkesh")
    assert not [each for each in rinkesh.all if each.text.startswith("🟡")]


async def test_a_notice_waits_as_long_as_telegram_asks(house: House) -> None:
    rinkesh = await house.tenant()
    house.world.telegram.fail_next("sendMessage", 429, retry_after_s=1)
    house.world.clock.move_to(at(15))
    house.world.clock.set_speed(1)
    await house.bot.runner.catch_up()

    assert await rinkesh.hears("🟡")
    assert len([each for each in rinkesh.all if each.text.startswith("🟡")]) == 1
