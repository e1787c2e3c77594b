"""The key goes to the vendor and nowhere else."""

import logging
import traceback

import httpx
import pytest

from bot.qube import QubeGateway
from bot.qube.client import ApiKeyUnusable, open_http
from bot.services.ports import GatewayError, Lane
from tests.unit.qube.virtual_time import VirtualTicker

from .vendor import (
    API_KEY,
    BASE_URL,
    ROOM,
    Answer,
    ScriptedVendor,
    device,
    failure,
    gateway_to,
    ok,
)


def everything_inside(thing: object, depth: int = 6) -> str:
    """This function will show a thing and what hangs on it, as a careless log would."""
    shown = [repr(thing), str(thing)]
    inside = getattr(thing, "__dict__", None)
    if depth and inside and type(thing).__module__.startswith(("bot", "httpx")):
        shown += [
            everything_inside(value, depth - 1)
            for name, value in inside.items()
            if name != "_api_key"
        ]
    return "\n".join(shown)


async def test_neither_gateway_nor_client_shows_the_key(gateway: QubeGateway) -> None:
    assert API_KEY not in everything_inside(gateway)


@pytest.mark.parametrize(
    "answer",
    [
        failure("authentication_error", 401, detail="API key is invalid."),
        httpx.ReadError("reset"),
        lambda: httpx.Response(502, text="<html>"),
    ],
)
async def test_no_log_and_no_traceback_shows_the_key(
    caplog: pytest.LogCaptureFixture,
    vendor: ScriptedVendor,
    ticker: VirtualTicker,
    answer: Answer,
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor.will("GET spaces/", ok([]))
    vendor.will(f"GET devices/{ROOM}/", device())
    vendor.will(f"PUT devices/{ROOM}/relay", answer)
    vendor.will(f"GET devices/{ROOM}/metrics", answer)
    async with gateway_to(vendor, ticker) as gateway:
        await gateway.spaces(lane=Lane.SWEEP)
        with pytest.raises(GatewayError) as put:
            await gateway.switch(ROOM, on=True, lane=Lane.RESTORE)
        with pytest.raises(GatewayError) as got:
            await gateway.metrics(ROOM, lane=Lane.SWEEP)

    told = caplog.text + "".join(
        line for error in (put.value, got.value) for line in traceback.format_exception(error)
    )
    assert vendor.requests[-1].headers["X-Qube-API-Key"] == API_KEY
    assert "spaces/" in told
    assert API_KEY not in told


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "ключ", "tab\t"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ApiKeyUnusable) as refused:
        open_http(api_key=key, base_url=BASE_URL)

    assert str(refused.value) == ""
