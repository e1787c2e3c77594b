"""Commands are sent once, to devices that can obey, and success is what the vendor confirms."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from bot.qube import QubeGateway
from bot.services.ports import (
    DeviceMode,
    DeviceUnreachable,
    GatewayUnavailable,
    Lane,
    OutcomeUnknown,
    Refused,
)

from .vendor import ROOM, Answer, ScriptedVendor, device, failure, ok, raw

DEVICE = f"GET devices/{ROOM}/"
RELAY = f"PUT devices/{ROOM}/relay"
MODE = f"PUT devices/{ROOM}/mode"
LABEL = f"PUT devices/{ROOM}/"
SPACE = "GET spaces/123/"

LOST: list[Answer] = [
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("hung up"),
    httpx.WriteError("broken pipe"),
    raw(504, "<html>Gateway Timeout</html>"),
    failure("internal", 500),
    raw(200, "<html>OK</html>"),
]


@pytest.mark.parametrize("on", [True, False])
async def test_a_switch_asks_first_and_commands_then(
    gateway: QubeGateway, vendor: ScriptedVendor, on: bool
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(RELAY, ok(True))

    assert await gateway.switch(ROOM, on=on, lane=Lane.CUT) is True

    assert vendor.calls == [DEVICE, RELAY]
    assert vendor.sent(RELAY) == {"state": on}


@pytest.mark.parametrize("data", [False, None, "true", 1, {"state": True}])
async def test_only_true_means_that_the_relay_moved(
    gateway: QubeGateway, vendor: ScriptedVendor, data: Any
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(RELAY, ok(data))

    assert await gateway.switch(ROOM, on=True, lane=Lane.RESTORE) is False


async def test_an_offline_device_is_not_commanded(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(DEVICE, device(is_online=False))

    with pytest.raises(DeviceUnreachable):
        await gateway.switch(ROOM, on=False, lane=Lane.CUT)
    with pytest.raises(DeviceUnreachable):
        await gateway.set_mode(ROOM, DeviceMode.MEASUREMENT, lane=Lane.MANUAL)

    assert vendor.calls == [DEVICE, DEVICE]


async def test_a_device_without_a_relay_is_not_commanded(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(DEVICE, device(has_relay=False))

    with pytest.raises(Refused) as refused:
        await gateway.switch(ROOM, on=False, lane=Lane.CUT)

    assert refused.value.code == "no_relay"
    assert vendor.calls == [DEVICE]


@pytest.mark.parametrize("lost", LOST)
async def test_a_command_without_an_answer_is_unknown_and_never_repeated(
    gateway: QubeGateway, vendor: ScriptedVendor, lost: Answer
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(RELAY, lost)

    with pytest.raises(OutcomeUnknown):
        await gateway.switch(ROOM, on=False, lane=Lane.CUT)

    assert vendor.calls == [DEVICE, RELAY]


@pytest.mark.parametrize(
    "unsent", [httpx.ConnectError("refused"), failure("throttled", 429), raw(429, "slow down")]
)
async def test_a_command_that_never_arrived_is_not_unknown(
    gateway: QubeGateway, vendor: ScriptedVendor, unsent: Answer
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(RELAY, unsent)

    with pytest.raises(GatewayUnavailable) as unavailable:
        await gateway.switch(ROOM, on=False, lane=Lane.CUT)

    assert not isinstance(unavailable.value, OutcomeUnknown)
    assert vendor.calls == [DEVICE, RELAY]


async def test_a_command_that_is_refused_says_why(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(RELAY, failure("relay_locked", detail="by hand"))

    with pytest.raises(Refused) as refused:
        await gateway.switch(ROOM, on=True, lane=Lane.RESTORE)

    assert (refused.value.code, refused.value.detail) == ("relay_locked", "by hand")


@pytest.mark.parametrize(
    "mode",
    [DeviceMode.MEASUREMENT, DeviceMode.PREPAID, DeviceMode.POSTPAID, DeviceMode.RELAY_OFF],
)
async def test_modes_are_sent_in_lower_case(
    gateway: QubeGateway, vendor: ScriptedVendor, mode: DeviceMode
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(MODE, ok(True), ok(False))

    assert await gateway.set_mode(ROOM, mode, lane=Lane.MANUAL) is True
    assert await gateway.set_mode(ROOM, mode, lane=Lane.MANUAL) is False
    assert vendor.sent(MODE) == {"mode": mode.value}


async def test_a_mode_that_nobody_knows_is_never_sent(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    with pytest.raises(ValueError, match="UNKNOWN"):
        await gateway.set_mode(ROOM, DeviceMode.UNKNOWN, lane=Lane.MANUAL)

    assert vendor.calls == []


async def test_labels_are_written_back_whole(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    vendor.will(DEVICE, device(description="east wing", udf3="circuit", udf4=4, udf5=None))
    vendor.will(LABEL, ok({}))

    await gateway.label_device(ROOM, name="302", udfs=["a.302", None], lane=Lane.MANUAL)

    assert vendor.sent(LABEL) == {
        "name": "302",
        "description": "east wing",
        "udf1": "a.302",
        "udf2": None,
        "udf3": "circuit",
        "udf4": "4",
        "udf5": None,
    }


async def test_a_description_that_was_not_shown_is_not_overwritten(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(SPACE, ok({"space_id": 123, "name": "Old", "devices": []}))
    vendor.will("PUT spaces/123/", ok({}))

    await gateway.label_space(123, name="Lakeside", udfs=["north"], lane=Lane.MANUAL)

    assert vendor.sent("PUT spaces/123/") == {"name": "Lakeside", "udf1": "north"}


async def test_labels_that_were_not_taken_are_refused(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(LABEL, ok(False))

    with pytest.raises(Refused) as refused:
        await gateway.label_device(ROOM, name="302", udfs=[], lane=Lane.MANUAL)

    assert refused.value.code == "not_changed"


async def test_there_are_only_five_udfs(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    with pytest.raises(ValueError, match="six"):
        await gateway.label_space(123, name="x", udfs=["six"] * 6, lane=Lane.MANUAL)

    assert vendor.calls == []


Command = Callable[[QubeGateway], Awaitable[object]]


@pytest.mark.parametrize(
    ("put", "command"),
    [
        (MODE, lambda g: g.set_mode(ROOM, DeviceMode.PREPAID, lane=Lane.MANUAL)),
        (LABEL, lambda g: g.label_device(ROOM, name="302", udfs=[], lane=Lane.MANUAL)),
    ],
)
async def test_no_write_is_ever_repeated(
    gateway: QubeGateway, vendor: ScriptedVendor, put: str, command: Command
) -> None:
    vendor.will(DEVICE, device())
    vendor.will(put, httpx.ReadTimeout("slow"))

    with pytest.raises(OutcomeUnknown):
        await command(gateway)

    assert vendor.calls == [DEVICE, put]
