from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.lakeside import (
    MAIN,
    PREPAID_ROOM,
    ROOM_302,
    ROOM_WITHOUT_RELAY,
    SHOP,
    lakeside_building,
)
from bot.sandbox.qube.meter import Mode

from .world import local


def played_until(instant: str) -> SimulatedBuilding:
    clock = SandboxClock(local("2026-10-25T10:00"))
    building = lakeside_building(clock)
    clock.move_to(local(instant))
    return building


@pytest.mark.parametrize(
    ("instant", "register"),
    [
        ("2026-10-25T23:59", "1450.000"),
        ("2026-10-26T00:00", "1450.000"),
        ("2026-10-26T23:59", "1461.800"),
        ("2026-11-01T00:00", "1532.600"),
        ("2026-11-18T23:59", "1898.385"),
    ],
)
def test_room_302_stands_where_the_specification_has_it(instant: str, register: str) -> None:
    assert str(played_until(instant).meter(ROOM_302).register_kwh) == register


def test_room_302_can_pay_until_the_evening_of_18_november() -> None:
    room = played_until("2026-11-18T23:59").meter(ROOM_302)
    balances = {
        day: Decimal(3000)
        - (room.register_kwh_at(local(f"2026-11-{day}T23:59")) - 1450) * Decimal("6.5")
        for day in (17, 18)
    }
    assert balances[17] >= 100
    assert round(balances[18], 2) == Decimal("85.50")


def test_room_302_uses_something_every_hour_from_move_in_on() -> None:
    room = played_until("2026-12-20T00:00").meter(ROOM_302)
    move_in_at = local("2026-10-26T00:00")
    hours = [room.register_kwh_at(move_in_at + timedelta(hours=n)) for n in range(24 * 50)]
    assert all(earlier < later for earlier, later in pairwise(hours))
    days = [value for _, value in room.closes_kwh(date(2026, 10, 25), date(2026, 12, 18))]
    assert all(10 < later - earlier < 25 for earlier, later in pairwise(days))


def test_the_other_rooms_have_three_months_of_history() -> None:
    building = played_until("2026-10-25T10:00")
    for meter in building.meters():
        closes = meter.closes_kwh(date(2026, 7, 27), date(2026, 10, 24))
        assert len(closes) == 90
        assert meter.labels.udf1 == ROOM_302 or all(
            earlier < later for (_, earlier), (_, later) in pairwise(closes)
        )


def test_lakeside_has_a_device_of_every_kind() -> None:
    building = played_until("2026-10-25T10:00")
    meters = list(building.meters())
    assert sum(meter.labels.name.startswith("Room #") for meter in meters) == 12
    assert building.meter(ROOM_302).labels.name == "Room #302"
    assert building.meter(SHOP).phases == 3
    assert not building.meter(ROOM_WITHOUT_RELAY).has_relay
    assert building.meter(PREPAID_ROOM).mode is Mode.PREPAID
    assert building.meter(PREPAID_ROOM).balance_paise == 500_000


def test_the_main_meter_sees_the_others_and_a_little_loss() -> None:
    building = played_until("2026-10-25T10:00")
    building.replace(ROOM_302)
    building.clock.step(timedelta(days=3))
    building.remove(PREPAID_ROOM)
    main = building.meter(MAIN)
    others = sum(m.consumed_mwh for m in building.every_device() if m is not main)
    assert main.consumed_mwh == others * 102 // 100
    watts = sum(m.active_power_w for m in building.meters() if m is not main)
    assert main.active_power_w == watts * 102 // 100
