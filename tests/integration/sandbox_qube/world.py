"""A building on a paused clock, behind HTTP, and a client that talks to it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.lakeside import ROOM_302, lakeside_building
from bot.sandbox.qube.load import KOLKATA
from bot.sandbox.qube.server import BASE_PATH, create_qube_app
from bot.sandbox.serving import serve

API_KEY = "a-key"
HEADERS = {"X-Qube-API-Key": API_KEY}


def local(text: str) -> datetime:
    """This function will read an instant without offset as one in India."""
    return datetime.fromisoformat(text).replace(tzinfo=KOLKATA)


MORNING = local("2026-10-27T10:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    clock: SandboxClock
    building: SimulatedBuilding
    client: httpx.AsyncClient

    def device_path(self, udf1: str = ROOM_302) -> str:
        return f"/devices/{self.building.meter(udf1).device_id}"

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.client.get(path, params=query)

    async def metrics(self, udf1: str = ROOM_302) -> Any:
        return data_of(await self.get(self.device_path(udf1) + "/metrics"))

    async def relay(self, state: object, udf1: str = ROOM_302) -> httpx.Response:
        return await self.client.put(self.device_path(udf1) + "/relay", json={"state": state})

    async def mode(self, mode: object, udf1: str = ROOM_302) -> httpx.Response:
        return await self.client.put(self.device_path(udf1) + "/mode", json={"mode": mode})

    async def history(self, first: str, last: str, udf1: str = ROOM_302) -> list[dict[str, Any]]:
        path = self.device_path(udf1) + "/metrics/history"
        query = {"property_id": "energy", "from_date": first, "to_date": last, "interval": "1d"}
        readings: list[dict[str, Any]] = data_of(await self.get(path, **query))["readings"]
        return readings


@asynccontextmanager
async def lakeside(
    *, start: datetime = MORNING, requests_per_minute: int | None = None
) -> AsyncIterator[World]:
    clock = SandboxClock(start)
    building = lakeside_building(clock)
    app = create_qube_app(building, api_key=API_KEY, requests_per_minute=requests_per_minute)
    async with (
        serve(app) as url,
        httpx.AsyncClient(base_url=url + BASE_PATH, headers=HEADERS, verify=False) as client,
    ):
        yield World(clock=clock, building=building, client=client)


def parsed(response: httpx.Response) -> Any:
    return json.loads(response.text, parse_float=Decimal)


def data_of(response: httpx.Response) -> Any:
    body = parsed(response)
    assert (response.status_code, body["success"]) == (200, True), response.text
    return body["data"]


def refusal_of(response: httpx.Response) -> tuple[int, str]:
    body = parsed(response)
    assert body["success"] is False
    assert body["error"]["detail"]
    return response.status_code, body["error"]["code"]
