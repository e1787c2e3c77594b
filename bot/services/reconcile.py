"""Drives relays to their desired state and says how it went. Rules 6.4 to 6.6."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.metering import Installation
from bot.domain.supply import SupplyDecision
from bot.services.book import LeaseBook
from bot.services.doorbell import Doorbell
from bot.services.outage import note_offline
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
from bot.services.settle import common_facts, power_facts, settle, store, tell
from bot.services.store import Notice, NoticeKind, OrderStatus, RelayOrder, Transactions
from bot.services.stores import Unit

WORKERS_HOLD = timedelta(minutes=3)
STILL_DARK_AFTER = timedelta(minutes=15)
FIRST_RETRY = timedelta(seconds=15)
LONGEST_RETRY = timedelta(minutes=5)
ALARMING_ATTEMPTS = 4
BATCH = 20


class Swaps(Protocol):
    """Notices that a meter has another device now."""

    async def refresh_meter(self, meter_id: int) -> Installation | None:
        """Look the meter up at the vendor; return its installation, None when it has none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one try to carry out an order went; `seen_on` is what was read back."""

    status: OrderStatus
    seen_on: bool | None = None
    error: str | None = None
    detail: str | None = None
    offline: bool = False
    fatal: bool = False


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
        """This function will decide anew what time has changed, then try every due order."""
        decided = await self._decide_anew()
        done: list[tuple[RelayOrder, Attempt]] = []
        while orders := await self._lease():
            attempts = await asyncio.gather(*(self._carry_out(order) for order in orders))
            done += zip(orders, attempts, strict=True)
            self._doorbell.ring()
        alerted = await self._alert_dark()
        return ReconcileReport(orders=tuple(done), decided_anew=decided, alerted=alerted)

    async def _decide_anew(self) -> int:
        """Settle leases whose hold, protected hours, holiday or grace may be over."""
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            lease_ids = await unit.supplies.to_decide_anew(now)
            if not lease_ids:
                return 0
            books = await unit.books.load(lease_ids, now=now, lock=True)
            settled = [settle(book, now=now) for book in books.values()]
            before = {key: book.supply_meter for key, book in books.items()}
            await store(unit, settled)
        return sum(
            1
            for each in settled
            if (link := before[each.book.lease.id]) is not None and link.supply != each.supply
        )

    async def _lease(self) -> Sequence[RelayOrder]:
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            return await unit.supplies.lease_due(now, until=now + WORKERS_HOLD, limit=BATCH)

    async def _carry_out(self, order: RelayOrder) -> Attempt:
        async with self._at_work[order.meter_id]:
            attempt = await self._try(order)
            await self._record(order, attempt)
            return attempt

    async def _try(self, order: RelayOrder) -> Attempt:
        async with self._transactions.read() as unit:
            current = await unit.supplies.get_order(order.id)
            installed = await unit.metering.open_installation(order.meter_id)
        if current is None or current.status not in {OrderStatus.PENDING, OrderStatus.WAITING}:
            return Attempt(status=OrderStatus.OBSOLETE)
        if installed is None or installed.device_id is None:
            return await self._find_device(order)
        try:
            return await self._command(order, installed.device_id)
        except DeviceUnreachable as error:
            return _waiting(error, offline=True)
        except DeviceUnknown:
            return await self._find_device(order)
        except KeyRejected as error:
            return _waiting(error, fatal=True)
        except GatewayUnavailable as error:
            return _waiting(error)
        except GatewayError as error:
            return replace(_waiting(error), status=OrderStatus.FAILED)

    async def _command(self, order: RelayOrder, device_id: str) -> Attempt:
        """Command the relay and read it back; an unknown outcome is read back, not repeated."""
        try:
            accepted = await self._gateway.switch(device_id, on=order.turn_on, lane=order.lane)
        except OutcomeUnknown:
            accepted = False
        seen = await self._gateway.metrics(device_id, lane=order.lane)
        if seen.relay_on is order.turn_on or (seen.relay_on is None and accepted):
            return Attempt(status=OrderStatus.CONFIRMED, seen_on=order.turn_on)
        return Attempt(status=OrderStatus.PENDING, seen_on=seen.relay_on, error="not_changed")

    async def _find_device(self, order: RelayOrder) -> Attempt:
        try:
            installed = await self._swaps.refresh_meter(order.meter_id)
        except GatewayError as error:
            return _waiting(error)
        if installed is None or installed.device_id is None:
            return Attempt(status=OrderStatus.WAITING, error="device_missing", offline=True)
        return Attempt(status=OrderStatus.PENDING, error="device_replaced")

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
                    await _tell_progress(unit, book, changed, attempt, now)
            if book is not None:
                await _note_seen(unit, book, attempt, now)

    async def _alert_dark(self) -> int:
        """Tell managers of tenants who are in order but still dark. Rule 6.5."""
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            late = await unit.supplies.still_dark(ordered_before=now - STILL_DARK_AFTER)
            for order in late:
                book = await _book_of(unit, order, now)
                if book is not None:
                    await unit.outbox.add(_dark_notices(book, order, now))
                await unit.supplies.save_order(replace(order, alerted_at=now))
        if late:
            self._doorbell.ring()
        return len(late)


def _waiting(error: GatewayError, *, offline: bool = False, fatal: bool = False) -> Attempt:
    return Attempt(
        status=OrderStatus.WAITING,
        error=error.code,
        detail=error.detail,
        offline=offline,
        fatal=fatal,
    )


def retry_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, up to five minutes."""
    return min(FIRST_RETRY * (1 << min(attempts, 10)), LONGEST_RETRY)


