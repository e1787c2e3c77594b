from datetime import timedelta

import pytest

from bot.sandbox.qube.building import NoSuchMeter
from bot.sandbox.qube.lakeside import (
    MAIN,
    PREPAID_ROOM,
    ROOM_302,
    ROOM_WITHOUT_RELAY,
    SHOP,
    SPACE_ID,
)

from .world import World, data_of, parsed, refusal_of


async def test_the_relay_cuts_and_restores_the_power(world: World) -> None:
    answer = parsed(await world.relay(False))
    assert (answer["success"], answer["data"], answer["message"]) == (
        True,
        True,
        "Relay turned off",
    )
    before = await world.metrics()
    assert (before["relay_state"], before["active_power"]) == (False, 0)
    world.clock.step(timedelta(hours=3))
    assert (await world.metrics())["energy"] == before["energy"]
    assert data_of(await world.relay(True)) is True
    world.clock.step(timedelta(hours=3))
    assert (await world.metrics())["energy"] > before["energy"]


@pytest.mark.parametrize("state", ["on", 1, None])
async def test_a_relay_state_that_is_not_a_boolean_is_refused(world: World, state: object) -> None:
    assert refusal_of(await world.relay(state))[0] == 400
    assert (await world.metrics())["relay_state"] is True


async def test_a_body_that_is_not_json_is_refused(world: World) -> None:
    for content in (b"", b"[]", b"state=true"):
        response = await world.client.put(world.device_path() + "/relay", content=content)
        assert refusal_of(response)[0] == 400


async def test_a_device_without_relay_refuses_the_command(world: World) -> None:
    refused = refusal_of(await world.relay(False, ROOM_WITHOUT_RELAY))
    assert refused == (400, "relay_not_supported")


async def test_an_offline_device_refuses_relay_and_mode(world: World) -> None:
    world.building.take_offline(ROOM_302)
    assert refusal_of(await world.relay(False)) == (400, "device_offline")
    assert refusal_of(await world.mode("prepaid")) == (400, "device_offline")
    world.building.bring_back(ROOM_302)
    assert (await world.metrics())["relay_state"] is True


async def test_the_shop_with_three_phases_can_be_switched(world: World) -> None:
    assert data_of(await world.relay(False, SHOP)) is True
    assert world.building.meter(SHOP).is_flowing is False


@pytest.mark.parametrize("mode", ["measurement", "prepaid", "postpaid", "relay_off"])
async def test_a_mode_is_taken_over(world: World, mode: str) -> None:
    assert data_of(await world.mode(mode, PREPAID_ROOM)) is True
    assert (await world.metrics(PREPAID_ROOM))["mode"] == mode.upper()


async def test_an_unknown_mode_is_refused(world: World) -> None:
    for mode in ("MEASUREMENT", "free", None):
        assert refusal_of(await world.mode(mode))[0] == 400


async def test_mode_relay_off_keeps_the_power_off(world: World) -> None:
    await world.mode("relay_off")
    assert (await world.metrics())["relay_state"] is False
    assert data_of(await world.relay(True)) is False
    await world.mode("measurement")
    assert (await world.metrics())["relay_state"] is True


async def test_an_update_changes_only_the_fields_that_are_given(world: World) -> None:
    path = world.device_path() + "/"
    answer = parsed(await world.client.put(path, json={"udf2": "tenant-9", "description": "sunny"}))
    assert answer["message"] == "Device updated"
    device = data_of(await world.get(path))
    assert (device["udf2"], device["description"]) == ("tenant-9", "sunny")
    assert (device["udf1"], device["name"]) == (ROOM_302, "Room #302")
    await world.client.put(path, json={"udf2": None})
    assert data_of(await world.get(path))["udf2"] is None


async def test_an_update_of_udf1_renames_the_meter(world: World) -> None:
    device_id = world.building.meter(ROOM_302).device_id
    await world.client.put(world.device_path() + "/", json={"udf1": "lakeside.attic"})
    assert world.building.meter("lakeside.attic").device_id == device_id
    with pytest.raises(NoSuchMeter):
        world.building.meter(ROOM_302)


async def test_a_space_can_be_renamed(world: World) -> None:
    answer = parsed(await world.client.put(f"/spaces/{SPACE_ID}/", json={"name": "Lakeside II"}))
    assert answer["message"] == "Space updated"
    space = data_of(await world.get(f"/spaces/{SPACE_ID}/"))
    assert (space["name"], space["udf1"]) == ("Lakeside II", "lakeside")


@pytest.mark.parametrize("fields", [{"name": None}, {"udf3": 7}, {"udf1": MAIN}])
async def test_an_impossible_update_changes_nothing(
    world: World, fields: dict[str, object]
) -> None:
    path = world.device_path() + "/"
    assert refusal_of(await world.client.put(path, json=fields))[0] == 400
    device = data_of(await world.get(path))
    assert (device["name"], device["udf1"], device["udf3"]) == ("Room #302", ROOM_302, None)


async def test_an_update_needs_no_connection_to_the_device(world: World) -> None:
    world.building.take_offline(ROOM_302)
    response = await world.client.put(world.device_path() + "/", json={"udf2": "tenant-9"})
    assert data_of(response)["udf2"] == "tenant-9"
