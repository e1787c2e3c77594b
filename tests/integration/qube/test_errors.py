"""Every way in which the vendor says no becomes one error of the port."""

import httpx
import pytest

from bot.qube import QubeGateway
from bot.services.ports import (
    DeviceUnknown,
    DeviceUnplaced,
    DeviceUnreachable,
    GatewayError,
    GatewayUnavailable,
    KeyRejected,
    Lane,
    Refused,
)

from .vendor import ROOM, Answer, ScriptedVendor, failure, ok, raw

DEVICE = f"GET devices/{ROOM}/"


async def error_of(gateway: QubeGateway, vendor: ScriptedVendor, *answers: Answer) -> GatewayError:
    vendor.will(DEVICE, *answers)
    with pytest.raises(GatewayError) as caught:
        await gateway.device(ROOM, lane=Lane.FRESH)
    return caught.value


@pytest.mark.parametrize("status", [200, 400, 401, 404, 417, 500])
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("authentication_error", KeyRejected),
        ("device_not_found", DeviceUnknown),
        ("device_not_in_space", DeviceUnplaced),
        ("not_your_space", DeviceUnplaced),
    ],
)
async def test_a_documented_code_counts_whatever_the_status(
    gateway: QubeGateway,
    vendor: ScriptedVendor,
    code: str,
    kind: type[GatewayError],
    status: int,
) -> None:
    error = await error_of(gateway, vendor, failure(code, status, detail="so it is"))

    assert type(error) is kind
    assert (error.code, error.detail) == (code, "so it is")
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("device_offline", ""),
        ("DEVICE_NOT_ONLINE", ""),
        ("e_1", "The device is offline."),
        ("e_1", "Meter not connected"),
        ("unreachable", ""),
    ],
)
async def test_words_of_being_offline_mean_unreachable(
    gateway: QubeGateway, vendor: ScriptedVendor, code: str, detail: str
) -> None:
    error = await error_of(gateway, vendor, failure(code, detail=detail))

    assert type(error) is DeviceUnreachable


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 417, 422])
async def test_an_unknown_code_is_final_and_shown(
    gateway: QubeGateway, vendor: ScriptedVendor, status: int
) -> None:
    error = await error_of(gateway, vendor, failure("bad_date", status, detail="which day?"))

    assert type(error) is Refused
    assert (error.code, error.detail) == ("bad_date", "which day?")
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        ('{"success": false}', "unknown", ""),
        ('{"success": false, "message": "nope"}', "unknown", "nope"),
        ('{"success": false, "error": "nope"}', "unknown", "nope"),
        ('{"success": false, "error": {"code": 7, "detail": ["a"]}}', "7", "['a']"),
    ],
)
async def test_an_error_of_another_shape_is_still_a_refusal(
    gateway: QubeGateway, vendor: ScriptedVendor, body: str, code: str, detail: str
) -> None:
    error = await error_of(gateway, vendor, raw(400, body))

    assert type(error) is Refused
    assert (error.code, error.detail) == (code, detail)


@pytest.mark.parametrize("status", [200, 301, 401, 403, 404, 502, 503])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>Bad Gateway</body></html>",
        "[]",
        "null",
        '{"detail": "hm"}',
        '{"success": "yes"}',
        '{"success": true, "data": NaN}',
        '{"success": true, "data": 1e99999999999999999999}',
        "[" * 100_000,
        '{"success": true, "data": ',
    ],
)
async def test_a_body_that_is_no_envelope_is_nobodys_answer(
    gateway: QubeGateway, vendor: ScriptedVendor, status: int, body: str
) -> None:
    error = await error_of(gateway, vendor, raw(status, body, {"Location": "/elsewhere"}))

    assert isinstance(error, GatewayUnavailable)
    assert (error.code, error.detail) == ("no_envelope", f"HTTP {status}")
    assert vendor.calls == [DEVICE] * 4


async def test_bytes_that_are_no_text_are_nobodys_answer(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    error = await error_of(gateway, vendor, lambda: httpx.Response(200, content=b"\xff\xfe{"))

    assert error.code == "no_envelope"


async def test_a_compressed_body_that_is_none_is_nobodys_answer(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    garbled = httpx.DecodingError("not gzip")

    assert (await error_of(gateway, vendor, garbled)).code == "no_answer"


async def test_a_server_error_in_an_envelope_keeps_its_code(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    error = await error_of(gateway, vendor, failure("internal", 500))

    assert isinstance(error, GatewayUnavailable)
    assert (error.code, error.detail) == ("internal", "HTTP 500")


async def test_success_with_a_server_error_is_none(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    body = '{"success": true, "data": {}}'

    error = await error_of(gateway, vendor, raw(500, body))

    assert isinstance(error, GatewayUnavailable)
    assert (error.code, error.detail) == ("unknown", "HTTP 500")


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (httpx.ConnectError("refused"), "no_connection"),
        (httpx.ConnectTimeout("slow"), "no_connection"),
        (httpx.PoolTimeout("busy"), "no_connection"),
        (httpx.ReadTimeout("slow"), "no_answer"),
        (httpx.WriteTimeout("slow"), "no_answer"),
        (httpx.ReadError("reset"), "no_answer"),
        (httpx.RemoteProtocolError("hung up"), "no_answer"),
        (TimeoutError(), "no_answer"),
    ],
)
async def test_a_broken_transport_means_unavailable(
    gateway: QubeGateway, vendor: ScriptedVendor, raised: Exception, code: str
) -> None:
    error = await error_of(gateway, vendor, raised)

    assert isinstance(error, GatewayUnavailable)
    assert (error.code, error.detail) == (code, type(raised).__name__)


async def test_an_endless_detail_is_cut(gateway: QubeGateway, vendor: ScriptedVendor) -> None:
    error = await error_of(gateway, vendor, failure("x", detail="long " * 1000))

    assert len(error.detail) == 300


async def test_an_envelope_needs_neither_message_nor_timestamp(
    gateway: QubeGateway, vendor: ScriptedVendor
) -> None:
    vendor.will("GET spaces/", ok([]))

    assert await gateway.spaces(lane=Lane.SWEEP) == []
