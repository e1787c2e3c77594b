"""What an accountant looks at: a month of a place, its accounts, who owes what. Reads only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.account import TrialBalance, month_ends_on, month_span, year_starts_on
from bot.domain.invoice import DocumentKind
from bot.domain.people import Actor, Permission
from bot.domain.period import Period, first_of_month, local_date
from bot.domain.place import Place
from bot.domain.service_kind import ServiceKind
from bot.services.account_record import Documents, PeriodClose, Taxed
from bot.services.dues import Dues, dues_of
from bot.services.ports import Clock
from bot.services.rules import PlaceUnknown
from bot.services.store import Transactions
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of a place; `first_on` is the first one of its books, `last_on` the one that runs.

    `closed` is there once it was closed, by somebody whose name is `closed_by`.
    """

    place: Place
    month_on: date
    first_on: date
    last_on: date
    closed: PeriodClose | None = None
    closed_by: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether its last day is over."""
        return self.month_on < self.last_on

    @property
    def span(self) -> Period:
        """From its first instant to its last."""
        return month_span(self.month_on, self.place.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReport:
    """What a month came to, in paise; `dues` are those of today."""

    month: Month
    trial: TrialBalance
    documents: Mapping[DocumentKind, Documents]
    deducted_paise: int
    taxes: Mapping[str, int]
    used: Mapping[ServiceKind, Decimal]
    dues: Dues
    may_close: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksReport:
    """The accounts of a place over a month, or over its financial year up to the month's end."""

    month: Month
    is_year: bool
    trial: TrialBalance


class AccountReports:
    """Reports on the money of places, for those who may see it."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def places(self, *, actor: Actor) -> Sequence[Place]:
        """This function will return the places whose money a person may see, by name."""
        wanted = actor.places(Permission.SEE_MONEY)
        async with self._transactions.read() as unit:
            places = await unit.places.all()
        return [place for place in places if wanted is None or place.id in wanted]

    async def running(self, *, actor: Actor, place_id: int) -> Month:
        """This function will return the month of a place that goes on. Raises PlaceUnknown."""
        async with self._transactions.read() as unit:
            return await seen_month(unit, actor, place_id, None, self._clock.now())

    async def month(
        self, *, actor: Actor, place_id: int, month_on: date | None = None
    ) -> MonthReport:
        """This function will return what a month came to, by default the one that runs.

        One that is too early or too late becomes the nearest there is. Raises PlaceUnknown.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            month = await seen_month(unit, actor, place_id, month_on, now)
            span = month.span
            return MonthReport(
                month=month,
                trial=await unit.accounts.trial_balance(place_id, span),
                documents=await unit.accounts.documents(
                    place_id, from_on=month.month_on, to_on=month_ends_on(month.month_on)
                ),
                deducted_paise=await unit.accounts.deducted(place_id, span),
                taxes=taxes_by_name(await unit.accounts.taxed(place_id, span)),
                used=await unit.accounts.used(place_id, span),
                dues=await dues_of(unit, month.place, now=now),
                may_close=actor.may(Permission.CLOSE_BOOKS, place_id),
            )

    async def books(
        self, *, actor: Actor, place_id: int, month_on: date, is_year: bool = False
    ) -> BooksReport:
        """This function will return the accounts over a month or a year. Raises PlaceUnknown."""
        async with self._transactions.read() as unit:
            month = await seen_month(unit, actor, place_id, month_on, self._clock.now())
            span = month.span
            if is_year:
                begin_on = year_starts_on(month.month_on)
                start_at = month_span(begin_on, month.place.zone).start_at
                span = Period(start_at=start_at, end_at=span.end_at)
            trial = await unit.accounts.trial_balance(place_id, span)
        return BooksReport(month=month, is_year=is_year, trial=trial)

    async def dues(self, *, actor: Actor, place_id: int) -> Dues:
        """This function will return who owes what at a place. Raises PlaceUnknown."""
        async with self._transactions.read() as unit:
            place = await _require(unit, actor, place_id)
            return await dues_of(unit, place, now=self._clock.now())


def taxes_by_name(taxed: Sequence[Taxed]) -> Mapping[str, int]:
    """Return what was posted to the taxes, by name; "" is what names none."""
    sums: Counter[str] = Counter()
    for each in taxed:
        left = each.paise
        lines: Sequence[Mapping[str, Any]] = each.why.get("lines", ())
        for line in lines:
            if line["kind"] == "tax":
                paise = each.sign * line["amount_paise"]
                sums[line["name"]] += paise
                left -= paise
        sums[""] += left
    return {name: sums[name] for name in sorted(sums) if sums[name]}


async def _require(unit: Unit, actor: Actor, place_id: int) -> Place:
    place = await unit.places.get(place_id)
    if place is None or not actor.may(Permission.SEE_MONEY, place_id):
        raise PlaceUnknown(place_id)
    return place


async def seen_month(
    unit: Unit, actor: Actor, place_id: int, month_on: date | None, now: datetime
) -> Month:
    """Return a month of a place whose money a person may see. Raises PlaceUnknown.

    One that is too early or too late becomes the nearest there is; None is the one that runs.
    """
    place = await _require(unit, actor, place_id)
    begun_at = await unit.accounts.begun_at(place_id)
    last_on = first_of_month(local_date(now, place.zone))
    first_on = min(first_of_month(local_date(begun_at or now, place.zone)), last_on)
    shown_on = last_on if month_on is None else min(max(month_on, first_on), last_on)
    closes = await unit.accounts.closes(place_id)
    closed = next((each for each in closes if each.through_on == month_ends_on(shown_on)), None)
    by = None if closed is None or closed.actor_id is None else {closed.actor_id}
    people = await unit.people.get(by) if by else {}
    return Month(
        place=place,
        month_on=shown_on,
        first_on=first_on,
        last_on=last_on,
        closed=closed,
        closed_by=next((each.name for each in people.values()), None),
    )
