"""What is repeated and when, what stops everything, and that the limit sees each attempt."""

import asyncio

import httpx
import pytest

from bot.qube import QubeGateway
from bot.services.ports import (
    DeviceUnknown,
    GatewayError,
    GatewayUnavailable,
    KeyRejected,
    Lane,
    LiveMetrics,
)
from tests.unit.qube.virtual_time import VirtualTicker, settle

from .vendor import ROOM, Answer, ScriptedVendor, failure, gateway_to, metrics, ok, raw

METRICS = f"GET devices/{ROOM}/metrics"
DOWN = httpx.ConnectError("refused")


async def read(gateway: QubeGateway, lane: Lane = Lane.SWEEP) -> LiveMetrics:
    return await gateway.metrics(ROOM, lane=lane)


@pytest.mark.parametrize(
    "hiccup",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("hung up"),
        raw(502, "<html>Bad Gateway</html>"),
        failure("internal", 503),
        failure("throttled", 429, headers={"Retry-After": "0"}),
        failure("slow_down", 429, headers={"Retry-After": "0"}),
        failure("throttled", 400, headers={"Retry-After": "0"}),
    ],
)
async def test_a_read_is_repeated_after_a_hiccup(
    gateway: QubeGateway, vendor: ScriptedVendor, ticker: VirtualTicker, hiccup: Answer
) -> None:
    vendor.will(METRICS, hiccup, hiccup, metrics())

    await ticker.run(read(gateway))

    assert vendor.calls == [METRICS] * 3


