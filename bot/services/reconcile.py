"""Drives relays to their desired state and says how it went. Rules 6.4 to 6.6."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.book import LeaseBook
from bot.services.doorbell import Doorbell
from bot.services.outage import note_key_rejected, note_offline, note_online
from bot.services.ports import (
    Clock,
    DeviceUnknown,
    DeviceUnreachable,
    GatewayError,
    GatewayUnavailable,
    KeyRejected,
    MeterGateway,
    OutcomeUnknown,
)
from bot.services.progress import Attempt, still_dark, tell_progress
from bot.services.settle import settle, store
from bot.services.store import OrderStatus, RelayOrder, Transactions
from bot.services.stores import Unit
from bot.services.sweep import Swaps

# How long an order of a killed process lies there. Two at one order is harmless: both want the
# same state, and the second one finds it closed.
WORKERS_HOLD = timedelta(seconds=45)
STILL_DARK_AFTER = timedelta(minutes=15)
FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(minutes=5)
FIRST_REFUSED_RETRY = timedelta(minutes=5)
LONGEST_REFUSED_RETRY = timedelta(hours=1)
WORKERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileReport:
    """What a run did."""

    orders: tuple[tuple[RelayOrder, Attempt], ...]
    decided_anew: int
    alerted: int


class Reconciler:
    """The one loop between desired and actual."""

    def __init__(
        self,
        transactions: Transactions,
        gateway: MeterGateway,
        clock: Clock,
        swaps: Swaps,
        doorbell: Doorbell,
    ) -> None:
        self._transactions = transactions
        self._gateway = gateway
        self._clock = clock
        self._swaps = swaps
        self._doorbell = doorbell
        self._at_work: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def run(self) -> ReconcileReport:
        """This function will decide anew what time has changed, then try every due order.

        A rejected key ends the run: no other order would fare better.
        """
        decided = await self._decide_anew()
        done: list[tuple[RelayOrder, Attempt]] = []
        first = await self._lease(limit=WORKERS)
        await asyncio.gather(*(self._work(order, done) for order in first))
        rejected = _rejection(done)
        if rejected is not None:
            await note_key_rejected(self._transactions, rejected, now=self._clock.now())
        alerted = await self._alert_dark()
        if done or decided or alerted:
            self._doorbell.ring()
        return ReconcileReport(orders=tuple(done), decided_anew=decided, alerted=alerted)

    async def _decide_anew(self) -> int:
        """Settle leases whose hold, protected hours, holiday or grace may be over.

        Mostly there are none, and an order that waits shall not wait for a place to write too.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            if not await unit.supplies.to_decide_anew(now):
                return 0
        async with self._transactions.begin() as unit:
            lease_ids = await unit.supplies.to_decide_anew(now)
            books = await unit.books.load(lease_ids, now=now, lock=True)
            settled = [settle(book, now=now) for book in books.values()]
            changed = [each for each in settled if each.is_news]
            await store(unit, changed)
        return len(changed)

    async def _work(self, order: RelayOrder, done: list[tuple[RelayOrder, Attempt]]) -> None:
        """Carry out an order, then the most urgent one of those that are due by then."""
        leased: Sequence[RelayOrder] = [order]
        while leased:
            await self._carry_out(leased[0], done)
            self._doorbell.ring()
            leased = [] if _rejection(done) else await self._lease(limit=1)

    async def _lease(self, *, limit: int) -> Sequence[RelayOrder]:
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            return await unit.supplies.lease_due(now, until=now + WORKERS_HOLD, limit=limit)

    async def _carry_out(self, order: RelayOrder, done: list[tuple[RelayOrder, Attempt]]) -> None:
        """Try an order; the others know what came of it before it is stored."""
        async with self._at_work[order.meter_id]:
            attempt = await self._try(order)
            done.append((order, attempt))
            await self._record(order, attempt)

    async def _try(self, order: RelayOrder) -> Attempt:
        async with self._transactions.read() as unit:
            current = await unit.supplies.get_order(order.id)
            installed = await unit.metering.open_installation(order.meter_id)
        if current is None or current.status not in {OrderStatus.PENDING, OrderStatus.WAITING}:
            return Attempt(status=OrderStatus.OBSOLETE)
        device_id = None if installed is None else installed.device_id
        try:
            if device_id is None:
                return await self._find_device(order, instead_of=None)
            try:
                return await self._command(order, device_id)
            except DeviceUnknown:
                return await self._find_device(order, instead_of=device_id)
        except GatewayError as error:
            return _failed(error)

    async def _command(self, order: RelayOrder, device_id: str) -> Attempt:
        """Command the relay and read it back.

        Nothing is commanded again whose outcome is not known: it is read back first.
        """
        if order.sent_at is not None:
            seen = await self._gateway.metrics(device_id, lane=order.lane)
            if seen.relay_on is order.turn_on:
                return Attempt(status=OrderStatus.CONFIRMED, seen_on=order.turn_on)
        try:
            accepted = await self._gateway.switch(device_id, on=order.turn_on, lane=order.lane)
        except OutcomeUnknown:
            accepted = False
        seen = await self._gateway.metrics(device_id, lane=order.lane)
        if seen.relay_on is order.turn_on or (seen.relay_on is None and accepted):
            return Attempt(
                status=OrderStatus.CONFIRMED,
                seen_on=order.turn_on,
                is_read_back=seen.relay_on is not None,
            )
        return Attempt(status=OrderStatus.PENDING, seen_on=seen.relay_on, error="not_changed")

    async def _find_device(self, order: RelayOrder, *, instead_of: str | None) -> Attempt:
        """Look for the meter's device; a new one is commanded at once, a lost one later."""
        installed = await self._swaps.refresh_meter(order.meter_id)
        found = None if installed is None else installed.device_id
        if found is None or found == instead_of:
            return Attempt(status=OrderStatus.WAITING, error="device_missing")
        return Attempt(status=OrderStatus.PENDING, error="device_replaced", at_once=True)

    async def _record(self, order: RelayOrder, attempt: Attempt) -> None:
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            book = await _book_of(unit, order, now)
            current = await unit.supplies.get_order(order.id)
            if current is None:
                return
            is_open = current.status in {OrderStatus.PENDING, OrderStatus.WAITING}
            if is_open and attempt.status is not OrderStatus.OBSOLETE:
                changed = _advanced(current, attempt, now)
                await unit.supplies.save_order(changed)
                if book is not None:
                    await tell_progress(unit, book, changed, attempt, now)
            if book is not None:
                await _note_seen(unit, book, order, attempt, now)

    async def _alert_dark(self) -> int:
        """Tell managers of tenants who are in order but still dark. Rule 6.5."""
        now = self._clock.now()
        too_long_ago = now - STILL_DARK_AFTER
        async with self._transactions.read() as unit:
            if not await unit.supplies.still_dark(ordered_before=too_long_ago):
                return 0
        async with self._transactions.begin() as unit:
            late = await unit.supplies.still_dark(ordered_before=too_long_ago)
            lease_ids = {order.lease_id for order in late if order.lease_id is not None}
            books = await unit.books.load(lease_ids, now=now, lock=True)
            for order in late:
                book = None if order.lease_id is None else books.get(order.lease_id)
                if book is not None:
                    await unit.outbox.add(still_dark(book, order, now))
                await unit.supplies.save_order(replace(order, alerted_at=now))
        return len(late)


