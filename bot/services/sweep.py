"""Asks the vendor about meters, many at once, and hands on what it said. Rules 5.4, 5.5."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.deduction import Sighting, needs_day_closes
from bot.domain.metering import Installation, RegisterPoint, in_thousandths
from bot.domain.period import close_of, local_date
from bot.domain.tariff import NoTariffOn
from bot.domain.timeline import Timeline, Timelines
from bot.services.check import Observation
from bot.services.ports import (
    Clock,
    DayClose,
    DeviceUnknown,
    DeviceUnreachable,
    GatewayError,
    KeyRejected,
    Lane,
    LiveMetrics,
    MeterGateway,
    Refused,
)
from bot.services.store import SweepTarget

READERS = 16


class Swaps(Protocol):
    """Notices that a meter has another device now."""

    async def refresh_meter(self, meter_id: int) -> Installation | None:
        """Look the meter up at the vendor; return its installation, None when it has none."""
        ...


class NoCounterShows(GatewayError):
    """The vendor gave a register value that no counter can show."""


class Sweep:
    """Looks at meters; one that cannot be looked at does not keep the others."""

    def __init__(self, gateway: MeterGateway, clock: Clock, swaps: Swaps) -> None:
        self._gateway = gateway
        self._clock = clock
        self._swaps = swaps

    async def read(
        self,
        targets: Sequence[SweepTarget],
        timelines: Mapping[int, Timelines],
        seen: asyncio.Queue[Observation | None],
    ) -> None:
        """This function will put what each meter shows into the queue, and None at the end.

        `timelines` are those of the leases, by lease id and service. Raises KeyRejected once what
        was read before has been handed on.
        """
        waiting = iter(targets)
        try:
            async with asyncio.TaskGroup() as readers:
                tasks = [
                    readers.create_task(self._reader(waiting, timelines, seen))
                    for _ in range(min(READERS, len(targets)))
                ]
        finally:
            seen.put_nowait(None)
        rejected = [error for task in tasks if (error := task.result()) is not None]
        if rejected:
            raise rejected[0]

    async def _reader(
        self,
        waiting: Iterator[SweepTarget],
        timelines: Mapping[int, Timelines],
        seen: asyncio.Queue[Observation | None],
    ) -> KeyRejected | None:
        """Read until nothing waits; a rejected key leaves nothing to do for the others either."""
        for target in waiting:
            try:
                timeline = timelines[target.lease_id].get(target.service)
                seen.put_nowait(await self._observe(target, timeline))
            except KeyRejected as error:
                for _ in waiting:
                    pass
                return error
        return None

    async def _observe(self, target: SweepTarget, timeline: Timeline | None) -> Observation:
        """Ask the vendor about one meter; a replaced device is noticed and asked instead."""
        try:
            device_id = target.device_id or await self._find(target)
            try:
                return await self._look(target, device_id, timeline)
            except DeviceUnknown:
                found = await self._find(target)
                if found == device_id:
                    raise
                return await self._look(replace(target, anchor_at=None), found, timeline)
        except KeyRejected:
            raise
        except GatewayError as error:
            return Observation(
                lease_id=target.lease_id,
                meter_id=target.meter_id,
                device_id=target.device_id,
                at=self._clock.now(),
                failure=error,
            )

    async def _find(self, target: SweepTarget) -> str:
        installed = await self._swaps.refresh_meter(target.meter_id)
        if installed is None or installed.device_id is None:
            raise DeviceUnknown(code="device_missing", detail=target.udf1 or "")
        return installed.device_id

    async def _look(
        self, target: SweepTarget, device_id: str, timeline: Timeline | None
    ) -> Observation:
        live: LiveMetrics | None = None
        failure: GatewayError | None = None
        try:
            live = await self._gateway.metrics(device_id, lane=Lane.SWEEP)
        except DeviceUnreachable as error:
            failure = error
        now = self._clock.now()
        points = await self._closes(target, device_id, timeline, now, offline=live is None)
        if live is not None:
            points.append(RegisterPoint(at=now, value=_counter(live.energy_kwh)))
        power_w = None if live is None else live.power_w
        return Observation(
            lease_id=target.lease_id,
            meter_id=target.meter_id,
            device_id=device_id,
            at=now,
            sightings=tuple(Sighting(point=point) for point in points),
            power_w=None if power_w is None else in_thousandths(power_w),
            relay_on=None if live is None else live.relay_on,
            is_live=live is not None,
            failure=failure,
            timeline=timeline,
            for_show=target.billed_later,
        )

    async def _closes(
        self,
        target: SweepTarget,
        device_id: str,
        timeline: Timeline | None,
        now: datetime,
        *,
        offline: bool,
    ) -> list[RegisterPoint]:
        """Return the closes of the days that ended since the last charged reading.

        A device whose history is refused for good is charged by what it shows itself.
        """
        zone, since = ZoneInfo(target.timezone), target.anchor_at
        if (
            since is None
            or target.billed_later
            or not (offline or _needs_closes(since, now, zone, timeline))
        ):
            return []
        from_on, to_on = local_date(since, zone), local_date(now, zone) - timedelta(days=1)
        closes: Sequence[DayClose] = []
        if from_on <= to_on:
            with suppress(Refused):
                closes = await self._gateway.day_closes(
                    device_id, from_on=from_on, to_on=to_on, lane=Lane.SWEEP
                )
        return list(_points(closes, from_on, to_on, zone))


def _needs_closes(
    since: datetime, now: datetime, zone: ZoneInfo, timeline: Timeline | None
) -> bool:
    """A price that is missing is found by the check, which can say so."""
    with suppress(NoTariffOn):
        return timeline is not None and needs_day_closes(since, now, zone, timeline)
    return False


def _points(
    closes: Sequence[DayClose], from_on: date, to_on: date, zone: ZoneInfo
) -> Iterator[RegisterPoint]:
    for close in closes:
        if from_on <= close.on <= to_on and close.energy_kwh >= 0:
            yield RegisterPoint(at=close_of(close.on, zone), value=_counter(close.energy_kwh))


def _counter(value: Decimal) -> Decimal:
    """Return a register as finely as it is kept. Raises NoCounterShows."""
    if value < 0:
        raise NoCounterShows(code="negative_register", detail=str(value))
    return in_thousandths(value)
