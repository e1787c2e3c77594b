"""What the vendor says arrives whole, exact to the digit, and forgiving about the rest."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.qube import QubeGateway
from bot.services.ports import (
    ActiveSupply,
    DayClose,
    DeviceMode,
    DeviceUnreachable,
    GatewayUnavailable,
    Lane,
    Refused,
)

from .vendor import API_KEY, ROOM, ScriptedVendor, device, failure, metrics, ok, ok_raw

DEVICE = f"GET devices/{ROOM}/"
METRICS = f"GET devices/{ROOM}/metrics"
HISTORY = f"GET devices/{ROOM}/metrics/history"
OCTOBER_25, OCTOBER_26, OCTOBER_27 = (date(2024, 10, day) for day in (25, 26, 27))


def point(day: int, value: Any, *, at: str = "23:59:59+05:30", **changes: Any) -> dict[str, Any]:
    stamp = f"2024-10-{day:02}T{at}"
    return {
        "property_id": "energy",
        "value": value,
        "unit": "kWh",
        "timestamp": stamp,
        **changes,
    }


async def closes_of(
    gateway: QubeGateway, vendor: ScriptedVendor, *points: Any
) -> list[tuple[date, Decimal]]:
    vendor.will(HISTORY, ok({"device_id": ROOM, "readings": list(points)}))
    closes = await gateway.day_closes(ROOM, from_on=OCTOBER_25, to_on=OCTOBER_27, lane=Lane.SWEEP)
    return [(close.on, close.energy_kwh) for close in closes]


async def test_every_request_carries_the_key(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    vendor.will("GET spaces/", ok([]))

    await gateway.spaces(lane=Lane.SWEEP)

    assert vendor.requests[0].headers["X-Qube-API-Key"] == API_KEY


async def test_spaces_list_their_devices(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    room = {"device_id": ROOM, "name": "Room 302", "active_mode": "prepaid", "udf1": " a.302 "}
    bare = {"device_id": "QUBE-ONE-2"}
    vendor.will(
        "GET spaces/",
        ok([{"space_id": 123, "name": "Lakeside", "devices": [room, bare], "tags": []}]),
    )

    (space,) = await gateway.spaces(lane=Lane.SWEEP)

    assert (space.space_id, space.name) == (123, "Lakeside")
    first, second = space.devices
    assert (first.device_id, first.mode, first.udf1) == (ROOM, DeviceMode.PREPAID, "a.302")
    assert (second.name, second.mode, second.udf1) == ("", DeviceMode.UNKNOWN, None)


@pytest.mark.parametrize("data", [{}, None, [{"name": "no number"}], True])
async def test_spaces_without_their_essentials_are_no_empty_list(
    gateway: QubeGateway, vendor: ScriptedVendor, data: Any
) -> None:
    vendor.will("GET spaces/", ok(data))

    with pytest.raises(GatewayUnavailable) as unreadable:
        await gateway.spaces(lane=Lane.SWEEP)

    assert unreadable.value.code == "unreadable_answer"


async def test_a_device_tells_what_it_can_do(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    vendor.will(DEVICE, device(unheard_of={"yes": 1}))

    details = await gateway.device(ROOM, lane=Lane.FRESH)

    assert details.is_online
    assert details.has_relay
    assert details.mode is DeviceMode.MEASUREMENT
    assert details.udf1 == "lakeside.302"
    assert details.energy_kwh == Decimal("1450.5")


async def test_a_device_that_tells_little_can_do_little(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(DEVICE, ok({"device_id": ROOM}))

    details = await gateway.device(ROOM, lane=Lane.FRESH)

    assert not details.is_online
    assert not details.has_relay
    assert details.energy_kwh is None


@pytest.mark.parametrize(
    "digits", ["1450.005", "0.1", "1450.0", "99999999.999999999999999999", "1450", "1.5e3"]
)
async def test_readings_are_exact_to_the_digit(
    gateway: QubeGateway, vendor: ScriptedVendor, digits: str
) -> None:
    vendor.will(METRICS, ok_raw(f'{{"device_id": "{ROOM}", "energy": {digits}}}'))

    live = await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert live.energy_kwh.as_tuple() == Decimal(digits).as_tuple()


async def test_metrics_take_one_request(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    vendor.will(METRICS, metrics(mode="RELAY_OFF", relay_state=False, active_tariff=2))

    live = await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert vendor.calls == [METRICS]
    assert live.mode is DeviceMode.RELAY_OFF
    assert live.relay_on is False
    assert live.supply is ActiveSupply.GENERATOR
    assert live.power_w == Decimal("850.0")


@pytest.mark.parametrize(
    ("mode", "read"),
    [
        ("MEASUREMENT", DeviceMode.MEASUREMENT),
        ("postpaid", DeviceMode.POSTPAID),
        ("SOLAR", DeviceMode.UNKNOWN),
        (None, DeviceMode.UNKNOWN),
    ],
)
async def test_modes_are_read_in_either_case(
    gateway: QubeGateway, vendor: ScriptedVendor, mode: str | None, read: DeviceMode
) -> None:
    vendor.will(METRICS, metrics(mode=mode))

    assert (await gateway.metrics(ROOM, lane=Lane.SWEEP)).mode is read


@pytest.mark.parametrize("energy", ["null", '"1450.5"', "true", "1e40", "[1]", '{"value": 1}'])
async def test_a_register_that_is_no_plain_number_is_never_guessed(
    gateway: QubeGateway, vendor: ScriptedVendor, energy: str
) -> None:
    vendor.will(METRICS, ok_raw(f'{{"device_id": "{ROOM}", "energy": {energy}}}'))

    with pytest.raises(GatewayUnavailable) as unreadable:
        await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert (unreadable.value.code, unreadable.value.detail) == ("unreadable_answer", "energy")


async def test_metrics_may_keep_power_and_relay_to_themselves(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(METRICS, ok({"device_id": ROOM, "energy": 7}))

    live = await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert (live.power_w, live.relay_on, live.supply) == (None, None, ActiveSupply.GRID)


async def test_an_unknown_refusal_of_an_offline_device_means_unreachable(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(METRICS, failure("e_4711", detail="computer says no"))
    vendor.will(DEVICE, device(is_online=False))

    with pytest.raises(DeviceUnreachable) as unreachable:
        await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert unreachable.value.code == "e_4711"
    assert vendor.calls == [METRICS, DEVICE]


async def test_an_unknown_refusal_of_an_online_device_is_passed_on(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(METRICS, failure("e_4711", detail="computer says no"))
    vendor.will(DEVICE, device())

    with pytest.raises(Refused) as refused:
        await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert (refused.value.code, refused.value.detail) == ("e_4711", "computer says no")


async def test_a_three_phase_device_is_read_off_its_own_readings(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(METRICS, failure("not_supported", detail="Three-phase: coming soon"))
    vendor.will(
        DEVICE,
        device(
            readings=[
                {"property_id": "voltage", "value": 229.5},
                {"property_id": "active_power", "value": 4200},
                {"property_id": "energy", "value": 88123.25},
            ]
        ),
    )

    live = await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert (live.energy_kwh, live.power_w) == (Decimal("88123.25"), Decimal(4200))
    assert live.relay_on is None
    assert live.mode is DeviceMode.MEASUREMENT


async def test_a_device_known_to_be_three_phase_takes_one_request(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(METRICS, failure("not_supported"))
    vendor.will(DEVICE, device(), device(), device(is_online=False))

    await gateway.metrics(ROOM, lane=Lane.SWEEP)
    await gateway.metrics(ROOM, lane=Lane.SWEEP)
    with pytest.raises(DeviceUnreachable):
        await gateway.metrics(ROOM, lane=Lane.SWEEP)

    assert vendor.calls == [METRICS, DEVICE, DEVICE, DEVICE]


async def test_a_three_phase_device_without_a_register_is_refused(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(METRICS, failure("not_supported"))
    vendor.will(DEVICE, device(readings=[]))

    with pytest.raises(Refused):
        await gateway.metrics(ROOM, lane=Lane.SWEEP)


async def test_history_asks_for_both_days_inclusive(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    await closes_of(gateway, vendor)

    assert dict(vendor.requests[0].url.params) == {
        "property_id": "energy",
        "from_date": "2024-10-25",
        "to_date": "2024-10-27",
        "interval": "1d",
    }


async def test_history_arrives_in_order_with_its_gaps(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    closes = await closes_of(gateway, vendor, point(27, 1461.8), point(25, 1450.5))

    assert closes == [(OCTOBER_25, Decimal("1450.5")), (OCTOBER_27, Decimal("1461.8"))]


async def test_history_may_be_empty(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    assert await closes_of(gateway, vendor) == []


async def test_history_keeps_digits_and_falling_values(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    stamps = ("2024-10-25T23:59:59+05:30", "2024-10-26T23:59:59+05:30")
    points = f"""[
        {{"property_id": "energy", "value": 1450.005, "timestamp": "{stamps[0]}"}},
        {{"property_id": "energy", "value": 3.10, "timestamp": "{stamps[1]}"}}
    ]"""
    vendor.will(HISTORY, ok_raw(f'{{"readings": {points}}}'))

    closes = await gateway.day_closes(ROOM, from_on=OCTOBER_25, to_on=OCTOBER_26, lane=Lane.SWEEP)

    assert closes == [
        DayClose(on=OCTOBER_25, energy_kwh=Decimal("1450.005")),
        DayClose(on=OCTOBER_26, energy_kwh=Decimal("3.10")),
    ]


@pytest.mark.parametrize(
    "stray",
    [
        point(27, 1465.2, at="14:05:00+05:30"),
        point(24, 1440),
        point(28, 1470),
        point(26, 229.5, property_id="voltage"),
        point(26, None),
        point(26, "1461.8"),
        point(26, 1461.8, timestamp=None),
        point(26, 1461.8, timestamp="yesterday"),
        "nonsense",
    ],
)
async def test_history_leaves_out_what_is_no_close_of_a_day_asked_for(
    gateway: QubeGateway, vendor: ScriptedVendor, stray: Any
) -> None:
    closes = await closes_of(gateway, vendor, point(25, 1450), stray)

    assert closes == [(OCTOBER_25, Decimal(1450))]


async def test_of_two_points_of_a_day_the_later_is_its_close(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    early = point(25, 1449, at="23:59:00+05:30")

    assert await closes_of(gateway, vendor, point(25, 1450), early) == [(OCTOBER_25, Decimal(1450))]


async def test_a_three_phase_device_has_no_history(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(HISTORY, failure("not_supported", detail="coming soon"))

    assert (
        await gateway.day_closes(ROOM, from_on=OCTOBER_25, to_on=OCTOBER_26, lane=Lane.SWEEP) == []
    )


async def test_a_refused_history_is_not_an_empty_one(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(HISTORY, failure("validation_error", detail="to_date lies before from_date"))

    with pytest.raises(Refused):
        await gateway.day_closes(ROOM, from_on=OCTOBER_26, to_on=OCTOBER_25, lane=Lane.SWEEP)


async def test_a_strange_device_id_stays_one_part_of_the_path(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will("GET devices/a%2Fb%3F%20c/", device(device_id="a/b? c"))

    assert (await gateway.device("a/b? c", lane=Lane.FRESH)).device_id == "a/b? c"