def _advanced(order: RelayOrder, attempt: Attempt, now: datetime) -> RelayOrder:
    confirmed = attempt.status is OrderStatus.CONFIRMED
    at_once = attempt.error == "device_replaced"
    wait = timedelta(0) if at_once else retry_after(order.attempts - 1)
    return replace(
        order,
        status=attempt.status,
        due_at=now + wait,
        sent_at=order.sent_at or now,
        confirmed_at=now if confirmed else None,
        error=attempt.error,
    )


async def _book_of(unit: Unit, order: RelayOrder, now: datetime) -> LeaseBook | None:
    if order.lease_id is None:
        return None
    books = await unit.books.load([order.lease_id], now=now, lock=True)
    return books.get(order.lease_id)


async def _note_seen(unit: Unit, book: LeaseBook, attempt: Attempt, now: datetime) -> None:
    """Store what was read back; if it is not what is desired now, order it again."""
    link = book.supply_meter
    if link is None or link.supply is None:
        return
    if attempt.offline:
        await note_offline(unit, [(book, link)], now=now)
    if attempt.seen_on is None:
        return
    supply = replace(link.supply, actual_on=attempt.seen_on, confirmed_at=now)
    await unit.supplies.save([supply])
    if supply.actual_on != supply.desired_on:
        others = tuple(each for each in book.meters if each is not link)
        seen = replace(book, meters=(replace(link, supply=supply), *others))
        await store(unit, [settle(seen, now=now, quiet=True)])


async def _tell_progress(
    unit: Unit, book: LeaseBook, order: RelayOrder, attempt: Attempt, now: datetime
) -> None:
    """Edit the messages in which the change was announced. Rule 6.6."""
    state = _progress_state(order, attempt)
    if state is None:
        return
    shown = await unit.outbox.in_thread(order.thread)
    news: list[Notice] = [_moved_on(each, order, state, now) for each in shown]
    if not news and order.status is OrderStatus.CONFIRMED:
        decision = SupplyDecision(on=order.turn_on, reason=order.reason)
        facts = power_facts(book, decision, now=now, state=state)
        news += tell(
            book.tenant_ids,
            NoticeKind.POWER,
            facts,
            key=f"order:{order.id}:{state}",
            now=now,
            thread=order.thread,
        )
    if attempt.fatal or order.status is OrderStatus.FAILED or order.attempts == ALARMING_ATTEMPTS:
        news += _trouble(book, order, attempt, now)
    await unit.outbox.add(news)


def _progress_state(order: RelayOrder, attempt: Attempt) -> str | None:
    if order.status is OrderStatus.CONFIRMED:
        return "on" if order.turn_on else "off"
    if order.status is OrderStatus.FAILED:
        return "failed"
    return "waiting_offline" if attempt.offline else None


def _moved_on(shown: Notice, order: RelayOrder, state: str, now: datetime) -> Notice:
    field = "state" if shown.kind is NoticeKind.POWER else "power"
    facts = {
        **shown.facts,
        field: state,
        "at": now.isoformat(),
        "power_at": now.isoformat(),
        "seconds": int((now - order.created_at).total_seconds()),
        "order_id": order.id,
        "error": order.error,
    }
    return Notice(
        key=f"order:{order.id}:{state}:{shown.person_id}",
        person_id=shown.person_id,
        kind=shown.kind,
        facts=facts,
        created_at=now,
        due_at=now,
        thread=shown.thread,
    )


def _trouble(
    book: LeaseBook, order: RelayOrder, attempt: Attempt, now: datetime
) -> tuple[Notice, ...]:
    link = book.supply_meter
    facts = common_facts(book) | {
        "meter": link.meter.udf1 if link else None,
        "code": attempt.error,
        "detail": attempt.detail,
        "on": order.turn_on,
        "order_id": order.id,
    }
    key = f"trouble:order:{order.id}:{attempt.error}"
    return tell(book.staff_ids, NoticeKind.DEVICE_TROUBLE, facts, key=key, now=now)


def _dark_notices(book: LeaseBook, order: RelayOrder, now: datetime) -> tuple[Notice, ...]:
    minutes = int((now - order.created_at).total_seconds()) // 60
    facts = common_facts(book) | {"minutes": minutes, "order_id": order.id, "error": order.error}
    key = f"still-dark:{order.id}"
    return tell(book.staff_ids, NoticeKind.STILL_DARK, facts, key=key, now=now)
