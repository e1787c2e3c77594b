from datetime import date, timedelta
from decimal import Decimal

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import MeterLabels, Mode, SimulatedMeter

from .world import local

START = local("2026-10-25T12:00")
HOUR = timedelta(hours=1)


def steady_kilowatt(clock: SandboxClock, **traits: Mode | int) -> SimulatedMeter:
    building = SimulatedBuilding(clock)
    labels = MeterLabels(name="Room", udf1="room")
    return building.add_meter(
        labels,
        load=SteadyLoad(1000),
        space_id=None,
        opening_kwh=Decimal(100),
        **traits,  # type: ignore[arg-type]
    )


def test_energy_accrues_only_while_the_relay_is_on() -> None:
    clock = SandboxClock(START)
    meter = steady_kilowatt(clock)
    clock.step(HOUR)
    meter.set_relay(is_on=False)
    clock.step(5 * HOUR)
    assert (meter.register_kwh, meter.active_power_w) == (Decimal("101.000"), 0)
    meter.set_relay(is_on=True)
    clock.step(2 * HOUR)
    assert (meter.register_kwh, meter.active_power_w) == (Decimal("103.000"), 1000)


def test_nothing_accrues_in_mode_relay_off() -> None:
    clock = SandboxClock(START)
    meter = steady_kilowatt(clock)
    meter.set_mode(Mode.RELAY_OFF)
    clock.step(HOUR)
    assert (meter.is_flowing, meter.register_kwh) == (False, Decimal("100.000"))


def test_the_register_shows_three_decimals_and_never_rounds_up() -> None:
    clock = SandboxClock(START)
    meter = steady_kilowatt(clock)
    clock.step(timedelta(seconds=7))
    assert str(meter.register_kwh) == "100.001"


def test_switching_often_loses_no_energy() -> None:
    clock = SandboxClock(START)
    meter = steady_kilowatt(clock)
    for _ in range(3600):
        clock.step(timedelta(seconds=1))
        meter.set_relay(is_on=True)
    assert meter.register_kwh == Decimal("101.000")


def test_a_day_closes_at_midnight_and_only_once_it_is_over() -> None:
    clock = SandboxClock(START)
    meter = steady_kilowatt(clock)
    clock.move_to(local("2026-10-26T23:59:59"))
    days = (date(2026, 10, 1), date(2026, 10, 31))
    assert meter.closes_kwh(*days) == [(date(2026, 10, 25), Decimal("112.000"))]
    clock.step(timedelta(seconds=1))
    assert [day_on.day for day_on, _ in meter.closes_kwh(*days)] == [25, 26]


def test_a_close_of_the_past_is_not_moved_by_a_later_cut() -> None:
    clock = SandboxClock(START)
    meter = steady_kilowatt(clock)
    clock.step(timedelta(days=2))
    meter.set_relay(is_on=False)
    clock.step(timedelta(days=2))
    closes = [value for _, value in meter.closes_kwh(date(2026, 10, 25), date(2026, 10, 28))]
    assert closes == [Decimal(112), Decimal(136), Decimal(148), Decimal(148)]


def test_a_prepaid_device_draws_down_its_own_balance() -> None:
    clock = SandboxClock(START)
    meter = steady_kilowatt(clock, mode=Mode.PREPAID, balance_paise=2000)
    clock.step(2 * HOUR)
    assert meter.balance_paise == 700
    meter.set_mode(Mode.MEASUREMENT)
    clock.step(5 * HOUR)
    assert meter.balance_paise == 700
    meter.set_mode(Mode.PREPAID)
    clock.step(5 * HOUR)
    assert meter.balance_paise == 0
