"""A manager's hand on the switch. Rules 6.2 and 6.7; product.md `/relay`."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.people import Permission
from bot.domain.supply import Hold, SupplyDecision, SupplyReason
from bot.services.book import LeaseBook, MeterLink, SupplyState
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.notice import power_facts, tell
from bot.services.payment import locked_book
from bot.services.ports import Clock, Lane
from bot.services.settle import settle, store
from bot.services.store import Notice, NoticeKind, OrderStatus, RelayOrder, Transactions
from bot.services.stores import Unit


class NoSupplyMeter(LookupError):
    """The lease has no meter whose relay could be switched."""

    def __init__(self, lease_id: int) -> None:
        super().__init__(lease_id)
        self.lease_id = lease_id


class NoRelay(Exception):
    """The device cannot switch: somebody has to do it by hand. Rule 6.7."""

    def __init__(self, room: str) -> None:
        super().__init__(room)
        self.room = room


class OrderClosed(Exception):
    """The order was carried out or dropped meanwhile."""

    def __init__(self, status: OrderStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOrdered:
    """What came of a manager's wish; `order` is None when nothing had to be switched."""

    room: str
    decision: SupplyDecision
    order: RelayOrder | None
    thread: str


class Power:
    """Holds, and gives back to the rules, the power of rooms."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def hold(
        self,
        *,
        cause: Cause,
        lease_id: int,
        hold: Hold,
        until: datetime | None = None,
        reason: str | None = None,
        message_id: int | None = None,
    ) -> PowerOrdered:
        """This function will fix the power on or off, or give it back to the rules (NONE).

        `message_id` is the manager's message that shall show the progress. Raises LeaseUnknown,
        NoSupplyMeter, NoRelay, NotAllowed, AlreadyHandled and ButtonSpent.
        """
        async with self._transactions.begin() as unit:
            ordered = await self._fix(unit, cause, lease_id, hold, until, reason, message_id)
        self._doorbell.ring()
        return ordered

    async def cancel(self, *, cause: Cause, order_id: int) -> None:
        """This function will drop a waiting order and give the room back to the rules.

        Raises OrderClosed, NotAllowed, AlreadyHandled and ButtonSpent.
        """
        async with self._transactions.begin() as unit:
            order = await unit.supplies.get_order(order_id)
            if order is None or order.lease_id is None:
                raise OrderClosed(OrderStatus.OBSOLETE)
            # Locked before it is looked at: another manager's hold may just have replaced it.
            book = await locked_book(unit, order.lease_id, self._clock)
            cause.actor.require(Permission.SWITCH_POWER, book.place.id)
            current = await unit.supplies.get_order(order_id) or order
            if current.status not in {OrderStatus.PENDING, OrderStatus.WAITING}:
                raise OrderClosed(current.status)
            await self._fix(unit, cause, order.lease_id, Hold.NONE)
        self._doorbell.ring()

    async def _fix(
        self,
        unit: Unit,
        cause: Cause,
        lease_id: int,
        hold: Hold,
        until: datetime | None = None,
        reason: str | None = None,
        message_id: int | None = None,
    ) -> PowerOrdered:
        now = self._clock.now()
        await mark_handled(unit, cause, now=now)
        book = await locked_book(unit, lease_id, self._clock)
        cause.actor.require(Permission.SWITCH_POWER, book.place.id)
        held = _held(book, cause, hold, until, reason, now)
        thread = f"relay:{lease_id}:{now.isoformat()}"
        settled = settle(
            held,
            now=now,
            thread=thread,
            lane=Lane.MANUAL,
            requested_by=cause.actor.person_id,
        )
        await unit.supplies.save([settled.supply] if settled.supply else [])
        orders = await store(unit, [settled])
        order = orders.get(lease_id)
        await self._tell(unit, held, settled.decision, order, cause, thread, message_id)
        await unit.audit.add(
            at=now,
            actor_id=cause.actor.person_id,
            place_id=book.place.id,
            action=f"power.{hold.value}",
            facts={
                "lease_id": lease_id,
                "room": book.room.name,
                "until": None if until is None else until.isoformat(),
                "reason": reason,
            },
        )
        return PowerOrdered(
            room=book.room.name, decision=settled.decision, order=order, thread=thread
        )

    async def _tell(
        self,
        unit: Unit,
        book: LeaseBook,
        decision: SupplyDecision,
        order: RelayOrder | None,
        cause: Cause,
        thread: str,
        message_id: int | None,
    ) -> None:
        now = self._clock.now()
        people = await unit.people.get({cause.actor.person_id})
        link = book.supply_meter
        supply = link.supply if link else None
        until = supply.hold_until if supply else None
        facts = power_facts(book, decision, now=now, state=_state(decision, order)) | {
            "by": people[cause.actor.person_id].name if people else None,
            "order_id": None if order is None else order.id,
            "hold_until": None if until is None else until.isoformat(),
            "note": supply.hold_reason if supply else None,
            "only_accepted": supply is not None and supply.confirmed_at is None,
        }
        if message_id is not None:
            await unit.outbox.bind_message(
                thread, person_id=cause.actor.person_id, message_id=message_id
            )
        await unit.outbox.add(self._notices(book, facts, cause, order, thread, now))

    @staticmethod
    def _notices(
        book: LeaseBook,
        facts: dict[str, object],
        cause: Cause,
        order: RelayOrder | None,
        thread: str,
        now: datetime,
    ) -> tuple[Notice, ...]:
        tenants = book.tenant_ids if order is not None and _differs(book, order) else ()
        people = tuple(dict.fromkeys((cause.actor.person_id, *tenants)))
        return tell(people, NoticeKind.POWER, facts, key=f"{thread}:sent", now=now, thread=thread)


def _differs(book: LeaseBook, order: RelayOrder) -> bool:
    """Return whether the order changes what the tenants have, as far as is known."""
    supply = book.supply_meter.supply if book.supply_meter else None
    return supply is None or supply.actual_on is not order.turn_on


def _state(decision: SupplyDecision, order: RelayOrder | None) -> str:
    if order is not None:
        return "sent"
    return "on" if decision.on else "off"


def _held(
    book: LeaseBook,
    cause: Cause,
    hold: Hold,
    until: datetime | None,
    reason: str | None,
    now: datetime,
) -> LeaseBook:
    """Return the book with the manager's hold in it. Raises NoSupplyMeter, NoRelay.

    A hold OFF is for safety: no hour ends it, only a manager.
    """
    link = book.supply_meter
    if link is None:
        raise NoSupplyMeter(book.lease.id)
    if link.has_relay is False:
        raise NoRelay(book.room.name)
    before = link.supply or _untouched(link, now)
    supply = replace(
        before,
        hold=hold,
        hold_until=until if hold is Hold.ON else None,
        hold_by=None if hold is Hold.NONE else cause.actor.person_id,
        hold_reason=None if hold is Hold.NONE else reason,
    )
    others = tuple(each for each in book.meters if each is not link)
    return replace(book, meters=(replace(link, supply=supply), *others))


def _untouched(link: MeterLink, now: datetime) -> SupplyState:
    return SupplyState(
        meter_id=link.meter.id, desired_on=True, reason=SupplyReason.IN_ORDER, decided_at=now
    )
