"""Tenants say when they will pay; an accepted promise keeps their power until that day is over."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.claim import PaymentPromise, RequestStatus, promise_days
from bot.domain.dues import undisputed
from bot.domain.lease import BillingMode
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.claim_check import own_book
from bot.services.doorbell import Doorbell
from bot.services.owing import wants_money
from bot.services.payment import locked_book
from bot.services.ports import Clock
from bot.services.promise_word import PromiseView, tell_staff, tell_tenant, view_of
from bot.services.revision import revised
from bot.services.settle import has_ended, settle, store
from bot.services.store import Transactions
from bot.services.stores import Unit


class PromiseUnknown(LookupError):
    """There is no such promise, or it is none of this person's business."""

    def __init__(self, promise_id: int) -> None:
        super().__init__(promise_id)
        self.promise_id = promise_id


class PromiseDecided(Exception):
    """Somebody has decided about the promise before, `by` name."""

    def __init__(self, promise: PaymentPromise, *, by: str | None, zone: ZoneInfo) -> None:
        super().__init__(promise.id)
        self.promise = promise
        self.by = by
        self.zone = zone


class NothingToPromise(Exception):
    """Nothing is to be paid, now or soon: no power has to be kept."""


class DayOutOfReach(ValueError):
    """The day is over, or further away than a promise may reach."""

    def __init__(self, pay_on: date) -> None:
        super().__init__(pay_on)
        self.pay_on = pay_on


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseOffer:
    """The days that a tenant may promise, and the promise that stands."""

    book: LeaseBook
    days: tuple[date, ...]
    standing: PaymentPromise | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseReport:
    """How many accepted promises came to their end."""

    kept: int
    broken: int


