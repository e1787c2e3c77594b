"""One change at the vendor, done once and read back before anybody is told. No transactions."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from bot.services.ports import (
    DeviceDetails,
    DeviceMode,
    DeviceUnreachable,
    GatewayError,
    GatewayUnavailable,
    Lane,
    MeterGateway,
    OutcomeUnknown,
)


class Result(Enum):
    """How a change went; only what was read back is DONE."""

    DONE = "done"
    NOT_DONE = "not_done"
    OFFLINE = "offline"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """How a change of one device went; `details` are what was read back."""

    result: Result
    details: DeviceDetails | None = None
    error: GatewayError | None = None


async def command_mode(gateway: MeterGateway, device_id: str) -> Commanded:
    """This function will set a device to measurement, and read back whether it is."""

    async def act() -> None:
        await gateway.set_mode(device_id, DeviceMode.MEASUREMENT, lane=Lane.MANUAL)

    def is_done(details: DeviceDetails) -> bool:
        return details.mode is DeviceMode.MEASUREMENT

    return await _command(gateway, device_id, act, is_done)


async def command_label(
    gateway: MeterGateway, device_id: str, *, udf1: str | None, name: str | None = None
) -> Commanded:
    """This function will write a device's `udf1`, and read back whether it stands there.

    The device keeps its name unless another one is given.
    """

    async def act() -> None:
        kept = name or (await gateway.device(device_id, lane=Lane.MANUAL)).name
        await gateway.label_device(device_id, name=kept, udfs=[udf1], lane=Lane.MANUAL)

    def is_done(details: DeviceDetails) -> bool:
        return details.udf1 == udf1 and name in {None, details.name}

    return await _command(gateway, device_id, act, is_done)


async def _command(
    gateway: MeterGateway,
    device_id: str,
    act: Callable[[], Awaitable[None]],
    is_done: Callable[[DeviceDetails], bool],
) -> Commanded:
    silence: GatewayError | None = None
    try:
        await act()
    except OutcomeUnknown as error:
        silence = error
    except GatewayError as error:
        return Commanded(result=_failed(error), error=error)
    try:
        details = await gateway.device(device_id, lane=Lane.MANUAL)
    except GatewayError as error:
        return Commanded(result=Result.UNSURE, error=error)
    result = Result.DONE if is_done(details) else Result.NOT_DONE
    return Commanded(result=result, details=details, error=silence)


def _failed(error: GatewayError) -> Result:
    if isinstance(error, DeviceUnreachable):
        return Result.OFFLINE
    return Result.UNAVAILABLE if isinstance(error, GatewayUnavailable) else Result.REFUSED