def _rejection(done: Sequence[tuple[RelayOrder, Attempt]]) -> KeyRejected | None:
    return next((attempt.rejected for _, attempt in done if attempt.rejected), None)


def _failed(error: GatewayError) -> Attempt:
    """Return the attempt that an error ended; what is refused is tried again, but slowly."""
    offline = isinstance(error, DeviceUnreachable)
    rejected = error if isinstance(error, KeyRejected) else None
    passes = isinstance(error, DeviceUnreachable | KeyRejected | GatewayUnavailable)
    return Attempt(
        status=OrderStatus.WAITING if passes else OrderStatus.FAILED,
        error=error.code,
        detail=error.detail,
        offline=offline,
        rejected=rejected,
    )


def retry_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, up to five minutes."""
    return min(FIRST_RETRY * (1 << min(attempts, 10)), LONGEST_RETRY)


def retry_refused_after(attempts: int) -> timedelta:
    """Return how long to wait after a refusal of unknown meaning: doubling, up to an hour."""
    return min(FIRST_REFUSED_RETRY * (1 << min(attempts, 10)), LONGEST_REFUSED_RETRY)


def _wait(order: RelayOrder, attempt: Attempt) -> timedelta:
    if attempt.at_once:
        return timedelta(0)
    is_refused = attempt.status is OrderStatus.FAILED
    return (retry_refused_after if is_refused else retry_after)(order.attempts - 1)


def _advanced(order: RelayOrder, attempt: Attempt, now: datetime) -> RelayOrder:
    """Return the order after an attempt; it stays open until the relay is as it should be."""
    confirmed = attempt.status is OrderStatus.CONFIRMED
    is_refused = attempt.status is OrderStatus.FAILED
    return replace(
        order,
        status=OrderStatus.WAITING if is_refused else attempt.status,
        due_at=now + _wait(order, attempt),
        sent_at=order.sent_at if attempt.at_once else order.sent_at or now,
        confirmed_at=now if confirmed else None,
        error=attempt.error,
    )


async def _book_of(unit: Unit, order: RelayOrder, now: datetime) -> LeaseBook | None:
    if order.lease_id is None:
        return None
    books = await unit.books.load([order.lease_id], now=now, lock=True)
    return books.get(order.lease_id)


async def _note_seen(
    unit: Unit, book: LeaseBook, order: RelayOrder, attempt: Attempt, now: datetime
) -> None:
    """Store what was read back; if it is not what is desired now, order it again."""
    link = book.supply_meter
    if link is None or link.supply is None or link.meter.id != order.meter_id:
        return
    if attempt.offline:
        await note_offline(unit, [(book, link)], now=now)
    if attempt.seen_on is None:
        return
    if link.device_id is not None and link.is_online is not True:
        await note_online(unit, {link.device_id}, now=now)
    confirmed_at = now if attempt.is_read_back else None
    supply = link.supply.seen(attempt.seen_on, confirmed_at)
    await unit.supplies.save([supply])
    if supply.actual_on != supply.desired_on:
        others = tuple(each for each in book.meters if each is not link)
        seen = replace(book, meters=(replace(link, supply=supply), *others))
        await store(unit, [settle(seen, now=now)])
