"""Lakeside Apartments, the demonstration building: twelve rooms, a shop, stairs, a main meter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.load import (
    COMMON_AREA_HOURS,
    HOME_HOURS,
    KOLKATA,
    SHOP_HOURS,
    Household,
    LoadCurve,
    ScriptedDays,
)
from bot.sandbox.qube.meter import MeterLabels, Mode, SimulatedMeter

SPACE_ID = 302
SPACE_UDF1 = "lakeside"
ROOM_302 = "lakeside.floor-3.room-302"
PREPAID_ROOM = "lakeside.floor-1.room-103"
ROOM_WITHOUT_RELAY = "lakeside.floor-2.room-204"
SHOP = "lakeside.ground.shop-1"
STAIRS = "lakeside.common.stairs"
MAIN = "lakeside.main"
PREPAID_BALANCE_PAISE = 5000_00

INSTALLED_AT = datetime(2026, 7, 1, tzinfo=KOLKATA)

# Room #302 of the specification: empty until the night after 25 October, then 82.6 kWh to the end
# of the month, and down to 85.50 of 3,000 rupees on 18 November. What is drawn by 23:59 on the
# 31st costs whole paise at 6.50, so that it makes no difference in which month it is charged.
ROOM_302_SCRIPT = (
    (datetime(2026, 10, 26, 0, 0, tzinfo=KOLKATA), 1_450_000),
    (datetime(2026, 10, 26, 23, 59, tzinfo=KOLKATA), 1_461_800),
    (datetime(2026, 10, 31, 23, 59, tzinfo=KOLKATA), 1_532_580),
    (datetime(2026, 11, 1, 0, 0, tzinfo=KOLKATA), 1_532_600),
    (datetime(2026, 11, 18, 23, 59, tzinfo=KOLKATA), 1_898_385),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    udf1: str
    name: str
    opening_kwh: str
    mean_day_wh: int
    profile: tuple[int, ...] = HOME_HOURS
    phases: int = 1
    has_relay: bool = True


def _room(number: int, opening_kwh: str, mean_day_wh: int, *, has_relay: bool = True) -> _Room:
    return _Room(
        udf1=f"lakeside.floor-{number // 100}.room-{number}",
        name=f"Room #{number}",
        opening_kwh=opening_kwh,
        mean_day_wh=mean_day_wh,
        has_relay=has_relay,
    )


_ROOM_302 = _room(302, "1450", 18_000)
_METERS = (
    _room(101, "2210.4", 6900),
    _room(102, "1874.9", 5400),
    _room(103, "3025.1", 8100),
    _room(104, "955.7", 4300),
    _room(201, "2678", 9200),
    _room(202, "1411.3", 6100),
    _room(203, "2096.8", 7700),
    _room(204, "1733.5", 5900, has_relay=False),
    _room(301, "842.2", 3800),
    _ROOM_302,
    _room(303, "3310.6", 10_400),
    _room(304, "1290", 6600),
    _Room(
        udf1=SHOP,
        name="Corner shop",
        opening_kwh="5402.7",
        mean_day_wh=21_000,
        profile=SHOP_HOURS,
        phases=3,
    ),
    _Room(
        udf1=STAIRS,
        name="Stairs and pump",
        opening_kwh="1120.9",
        mean_day_wh=5200,
        profile=COMMON_AREA_HOURS,
        has_relay=False,
    ),
)


class WholeBuilding:
    """What a main meter sees: every other device, and two percent lost in the wires."""

    def __init__(self, building: SimulatedBuilding) -> None:
        self._building = building

    def energy_mwh(self, at: datetime) -> int:
        drawn_mwh = (meter.register_mwh_at(at) - meter.opening_mwh for meter in self._fed())
        return sum(drawn_mwh) * 102 // 100

    def power_w(self, at: datetime) -> int:  # noqa: ARG002
        return sum(meter.active_power_w for meter in self._fed()) * 102 // 100

    def _fed(self) -> Iterator[SimulatedMeter]:
        return (meter for meter in self._building.every_device() if meter.load is not self)


def lakeside_building(clock: SandboxClock) -> SimulatedBuilding:
    """This function will put up the demonstration building, with history since July 2026."""
    building = SimulatedBuilding(clock)
    building.add_space(SPACE_ID, MeterLabels(name="Lakeside Apartments", udf1=SPACE_UDF1))
    for room in _METERS:
        _install(building, room)
    building.add_meter(
        MeterLabels(name="Main meter", udf1=MAIN),
        load=WholeBuilding(building),
        space_id=SPACE_ID,
        opening_kwh=Decimal(48_215),
        installed_at=INSTALLED_AT,
        has_relay=False,
    )
    prepaid = building.meter(PREPAID_ROOM)
    prepaid.set_mode(Mode.PREPAID)
    prepaid.top_up(PREPAID_BALANCE_PAISE)
    return building


def _install(building: SimulatedBuilding, room: _Room) -> None:
    load: LoadCurve = Household(room.udf1, mean_day_wh=room.mean_day_wh, profile=room.profile)
    if room is _ROOM_302:
        load = ScriptedDays(ROOM_302_SCRIPT, shape=load)
    building.add_meter(
        MeterLabels(name=room.name, udf1=room.udf1),
        load=load,
        space_id=SPACE_ID,
        opening_kwh=Decimal(room.opening_kwh),
        installed_at=INSTALLED_AT,
        phases=room.phases,
        has_relay=room.has_relay,
    )
