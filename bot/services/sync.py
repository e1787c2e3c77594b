"""What the vendor has, brought into the store: spaces, devices, and which meter has which."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.metering import Installation, Meter
from bot.services.arrivals import note_devices, note_gone, note_spaces
from bot.services.doorbell import Doorbell
from bot.services.fitting import FINE_MODES
from bot.services.outage import note_key_rejected
from bot.services.place import PlaceDefaults
from bot.services.ports import (
    Clock,
    DeviceDetails,
    DeviceListing,
    GatewayError,
    KeyRejected,
    Lane,
    MeterGateway,
)
from bot.services.settle import common_facts, tell
from bot.services.store import Device, NoticeKind, Transactions
from bot.services.stores import Unit
from bot.services.swap import Found, Replacement, put_device
from bot.services.world import World

READERS = 16


@dataclass(slots=True, kw_only=True)
class SyncReport:
    """How the vendor's world differs from ours; meters are named by their `udf1`."""

    spaces: int = 0
    devices: int = 0
    new_places: list[str] = field(default_factory=list)
    identified: list[str] = field(default_factory=list)
    replaced: list[Replacement] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    without_device: list[str] = field(default_factory=list)
    unknown: list[Device] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    wrong_mode: list[Device] = field(default_factory=list)
    failed: list[tuple[str, GatewayError]] = field(default_factory=list)


