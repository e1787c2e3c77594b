from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.sandbox.qube.lakeside import PREPAID_ROOM, ROOM_302, SHOP, SPACE_ID
from bot.sandbox.qube.meter import Supply

from .world import MORNING, World, data_of, local, parsed, refusal_of

HISTORY = {
    "property_id": "energy",
    "from_date": "2026-10-25",
    "to_date": "2026-10-26",
    "interval": "1d",
}


async def test_the_spaces_list_every_device_with_its_labels(world: World) -> None:
    (space,) = data_of(await world.get("/spaces/"))
    assert (space["name"], space["space_id"]) == ("Lakeside Apartments", SPACE_ID)
    assert space["tags"] == []
    devices = {device["udf1"]: device for device in space["devices"]}
    assert devices[ROOM_302] == {
        "device_id": world.building.meter(ROOM_302).device_id,
        "name": "Room #302",
        "active_mode": "measurement",
        "udf1": ROOM_302,
        "udf2": None,
        "udf3": None,
        "udf4": None,
        "udf5": None,
    }
    assert data_of(await world.get(f"/spaces/{SPACE_ID}/")) == space


async def test_every_answer_is_stamped_in_utc(world: World) -> None:
    answer = parsed(await world.get("/spaces/"))
    assert answer.keys() == {"success", "data", "timestamp"}
    assert answer["timestamp"] == "2026-10-27T04:30:00.000Z"


async def test_a_device_is_described_with_its_readings(world: World) -> None:
    device = data_of(await world.get(world.device_path() + "/"))
    assert device["is_online"] is device["has_relay"] is True
    assert (device["active_mode"], device["udf1"]) == ("measurement", ROOM_302)
    units = {reading["property_id"]: reading["unit"] for reading in device["readings"]}
    assert units == {"energy": "kWh", "active_power": "W", "voltage": "V"}


async def test_an_offline_device_is_described_with_what_it_last_sent(world: World) -> None:
    world.building.take_offline(ROOM_302)
    world.clock.step(timedelta(days=1))
    device = data_of(await world.get(world.device_path() + "/"))
    meter = world.building.meter(ROOM_302)
    energy, power, _ = (reading["value"] for reading in device["readings"])
    assert device["is_online"] is False
    assert (energy, power) == (meter.register_kwh_at(MORNING), meter.active_power_w_at(MORNING))
    assert energy < meter.register_kwh


async def test_the_metrics_show_the_moment_with_exact_digits(world: World) -> None:
    world.clock.move_to(local("2026-11-18T23:59"))
    response = await world.get(world.device_path() + "/metrics")
    assert '"energy":1898.385,' in response.text
    metrics = data_of(response)
    assert metrics == {
        "device_id": world.building.meter(ROOM_302).device_id,
        "eb_tariff": 650,
        "dg_tariff": 1800,
        "active_tariff": 1,
        "energy": Decimal("1898.385"),
        "active_power": world.building.meter(ROOM_302).active_power_w,
        "voltage": world.building.meter(ROOM_302).voltage_v,
        "balance": 0,
        "relay_state": True,
        "mode": "MEASUREMENT",
        "pg_enabled": False,
    }


async def test_modes_are_lower_case_in_devices_and_upper_case_in_metrics(world: World) -> None:
    device = data_of(await world.get(world.device_path(PREPAID_ROOM) + "/"))
    metrics = await world.metrics(PREPAID_ROOM)
    assert (device["active_mode"], metrics["mode"]) == ("prepaid", "PREPAID")
    assert metrics["balance"] == 500_000


async def test_history_closes_each_day_at_its_last_second(world: World) -> None:
    assert await world.history("2026-10-25", "2026-10-26") == [
        {
            "property_id": "energy",
            "value": Decimal("1450.000"),
            "unit": "kWh",
            "timestamp": "2026-10-25T23:59:59+05:30",
        },
        {
            "property_id": "energy",
            "value": world.building.meter(ROOM_302).register_kwh_at(local("2026-10-27T00:00")),
            "unit": "kWh",
            "timestamp": "2026-10-26T23:59:59+05:30",
        },
    ]


async def test_history_says_what_was_asked_for(world: World) -> None:
    data = data_of(await world.get(world.device_path() + "/metrics/history", **HISTORY))
    asked = (data["device_id"], data["from_date"], data["to_date"])
    assert asked == (world.building.meter(ROOM_302).device_id, "2026-10-25", "2026-10-26")


async def test_history_has_no_point_for_a_day_that_is_not_over(world: World) -> None:
    points = await world.history("2026-10-26", "2026-10-31")
    assert [point["timestamp"][:10] for point in points] == ["2026-10-26"]


