"""Questions as people look at them: one with its steps, a tenant's own, those of the places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.domain.dispute import (
    ANSWER_WITHIN,
    DECIDE_WITHIN,
    Dispute,
    DisputeState,
    DisputeStep,
)
from bot.domain.people import Actor, Permission
from bot.services.book import LeaseBook
from bot.services.dispute_case import DisputeUnknown
from bot.services.dispute_item import Item, as_it_stands, item_of
from bot.services.ports import Clock
from bot.services.store import Transactions
from bot.services.stores import Unit

PAGE_DISPUTES = 6
MOST_OWN = 12


class DisputeFilter(Enum):
    """Which questions staff look at."""

    OPEN = "o"
    OURS = "w"
    TENANTS = "t"
    LATE = "l"
    CLOSED = "c"


class Age(Enum):
    """How long a question has been open, by the time limits."""

    NEW = "new"
    UNDER_WAY = "under_way"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step with the name of who took it; `by_tenant` tells on whose side they were."""

    step: DisputeStep
    by: str | None
    by_tenant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLine:
    """A question in a list."""

    dispute: Dispute
    item: Item
    book: LeaseBook


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeCard:
    """A question with all that was said about it; `may_decide` is for staff who may settle it.

    `most_paise` is what can be given back at most.
    """

    dispute: Dispute
    item: Item
    book: LeaseBook
    told: tuple[Told, ...]
    is_own: bool
    may_decide: bool
    most_paise: int
    now: datetime

    @property
    def photo_ids(self) -> tuple[int, ...]:
        """The photos, in the order in which they came."""
        found = (each.step.photo_id for each in self.told)
        return tuple(each for each in found if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputePage:
    """Questions of the person's places; pages count from 0. `ages` counts all open ones.

    `held_paise` is what all open ones hold together, by currency.
    """

    lines: tuple[DisputeLine, ...]
    only: DisputeFilter
    number: int
    has_more: bool
    ages: Mapping[Age, int]
    held_paise: Mapping[str, int]
    now: datetime


class DisputeLists:
    """Shows questions to those whom they concern. Reads only."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def card(self, *, actor: Actor, dispute_id: int) -> DisputeCard:
        """This function will return a question. Raises DisputeUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            dispute = await seen(unit, actor, dispute_id)
            line = await _line(unit, dispute, now)
            told = await _told(unit, dispute)
            most_paise = (await as_it_stands(unit, dispute)).left_paise
        is_own = dispute.lease_id in actor.lease_ids
        may = actor.may(Permission.CREDIT_BILLS, dispute.place_id)
        return DisputeCard(
            dispute=dispute,
            item=line.item,
            book=line.book,
            told=told,
            is_own=is_own,
            may_decide=may and not is_own and dispute.state.is_open,
            most_paise=most_paise,
            now=now,
        )

    async def own(self, *, actor: Actor) -> Sequence[DisputeLine]:
        """This function will return a tenant's latest questions, the newest first."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            found = await unit.disputes.of_leases(actor.lease_ids, limit=MOST_OWN)
            return [await _line(unit, each, now) for each in found]

    async def page(
        self, *, actor: Actor, only: DisputeFilter = DisputeFilter.OPEN, number: int = 0
    ) -> DisputePage:
        """This function will return questions of the places in the person's care, oldest first;
        the settled ones newest first."""
        now = self._clock.now()
        place_ids = actor.places(Permission.SEE_MONEY)
        first = number * PAGE_DISPUTES
        async with self._transactions.read() as unit:
            every = await unit.disputes.all_open(place_ids)
            if only is DisputeFilter.CLOSED:
                wanted = await unit.disputes.closed(
                    place_ids, before_id=None, limit=first + PAGE_DISPUTES + 1
                )
            else:
                wanted = [each for each in every if _is_wanted(each, only, now)]
            shown = wanted[first : first + PAGE_DISPUTES]
            lines = tuple([await _line(unit, each, now) for each in shown])
            held = await _held(unit, every)
        return DisputePage(
            lines=lines,
            only=only,
            number=number,
            has_more=len(wanted) > first + PAGE_DISPUTES,
            ages=_ages(every, now),
            held_paise=held,
            now=now,
        )


async def seen(unit: Unit, actor: Actor, dispute_id: int) -> Dispute:
    """Return a question to a tenant of its lease, or to staff who see its money.

    Raises DisputeUnknown.
    """
    dispute = await unit.disputes.get(dispute_id)
    if dispute is None:
        raise DisputeUnknown(dispute_id)
    is_own = dispute.lease_id in actor.lease_ids
    if not is_own and not actor.may(Permission.SEE_MONEY, dispute.place_id):
        raise DisputeUnknown(dispute_id)
    return dispute


def age_of(dispute: Dispute, *, now: datetime) -> Age:
    """Return how long a question has been open, by the time limits."""
    age = now - dispute.opened_at
    if age < ANSWER_WITHIN:
        return Age.NEW
    return Age.UNDER_WAY if age < DECIDE_WITHIN else Age.LATE


def _is_wanted(dispute: Dispute, only: DisputeFilter, now: datetime) -> bool:
    match only:
        case DisputeFilter.OURS:
            return dispute.state is DisputeState.OPEN
        case DisputeFilter.TENANTS:
            return dispute.state is DisputeState.ASKED
        case DisputeFilter.LATE:
            return dispute.decide_by <= now
        case _:
            return True


def _ages(every: Sequence[Dispute], now: datetime) -> Mapping[Age, int]:
    ages = [age_of(each, now=now) for each in every]
    return {age: ages.count(age) for age in Age}


async def _held(unit: Unit, every: Sequence[Dispute]) -> Mapping[str, int]:
    places = {each.id: each for each in await unit.places.all()}
    held: dict[str, int] = {}
    for each in every:
        currency = places[each.place_id].currency
        held[currency] = held.get(currency, 0) + each.held_paise
    return held


async def _line(unit: Unit, dispute: Dispute, now: datetime) -> DisputeLine:
    item = await item_of(unit, dispute.item, dispute.item_id, dispute.lease_id)
    book = await unit.books.look(dispute.lease_id, now=now)
    assert book is not None
    return DisputeLine(dispute=dispute, item=item, book=book)


async def _told(unit: Unit, dispute: Dispute) -> tuple[Told, ...]:
    steps = await unit.disputes.steps(dispute.id)
    names = await unit.people.get({each.person_id for each in steps if each.person_id})
    tenants = (await unit.leases.tenants([dispute.lease_id])).get(dispute.lease_id, ())
    return tuple(
        Told(
            step=each,
            by=None if each.person_id is None else names[each.person_id].name,
            by_tenant=each.person_id in tenants,
        )
        for each in steps
    )
