"""Everything that waits for a decision or a hand, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import TypeAlias

from bot.domain.claim import PaymentClaim, PaymentPromise
from bot.domain.dispute import Dispute, DisputeState
from bot.domain.people import Actor, NotAllowed, Permission
from bot.domain.place import Place
from bot.services.ports import Clock
from bot.services.reconcile import STILL_DARK_AFTER
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.stores.inbox import DarkRoom, OfflineMeter
from bot.services.stores.reading_list import HeldLine

PAGE = 6
MOST = 200
_Asked: TypeAlias = PaymentClaim | PaymentPromise | Dispute


class InboxKind(Enum):
    """What waits, in the order of its urgency."""

    DARK = "dark"
    CLAIM = "claim"
    PROMISE = "promise"
    DISPUTE = "dispute"
    HELD = "held"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem:
    """One thing that waits; `subject_id` is of a lease, a claim, a reading or a meter.

    `note` is a reference or the name of a meter; the amount is in paise.
    """

    kind: InboxKind
    subject_id: int
    place: str
    room: str | None
    since_at: datetime | None
    note: str | None = None
    amount_paise: int | None = None
    currency: str = ""
    pay_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """Some of what waits; `offset` is how many come before them."""

    items: tuple[InboxItem, ...]
    offset: int
    total: int
    now: datetime


class Inboxes:
    """Gathers what waits for a person."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def page(self, *, actor: Actor, offset: int = 0) -> InboxPage:
        """This function will return what waits in a person's places. Raises NotAllowed."""
        items = await self._items(actor)
        last = max((len(items) - 1) // PAGE, 0) * PAGE
        begins = min(max(offset, 0) // PAGE * PAGE, last)
        return InboxPage(
            items=tuple(items[begins : begins + PAGE]),
            offset=begins,
            total=len(items),
            now=self._clock.now(),
        )

    async def count(self, *, actor: Actor) -> int:
        """This function will return how many things wait. Raises NotAllowed."""
        return len(await self._items(actor))

    async def _items(self, actor: Actor) -> list[InboxItem]:
        if not actor.may(Permission.SEE_ROOMS):
            raise NotAllowed(permission=Permission.SEE_ROOMS)
        rooms = actor.places(Permission.SEE_ROOMS)
        before = self._clock.now() - STILL_DARK_AFTER
        async with self._transactions.read() as unit:
            dark = await unit.inboxes.dark(rooms, ordered_before=before, limit=MOST)
            asked = await _asked(unit, actor)
            held = await unit.reading_lists.held(rooms, limit=MOST)
            offline = await unit.inboxes.offline(rooms, limit=MOST)
        return [
            *map(_dark, dark),
            *asked,
            *map(_held, held),
            *map(_offline, offline),
        ]


async def _asked(unit: Unit, actor: Actor) -> Sequence[InboxItem]:
    """Return what tenants ask, and wait for an answer to, of those who may answer it."""
    claims = await unit.claims.waiting(actor.places(Permission.SEE_MONEY), limit=MOST)
    promises = await unit.promises.waiting(actor.places(Permission.SWITCH_POWER), limit=MOST)
    disputes = await unit.disputes.all_open(actor.places(Permission.CREDIT_BILLS))
    questions = [each for each in disputes if each.state is DisputeState.OPEN]
    asked: list[_Asked] = [*claims, *promises, *questions]
    found = await unit.rooms.of_leases({each.lease_id for each in asked})
    rooms = {each.lease_id: each.room for each in found}
    places = {each.id: each for each in await unit.places.all()}
    return [_request(each, rooms.get(each.lease_id), places[each.place_id]) for each in asked]


def _dark(each: DarkRoom) -> InboxItem:
    return InboxItem(
        kind=InboxKind.DARK,
        subject_id=each.lease_id,
        place=each.place,
        room=each.room,
        since_at=each.since_at,
    )


def _request(each: _Asked, room: str | None, place: Place) -> InboxItem:
    item = partial(InboxItem, subject_id=each.id, place=place.name, room=room)
    match each:
        case PaymentClaim():
            return item(
                kind=InboxKind.CLAIM,
                since_at=each.claimed_at,
                note=each.reference,
                amount_paise=each.amount_paise,
                currency=place.currency,
            )
        case PaymentPromise():
            return item(kind=InboxKind.PROMISE, since_at=each.asked_at, pay_on=each.pay_on)
        case Dispute():
            return item(kind=InboxKind.DISPUTE, since_at=each.opened_at, note=each.number)


def _held(each: HeldLine) -> InboxItem:
    return InboxItem(
        kind=InboxKind.HELD,
        subject_id=each.reading.id,
        place=each.meter.place,
        room=each.meter.room,
        since_at=each.reading.point.at,
        note=each.meter.sheet.name,
    )


def _offline(each: OfflineMeter) -> InboxItem:
    """A room's card says most of it; a meter of several rooms has a card of its own."""
    return InboxItem(
        kind=InboxKind.OFFLINE,
        subject_id=each.meter_id,
        place=each.place,
        room=each.room,
        since_at=each.since_at,
        note=each.meter,
    )
