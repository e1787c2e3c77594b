"""A vendor that answers from a script, below the real HTTP client."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeAlias

import httpx
import stamina

from bot.qube.client import QubeClient, open_http
from bot.qube.gateway import QubeGateway
from bot.qube.limiter import BudgetedState, Limiter, MemoryBudgets, Rate
from tests.unit.qube.virtual_time import VirtualTicker

API_KEY = "qk-canary-5f2e91"
BASE_URL = "https://qube.test/api/v2"
ROOM = "QUBE-ONE-1A2C25"

Answer: TypeAlias = "Callable[[], httpx.Response] | Exception"


def ok(data: Any) -> Answer:
    """This function will be an envelope without message and timestamp around the data."""
    return ok_raw(json.dumps(data))


def ok_raw(data: str) -> Answer:
    """This function will be an envelope around data that is JSON already, digits and all."""
    return lambda: httpx.Response(200, text=f'{{"success": true, "data": {data}}}')


def failure(
    code: str,
    status: int = 400,
    *,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """This function will be an envelope around an error."""
    body = {"success": False, "data": None, "error": {"code": code, "detail": detail}}
    return lambda: httpx.Response(status, json=body, headers=headers)


def raw(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    """This function will be any body at all."""
    return lambda: httpx.Response(status, text=text, headers=headers)


def device(**changes: Any) -> Answer:
    """This function will be the documented device, online and with a relay."""
    return ok(
        {
            "name": "Room 302",
            "device_id": ROOM,
            "is_online": True,
            "has_relay": True,
            "active_mode": "measurement",
            "balance": 25000,
            "readings": [{"property_id": "energy", "value": 1450.5, "unit": "kWh"}],
            "udf1": "lakeside.302",
            "udf2": None,
            **changes,
        }
    )


def metrics(**changes: Any) -> Answer:
    """This function will be the documented metrics of a single-phase device."""
    return ok(
        {
            "device_id": ROOM,
            "eb_tariff": 650,
            "dg_tariff": 1800,
            "active_tariff": 1,
            "energy": 1450.5,
            "active_power": 850.0,
            "voltage": 229.5,
            "balance": 0,
            "relay_state": True,
            "mode": "MEASUREMENT",
            "pg_enabled": False,
            **changes,
        }
    )


class ScriptedVendor:
    """Answers each `METHOD path` in the order of its script; the last answer stays."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._script: dict[str, list[Answer]] = defaultdict(list)
        self._held: dict[str, asyncio.Event] = {}

    def will(self, call: str, *answers: Answer) -> None:
        """This function will add answers to the script of a call, as in `GET spaces/`."""
        self._script[call] += answers

    def hold(self, call: str) -> asyncio.Event:
        """This function will let a call hang until the event is set."""
        self._held[call] = asyncio.Event()
        return self._held[call]

    @property
    def calls(self) -> list[str]:
        """What was asked, in order, without the query."""
        return [self._name(request) for request in self.requests]

    def sent(self, call: str) -> Any:
        """This function will return the JSON body of the latest such call."""
        request = [each for each in self.requests if self._name(each) == call][-1]
        return json.loads(request.content)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0)  # others run meanwhile, as with any real vendor
        name = self._name(request)
        if held := self._held.get(name):
            await held.wait()
        script = self._script[name]
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return answer()

    def _name(self, request: httpx.Request) -> str:
        path = request.url.raw_path.decode().partition("?")[0]
        return f"{request.method} {path.removeprefix('/api/v2/')}"


@contextlib.asynccontextmanager
async def gateway_to(
    vendor: ScriptedVendor, ticker: VirtualTicker, *, per_minute: int = 1_000_000
) -> AsyncIterator[QubeGateway]:
    """This function will yield a gateway that waits in virtual time only."""
    state = BudgetedState(Rate.within(per_minute), MemoryBudgets(ticker))
    limiter = Limiter(state=state, ticker=ticker)
    retries = stamina.AsyncRetryingCaller(
        attempts=4, timeout=None, wait_initial=0, wait_max=0, wait_jitter=0
    )
    transport = httpx.MockTransport(vendor)
    async with open_http(api_key=API_KEY, base_url=BASE_URL, transport=transport) as http:
        yield QubeGateway(QubeClient(http, limiter=limiter, ticker=ticker, retries=retries))
        await limiter.aclose()
