"""The sandbox servers in a process of their own, so that they do not share the product's core.

`python -m tests.benchmarks.servers qube|telegram …` serves until its standard input is closed,
and says on standard output where. Beside the simulated API there is a way to look behind it.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.clock import SandboxClock
from bot.sandbox.qube.building import SimulatedBuilding
from bot.sandbox.qube.load import SteadyLoad
from bot.sandbox.qube.meter import MeterLabels
from bot.sandbox.qube.server import BASE_PATH, create_qube_app
from bot.sandbox.serving import serve
from bot.sandbox.telegram import SandboxPerson, TelegramWorld, create_bot_api_app
from tests.benchmarks.photo_queue import PhotoQueue

API_KEY = "benchmark-key"
START = datetime(2026, 11, 12, 6, 30, tzinfo=UTC)
"""Noon of a day in the middle of a month: a check needs one request for a meter."""
READ_BEFORE = timedelta(hours=24)
OPENING_KWH = Decimal(1450)
LOAD_W = 1000
SPACE_ID = 7
FIRST_TENANT = 700_000_001
NEVER = 3600.0


def udf1_of(number: int) -> str:
    """Return the stable name of a meter, counted from 1."""
    return f"BENCH-{number:05}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a server process listens: one API for each bot or key, and the way behind them."""

    apis: Sequence[str]
    control: str
    device_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request as the server saw it; seconds are monotonic, and the same in all processes."""

    at_s: float
    method: str
    path: str
    status: int


class ServerProcess:
    """A running server process, and what can be asked of it."""

    def __init__(self, addresses: Addresses, control: httpx.AsyncClient) -> None:
        self.addresses = addresses
        self._control = control

    async def post(self, path: str, **values: object) -> float:
        """This function will order something, and return the number that came of it."""
        response = await self._control.post(path, json=values)
        return float(response.raise_for_status().json())

    async def arrivals(self) -> list[Arrival]:
        """This function will return every request to the API since the last look."""
        response = await self._control.get("/arrivals")
        return [Arrival(**each) for each in response.raise_for_status().json()]


@asynccontextmanager
async def server_process(kind: str, *arguments: object) -> AsyncIterator[ServerProcess]:
    """This function will start a server process, and end it on leaving."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.servers", kind, *map(str, arguments)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        addresses = Addresses(**json.loads(await process.stdout.readline()))
        async with httpx.AsyncClient(base_url=addresses.control, timeout=NEVER) as control:
            yield ServerProcess(addresses, control)
    finally:
        process.stdin.close()
        await process.wait()


async def serve_qube(meters: int, requests_per_minute: int) -> None:
    """This function will serve a building of steady loads; 0 requests a minute is no limit."""
    clock = SandboxClock(START)
    building = SimulatedBuilding(clock)
    building.add_space(SPACE_ID, MeterLabels(name="Benchmark"))
    devices = [
        building.add_meter(
            MeterLabels(name=udf1_of(number), udf1=udf1_of(number)),
            load=SteadyLoad(LOAD_W),
            space_id=SPACE_ID,
            opening_kwh=OPENING_KWH,
            installed_at=START - READ_BEFORE,
        ).device_id
        for number in range(1, meters + 1)
    ]
    limit = requests_per_minute or None
    api = create_qube_app(building, api_key=API_KEY, requests_per_minute=limit)

    async def step(request: Request) -> Response:
        clock.step(timedelta(hours=(await request.json())["hours"]))
        return JSONResponse(0)

    async def arrivals(_: Request) -> Response:
        seen = [
            Arrival(at_s=each.real_seconds, method=each.method, path=each.path, status=each.status)
            for each in building.requests
        ]
        building.requests.clear()
        return JSONResponse([asdict(each) for each in seen])

    control = [Route("/step", step, methods=["POST"]), Route("/arrivals", arrivals)]
    async with serve(api) as url, serve(Starlette(routes=control)) as behind:
        await _until_closed(Addresses(apis=[url + BASE_PATH], control=behind, device_ids=devices))


async def serve_telegram(tokens: Sequence[str]) -> None:
    """This function will serve a world for each token, with one tenant in it who asks."""
    clock = SandboxClock(START)
    worlds = [TelegramWorld(token, f"bench{n}_bot", clock.now) for n, token in enumerate(tokens)]
    tenants = [world.person("Tenant", user_id=FIRST_TENANT) for world in worlds]
    queue = PhotoQueue()

    async def ask(request: Request) -> Response:
        values = await request.json()
        return JSONResponse(await _round_trip(tenants[values["world"]], values["text"]))

    async def send(request: Request) -> Response:
        values = await request.json()
        queue.fill(worlds[values["world"]], values["photos"], Path(values["folder"]))
        return JSONResponse(queue.waiting)

    async def waiting(_: Request) -> Response:
        return JSONResponse(queue.waiting)

    ways = {"/ask": ask, "/photos/send": send, "/photos/waiting": waiting}
    control = Starlette(routes=[Route(way, do, methods=["POST"]) for way, do in ways.items()])
    async with AsyncExitStack() as stack:
        apis = [await stack.enter_async_context(serve(create_bot_api_app(w))) for w in worlds]
        behind = await stack.enter_async_context(serve(control))
        await _until_closed(Addresses(apis=apis, control=behind))
        for world in worlds:
            await world.aclose()


async def _round_trip(person: SandboxPerson, text: str) -> float:
    """Return the seconds from a person's message to the bot's, which waits in a poll for it."""
    world = person.world
    await world.updates.polled.wait()
    seq, began = world.changes.seq, time.perf_counter()
    person.send_text(text)
    await person.until(lambda each: _is_answered(each, seq), timeout_s=NEVER)
    return time.perf_counter() - began


def _is_answered(person: SandboxPerson, seq: int) -> bool:
    last = person.messages[-1]
    return last.from_bot and last.seq > seq


async def _until_closed(addresses: Addresses) -> None:
    print(json.dumps(asdict(addresses)), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Serve what the command line says."""
    parser = argparse.ArgumentParser()
    kinds = parser.add_subparsers(dest="kind", required=True)
    qube = kinds.add_parser("qube")
    qube.add_argument("meters", type=int)
    qube.add_argument("requests_per_minute", type=int)
    kinds.add_parser("telegram").add_argument("tokens", nargs="+")
    asked = parser.parse_args()
    if asked.kind == "qube":
        asyncio.run(serve_qube(asked.meters, asked.requests_per_minute))
    else:
        asyncio.run(serve_telegram(asked.tokens))


if __name__ == "__main__":
    main()
