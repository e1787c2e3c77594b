"""What is to be set, and whether that still makes sense now."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from bot.domain.lease import Lease
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import ReadingWindow
from bot.domain.reminder_days import ReminderDays
from bot.domain.rule import (
    NotARule,
    Rule,
    Value,
    lease_value,
    place_value,
    with_lease_value,
    with_place_value,
)

LONGEST_GRACE = timedelta(days=366)
SHORTEST_KEPT = timedelta(days=30)
LONGEST_DUE = timedelta(days=60)
LONGEST_KEPT = timedelta(days=3650)
FARTHEST_HOLIDAY = timedelta(days=2 * 366)
MOST_HOLIDAYS = 100
MOST_DAYS_AT_ONCE = 31
"""A longer stretch of holidays is a slip of the finger."""


class NothingChanges(Exception):
    """The rule is that already."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule)
        self.rule = rule


class RuleChanged(Exception):
    """Somebody else has set the rule since the person looked at it."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule)
        self.rule = rule


class DayIsPast(ValueError):
    """What is to hold until, or on, a day could not begin any more."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.on = on


class DayIsFar(ValueError):
    """Nobody means so late a day; `last_on` is the latest that is taken."""

    def __init__(self, on: date, last_on: date) -> None:
        super().__init__(on, last_on)
        self.on = on
        self.last_on = last_on


class GraceOutOfRange(ValueError):
    """Nobody waits so long for money, or less than no time; `most_days` is the longest."""

    def __init__(self, most_days: int) -> None:
        super().__init__(most_days)
        self.most_days = most_days


class DueOutOfRange(ValueError):
    """A bill is to be paid within so many days; `most_days` is the longest."""

    def __init__(self, most_days: int) -> None:
        super().__init__(most_days)
        self.most_days = most_days


class KeptOutOfRange(ValueError):
    """Photos are evidence for a while, and nobody's for ever; both bounds are in days."""

    def __init__(self, least_days: int, most_days: int) -> None:
        super().__init__(least_days, most_days)
        self.least_days = least_days
        self.most_days = most_days


class TooManyHolidays(ValueError):
    """More days than a place keeps."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One rule of a place, or one term of a lease, and what it is to be.

    `seen` holds what it was when the person looked at it; without it nobody has to have looked.
    """

    rule: Rule
    value: Value
    seen: tuple[Value, ...] = ()

    def of_place(self, place: Place, *, now: datetime) -> Place:
        """Return the place with the rule set.

        Raises NothingChanges, RuleChanged, NotARule, NegativeAmount, MarksCross, GraceOutOfRange,
        DueOutOfRange and KeptOutOfRange.
        """
        self._require_news(place_value(place, self.rule))
        if self.value is None or self.rule is Rule.HOLIDAYS:
            raise NotARule(self.rule)
        if isinstance(self.value, timedelta):
            _require_span(self.rule, self.value)
        return with_place_value(place, self.rule, self._dated(local_date(now, place.zone)))

    def of_lease(self, lease: Lease, place: Place, *, now: datetime) -> Lease:
        """Return the lease with the term set.

        Raises NothingChanges, RuleChanged, NotARule, NegativeAmount, MarksCross, DayIsPast and
        DayIsFar.
        """
        self._require_news(lease_value(lease, self.rule))
        if isinstance(self.value, datetime):
            last_on = local_date(self.value - timedelta(microseconds=1), place.zone)
            today = local_date(now, place.zone)
            _require_within(last_on, today, today + LONGEST_GRACE)
        return with_lease_value(lease, place, self.rule, self.value)

    def _dated(self, today_on: date) -> Value:
        """Return the value; days of readings know since when they hold."""
        value = self.value
        if isinstance(value, tuple) and value and isinstance(value[0], ReadingWindow):
            return (replace(value[0], since_on=today_on),)
        return value

    def place_facts(self, before: Place) -> dict[str, object]:
        """Return what the trail keeps of a change of a place's rule."""
        return {"from": fact_of(place_value(before, self.rule)), "to": fact_of(self.value)}

    def lease_facts(self, before: Lease) -> dict[str, object]:
        """Return what the trail keeps of a change of a lease's term."""
        return {"from": fact_of(lease_value(before, self.rule)), "to": fact_of(self.value)}

    def _require_news(self, now_is: Value) -> None:
        if now_is == self.value:
            raise NothingChanges(self.rule)
        if self.seen and self.seen[0] != now_is:
            raise RuleChanged(self.rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaySetting:
    """Days that become holidays of a place, or are none any more; others stay as they are."""

    days: frozenset[date]
    are_holidays: bool

    @property
    def rule(self) -> Rule:
        """The rule that is set."""
        return Rule.HOLIDAYS

    def of_place(self, place: Place, *, now: datetime) -> Place:
        """Return the place with these holidays, and without those that are over.

        Raises NothingChanges, DayIsPast, DayIsFar and TooManyHolidays.
        """
        today = local_date(now, place.zone)
        coming = frozenset(on for on in place.holidays if on >= today)
        after = coming | self.days if self.are_holidays else coming - self.days
        if after == coming:
            raise NothingChanges(self.rule)
        for on in sorted(self.days):
            _require_within(on, today, today + FARTHEST_HOLIDAY)
        if len(after) > max(MOST_HOLIDAYS, len(coming)):
            raise TooManyHolidays(MOST_HOLIDAYS)
        return replace(place, holidays=after)

    def place_facts(self, _before: Place) -> dict[str, object]:
        """Return what the trail keeps."""
        changed = fact_of(self.days)
        return {"added": changed} if self.are_holidays else {"removed": changed}


PlaceEdit = Setting | HolidaySetting


def fact_of(value: Value) -> object:
    """Return a value as it is kept in the trail: plain, and readable without this program."""
    if isinstance(value, tuple):
        return [_window_fact(window) for window in value]
    if isinstance(value, frozenset):
        return sorted(on.isoformat() for on in value)
    if isinstance(value, timedelta):
        return f"{value // timedelta(hours=1)} h"
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _window_fact(hours: ProtectedHours | ReadingWindow | ReminderDays) -> object:
    if isinstance(hours, ReminderDays):
        return list(hours.days)
    if isinstance(hours, ReadingWindow):
        return {"first_day": hours.first_day, "last_day": hours.last_day}
    return {
        "start": f"{hours.start:%H:%M}",
        "end": f"{hours.end:%H:%M}",
        "weekdays": sorted(hours.weekdays),
    }


def _require_span(rule: Rule, span: timedelta) -> None:
    if rule is Rule.PHOTOS_KEPT:
        if not SHORTEST_KEPT <= span <= LONGEST_KEPT:
            raise KeptOutOfRange(SHORTEST_KEPT.days, LONGEST_KEPT.days)
    elif rule is Rule.DUE_DAYS:
        if not timedelta(0) <= span <= LONGEST_DUE:
            raise DueOutOfRange(LONGEST_DUE.days)
    elif not timedelta(0) <= span <= LONGEST_GRACE:
        raise GraceOutOfRange(LONGEST_GRACE.days)


def _require_within(on: date, first_on: date, last_on: date) -> None:
    if on < first_on:
        raise DayIsPast(on)
    if on > last_on:
        raise DayIsFar(on, last_on)
