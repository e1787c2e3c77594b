"""A manager tells what the devices showed when one took the place of the other. Rule 3.4."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.domain.people import Actor, Permission
from bot.domain.place import Place
from bot.services.book import LeaseBook, MeterLink
from bot.services.cause import Cause, mark_handled
from bot.services.check import book_after
from bot.services.doorbell import Doorbell
from bot.services.ports import Clock
from bot.services.posting import conclude
from bot.services.preview import MoneyPreview
from bot.services.receipt import power_word
from bot.services.settle import settle
from bot.services.store import Transactions
from bot.services.stores import Unit
from bot.services.swap_value import NobodyToCharge, Reckoned, Swap, SwapEnd, reckon


class SwapUnknown(LookupError):
    """The device has not replaced another one, or was replaced itself meanwhile."""

    def __init__(self, installation_id: int) -> None:
        super().__init__(installation_id)
        self.installation_id = installation_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapCard:
    """A swap with the place where it happened."""

    swap: Swap
    place: Place
    lease_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapValue:
    """What a value charges, and what that does to the power; money in paise."""

    card: SwapCard
    end: SwapEnd
    reckoned: Reckoned
    money: MoneyPreview


class Replacements:
    """Takes what a manager knows of a swap."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def card(self, *, actor: Actor, installation_id: int) -> SwapCard:
        """This function will return how a device took the place of another.

        Raises SwapUnknown and NotAllowed.
        """
        async with self._transactions.read() as unit:
            card, _ = await self._load(unit, actor, installation_id, lock=False)
        return card

    async def preview(
        self, *, actor: Actor, installation_id: int, end: SwapEnd, value: Decimal
    ) -> SwapValue:
        """This function will tell what a value would charge.

        Raises SwapUnknown, NotAllowed, EndKnown, EndContradicted, NobodyToCharge,
        ReadingInTheWay and NotARegisterValue.
        """
        async with self._transactions.read() as unit:
            card, books = await self._load(unit, actor, installation_id, lock=False)
        return _told(card, _lease(books), end, value)

    async def enter(
        self, *, cause: Cause, installation_id: int, end: SwapEnd, value: Decimal
    ) -> SwapValue:
        """This function will charge the use between the value and the reading next to it, once.

        Nothing that was charged before is touched. Raises what `preview` raises, AlreadyHandled
        and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            card, books = await self._load(unit, cause.actor, installation_id, lock=True)
            told = _told(card, _lease(books), end, value)
            await _book(unit, told, _lease(books), now)
            await _audit(unit, cause, told, now)
        self._doorbell.ring()
        return told

    async def _load(
        self, unit: Unit, actor: Actor, installation_id: int, *, lock: bool
    ) -> tuple[SwapCard, Sequence[LeaseBook]]:
        new = await unit.metering.installation(installation_id)
        if new is None or new.closed_at is not None:
            raise SwapUnknown(installation_id)
        meter = (await unit.metering.meters([new.meter_id]))[new.meter_id]
        place = await unit.places.get(meter.place_id)
        if place is None or not actor.may(Permission.SEE_ROOMS, place.id):
            raise SwapUnknown(installation_id)
        actor.require(Permission.TAKE_PAYMENT, place.id)
        lease_ids = (await unit.metering.running_leases([meter.id])).get(meter.id, ())
        now = self._clock.now()
        books = list((await unit.books.load(lease_ids, now=now, lock=lock)).values())
        old = await unit.metering.installation_before(new)
        if old is None or old.device_id in {None, new.device_id}:
            raise SwapUnknown(installation_id)
        _, last = await unit.metering.ends_of(old.id)
        first, _ = await unit.metering.ends_of(new.id)
        room = None if meter.room_id is None else await unit.places.room(meter.room_id)
        swap = Swap(
            meter=meter,
            room=None if room is None else room.name,
            old=old,
            new=new,
            last=last,
            first=first,
        )
        lease_id = books[0].lease.id if books else None
        return SwapCard(swap=swap, place=place, lease_id=lease_id, now=now), books


def _lease(books: Sequence[LeaseBook]) -> LeaseBook:
    if not books:
        raise NobodyToCharge
    return books[0]


def _told(card: SwapCard, book: LeaseBook, end: SwapEnd, value: Decimal) -> SwapValue:
    reckoned = reckon(card.swap, book, end, value)
    after = replace(book, balance_paise=book.balance_paise - reckoned.amount_paise)
    settled = settle(after, now=card.now, thread="preview")
    money = MoneyPreview(
        book=book,
        amount_paise=reckoned.amount_paise,
        after_paise=after.balance_paise,
        power=power_word(book, settled),
    )
    return SwapValue(card=card, end=end, reckoned=reckoned, money=money)


async def _book(unit: Unit, told: SwapValue, book: LeaseBook, now: datetime) -> None:
    """Store the reading and charge by it; the lease goes on from where it is by now."""
    swap, end, reckoned = told.card.swap, told.end, told.reckoned
    link = next(link for link in book.meters if link.meter.id == swap.meter.id)
    (typed_id,) = await unit.metering.add_readings([reckoned.typed])
    if end is SwapEnd.OPENING and swap.first is None:
        await unit.metering.move_anchors([(book.lease.id, swap.meter.id, typed_id)])
        return
    if reckoned.checked is None:
        return
    checked = reckoned.checked
    if end is SwapEnd.OPENING and checked.link.anchor is not None:
        began = replace(checked.link.anchor, id=typed_id)
        checked = replace(checked, link=replace(checked.link, anchor=began))
    await conclude(unit, [book_after(checked, now=now)], [checked], now=now, checked=False)
    await _go_on(unit, book, link)


async def _go_on(unit: Unit, book: LeaseBook, link: MeterLink) -> None:
    anchor_id = None if link.anchor is None else link.anchor.id
    await unit.metering.move_anchors([(book.lease.id, link.meter.id, anchor_id)])


async def _audit(unit: Unit, cause: Cause, told: SwapValue, now: datetime) -> None:
    swap, typed = told.card.swap, told.reckoned.typed
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=told.card.place.id,
        action=f"swap.{told.end.value}",
        facts={
            "meter_id": swap.meter.id,
            "meter": swap.meter.udf1,
            "installation_id": typed.installation_id,
            "value": str(typed.point.value),
            "amount_paise": told.reckoned.amount_paise,
        },
    )
