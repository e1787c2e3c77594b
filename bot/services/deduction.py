"""Reads the meters of prepaid leases and charges them. Rules 5.1 to 5.5."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.deduction import Sighting, needs_day_closes
from bot.domain.lease import CheckInterval, latest_check_at
from bot.domain.metering import RegisterPoint
from bot.domain.period import close_of, local_date
from bot.domain.tariff import Tariff
from bot.services.check import Check, CheckOutcome, Observation
from bot.services.doorbell import Doorbell
from bot.services.outage import note_key_rejected
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
)
from bot.services.posting import post
from bot.services.reconcile import Swaps
from bot.services.store import SweepTarget, Transactions

READERS = 16
BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionLine:
    """How one lease's check went; money in paise, quantity in the meter's unit."""

    place: str
    room: str
    tenant: str
    outcome: CheckOutcome
    amount_paise: int
    quantity: Decimal
    unit: str
    balance_paise: int
    currency: str
    power_on: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionReport:
    """How a sweep went."""

    lines: tuple[DeductionLine, ...]

    def count(self, *outcomes: CheckOutcome) -> int:
        """Return how many leases had one of these outcomes."""
        return sum(line.outcome in outcomes for line in self.lines)


class Deductions:
    """The sweep over all prepaid meters."""

    def __init__(
        self,
        transactions: Transactions,
        gateway: MeterGateway,
        clock: Clock,
        swaps: Swaps,
        doorbell: Doorbell,
        *,
        check_time: time,
    ) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock
        self._swaps = swaps
        self._doorbell = doorbell
        self._check_time = check_time

    async def run(self, *, only_due: bool = False) -> DeductionReport:
        """This function will charge every prepaid lease for what it used since its last reading.

        With `only_due`, just those whose check interval has come round. Each lease is charged
        wholly or not at all, also when the run is stopped in the middle. Raises KeyRejected.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            targets = await unit.books.targets(on=now)
            tariffs = await unit.tariffs.get({target.tariff_id for target in targets})
        wanted = [t for t in targets if not only_due or self._is_due(t, now)]
        lines: list[DeductionLine] = []
        queue: asyncio.Queue[Observation] = asyncio.Queue()
        reading = asyncio.create_task(self._read_all(wanted, tariffs, queue))
        try:
            left = len(wanted)
            while left:
                batch = await self._next_batch(queue, reading, left)
                lines += await self._post(batch)
                left -= len(batch)
            await reading
        except KeyRejected as error:
            await note_key_rejected(self._transactions, error, now=now)
            raise
        finally:
            reading.cancel()
        return DeductionReport(lines=tuple(sorted(lines, key=lambda x: (x.place, x.room))))

    def _is_due(self, target: SweepTarget, now: datetime) -> bool:
        interval = CheckInterval(target.check_interval)
        latest = latest_check_at(now, interval, self._check_time, ZoneInfo(target.timezone))
        return target.checked_at is None or target.checked_at < latest

    async def _next_batch(
        self, queue: asyncio.Queue[Observation], reading: asyncio.Task[None], left: int
    ) -> list[Observation]:
        """Return what has been read by now, at least one observation."""
        first = asyncio.create_task(queue.get())
        await asyncio.wait({first, reading}, return_when=asyncio.FIRST_COMPLETED)
        if not first.done() and reading.done() and queue.empty():
            first.cancel()
            await reading
        batch = [await first]
        while len(batch) < min(BATCH, left) and not queue.empty():
            batch.append(queue.get_nowait())
        return batch

    async def _read_all(
        self,
        targets: Sequence[SweepTarget],
        tariffs: Mapping[int, Tariff],
        queue: asyncio.Queue[Observation],
    ) -> None:
        waiting = iter(targets)

        async def reader() -> None:
            for target in waiting:
                queue.put_nowait(await self._observe(target, tariffs[target.tariff_id]))

        await asyncio.gather(*(reader() for _ in range(min(READERS, len(targets)))))

    async def _observe(self, target: SweepTarget, tariff: Tariff) -> Observation:
        """Ask the vendor about one meter; a replaced device is noticed and asked instead."""
        try:
            device_id = target.device_id or await self._find(target)
            try:
                return await self._look(target, device_id, tariff)
            except DeviceUnknown:
                found = await self._find(target)
                return await self._look(target, found, tariff)
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

    async def _look(self, target: SweepTarget, device_id: str, tariff: Tariff) -> Observation:
        live: LiveMetrics | None = None
        failure: GatewayError | None = None
        try:
            live = await self._gateway.metrics(device_id, lane=Lane.SWEEP)
        except DeviceUnreachable as error:
            failure = error
        now = self._clock.now()
        closes = await self._closes(target, device_id, tariff, now, offline=live is None)
        points = [_at_close(close, target) for close in closes]
        if live is not None:
            points.append(RegisterPoint(at=now, value=live.energy_kwh))
        return Observation(
            lease_id=target.lease_id,
            meter_id=target.meter_id,
            device_id=device_id,
            at=now,
            sightings=tuple(Sighting(point=point) for point in points),
            power_w=None if live is None else live.power_w,
            relay_on=None if live is None else live.relay_on,
            is_live=live is not None,
            failure=failure,
        )

    async def _closes(
        self,
        target: SweepTarget,
        device_id: str,
        tariff: Tariff,
        now: datetime,
        *,
        offline: bool,
    ) -> Sequence[DayClose]:
        """Return the closes of the days that ended since the last charged reading."""
        zone, since = ZoneInfo(target.timezone), target.anchor_at
        if since is None:
            return []
        if not offline and not needs_day_closes(since, now, zone, tariff):
            return []
        from_on, to_on = local_date(since, zone), _last_closed(now, zone)
        if from_on > to_on:
            return []
        closes = await self._gateway.day_closes(
            device_id, from_on=from_on, to_on=to_on, lane=Lane.SWEEP
        )
        return [close for close in closes if from_on <= close.on <= to_on]

    async def _post(self, batch: Sequence[Observation]) -> list[DeductionLine]:
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            checks = await post(unit, batch, now=now)
        self._doorbell.ring()
        return [_line(each) for each in checks]


def _last_closed(now: datetime, zone: ZoneInfo) -> date:
    return local_date(now, zone) - timedelta(days=1)


def _at_close(close: DayClose, target: SweepTarget) -> RegisterPoint:
    return RegisterPoint(at=close_of(close.on, ZoneInfo(target.timezone)), value=close.energy_kwh)


def _line(each: Check) -> DeductionLine:
    book, failure = each.book, each.observation.failure
    link = book.supply_meter
    return DeductionLine(
        place=book.place.name,
        room=book.room.name,
        tenant=book.lease.tenant_name,
        outcome=each.outcome,
        amount_paise=sum(step.charge.total_paise for step in each.steps),
        quantity=sum((step.charge.quantity for step in each.steps), Decimal(0)),
        unit=each.link.meter.unit,
        balance_paise=book.balance_paise,
        currency=book.place.currency,
        power_on=link is None or link.supply is None or link.supply.desired_on,
        problem=None if failure is None else failure.code,
    )