class Sync:
    """Keeps our picture of the vendor's buildings true."""

    def __init__(
        self,
        transactions: Transactions,
        gateway: MeterGateway,
        clock: Clock,
        doorbell: Doorbell,
        *,
        defaults: PlaceDefaults,
    ) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock
        self._doorbell = doorbell
        self._defaults = defaults

    async def run(self) -> SyncReport:
        """This function will look at every space and device, and handle what has changed.

        Places are made for new spaces, meters find their devices, replaced devices are swapped
        (rule 3.4), each meter in a transaction of its own. Raises GatewayError when the vendor
        cannot be asked at all; a single device that cannot be is only reported.
        """
        try:
            world = await self._look()
        except KeyRejected as error:
            await note_key_rejected(self._transactions, error, now=self._clock.now())
            self._doorbell.ring()
            raise
        now = self._clock.now()
        report = SyncReport(spaces=len(world.spaces), devices=len(world.listings))
        report.failed += world.failures.items()
        async with self._transactions.begin() as unit:
            report.new_places += await note_spaces(unit, world.spaces, self._defaults)
            devices = await note_devices(unit, world, now=now)
        async with self._transactions.begin() as unit:
            report.gone += await note_gone(unit, world, now=now)
        await self._settle_meters(world, devices, report, now)
        self._doorbell.ring()
        return report

    async def refresh_meter(self, meter_id: int) -> Installation | None:
        """This function will look one meter up at the vendor, and swap its device if it has
        another one now; None when it has no device there, or more than one.

        Raises GatewayError.
        """
        async with self._transactions.read() as unit:
            meter = (await unit.metering.meters([meter_id])).get(meter_id)
        spaces = await self._gateway.spaces(lane=Lane.FRESH)
        listed = World.of(spaces).by_udf1().get(meter.udf1 or "", ()) if meter else ()
        if meter is None or len(listed) != 1:
            return None
        details = await self._gateway.device(listed[0].device_id, lane=Lane.FRESH)
        world = World.of(spaces, details={listed[0].device_id: details})
        async with self._transactions.begin() as unit:
            await note_devices(unit, world.only(listed[0].device_id), now=self._clock.now())
        installed, _ = await self._put(meter, listed[0].device_id, details, lane=Lane.FRESH)
        self._doorbell.ring()
        return installed

    async def _look(self) -> World:
        spaces = await self._gateway.spaces(lane=Lane.SWEEP)
        details: dict[str, DeviceDetails] = {}
        failures: dict[str, GatewayError] = {}
        waiting = iter(World.of(spaces).listings)

        async def read() -> None:
            for device_id in waiting:
                try:
                    details[device_id] = await self._gateway.device(device_id, lane=Lane.SWEEP)
                except KeyRejected:
                    raise
                except GatewayError as error:
                    failures[device_id] = error

        await asyncio.gather(*(read() for _ in range(READERS)))
        return World.of(spaces, details=details, failures=failures)

    async def _settle_meters(
        self, world: World, devices: Sequence[Device], report: SyncReport, now: datetime
    ) -> None:
        async with self._transactions.read() as unit:
            meters = await unit.metering.named_meters()
            installed = await unit.metering.installed()
        listed = world.by_udf1()
        report.unknown += [each for each in devices if each.udf1 not in meters]
        for udf1, meter in meters.items():
            candidates = listed.get(udf1, ())
            if not candidates:
                report.without_device.append(udf1)
            elif len(candidates) > 1:
                report.duplicated.append(udf1)
                await self._tell_duplicates(meter, candidates, now)
            else:
                known_id, found_id = installed.get(meter.id), candidates[0].device_id
                await self._settle(meter, known_id, found_id, world, report)
        await self._warn_of_modes(devices, meters, report, now)

    async def _settle(
        self, meter: Meter, known_id: str | None, found_id: str, world: World, report: SyncReport
    ) -> None:
        if known_id == found_id:
            return
        details = world.details.get(found_id)
        _, swap = await self._put(meter, found_id, details, lane=Lane.SWEEP)
        if swap is not None:
            report.replaced.append(swap)
        elif meter.udf1 is not None:
            report.identified.append(meter.udf1)

    async def _put(
        self, meter: Meter, device_id: str, details: DeviceDetails | None, *, lane: Lane
    ) -> tuple[Installation, Replacement | None]:
        found = await self._read(device_id, details, lane=lane)
        async with self._transactions.begin() as unit:
            return await put_device(unit, meter, found, now=self._clock.now())

    async def _read(self, device_id: str, details: DeviceDetails | None, *, lane: Lane) -> Found:
        """Read the counter and relay of a device, as far as it can be reached. Rule 3.4."""
        if details is None or not details.is_online:
            return Found(device_id=device_id)
        try:
            live = await self._gateway.metrics(device_id, lane=lane)
        except KeyRejected:
            raise
        except GatewayError:
            return Found(device_id=device_id)
        return Found(device_id=device_id, energy_kwh=live.energy_kwh, relay_on=live.relay_on)

    async def _tell_duplicates(
        self, meter: Meter, candidates: Sequence[DeviceListing], now: datetime
    ) -> None:
        ids = sorted(each.device_id for each in candidates)
        key = f"trouble:duplicate:{meter.id}:{','.join(ids)}"
        async with self._transactions.begin() as unit:
            await tell_trouble(
                unit, meter, code="duplicate_udf1", detail=", ".join(ids), key=key, now=now
            )

    async def _warn_of_modes(
        self,
        devices: Sequence[Device],
        meters: Mapping[str, Meter],
        report: SyncReport,
        now: datetime,
    ) -> None:
        """Warn once of a device that may charge or cut by itself (spec: qube-contract)."""
        wrong = [each for each in devices if each.mode not in FINE_MODES and not each.gone_at]
        report.wrong_mode += wrong
        async with self._transactions.begin() as unit:
            for device in wrong:
                meter = meters.get(device.udf1 or "")
                if meter is not None:
                    code = f"mode_{device.mode.value}"
                    key = f"trouble:{code}:{device.id}"
                    await tell_trouble(unit, meter, code=code, detail=device.id, key=key, now=now)


async def tell_trouble(
    unit: Unit, meter: Meter, *, code: str, detail: str, key: str, now: datetime
) -> None:
    """Tell the staff of a let room what is wrong with its device; the key makes it once."""
    lease_ids = (await unit.metering.running_leases([meter.id])).get(meter.id, ())
    for book in (await unit.books.load(lease_ids, now=now, lock=False)).values():
        facts = common_facts(book) | {"meter": meter.udf1, "code": code, "detail": detail}
        await unit.outbox.add(
            tell(book.staff_ids, NoticeKind.DEVICE_TROUBLE, facts, key=key, now=now)
        )