async def test_a_read_gives_up_in_the_end(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    vendor.will(METRICS, DOWN)

    with pytest.raises(GatewayUnavailable):
        await read(gateway)

    assert vendor.calls == [METRICS] * 4


async def test_every_attempt_takes_a_slot(vendor: ScriptedVendor, ticker: VirtualTicker) -> None:
    vendor.will(METRICS, DOWN, DOWN, DOWN, metrics())
    async with gateway_to(vendor, ticker, per_minute=10) as gateway:
        await ticker.run(read(gateway))

    assert ticker.seconds >= 3 * 60 / 10


@pytest.mark.parametrize(
    ("headers", "least_seconds", "most_seconds"),
    [
        ({"Retry-After": "37"}, 37, 37),
        ({"Retry-After": "1.5"}, 1.5, 1.5),
        ({"Retry-After": "0"}, 0, 0),
        ({"Retry-After": "-3"}, 0, 0),
        ({"Retry-After": "nan"}, 0, 0),
        ({"Retry-After": "99999999"}, 600, 600),
        (
            {
                "Retry-After": "Fri, 25 Oct 2024 10:00:45 GMT",
                "Date": "Fri, 25 Oct 2024 10:00:00 GMT",
            },
            45,
            45,
        ),
        ({"Retry-After": "Fri, 25 Oct 2024 10:00:45 GMT"}, 10, 20),
        ({"Retry-After": "soon", "Date": "never"}, 10, 20),
        ({}, 10, 20),
    ],
)
async def test_too_many_requests_pause_the_whole_key(
    gateway: QubeGateway,
    vendor: ScriptedVendor,
    ticker: VirtualTicker,
    headers: dict[str, str],
    least_seconds: float,
    most_seconds: float,
) -> None:
    vendor.will(METRICS, failure("throttled", 429, headers=headers), metrics())
    vendor.will("GET spaces/", ok([]))

    first = asyncio.create_task(read(gateway))
    await settle()
    second = asyncio.create_task(gateway.spaces(lane=Lane.RESTORE))
    await ticker.pass_until(least_seconds - 0.01)
    assert first.done() is second.done() is (least_seconds == 0)
    await ticker.run(asyncio.wait([first, second]))

    assert least_seconds <= ticker.seconds <= most_seconds + 0.01


async def test_too_many_requests_may_be_said_without_an_envelope(
    gateway: QubeGateway, vendor: ScriptedVendor, ticker: VirtualTicker
) -> None:
    vendor.will(METRICS, raw(429, "Slow down", {"Retry-After": "5"}), metrics())

    await ticker.run(read(gateway))

    assert ticker.seconds == 5


async def test_failures_in_a_row_stop_all_calls_for_a_while(
    gateway: QubeGateway, vendor: ScriptedVendor, ticker: VirtualTicker
) -> None:
    vendor.will(METRICS, *[DOWN] * 5, metrics())
    vendor.will("GET spaces/", ok([]))
    for _ in range(2):
        with pytest.raises(GatewayUnavailable):
            await read(gateway)
    asked = len(vendor.calls)

    with pytest.raises(GatewayUnavailable) as refused:
        await gateway.spaces(lane=Lane.RESTORE)

    assert refused.value.code == "circuit_open"
    assert asked == len(vendor.calls) == 5
    await ticker.pass_until(30)
    await gateway.spaces(lane=Lane.RESTORE)
    await read(gateway)


async def test_refusals_of_devices_do_not_open_the_circuit(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(METRICS, failure("device_not_found"))
    for _ in range(20):
        with pytest.raises(DeviceUnknown):
            await read(gateway)

    assert len(vendor.calls) == 20


async def test_an_answer_of_any_kind_proves_that_the_vendor_is_there(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    refused = failure("device_not_found")
    vendor.will(METRICS, DOWN, DOWN, DOWN, refused, DOWN, DOWN, DOWN, refused)

    for _ in range(2):
        with pytest.raises(DeviceUnknown):
            await read(gateway)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(failure("authentication_error", 401), KeyRejected), (DOWN, GatewayUnavailable)],
)
async def test_only_one_of_many_waiters_probes(
    vendor: ScriptedVendor, ticker: VirtualTicker, answer: Answer, kind: type[GatewayError]
) -> None:
    vendor.will(METRICS, answer)
    vendor.will("GET spaces/", failure("throttled", 429, headers={"Retry-After": "600"}))
    async with gateway_to(vendor, ticker, per_minute=600) as gateway:
        spaces_answer = vendor.hold("GET spaces/")
        spaces = asyncio.create_task(gateway.spaces(lane=Lane.SWEEP))
        await asyncio.wait([asyncio.create_task(read(gateway)) for _ in range(5)])
        await ticker.pass_until(10)
        spaces_answer.set()  # from now on the key pauses, until after the time of the probe
        await asyncio.wait([spaces])
        asked = len(vendor.calls)

        await ticker.pass_until(605)
        metrics_answer = vendor.hold(METRICS)
        waiters = [asyncio.create_task(read(gateway)) for _ in range(3)]
        await ticker.pass_until(620)

        assert len(vendor.calls) == asked + 1
        assert [task.done() for task in waiters] == [False, True, True]
        metrics_answer.set()
        await ticker.run(asyncio.wait(waiters))
    assert all(isinstance(task.exception(), kind) for task in [*waiters, spaces])


async def test_a_call_that_is_not_to_be_made_waits_for_no_slot(
    vendor: ScriptedVendor, ticker: VirtualTicker
) -> None:
    vendor.will("GET spaces/", failure("authentication_error", 401))
    async with gateway_to(vendor, ticker, per_minute=1) as gateway:
        for _ in range(3):
            with pytest.raises(KeyRejected):
                await ticker.run(gateway.spaces(lane=Lane.SWEEP))

    assert ticker.seconds == 0


@pytest.mark.parametrize(
    ("answer", "kind", "asked"),
    [(failure("authentication_error", 401), KeyRejected, 1), (DOWN, GatewayUnavailable, 5)],
)
async def test_those_who_wait_for_a_slot_fail_with_the_one_who_found_out(
    vendor: ScriptedVendor,
    ticker: VirtualTicker,
    answer: Answer,
    kind: type[GatewayError],
    asked: int,
) -> None:
    vendor.will(METRICS, answer)
    async with gateway_to(vendor, ticker, per_minute=60) as gateway:
        sweep = [asyncio.create_task(read(gateway)) for _ in range(100)]
        await ticker.run(asyncio.wait(sweep))

    assert all(isinstance(task.exception(), kind) for task in sweep)
    assert len(vendor.calls) == asked
    assert ticker.seconds < 10


async def test_a_rejected_key_stops_all_calls(
    gateway: QubeGateway, vendor: ScriptedVendor, ticker: VirtualTicker
) -> None:
    vendor.will("GET spaces/", failure("authentication_error", 401, detail="invalid"), ok([]))

    for _ in range(10):
        with pytest.raises(KeyRejected) as rejected:
            await gateway.spaces(lane=Lane.SWEEP)
        with pytest.raises(KeyRejected):
            await gateway.switch(ROOM, on=True, lane=Lane.RESTORE)
        assert (rejected.value.code, rejected.value.detail) == (
            "authentication_error",
            "invalid",
        )
    assert vendor.calls == ["GET spaces/"]

    await ticker.pass_until(600)
    await gateway.spaces(lane=Lane.SWEEP)
    await gateway.spaces(lane=Lane.SWEEP)


async def test_a_caller_that_gives_up_leaves_the_gateway_working(
    vendor: ScriptedVendor, ticker: VirtualTicker
) -> None:
    vendor.will(METRICS, metrics())
    async with gateway_to(vendor, ticker, per_minute=60) as gateway:
        sweep = [asyncio.create_task(read(gateway)) for _ in range(20)]
        await settle()
        for task in sweep[5:]:
            task.cancel()

        await ticker.run(asyncio.wait(sweep))
        await ticker.run(read(gateway))

    assert len(vendor.calls) == 6


async def test_a_relay_command_reaches_the_meter_within_two_slots(
    vendor: ScriptedVendor, ticker: VirtualTicker
) -> None:
    vendor.will(METRICS, metrics())
    vendor.will(
        f"GET devices/{ROOM}/", ok({"is_online": True, "has_relay": True, "device_id": ROOM})
    )
    vendor.will(f"PUT devices/{ROOM}/relay", ok(True))
    slot_seconds = 60 / 97
    async with gateway_to(vendor, ticker, per_minute=100) as gateway:
        sweep = [asyncio.create_task(read(gateway)) for _ in range(200)]
        await ticker.pass_until(60)
        await ticker.run(gateway.switch(ROOM, on=True, lane=Lane.RESTORE))
        took_seconds = ticker.seconds - 60
        await ticker.run(asyncio.wait(sweep))

    assert took_seconds <= 2 * slot_seconds + 0.01