class Promises:
    """Takes promises from tenants, and the word of staff on them."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    def now(self) -> datetime:
        """Return the instant by which days are offered."""
        return self._clock.now()

    async def offer(self, *, actor: Actor, lease_id: int) -> PromiseOffer:
        """This function will return when a tenant may promise to pay.

        Raises LeaseUnknown for anybody else, and NothingToPromise.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            books = await unit.books.load([lease_id], now=now, lock=False)
            book = own_book(books.get(lease_id), actor, lease_id)
            _require_debt(book, now)
            standing = await unit.promises.standing(lease_id)
        days = promise_days(local_date(now, book.place.zone))
        return PromiseOffer(book=book, days=days, standing=standing)

    async def ask(self, *, cause: Cause, lease_id: int, pay_on: date) -> PaymentPromise:
        """This function will ask the staff to keep the power until a day is over.

        An earlier question of the lease gives way to it. Raises LeaseUnknown, NothingToPromise,
        DayOutOfReach, AlreadyHandled and ButtonSpent.
        """
        now, person_id = self._clock.now(), cause.actor.person_id
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book = own_book(await locked_book(unit, lease_id, self._clock), cause.actor, lease_id)
            _require_debt(book, now)
            _require_in_reach(book, pay_on, now)
            promise = await unit.promises.add(
                PaymentPromise(
                    id=0,
                    place_id=book.place.id,
                    lease_id=lease_id,
                    asked_by=person_id,
                    asked_at=now,
                    pay_on=pay_on,
                )
            )
            await tell_staff(unit, await view_of(unit, book, promise), now)
        self._doorbell.ring()
        return promise

    async def view(self, *, actor: Actor, promise_id: int) -> PromiseView:
        """This function will return a promise to staff who may see money. Raises PromiseUnknown."""
        async with self._transactions.read() as unit:
            promise = await _of(unit, actor, promise_id)
            books = await unit.books.load([promise.lease_id], now=self._clock.now(), lock=False)
            return await view_of(unit, books[promise.lease_id], promise)

    async def accept(self, *, cause: Cause, promise_id: int, pay_on: date) -> PromiseView:
        """This function will keep the power until a day is over, the promised one or another.

        An earlier promise gives way to it. Who has paid meanwhile needs it no more: it is kept.
        Raises PromiseUnknown, PromiseDecided, DayOutOfReach, NotAllowed, AlreadyHandled and
        ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book, promise = await self._waiting(unit, cause, promise_id)
            _require_in_reach(book, pay_on, now)
            is_needed = wants_money(book) and not has_ended(book, now=now)
            status = RequestStatus.ACCEPTED if is_needed else RequestStatus.KEPT
            decided = replace(_decided(promise, status, cause, now), pay_on=pay_on)
            view = await _decide(unit, book, decided, promise, cause, now)
            if is_needed:
                await unit.promises.outlive(decided)
                await _keep_power(unit, book, view.power_until, now)
        self._doorbell.ring()
        return view

    async def refuse(self, *, cause: Cause, promise_id: int) -> PromiseView:
        """This function will let the rules go on as if nothing had been promised.

        Raises PromiseUnknown, PromiseDecided, NotAllowed, AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            book, promise = await self._waiting(unit, cause, promise_id)
            decided = _decided(promise, RequestStatus.REFUSED, cause, now)
            view = await _decide(unit, book, decided, promise, cause, now)
        self._doorbell.ring()
        return view

    async def run(self) -> PromiseReport:
        """This function will tell of promised days that are over: kept, or broken."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            zones = {each.id: each.zone for each in await unit.places.all()}
            latest_on = max((local_date(now, zone) for zone in zones.values()), default=now.date())
            ended = await unit.promises.accepted_until(latest_on)
        over = [each for each in ended if each.pay_on < local_date(now, zones[each.place_id])]
        found = [await self._end(each, now) for each in over]
        if any(found):
            self._doorbell.ring()
        broken = found.count(RequestStatus.BROKEN)
        return PromiseReport(kept=found.count(RequestStatus.KEPT), broken=broken)

    async def _end(self, promise: PaymentPromise, now: datetime) -> RequestStatus | None:
        """End a promise; power follows even if nobody has decided about it since."""
        async with self._transactions.begin() as unit:
            book = await locked_book(unit, promise.lease_id, self._clock)
            status = RequestStatus.BROKEN if _owes(book, promise) else RequestStatus.KEPT
            ended = replace(promise, status=status)
            if not await unit.promises.decide(ended, was=promise):
                return None
            await store(unit, [settle(book, now=now)])
            if status is RequestStatus.BROKEN:
                view = await view_of(unit, book, ended)
                await tell_staff(unit, view, now)
                await tell_tenant(unit, view, now)
        return status

    async def _waiting(
        self, unit: Unit, cause: Cause, promise_id: int
    ) -> tuple[LeaseBook, PaymentPromise]:
        """Return a promise that nobody else decides meanwhile, and its lease."""
        asked = await _of(unit, cause.actor, promise_id)
        book = await locked_book(unit, asked.lease_id, self._clock)
        cause.actor.require(Permission.SWITCH_POWER, book.place.id)
        promise = await unit.promises.get(promise_id) or asked
        if promise.status is not RequestStatus.WAITING:
            view = await view_of(unit, book, promise)
            raise PromiseDecided(promise, by=view.by, zone=book.place.zone)
        return book, promise


async def _of(unit: Unit, actor: Actor, promise_id: int) -> PaymentPromise:
    promise = await unit.promises.get(promise_id)
    if promise is None or not actor.may(Permission.SEE_MONEY, promise.place_id):
        raise PromiseUnknown(promise_id)
    return promise


def _require_debt(book: LeaseBook, now: datetime) -> None:
    if has_ended(book, now=now) or not wants_money(book):
        raise NothingToPromise


def _require_in_reach(book: LeaseBook, pay_on: date, now: datetime) -> None:
    """Today is in reach of who accepts: a promise may have waited for a night."""
    today_on = local_date(now, book.place.zone)
    if pay_on not in {today_on, *promise_days(today_on)}:
        raise DayOutOfReach(pay_on)


def _owes(book: LeaseBook, promise: PaymentPromise) -> bool:
    """Return whether what was to be paid by the promised day was not, as far as power goes."""
    if book.lease.mode is BillingMode.PREPAID:
        return book.balance_paise + book.disputed_paise < book.terms.cut_off_paise
    return any(each.open_paise for each in undisputed(book.dues) if each.due_on <= promise.pay_on)


def _decided(
    promise: PaymentPromise, status: RequestStatus, cause: Cause, now: datetime
) -> PaymentPromise:
    by = cause.actor.person_id
    return replace(promise, status=status, decided_by=by, decided_at=now)


async def _decide(
    unit: Unit,
    book: LeaseBook,
    decided: PaymentPromise,
    was: PaymentPromise,
    cause: Cause,
    now: datetime,
) -> PromiseView:
    """Store what was decided and tell everybody."""
    await unit.promises.decide(decided, was=was)
    view = await view_of(unit, book, decided)
    await tell_staff(unit, view, now)
    await tell_tenant(unit, view, now)
    await unit.audit.add(
        at=now,
        actor_id=cause.actor.person_id,
        place_id=book.place.id,
        action=f"promise.{decided.status.value}",
        facts={
            "promise_id": decided.id,
            "lease_id": decided.lease_id,
            "room": book.room.name,
            "asked_for": was.pay_on.isoformat(),
            "pay_on": decided.pay_on.isoformat(),
        },
    )
    return view


async def _keep_power(unit: Unit, book: LeaseBook, until: datetime, now: datetime) -> None:
    """Let no cut begin before an instant; what staff have granted for longer stays."""
    granted = book.lease.grace_until
    lease = replace(book.lease, grace_until=until if granted is None else max(granted, until))
    await unit.leases.save(lease)
    settled = settle(revised(book, lease=lease, place=book.place, now=now), now=now)
    await store(unit, [settled])
