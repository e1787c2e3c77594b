"""A meter vendor in memory, with values, troubles and pauses set by the test."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.services.ports import (
    ActiveSupply,
    DayClose,
    DeviceDetails,
    DeviceListing,
    DeviceMode,
    DeviceUnknown,
    DeviceUnreachable,
    GatewayError,
    Lane,
    LiveMetrics,
    SpaceListing,
)


@dataclass(slots=True, kw_only=True)
class FakeDevice:
    """One device: what it shows, whether it can be reached, and its history."""

    energy_kwh: Decimal
    udf1: str | None = None
    power_w: Decimal | None = Decimal(640)
    relay_on: bool = True
    shows_relay: bool = True
    is_online: bool = True
    has_relay: bool = True
    closes: dict[date, Decimal] = field(default_factory=dict)

    def use(self, kwh: str) -> None:
        """Count on."""
        self.energy_kwh += Decimal(kwh)

    def close(self, *closes: tuple[date, str]) -> None:
        """Set the register at the closes of days."""
        self.closes |= {on: Decimal(value) for on, value in closes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that reached the vendor."""

    name: str
    device_id: str
    lane: Lane
    on: bool | None = None


@dataclass(slots=True)
class Pause:
    """A call that waits until the test lets it go on."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


class FakeGateway:
    """Implements MeterGateway."""

    def __init__(self) -> None:
        self.devices: dict[str, FakeDevice] = {}
        self.calls: list[Call] = []
        self.deaf_relays = 0
        self._troubles: defaultdict[tuple[str, str], deque[GatewayError]] = defaultdict(deque)
        self._late: defaultdict[tuple[str, str], deque[GatewayError]] = defaultdict(deque)
        self._pauses: dict[tuple[str, str], Pause] = {}

    def fail(self, name: str, device_id: str, *errors: GatewayError) -> None:
        """Let the next calls of that name fail before they do anything."""
        self._troubles[name, device_id].extend(errors)

    def fail_after_effect(self, name: str, device_id: str, *errors: GatewayError) -> None:
        """Let the next calls of that name do their work and fail nevertheless."""
        self._late[name, device_id].extend(errors)

    def pause(self, name: str, device_id: str) -> Pause:
        """Stop the next call of that name before its effect, until the test releases it."""
        self._pauses[name, device_id] = Pause()
        return self._pauses[name, device_id]

    def switched(self, device_id: str) -> list[bool | None]:
        """Return the commands that reached a relay, in order."""
        return [c.on for c in self.calls if (c.name, c.device_id) == ("switch", device_id)]

    def asked(self, name: str) -> list[str]:
        """Return which devices were asked so, in order."""
        return [call.device_id for call in self.calls if call.name == name]

    async def spaces(self, *, lane: Lane) -> Sequence[SpaceListing]:
        """Return one building with every device."""
        self.calls.append(Call(name="spaces", device_id="", lane=lane))
        self._raise_trouble("spaces", "")
        devices = tuple(
            DeviceListing(
                device_id=device_id, name=device_id, mode=DeviceMode.MEASUREMENT, udf1=device.udf1
            )
            for device_id, device in self.devices.items()
        )
        return [SpaceListing(space_id=7, name="Lakeside", devices=devices)]

    async def device(self, device_id: str, *, lane: Lane) -> DeviceDetails:
        """Return one device, online or not."""
        device = await self._ask("device", device_id, lane)
        return DeviceDetails(
            device_id=device_id,
            name=device_id,
            is_online=device.is_online,
            has_relay=device.has_relay,
            mode=DeviceMode.MEASUREMENT,
            udf1=device.udf1,
            energy_kwh=device.energy_kwh,
        )

    async def metrics(self, device_id: str, *, lane: Lane) -> LiveMetrics:
        """Return what the device shows now."""
        device = await self._ask("metrics", device_id, lane, needs_online=True)
        return LiveMetrics(
            device_id=device_id,
            energy_kwh=device.energy_kwh,
            power_w=device.power_w,
            relay_on=device.relay_on if device.shows_relay else None,
            mode=DeviceMode.MEASUREMENT,
            supply=ActiveSupply.GRID,
        )

    async def day_closes(
        self, device_id: str, *, from_on: date, to_on: date, lane: Lane
    ) -> Sequence[DayClose]:
        """Return the closes that the test has set."""
        device = await self._ask("day_closes", device_id, lane)
        return [
            DayClose(on=on, energy_kwh=kwh)
            for on, kwh in sorted(device.closes.items())
            if from_on <= on <= to_on
        ]

    async def switch(self, device_id: str, *, on: bool, lane: Lane) -> bool:
        """Switch the relay; while relays are deaf, say that nothing happened."""
        device = await self._ask("switch", device_id, lane, needs_online=True, on=on)
        if self.deaf_relays:
            self.deaf_relays -= 1
            return False
        device.relay_on = on
        if self._late["switch", device_id]:
            raise self._late["switch", device_id].popleft()
        return True

    async def set_mode(self, device_id: str, mode: DeviceMode, *, lane: Lane) -> bool:
        """Accept every mode."""
        await self._ask("set_mode", device_id, lane, needs_online=True)
        return True

    async def label_device(
        self, device_id: str, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """Accept every label."""
        await self._ask("label_device", device_id, lane)

    async def label_space(
        self, space_id: int, *, name: str, udfs: Sequence[str | None], lane: Lane
    ) -> None:
        """Accept every label."""
        self.calls.append(Call(name="label_space", device_id=str(space_id), lane=lane))

    async def _ask(
        self,
        name: str,
        device_id: str,
        lane: Lane,
        *,
        needs_online: bool = False,
        on: bool | None = None,
    ) -> FakeDevice:
        self.calls.append(Call(name=name, device_id=device_id, lane=lane, on=on))
        pause = self._pauses.pop((name, device_id), None)
        if pause is not None:
            pause.arrived.set()
            await pause.released.wait()
        self._raise_trouble(name, device_id)
        if device_id not in self.devices:
            raise DeviceUnknown(code="device_not_found", detail=device_id)
        device = self.devices[device_id]
        if needs_online and not device.is_online:
            raise DeviceUnreachable(code="not_online", detail=device_id)
        return device

    def _raise_trouble(self, name: str, device_id: str) -> None:
        waiting = self._troubles[name, device_id]
        if waiting:
            raise waiting.popleft()
