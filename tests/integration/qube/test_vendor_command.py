"""A change at the vendor is told as what was read back, whatever became of the answer."""

import httpx
import pytest

from bot.qube.gateway import QubeGateway
from bot.services.vendor_command import Result, command_label, command_mode

from .vendor import ROOM, Answer, ScriptedVendor, device, failure, ok, raw

DEVICE = f"GET devices/{ROOM}/"
MODE = f"PUT devices/{ROOM}/mode"
LABEL = f"PUT devices/{ROOM}/"
LOST = httpx.ReadTimeout("slow")


@pytest.mark.parametrize("answer", [ok(True), ok(False), LOST])
@pytest.mark.parametrize(
    ("mode", "result"), [("measurement", Result.DONE), ("prepaid", Result.NOT_DONE)]
)
async def test_a_mode_is_what_is_read_back(
    gateway: QubeGateway, vendor: ScriptedVendor, answer: Answer, mode: str, result: Result
) -> None:
    vendor.will(DEVICE, device(active_mode="prepaid"), device(active_mode=mode))
    vendor.will(MODE, answer)

    commanded = await command_mode(gateway, ROOM)

    assert commanded.result is result
    assert vendor.calls == [DEVICE, MODE, DEVICE]
    assert vendor.sent(MODE) == {"mode": "measurement"}


async def test_what_cannot_be_read_back_is_not_known(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(DEVICE, device(), raw(502, "<html>"))
    vendor.will(MODE, LOST)

    assert (await command_mode(gateway, ROOM)).result is Result.UNSURE


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (device(is_online=False), Result.OFFLINE),
        (failure("device_not_found"), Result.REFUSED),
        (httpx.ConnectError("refused"), Result.UNAVAILABLE),
    ],
)
async def test_what_was_never_sent_changed_nothing(
    gateway: QubeGateway, vendor: ScriptedVendor, answer: Answer, result: Result
) -> None:
    vendor.will(DEVICE, answer)

    assert (await command_mode(gateway, ROOM)).result is result
    assert MODE not in vendor.calls


@pytest.mark.parametrize("answer", [ok({}), LOST])
async def test_a_name_stands_there_when_it_is_read_back(
    gateway: QubeGateway, vendor: ScriptedVendor, answer: Answer
) -> None:
    before = device(udf1=None, udf3="kept")
    vendor.will(DEVICE, before, before, device(udf1="lakeside.302"))
    vendor.will(LABEL, answer)

    commanded = await command_label(gateway, ROOM, udf1="lakeside.302")

    assert commanded.result is Result.DONE
    assert vendor.sent(LABEL)["udf1"] == "lakeside.302"
    assert vendor.sent(LABEL)["udf3"] == "kept"


async def test_another_name_than_was_written_is_not_done(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will(DEVICE, device(udf1="lakeside.302"))
    vendor.will(LABEL, ok({}))

    commanded = await command_label(gateway, ROOM, udf1="lakeside.303")

    assert commanded.result is Result.NOT_DONE