async def test_history_can_be_told_to_hold_a_partial_day(world: World) -> None:
    world.building.has_partial_day = True
    point = (await world.history("2026-10-26", "2026-10-31"))[-1]
    assert point["timestamp"] == "2026-10-27T23:59:59+05:30"
    assert point["value"] == world.building.meter(ROOM_302).register_kwh


async def test_history_is_empty_before_the_device_was_installed(world: World) -> None:
    assert await world.history("2024-01-01", "2024-12-31") == []


async def test_history_is_kept_and_served_while_the_device_is_offline(world: World) -> None:
    world.building.take_offline(ROOM_302)
    world.clock.move_to(local("2026-10-30T08:00"))
    days = [point["timestamp"][8:10] for point in await world.history("2026-10-26", "2026-10-31")]
    assert days == ["26", "27", "28", "29"]


async def test_a_lost_day_is_missing_from_history(world: World) -> None:
    world.building.lose_day(ROOM_302, date(2026, 10, 25))
    days = [point["timestamp"][8:10] for point in await world.history("2026-10-24", "2026-10-26")]
    assert days == ["24", "26"]


@pytest.mark.parametrize(
    "change",
    [
        {"from_date": ""},
        {"from_date": "25-10-2026"},
        {"to_date": "20261026"},
        {"to_date": "2026-10-24"},
        {"interval": "1h"},
        {"property_id": "voltage"},
    ],
)
async def test_history_refuses_what_it_cannot_read(world: World, change: dict[str, str]) -> None:
    path = world.device_path() + "/metrics/history"
    assert refusal_of(await world.get(path, **(HISTORY | change)))[0] == 400


async def test_a_three_phase_device_has_neither_metrics_nor_history(world: World) -> None:
    path = world.device_path(SHOP)
    assert refusal_of(await world.get(path + "/metrics")) == (400, "not_supported")
    assert refusal_of(await world.get(path + "/metrics/history", **HISTORY))[1] == "not_supported"
    assert data_of(await world.get(path + "/"))["udf1"] == SHOP


async def test_metrics_need_the_device_online(world: World) -> None:
    world.building.take_offline(ROOM_302)
    assert refusal_of(await world.get(world.device_path() + "/metrics")) == (400, "device_offline")
    world.building.bring_back(ROOM_302)
    assert (await world.metrics())["relay_state"] is True


async def test_the_generator_shows_as_tariff_two(world: World) -> None:
    world.building.switch_supply(Supply.GENERATOR)
    assert (await world.metrics())["active_tariff"] == 2


@pytest.mark.parametrize("space_id", ["999", "lakeside"])
async def test_an_unknown_space_is_not_yours(world: World, space_id: str) -> None:
    assert refusal_of(await world.get(f"/spaces/{space_id}/")) == (400, "not_your_space")


@pytest.mark.parametrize("rest", ["/", "/metrics", "/metrics/history"])
async def test_an_unknown_device_is_not_found(world: World, rest: str) -> None:
    response = await world.get(f"/devices/QUBE-ONE-NOBODY{rest}", **HISTORY)
    assert refusal_of(response) == (400, "device_not_found")


async def test_a_device_in_no_space_is_refused_with_417(world: World) -> None:
    world.building.take_out_of_space(ROOM_302)
    refused = refusal_of(await world.get(world.device_path() + "/metrics"))
    assert refused == (417, "device_not_in_space")
    (space,) = data_of(await world.get("/spaces/"))
    assert ROOM_302 not in {device["udf1"] for device in space["devices"]}


@pytest.mark.parametrize(
    "path",
    ["/spaces", f"/spaces/{SPACE_ID}", "DEVICE", "DEVICE/metrics/", "DEVICE/relay/", "/nowhere"],
)
async def test_a_wrong_slash_meets_a_page_that_is_not_json(world: World, path: str) -> None:
    response = await world.get(path.replace("DEVICE", world.device_path()))
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


async def test_a_wrong_method_meets_a_page_that_is_not_json(world: World) -> None:
    response = await world.client.post("/spaces/")
    assert (response.status_code, response.text[:6]) == (405, "<html>")


@pytest.mark.parametrize("headers", [{"X-Qube-API-Key": "wrong"}, {"X-Qube-API-Key": ""}])
async def test_a_wrong_key_is_refused(world: World, headers: dict[str, str]) -> None:
    response = await world.client.get("/spaces/", headers=headers)
    assert refusal_of(response) == (401, "authentication_error")


async def test_a_missing_key_is_refused(world: World) -> None:
    del world.client.headers["X-Qube-API-Key"]
    assert refusal_of(await world.get("/spaces/")) == (401, "authentication_error")


async def test_a_revoked_key_is_refused(world: World) -> None:
    world.building.revoke_key()
    assert refusal_of(await world.get("/spaces/")) == (401, "authentication_error")
