"""Closes months of the books: what was booked by then never changes again."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.account import (
    NothingToClose,
    TrialBalance,
    month_closes_at,
    month_ends_on,
    month_span,
    to_close,
)
from bot.domain.people import Actor, Permission
from bot.domain.period import Period, local_date
from bot.domain.place import Place
from bot.services.account_record import PeriodClose
from bot.services.cause import Cause, mark_handled
from bot.services.ports import Clock
from bot.services.rules import PlaceUnknown
from bot.services.still_open import StillOpen, still_open
from bot.services.store import Transactions
from bot.services.stores import Unit


class MonthClosedAlready(Exception):
    """The month is closed; `close` says since when, `by` who did it."""

    def __init__(self, close: PeriodClose, *, by: str | None, place: Place) -> None:
        super().__init__(close.id)
        self.close = close
        self.by = by
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePreview:
    """What closing a month would close: `months` with those before it, and the sums of them all.

    `may_read` tells whether the person may read the meters that are not read.
    """

    place: Place
    months: tuple[date, ...]
    trial: TrialBalance
    still_open: StillOpen
    may_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsClosed:
    """The months that were closed, oldest first."""

    place: Place
    closes: tuple[PeriodClose, ...]


class PeriodCloses:
    """Closes the months of places."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def preview(self, *, actor: Actor, place_id: int, month_on: date) -> ClosePreview:
        """This function will tell what closing a month would close, and what is open in it.

        Raises PlaceUnknown, NotAllowed, MonthNotOver, MonthClosedAlready and NothingToClose.
        """
        now = self._clock.now()
        async with self._transactions.read() as unit:
            place = await _require(unit, actor, place_id)
            found = await _months(unit, place, month_on, now)
            span = Period(
                start_at=month_span(found[0], place.zone).start_at,
                end_at=month_closes_at(found[-1], place.zone),
            )
            trial = await unit.accounts.trial_balance(place_id, span)
            left = await still_open(unit, place, month_on=found[-1], until_at=span.end_at, now=now)
        return ClosePreview(
            place=place,
            months=found,
            trial=trial,
            still_open=left,
            may_read=actor.may(Permission.READ_METERS, place_id),
        )

    async def close(self, *, cause: Cause, place_id: int, month_on: date) -> MonthsClosed:
        """This function will close a month that is over, and the open ones before it, for good.

        Raises PlaceUnknown, NotAllowed, MonthNotOver, MonthClosedAlready, NothingToClose,
        AlreadyHandled and ButtonSpent.
        """
        now = self._clock.now()
        async with self._transactions.begin() as unit:
            await mark_handled(unit, cause, now=now)
            place = await _require(unit, cause.actor, place_id)
            last_entry_id = await unit.accounts.hold()
            closes = tuple(
                PeriodClose(
                    id=0,
                    place_id=place_id,
                    through_on=month_ends_on(each_on),
                    until_at=month_closes_at(each_on, place.zone),
                    closed_at=now,
                    last_entry_id=last_entry_id,
                    actor_id=cause.actor_id,
                )
                for each_on in await _months(unit, place, month_on, now)
            )
            await unit.accounts.close(closes)
            await unit.audit.add(
                at=now,
                actor_id=cause.actor_id,
                place_id=place_id,
                action="books.close",
                facts={"through": [each.through_on.isoformat() for each in closes]},
            )
        return MonthsClosed(place=place, closes=closes)


async def _require(unit: Unit, actor: Actor, place_id: int) -> Place:
    place = await unit.places.get(place_id)
    if place is None or not actor.may(Permission.SEE_ROOMS, place_id):
        raise PlaceUnknown(place_id)
    actor.require(Permission.CLOSE_BOOKS, place_id)
    return place


async def _months(unit: Unit, place: Place, month_on: date, now: datetime) -> tuple[date, ...]:
    """Return the months that closing one closes, oldest first."""
    closes = await unit.accounts.closes(place.id)
    for each in closes:
        if each.through_on == month_ends_on(month_on):
            raise MonthClosedAlready(each, by=await _name(unit, each.actor_id), place=place)
    begun_at = await unit.accounts.begun_at(place.id)
    if begun_at is None:
        raise NothingToClose(month_on)
    return tuple(
        to_close(
            month_on,
            begun_on=local_date(begun_at, place.zone),
            closed_through_on=closes[0].through_on if closes else None,
            today_on=local_date(now, place.zone),
        )
    )


async def _name(unit: Unit, person_id: int | None) -> str | None:
    people = {} if person_id is None else await unit.people.get({person_id})
    return next((each.name for each in people.values()), None)
