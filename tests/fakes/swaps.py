"""Finds a meter's new device where the test has put it."""

from datetime import datetime

from bot.domain.metering import Installation
from bot.services.ports import Clock, DeviceMode, GatewayError
from bot.services.store import Device, Transactions
from bot.services.stores import Unit


class FakeSwaps:
    """Implements Swaps: exchanges installations as the test says, and nothing else."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock
        self.new_device_ids: dict[int, str] = {}
        self.errors: list[GatewayError] = []
        self.asked: list[int] = []

    async def refresh_meter(self, meter_id: int) -> Installation | None:
        """Return the installation of a meter, another one if the test put a device there."""
        self.asked.append(meter_id)
        if self.errors:
            raise self.errors.pop(0)
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            current = await unit.metering.open_installation(meter_id)
            device_id = self.new_device_ids.pop(meter_id, None)
            if device_id is None:
                return current
            if current is not None:
                await unit.metering.uninstall(installation_id=current.id, at=now)
            await unit.metering.save_device(_device(device_id, now))
            return await self._install(unit, meter_id, device_id, now)

    async def _install(
        self, unit: Unit, meter_id: int, device_id: str, now: datetime
    ) -> Installation:
        return await unit.metering.install(meter_id=meter_id, device_id=device_id, at=now)


def _device(device_id: str, now: datetime) -> Device:
    return Device(
        id=device_id,
        space_id=None,
        name=device_id,
        udf1=None,
        mode=DeviceMode.MEASUREMENT,
        seen_at=now,
        has_relay=True,
    )
