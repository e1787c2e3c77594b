"""Reads the meters of prepaid leases and charges them. Rules 5.1 to 5.5."""

import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.lease import CheckInterval, latest_check_at
from bot.services.check import Check, CheckOutcome, Observation
from bot.services.doorbell import Doorbell
from bot.services.outage import note_key_rejected
from bot.services.ports import Clock, KeyRejected, MeterGateway
from bot.services.posting import post
from bot.services.store import LatestChecks, Transactions
from bot.services.sweep import Swaps, Sweep

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
        self._sweep = Sweep(gateway, clock, swaps)
        self._clock = clock
        self._doorbell = doorbell
        self._check_time = check_time

    async def run(self, *, only_due: bool = False) -> DeductionReport:
        """This function will charge every prepaid lease for what it used since its last reading.

        With `only_due`, just those whose check interval has come round. Each lease is charged
        wholly or not at all, also when the run is stopped in the middle. Raises KeyRejected,
        after what was read before has been charged.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            latest = self._latest_checks(await unit.places.zones(), now) if only_due else None
            wanted = await unit.books.targets(on=now, latest=latest)
            timelines = await unit.lease_tariffs.timelines(
                {target.lease_id: target.first_tariff_id for target in wanted}
            )
        lines: list[DeductionLine] = []
        seen: asyncio.Queue[Observation | None] = asyncio.Queue()
        try:
            async with _running(self._sweep.read(wanted, timelines, seen)) as reading:
                while batch := await _next_batch(seen):
                    lines += await self._post(batch)
                await reading
        except KeyRejected as error:
            await note_key_rejected(self._transactions, error, now=now)
            self._doorbell.ring()
            raise
        return DeductionReport(lines=tuple(sorted(lines, key=lambda x: (x.place, x.room))))

    def _latest_checks(self, zones: Collection[ZoneInfo], now: datetime) -> LatestChecks:
        return {
            (interval, zone): latest_check_at(now, interval, self._check_time, zone)
            for interval in CheckInterval
            for zone in zones
        }

    async def _post(self, batch: Sequence[Observation]) -> list[DeductionLine]:
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            checks = await post(unit, batch, now=now)
        self._doorbell.ring()
        return [_line(each) for each in checks]


@asynccontextmanager
async def _running(work: Coroutine[None, None, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Run work beside the block; it does not outlive it."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _next_batch(seen: asyncio.Queue[Observation | None]) -> list[Observation]:
    """Return what has been read by now; nothing when all has been."""
    batch: list[Observation] = []
    while len(batch) < BATCH and not (batch and seen.empty()):
        each = await seen.get()
        if each is None:
            seen.put_nowait(None)
            break
        batch.append(each)
    return batch


def _line(each: Check) -> DeductionLine:
    book, problem = each.book, each.problem or each.observation.failure
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
        problem=None if problem is None else problem.code,
    )
