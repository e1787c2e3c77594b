"""A meter vendor in memory: the port, with values and troubles set by the test."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bot.services.ports import (
    ActiveSupply,
    DayClose,
    DeviceDetails,
    DeviceListing,
    DeviceMode,
    DeviceUnknown,
    DeviceUnreachable,
    GatewayUnavailable,
    Lane,
    LiveMetrics,
    SpaceListing,
)


@dataclass(slots=True)
class FakeMeter:
    """One device: what it shows, whether it can be reached, and its history."""

    energy_kwh: Decimal
    power_w: Decimal | None = Decimal(640)
    relay_on: bool | None = True
    is_online: bool = True
    name: str = ""
    udf1: str | None = None
    mode: DeviceMode = DeviceMode.MEASUREMENT
    closes: dict[date, Decimal] = field(default_factory=dict)

    def uses(self, kwh: str, *, closing: date | None = None) -> None:
        """Count on, and keep the register as the close of a day if one is given."""
        self.energy_kwh += Decimal(kwh)
        if closing is not None:
            self.closes[closing] = self.energy_kwh

    def history(self, *, until: date, daily_kwh: Sequence[str]) -> None:
        """Invent closes backwards from the present value; the last one is `until`'s."""
        register = self.energy_kwh
        for number, kwh in enumerate(reversed(daily_kwh)):
            self.closes[until - timedelta(days=number)] = register
            register -= Decimal(kwh)
        self.closes[until - timedelta(days=len(daily_kwh))] = register


class FakeMeters:
    """Implements MeterGateway."""

    def __init__(self) -> None:
        self.meters: dict[str, FakeMeter] = {}
        self.asked: list[tuple[str, str, Lane]] = []
        self.is_down = False
        self.space_id: int | None = None

    async def spaces(self, *, lane: Lane) -> Sequence[SpaceListing]:
        """Return one building with every device, if there is one."""
        self._ask("spaces", "", lane)
        if self.space_id is None:
            return []
        devices = tuple(
            DeviceListing(device_id=device_id, name=meter.name, mode=meter.mode, udf1=meter.udf1)
            for device_id, meter in self.meters.items()
        )
        return [SpaceListing(space_id=self.space_id, name="Lakeside Apartments", devices=devices)]

    async def device(self, device_id: str, *, lane: Lane) -> DeviceDetails:
        """Return one device."""
        meter = self._ask("device", device_id, lane)
        return DeviceDetails(
            device_id=device_id,
            name=meter.name,
            is_online=meter.is_online,
            has_relay=meter.relay_on is not None,
            mode=meter.mode,
            udf1=meter.udf1,
            energy_kwh=meter.energy_kwh,
        )

    async def metrics(self, device_id: str, *, lane: Lane) -> LiveMetrics:
        """Return what the device shows."""
        meter = self._ask("metrics", device_id, lane)
        if not meter.is_online:
            raise DeviceUnreachable(code="offline", detail=device_id)
        return LiveMetrics(
            device_id=device_id,
            energy_kwh=meter.energy_kwh,
            power_w=meter.power_w,
            relay_on=meter.relay_on,
            mode=DeviceMode.MEASUREMENT,
            supply=ActiveSupply.GRID,
        )

    async def day_closes(
        self, device_id: str, *, from_on: date, to_on: date, lane: Lane
    ) -> Sequence[DayClose]:
        """Return the closes that the test has set."""
        meter = self._ask("day_closes", device_id, lane)
        return [
            DayClose(on=on, energy_kwh=kwh)
            for on, kwh in sorted(meter.closes.items())
            if from_on <= on <= to_on
        ]

    async def switch(self, device_id: str, *, on: bool, lane: Lane) -> bool:
        """Switch the relay."""
        meter = self._ask("switch", device_id, lane)
        if not meter.is_online:
            raise DeviceUnreachable(code="offline", detail=device_id)
        meter.relay_on = on
        return True

    async def set_mode(self, device_id: str, mode: DeviceMode, *, lane: Lane) -> bool:
        """Set the mode of a device that is online."""
        meter = self._ask("set_mode", device_id, lane)
        if not meter.is_online:
            raise DeviceUnreachable(code="offline", detail=device_id)
        meter.mode = mode
        return True

    async def label_device(
        self, device_id: str, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """Write name and `udf1`."""
        meter = self._ask("label_device", device_id, lane)
        meter.name, meter.udf1 = name, udfs[0]

    async def label_space(
        self, space_id: int, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """Accept every label."""
        self._ask("label_space", str(space_id), lane)

    def _ask(self, call: str, device_id: str, lane: Lane) -> FakeMeter:
        self.asked.append((call, device_id, lane))
        if self.is_down:
            raise GatewayUnavailable(code="down", detail=device_id)
        if device_id and device_id not in self.meters:
            raise DeviceUnknown(code="device_not_found", detail=device_id)
        return self.meters.get(device_id) or FakeMeter(energy_kwh=Decimal(0))
