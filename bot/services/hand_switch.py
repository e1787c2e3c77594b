"""Power that a person switches, because the device has no relay. Rules 6.6 and 6.7."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.people import Permission
from bot.domain.supply import SupplyDecision
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.notice import power_facts, tell
from bot.services.payment import LeaseUnknown, locked_book
from bot.services.ports import Clock
from bot.services.progress import moved_on
from bot.services.store import Notice, NoticeKind, OrderStatus, RelayOrder, Transactions
from bot.services.stores import Unit


class SwitchedBefore(Exception):
    """Somebody has said already that this is switched."""

    def __init__(self, order: RelayOrder, *, room: str, by: str | None, zone: ZoneInfo) -> None:
        super().__init__(order.id)
        self.order = order
        self.room = room
        self.by = by
        self.zone = zone


class SwitchOverruled(Exception):
    """Something else was decided since somebody was asked to switch."""

    def __init__(self, lease_id: int) -> None:
        super().__init__(lease_id)
        self.lease_id = lease_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedByHand:
    """What somebody said that they have switched."""

    lease_id: int
    room: str
    on: bool


class HandSwitches:
    """Takes the word of people for what no meter can confirm."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def done(self, *, cause: Cause, order_id: int) -> SwitchedByHand:
        """This function will record that a person has switched as asked, and tell the tenants.

        An order that took over this one is meant too. Raises LeaseUnknown, NotAllowed,
        SwitchedBefore, SwitchOverruled and AlreadyHandled.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            asked = await unit.supplies.get_order(order_id)
            if asked is None or asked.lease_id is None:
                raise LeaseUnknown(0)
            # Locked before it is looked at: a payment may just have decided something else.
            book = await locked_book(unit, asked.lease_id, self._clock)
            cause.actor.require(Permission.SWITCH_POWER, book.place.id)
            order = await _standing(unit, order_id, book)
            await self._confirm(unit, book, order, cause, now)
        self._doorbell.ring()
        return SwitchedByHand(lease_id=book.lease.id, room=book.room.name, on=order.turn_on)

    async def _confirm(
        self, unit: Unit, book: LeaseBook, order: RelayOrder, cause: Cause, now: datetime
    ) -> None:
        by = cause.actor.person_id
        done = replace(
            order, status=OrderStatus.CONFIRMED, confirmed_at=now, confirmed_by=by, error=None
        )
        await unit.supplies.save_order(done)
        states = await unit.supplies.states([order.meter_id])
        await unit.supplies.save([each.seen(order.turn_on, now, by=by) for each in states.values()])
        await unit.outbox.add(await _news(unit, book, done, await _name(unit, by), now))
        await unit.audit.add(
            at=now,
            actor_id=by,
            place_id=book.place.id,
            action="power.by_hand",
            facts={
                "lease_id": book.lease.id,
                "room": book.room.name,
                "on": order.turn_on,
                "order_id": order.id,
                "asked_at": order.created_at.isoformat(),
            },
        )


async def _standing(unit: Unit, order_id: int, book: LeaseBook) -> RelayOrder:
    """Return what is to be switched. Raises SwitchedBefore and SwitchOverruled."""
    order = await unit.supplies.standing(order_id)
    if order is None:
        raise SwitchOverruled(book.lease.id)
    if order.confirmed_by is not None:
        by = await _name(unit, order.confirmed_by)
        raise SwitchedBefore(order, room=book.room.name, by=by, zone=book.place.zone)
    if order.status is not OrderStatus.BY_HAND:
        raise SwitchOverruled(book.lease.id)
    return order


async def _news(
    unit: Unit, book: LeaseBook, done: RelayOrder, by: str | None, now: datetime
) -> Sequence[Notice]:
    """Return edits of all that waits for the switch; tenants who wait nowhere are told anew."""
    state = "on" if done.turn_on else "off"
    shown = await moved_on(unit, done, state, now=now, hand_by=by)
    knowing = {each.person_id for each in shown}
    others = [each for each in book.tenant_ids if each not in knowing]
    decision = SupplyDecision(on=done.turn_on, reason=done.reason)
    facts = power_facts(book, decision, now=now, state=state) | {
        "order_id": done.id,
        "hand_by": by,
    }
    key, thread = f"order:{done.id}:{state}", done.thread
    return [*shown, *tell(others, NoticeKind.POWER, facts, key=key, now=now, thread=thread)]


async def _name(unit: Unit, person_id: int) -> str | None:
    people = await unit.people.get({person_id})
    return next((each.name for each in people.values()), None)
