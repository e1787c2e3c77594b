from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.sandbox.qube.lakeside import MAIN, ROOM_302, SPACE_ID
from bot.sandbox.qube.panel import panel_routes
from bot.sandbox.serving import serve

from .world import World

METER = f"/meters/{ROOM_302}"


@pytest.fixture
async def panel(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Mount("/panel", routes=panel_routes(world.building))])
    async with (
        serve(app) as url,
        httpx.AsyncClient(base_url=url + "/panel", verify=False) as client,
    ):
        yield client


async def shown(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


async def test_the_building_is_shown_with_its_meters(
    world: World, panel: httpx.AsyncClient
) -> None:
    (space,) = await shown(await panel.get("/building"))
    assert (space["space_id"], space["name"]) == (SPACE_ID, "Lakeside Apartments")
    meters = {meter["udf1"]: meter for meter in space["meters"]}
    meter = world.building.meter(ROOM_302)
    assert meters[ROOM_302] == {
        "room": "Room #302",
        "udf1": ROOM_302,
        "device_id": meter.device_id,
        "register": str(meter.register_kwh),
        "watts": meter.active_power_w,
        "relay_on": True,
        "has_relay": True,
        "online": True,
        "mode": "measurement",
        "phases": 1,
        "failures_ahead": 0,
    }
    assert meters[MAIN]["has_relay"] is False


async def test_a_meter_can_be_taken_offline_and_brought_back(
    world: World, panel: httpx.AsyncClient
) -> None:
    for is_online in (False, True):
        view = await shown(await panel.post(f"{METER}/online", json={"online": is_online}))
        assert view["online"] is world.building.meter(ROOM_302).is_online is is_online


async def test_a_meter_can_be_replaced(world: World, panel: httpx.AsyncClient) -> None:
    old_id = world.building.meter(ROOM_302).device_id
    view = await shown(await panel.post(f"{METER}/replace"))
    assert view["register"] == "0.000"
    assert view["device_id"] == world.building.meter(ROOM_302).device_id != old_id


async def test_a_meter_can_be_made_to_fail(world: World, panel: httpx.AsyncClient) -> None:
    order = {"how": "gateway_error", "times": 2}
    assert (await shown(await panel.post(f"{METER}/fail", json=order)))["failures_ahead"] == 2
    assert (await world.relay(False)).status_code == 504


async def test_the_clock_can_be_read_run_stepped_and_moved(panel: httpx.AsyncClient) -> None:
    start = {"now": "2026-10-27T04:30:00+00:00", "speed": 0}
    assert await shown(await panel.get("/clock")) == start
    stepped = await shown(await panel.post("/clock", json={"step_seconds": 3600}))
    assert stepped["now"] == "2026-10-27T05:30:00+00:00"
    order = {"move_to": "2026-10-28T00:00:00+05:30"}
    moved = await shown(await panel.post("/clock", json=order))
    assert moved["now"] == "2026-10-27T18:30:00+00:00"
    assert (await shown(await panel.post("/clock", json={"speed": 60})))["speed"] == 60


async def test_the_wire_shows_what_came_after_a_line(
    world: World, panel: httpx.AsyncClient
) -> None:
    await world.get("/spaces/", page="1")
    await world.relay(False)
    wire = await shown(await panel.get("/wire", params={"after": 1}))
    assert wire["last"] == 2
    (line,) = wire["lines"]
    assert (line["method"], line["body"], line["status"]) == ("PUT", '{"state":false}', 200)
    assert line["path"].endswith("/relay")
    everything = await shown(await panel.get("/wire"))
    assert everything["lines"][0]["path"] == "/api/v2/spaces/?page=1"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", {}),
        ("/clock", {"speed": -1}),
        ("/clock", {"speed": True}),
        ("/clock", {"speed": 1, "step_seconds": 1}),
        ("/clock", {"step_seconds": -1}),
        ("/clock", {"step_seconds": 1e12}),
        ("/clock", {"move_to": "2026-10-27T00:00:00+05:30"}),
        ("/clock", {"move_to": "2026-10-29T00:00:00"}),
        ("/clock", {"move_to": "2126-10-29T00:00:00Z"}),
        ("/clock", {"move_to": "tomorrow"}),
        ("/clock", []),
        (f"{METER}/online", {"online": "yes"}),
        (f"{METER}/fail", {"how": "explode"}),
        (f"{METER}/fail", {"how": ["drop"]}),
        (f"{METER}/fail", {"times": 0}),
        (f"{METER}/fail", {"times": True}),
    ],
)
async def test_bad_input_is_answered_with_a_sentence(
    world: World, panel: httpx.AsyncClient, path: str, body: object
) -> None:
    response = await panel.post(path, json=body)
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert world.clock.now().isoformat() == "2026-10-27T04:30:00+00:00"


async def test_a_body_or_number_that_cannot_be_read_is_refused(panel: httpx.AsyncClient) -> None:
    assert (await panel.post("/clock", content=b"faster!")).status_code == 400
    assert (await panel.get("/wire", params={"after": "x"})).status_code == 400


async def test_an_unknown_meter_is_named(panel: httpx.AsyncClient) -> None:
    response = await panel.post("/meters/nobody/replace")
    assert response.status_code == 404
    assert response.json() == {"error": "There is no meter nobody."}
