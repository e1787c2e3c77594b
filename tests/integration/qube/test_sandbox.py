"""The gateway against the simulated vendor, over real HTTP."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.qube import QubeGateway, connect
from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import MeterLabels, Supply
from bot.sandbox.qube.server import create_qube_app
from bot.sandbox.serving import serve
from bot.services.ports import (
    ActiveSupply,
    DayClose,
    DeviceMode,
    DeviceUnknown,
    DeviceUnplaced,
    DeviceUnreachable,
    GatewayUnavailable,
    KeyRejected,
    Lane,
    MeterGateway,
    OutcomeUnknown,
    Refused,
)

START = datetime(2024, 10, 24, 18, 30, tzinfo=UTC)  # midnight in India
API_KEY = "sandbox-key"
ROOM = "lakeside.302"
UNLIMITED = 1_000_000


def stocked_building() -> SimulatedBuilding:
    """This function will build one space with a few rooms that draw 500 W each."""
    building = SimulatedBuilding(SandboxClock(START))
    building.add_space(123, MeterLabels(name="Lakeside", description="by the lake", udf1="south"))
    for room, phases, has_relay in (("302", 1, True), ("lift", 3, True), ("shop", 1, False)):
        building.add_meter(
            MeterLabels(name=f"Room {room}", description="east", udf1=f"lakeside.{room}"),
            load=SteadyLoad(500),
            space_id=123,
            opening_kwh=Decimal("1450.005"),
            phases=phases,
            has_relay=has_relay,
        )
    return building


@pytest.fixture
def building() -> SimulatedBuilding:
    return stocked_building()


@pytest.fixture
async def gateway(building: SimulatedBuilding) -> AsyncIterator[QubeGateway]:
    app = create_qube_app(building, api_key=API_KEY, requests_per_minute=None)
    async with (
        serve(app) as url,
        connect(
            api_key=API_KEY, base_url=f"{url}/api/v2", requests_per_minute=UNLIMITED
        ) as gateway,
    ):
        yield gateway


def id_of(building: SimulatedBuilding, udf1: str = ROOM) -> str:
    return building.meter(udf1).device_id


async def test_the_gateway_is_what_the_use_cases_want(gateway: QubeGateway) -> None:
    port: MeterGateway = gateway

    (space,) = await port.spaces(lane=Lane.SWEEP)

    assert (space.space_id, space.name) == (123, "Lakeside")
    assert [device.udf1 for device in space.devices] == [
        "lakeside.302",
        "lakeside.lift",
        "lakeside.shop",
    ]


async def test_live_values_arrive_to_the_digit(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    building.clock.step(timedelta(hours=10))
    building.switch_supply(Supply.GENERATOR)

    live = await gateway.metrics(id_of(building), lane=Lane.SWEEP)
    details = await gateway.device(id_of(building), lane=Lane.FRESH)

    assert str(live.energy_kwh) == "1455.005"
    assert (live.power_w, live.relay_on) == (Decimal(500), True)
    assert (live.mode, live.supply) == (DeviceMode.MEASUREMENT, ActiveSupply.GENERATOR)
    assert details.energy_kwh == live.energy_kwh


async def test_history_tells_the_closes_of_an_offline_device(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    building.clock.step(timedelta(days=3, hours=1))
    building.lose_day(ROOM, date(2024, 10, 26))
    building.take_offline(ROOM)

    closes = await gateway.day_closes(
        id_of(building), from_on=date(2024, 10, 25), to_on=date(2024, 10, 28), lane=Lane.SWEEP
    )

    assert closes == [
        DayClose(on=date(2024, 10, 25), energy_kwh=Decimal("1462.005")),
        DayClose(on=date(2024, 10, 27), energy_kwh=Decimal("1486.005")),
    ]


async def test_the_relay_obeys(gateway: QubeGateway, building: SimulatedBuilding) -> None:
    for on in (False, True):
        assert await gateway.switch(id_of(building), on=on, lane=Lane.CUT) is True
        assert building.meter(ROOM).relay_on is on
        assert (await gateway.metrics(id_of(building), lane=Lane.CUT)).relay_on is on


async def test_a_relay_that_does_not_move_says_so(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    building.ignore_commands(ROOM)

    assert await gateway.switch(id_of(building), on=False, lane=Lane.CUT) is False
    assert building.meter(ROOM).relay_on


@pytest.mark.parametrize("how", ["drop", "gateway_error"])
async def test_a_command_whose_answer_is_lost_is_unknown_and_sent_once(
    gateway: QubeGateway, building: SimulatedBuilding, how: str
) -> None:
    building.fail_after_effect(ROOM, how=how)

    with pytest.raises(OutcomeUnknown):
        await gateway.switch(id_of(building), on=False, lane=Lane.CUT)

    assert [request.method for request in building.requests] == ["GET", "PUT"]
    assert not building.meter(ROOM).relay_on


async def test_modes_are_set(gateway: QubeGateway, building: SimulatedBuilding) -> None:
    assert await gateway.set_mode(id_of(building), DeviceMode.PREPAID, lane=Lane.MANUAL)

    assert (await gateway.device(id_of(building), lane=Lane.FRESH)).mode is DeviceMode.PREPAID


async def test_labels_change_and_the_rest_stays(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    await gateway.label_device(
        id_of(building), name="302 A", udfs=["lakeside.302a", "tenant"], lane=Lane.MANUAL
    )
    await gateway.label_space(123, name="Lakeside Apartments", udfs=["north"], lane=Lane.MANUAL)

    assert building.meter("lakeside.302a").labels == MeterLabels(
        name="302 A", description="east", udf1="lakeside.302a", udf2="tenant"
    )
    assert building.space(123).labels == MeterLabels(
        name="Lakeside Apartments", description="by the lake", udf1="north"
    )


async def test_offline_unknown_and_unplaced_devices_are_told_apart(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    building.take_offline(ROOM)
    building.take_out_of_space("lakeside.shop")

    with pytest.raises(DeviceUnreachable):
        await gateway.metrics(id_of(building), lane=Lane.SWEEP)
    with pytest.raises(DeviceUnreachable):
        await gateway.switch(id_of(building), on=True, lane=Lane.RESTORE)
    with pytest.raises(DeviceUnknown):
        await gateway.metrics("QUBE-ONE-GONE", lane=Lane.SWEEP)
    with pytest.raises(DeviceUnplaced):
        await gateway.metrics(id_of(building, "lakeside.shop"), lane=Lane.SWEEP)
    with pytest.raises(DeviceUnplaced):
        await gateway.label_space(7, name="not ours", udfs=[], lane=Lane.MANUAL)


async def test_a_replaced_device_is_unknown_by_its_old_id(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    old_id = id_of(building)
    new_id = building.replace(ROOM, Decimal("0.5"))

    with pytest.raises(DeviceUnknown):
        await gateway.metrics(old_id, lane=Lane.SWEEP)
    assert (await gateway.metrics(new_id, lane=Lane.SWEEP)).energy_kwh == Decimal("0.5")
    (space,) = await gateway.spaces(lane=Lane.SWEEP)
    assert new_id in [device.device_id for device in space.devices if device.udf1 == ROOM]


async def test_a_device_without_a_relay_is_refused(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    with pytest.raises(Refused) as refused:
        await gateway.switch(id_of(building, "lakeside.shop"), on=False, lane=Lane.CUT)

    assert refused.value.code == "no_relay"


async def test_a_three_phase_device_is_read_without_metrics_and_history(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    lift = id_of(building, "lakeside.lift")

    live = await gateway.metrics(lift, lane=Lane.SWEEP)
    closes = await gateway.day_closes(
        lift, from_on=date(2024, 10, 24), to_on=date(2024, 10, 25), lane=Lane.SWEEP
    )

    assert (str(live.energy_kwh), live.relay_on, closes) == ("1450.005", None, [])


async def test_a_proxy_page_and_a_throttle_are_survived(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    building.answer_html(1)
    building.throttle.refuse_next(1)

    await gateway.metrics(id_of(building), lane=Lane.SWEEP)

    assert [request.status for request in building.requests] == [502, 429, 200]


async def test_a_revoked_key_is_told_once_and_then_left_alone(
    gateway: QubeGateway, building: SimulatedBuilding
) -> None:
    building.revoke_key()

    for _ in range(5):
        with pytest.raises(KeyRejected):
            await gateway.metrics(id_of(building), lane=Lane.SWEEP)

    assert len(building.requests) == 1


async def test_real_connections_log_no_key(
    gateway: QubeGateway, building: SimulatedBuilding, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    await gateway.metrics(id_of(building), lane=Lane.SWEEP)

    assert "httpcore" in {record.name.partition(".")[0] for record in caplog.records}
    assert API_KEY not in caplog.text


async def test_nobody_at_the_other_end_means_unavailable() -> None:
    async with serve(create_qube_app(stocked_building(), api_key=API_KEY)) as url:
        pass
    async with connect(
        api_key=API_KEY, base_url=f"{url}/api/v2", requests_per_minute=UNLIMITED
    ) as gateway:
        with pytest.raises(GatewayUnavailable) as unavailable:
            await gateway.spaces(lane=Lane.SWEEP)

    assert unavailable.value.code == "no_connection"


async def test_a_sweep_at_the_limit_is_never_throttled(building: SimulatedBuilding) -> None:
    per_minute, count = 1200, 60
    app = create_qube_app(building, api_key=API_KEY, requests_per_minute=per_minute)
    async with (
        serve(app) as url,
        connect(
            api_key=API_KEY, base_url=f"{url}/api/v2", requests_per_minute=per_minute
        ) as gateway,
    ):
        began = time.monotonic()
        readings = [gateway.metrics(id_of(building), lane=Lane.SWEEP) for _ in range(count)]
        await asyncio.gather(*readings)
        took_seconds = time.monotonic() - began

    assert Counter(request.status for request in building.requests) == {200: count}
    assert took_seconds <= 1.05 * 60 * count / per_minute
