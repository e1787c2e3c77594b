"""Sets the rules of a place and the terms of a lease, and decides at once. Rules 5.1, 5.3, 6.3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.lease import BillingMode, Lease
from bot.domain.people import Actor, Permission
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.rule import Rule, lease_value
from bot.services.book import LeaseBook
from bot.services.cause import Cause, mark_handled
from bot.services.doorbell import Doorbell
from bot.services.payment import LeaseUnknown, locked_book
from bot.services.ports import Clock
from bot.services.revision import Consequences, consequences, revised
from bot.services.rule_edit import PlaceEdit, Setting
from bot.services.settle import Settlement, has_ended, settle, store
from bot.services.store import Notice, Transactions
from bot.services.stores import Unit
from bot.services.terms_notice import OURS, terms_told


class PlaceUnknown(LookupError):
    """No such place, or none of the person's."""

    def __init__(self, place_id: int) -> None:
        super().__init__(place_id)
        self.place_id = place_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRules:
    """The rules of a place, and for how many leases they hold, at an instant."""

    place: Place
    now: datetime
    leases: int
    has_postpaid: bool

    @property
    def coming_holidays(self) -> tuple[date, ...]:
        """The holidays that are not over, by date."""
        today = local_date(self.now, self.place.zone)
        return tuple(sorted(on for on in self.place.holidays if on >= today))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTerms:
    """A lease with the terms that hold at an instant."""

    book: LeaseBook
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRevision:
    """A rule of a place before and after: `own` of the leases that it concerns do not follow."""

    before: Place
    after: Place
    leases: int
    own: int
    effects: Consequences


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRevision:
    """A lease before and after its terms change."""

    before: LeaseBook
    after: LeaseBook
    now: datetime
    effects: Consequences


class Rules:
    """What managers and owners set; every change decides about power in its own transaction."""

    def __init__(self, transactions: Transactions, clock: Clock, doorbell: Doorbell) -> None:
        self._transactions = transactions
        self._clock = clock
        self._doorbell = doorbell

    async def place(self, *, actor: Actor, place_id: int) -> PlaceRules:
        """This function will return the rules of a place. Raises PlaceUnknown and NotAllowed."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            place = await _place_of(unit, actor, place_id)
            leases = await _running(unit, place, now)
        return PlaceRules(
            place=place,
            now=now,
            leases=len(leases),
            has_postpaid=any(each.mode is BillingMode.POSTPAID for each in leases.values()),
        )

    async def preview_place(self, *, actor: Actor, place_id: int, edit: PlaceEdit) -> PlaceRevision:
        """This function will tell what a change of a place's rules would do.

        Raises PlaceUnknown, NotAllowed, and what the edit raises.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            before = await _place_of(unit, actor, place_id)
            after = edit.of_place(before, now=now)
            leases = await _running(unit, before, now)
            books = await unit.books.load(sorted(leases), now=now, lock=False)
            settled = _settled(books, before, after, now)
        return _revision(before, after, edit.rule, leases, settled)

    async def set_place(self, *, cause: Cause, place_id: int, edit: PlaceEdit) -> PlaceRevision:
        """This function will change a rule of a place, and decide anew about all its leases.

        Raises PlaceUnknown, NotAllowed, AlreadyHandled, ButtonSpent, and what the edit raises.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            await unit.places.lock()
            before = await _place_of(unit, cause.actor, place_id)
            after = edit.of_place(before, now=now)
            await unit.places.save(after)
            leases = await _running(unit, before, now)
            books = await unit.books.load(sorted(leases), now=now, lock=True)
            settled = _settled(books, before, after, now)
            await store(unit, settled)
            await unit.outbox.add(_told(settled, books, before, edit.rule, now))
            revision = _revision(before, after, edit.rule, leases, settled)
            facts = edit.place_facts(before) | {"leases": revision.leases - revision.own}
            await _note(unit, cause, place_id, f"place.{edit.rule.value}", facts, now)
        self._doorbell.ring()
        return revision

    async def lease(self, *, actor: Actor, lease_id: int) -> LeaseTerms:
        """This function will return a lease with its terms. Raises LeaseUnknown and NotAllowed."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            books = await unit.books.load([lease_id], now=now, lock=False)
        return LeaseTerms(book=_require_running(books.get(lease_id), actor, lease_id, now), now=now)

    async def preview_lease(self, *, actor: Actor, lease_id: int, edit: Setting) -> LeaseRevision:
        """This function will tell what a change of a lease's terms would do.

        Raises LeaseUnknown, NotAllowed, and what the edit raises.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            books = await unit.books.load([lease_id], now=now, lock=False)
        before = _require_running(books.get(lease_id), actor, lease_id, now)
        return _lease_revision(before, edit, now)[0]

    async def set_lease(self, *, cause: Cause, lease_id: int, edit: Setting) -> LeaseRevision:
        """This function will change a lease's terms, and decide anew about its power.

        Raises LeaseUnknown, NotAllowed, AlreadyHandled, ButtonSpent, and what the edit raises.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            locked = await locked_book(unit, lease_id, self._clock)
            before = _require_running(locked, cause.actor, lease_id, now)
            revision, settled = _lease_revision(before, edit, now)
            await unit.leases.save(revision.after.lease)
            await store(unit, [settled])
            told = terms_told([(before, revision.after)], edit.rule, now=now)
            await unit.outbox.add(told)
            facts = edit.lease_facts(before.lease)
            facts |= {"lease_id": lease_id, "room": before.room.name}
            await _note(unit, cause, before.place.id, f"lease.{edit.rule.value}", facts, now)
        self._doorbell.ring()
        return revision


