"""The closes of days of a meter, asked of the vendor. They work while the device is offline."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from bot.domain.metering import in_thousandths
from bot.services.meter_close import History
from bot.services.ports import (
    DayClose,
    DeviceUnknown,
    DeviceUnreachable,
    Lane,
    MeterGateway,
    Refused,
)
from bot.services.sweep import Swaps


class MeterHistories:
    """Asks the vendor what meters showed at the closes of days."""

    def __init__(self, gateway: MeterGateway, swaps: Swaps) -> None:
        self._gateway = gateway
        self._swaps = swaps

    async def ask(
        self, meter_id: int, device_id: str | None, *, from_on: date, to_on: date, lane: Lane
    ) -> History:
        """This function will return the closes of some days, both included, as far as they are
        known. Raises GatewayError when the vendor cannot be asked now."""
        device_id, told = await self._closes(meter_id, device_id, from_on, to_on, lane)
        return History(
            meter_id=meter_id,
            device_id=device_id,
            closes={
                each.on: in_thousandths(each.energy_kwh)
                for each in told
                if from_on <= each.on <= to_on and each.energy_kwh >= 0
            },
        )

    async def _closes(
        self, meter_id: int, device_id: str | None, from_on: date, to_on: date, lane: Lane
    ) -> tuple[str | None, Sequence[DayClose]]:
        """Return which device told which closes; one that is gone is looked for by the meter's
        name, and nothing is told by one that has no history."""
        for _ in range(2):
            device_id = device_id or await self._find(meter_id)
            if device_id is None or from_on > to_on:
                break
            with suppress(DeviceUnreachable, Refused):
                try:
                    return device_id, await self._gateway.day_closes(
                        device_id, from_on=from_on, to_on=to_on, lane=lane
                    )
                except DeviceUnknown:
                    device_id = None
                    continue
            break
        return device_id, ()

    async def _find(self, meter_id: int) -> str | None:
        with suppress(DeviceUnknown):
            installed = await self._swaps.refresh_meter(meter_id)
            return None if installed is None else installed.device_id
        return None
