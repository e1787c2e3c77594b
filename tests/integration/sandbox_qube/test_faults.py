import asyncio
import json
import math
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from bot.sandbox.qube.building import (
    LabelTaken,
    NoSuchDevice,
    NoSuchMeter,
    NoSuchSpace,
    SimulatedBuilding,
)
from bot.sandbox.qube.lakeside import ROOM_302, SPACE_ID
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import MeterLabels

from .world import World, data_of, refusal_of

GIVES_UP_SOON = httpx.Timeout(5, read=0.05)


async def test_a_replaced_device_keeps_the_udf_and_counts_anew(world: World) -> None:
    old_path = world.device_path()
    new_id = world.building.replace(ROOM_302)
    assert world.device_path() == f"/devices/{new_id}" != old_path
    assert refusal_of(await world.get(old_path + "/metrics")) == (400, "device_not_found")
    metrics = await world.metrics()
    assert (metrics["energy"], metrics["relay_state"]) == (Decimal(0), True)
    world.clock.step(timedelta(days=1))
    assert 10 < (await world.metrics())["energy"] < 20
    (space,) = data_of(await world.get("/spaces/"))
    ids = [device["device_id"] for device in space["devices"] if device["udf1"] == ROOM_302]
    assert ids == [new_id]


def test_a_replaced_device_counts_no_further(world: World) -> None:
    old = world.building.meter(ROOM_302)
    world.building.replace(ROOM_302)
    before_kwh = old.register_kwh
    world.clock.step(timedelta(days=1))
    assert (old.register_kwh, old.active_power_w) == (before_kwh, 0)


async def test_a_replaced_device_has_no_history_of_the_old_one(world: World) -> None:
    world.building.replace(ROOM_302, Decimal("12.5"))
    world.clock.step(timedelta(days=1))
    (point,) = await world.history("2026-10-01", "2026-10-31")
    assert point["timestamp"][:10] == "2026-10-27"
    assert point["value"] > Decimal("12.5")


async def test_a_removed_device_is_gone(world: World) -> None:
    path = world.device_path()
    world.building.remove(ROOM_302)
    assert refusal_of(await world.get(path + "/")) == (400, "device_not_found")
    with pytest.raises(NoSuchMeter):
        world.building.meter(ROOM_302)


async def test_an_added_meter_can_be_found_and_read(world: World) -> None:
    labels = MeterLabels(name="Room #305", udf1="lakeside.floor-3.room-305")
    world.building.add_meter(
        labels, load=SteadyLoad(500), space_id=SPACE_ID, opening_kwh=Decimal("7.25")
    )
    world.clock.step(timedelta(hours=1))
    assert (await world.metrics("lakeside.floor-3.room-305"))["energy"] == Decimal("7.750")


def test_two_meters_never_share_a_udf1(world: World) -> None:
    labels = MeterLabels(name="Impostor", udf1=ROOM_302)
    with pytest.raises(LabelTaken):
        world.building.add_meter(labels, load=SteadyLoad(1), space_id=SPACE_ID)


def test_unknown_things_are_named(world: World) -> None:
    building: SimulatedBuilding = world.building
    with pytest.raises(NoSuchSpace):
        building.add_meter(MeterLabels(name="X"), load=SteadyLoad(1), space_id=1)
    with pytest.raises(NoSuchDevice):
        building.device("QUBE-ONE-NOBODY")
    with pytest.raises(NoSuchMeter):
        building.take_offline("nobody")


async def test_a_dropped_answer_leaves_the_relay_switched(world: World) -> None:
    world.building.fail_after_effect(ROOM_302, how="drop")
    with pytest.raises(httpx.RemoteProtocolError):
        await world.relay(False)
    assert (await world.metrics())["relay_state"] is False
    assert data_of(await world.relay(True)) is True


async def test_a_dropped_answer_leaves_mode_and_labels_changed(world: World) -> None:
    world.building.fail_after_effect(ROOM_302, times=2)
    with pytest.raises(httpx.RemoteProtocolError):
        await world.mode("prepaid")
    with pytest.raises(httpx.RemoteProtocolError):
        await world.client.put(world.device_path() + "/", json={"udf2": "north"})
    assert (await world.metrics())["mode"] == "PREPAID"
    assert world.building.meter(ROOM_302).labels.udf2 == "north"
    assert data_of(await world.mode("measurement")) is True


async def test_a_gateway_error_leaves_the_relay_switched(world: World) -> None:
    world.building.fail_after_effect(ROOM_302, times=2, how="gateway_error")
    for state in (False, True):
        response = await world.relay(state)
        assert response.status_code == 504
        with pytest.raises(json.JSONDecodeError):
            response.json()
        assert (await world.metrics())["relay_state"] is state
    assert data_of(await world.relay(False)) is True


async def test_a_stalled_answer_leaves_the_relay_switched(world: World) -> None:
    world.building.fail_after_effect(ROOM_302, how="stall")
    world.client.timeout = GIVES_UP_SOON
    with pytest.raises(httpx.ReadTimeout):
        await world.relay(False)
    world.client.timeout = httpx.Timeout(5)
    assert (await world.metrics())["relay_state"] is False


def test_an_unknown_way_to_fail_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="explode"):
        world.building.fail_after_effect(ROOM_302, how="explode")


async def test_an_ignored_command_succeeds_without_effect(world: World) -> None:
    world.building.ignore_commands(ROOM_302, times=2)
    assert data_of(await world.relay(False)) is False
    assert data_of(await world.mode("prepaid")) is False
    metrics = await world.metrics()
    assert (metrics["relay_state"], metrics["mode"]) == (True, "MEASUREMENT")
    assert data_of(await world.relay(False)) is True


async def test_a_proxy_page_stands_in_for_the_next_answers_only(world: World) -> None:
    world.building.answer_html(times=2)
    pages = [await world.get("/spaces/"), await world.relay(False)]
    assert [page.status_code for page in pages] == [502, 502]
    assert all(page.text.startswith("<html>") for page in pages)
    assert (await world.metrics())["relay_state"] is True


async def test_a_client_that_gives_up_on_a_silent_server_changes_nothing(world: World) -> None:
    world.building.set_unresponsive(math.inf)
    world.client.timeout = GIVES_UP_SOON
    with pytest.raises(httpx.ReadTimeout):
        await world.relay(False)
    world.client.timeout = httpx.Timeout(5)
    world.building.set_unresponsive(0)
    assert (await world.metrics())["relay_state"] is True


async def test_a_slow_server_answers_in_the_end(world: World) -> None:
    world.building.set_unresponsive(0.02)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert data_of(await world.relay(False)) is True
    assert loop.time() - begun >= 0.02
    assert world.building.meter(ROOM_302).relay_on is False