async def _place_of(unit: Unit, actor: Actor, place_id: int) -> Place:
    """A stranger to the place learns nothing of it, not even that there is one."""
    place = await unit.places.get(place_id)
    if place is None or not actor.may(Permission.SEE_ROOMS, place_id):
        raise PlaceUnknown(place_id)
    actor.require(Permission.SET_RULES, place_id)
    return place


def _require_running(
    book: LeaseBook | None, actor: Actor, lease_id: int, now: datetime
) -> LeaseBook:
    """Raises LeaseUnknown, also for one that is over: it has no terms to come."""
    if book is None or not actor.may(Permission.SEE_ROOMS, book.place.id):
        raise LeaseUnknown(lease_id)
    actor.require(Permission.SET_RULES, book.place.id)
    if has_ended(book, now=now):
        raise LeaseUnknown(lease_id)
    return book


async def _running(unit: Unit, place: Place, now: datetime) -> Mapping[int, Lease]:
    leases = await unit.leases.at_place(place.id, on=local_date(now, place.zone))
    return {lease.id: lease for lease in leases}


def _settled(
    books: Mapping[int, LeaseBook], before: Place, after: Place, now: datetime
) -> list[Settlement]:
    found = (replace(book, place=before) for book in books.values())
    after_it = (revised(book, lease=book.lease, place=after, now=now) for book in found)
    return [settle(book, now=now) for book in after_it]


def _told(
    settled: Sequence[Settlement],
    books: Mapping[int, LeaseBook],
    before: Place,
    rule: Rule,
    now: datetime,
) -> Sequence[Notice]:
    """Return what tenants hear of a place's rule."""
    if rule in OURS:
        return ()
    was = {lease_id: replace(book, place=before) for lease_id, book in books.items()}
    return terms_told(((was[each.book.lease.id], each.book) for each in settled), rule, now=now)


def _revision(
    before: Place,
    after: Place,
    rule: Rule,
    leases: Mapping[int, Lease],
    settled: Sequence[Settlement],
) -> PlaceRevision:
    concerned = [each for each in leases.values() if _concerns(rule, each.mode)]
    may_have_own = rule.is_amount or rule is Rule.PROTECTED_HOURS
    own = [each for each in concerned if may_have_own and lease_value(each, rule) is not None]
    return PlaceRevision(
        before=before,
        after=after,
        leases=len(concerned),
        own=len(own),
        effects=consequences(settled),
    )


OF_BILLS = frozenset({Rule.GRACE, Rule.DUE_DAYS, Rule.REMINDER_DAYS})
"""What means nothing to those who pay before use."""


def _concerns(rule: Rule, mode: BillingMode) -> bool:
    """Return whether a place's rule means anything to those who pay before, or after use."""
    if rule in OF_BILLS:
        return mode is BillingMode.POSTPAID
    return mode is BillingMode.PREPAID or not rule.is_amount


def _lease_revision(
    before: LeaseBook, edit: Setting, now: datetime
) -> tuple[LeaseRevision, Settlement]:
    lease = edit.of_lease(before.lease, before.place, now=now)
    settled = settle(revised(before, lease=lease, place=before.place, now=now), now=now)
    revision = LeaseRevision(
        before=before, after=settled.book, now=now, effects=consequences([settled])
    )
    return revision, settled


async def _note(
    unit: Unit, cause: Cause, place_id: int, action: str, facts: dict[str, object], now: datetime
) -> None:
    await unit.audit.add(
        at=now, actor_id=cause.actor.person_id, place_id=place_id, action=action, facts=facts
    )
