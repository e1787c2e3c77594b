"""What managers set for a place and for a lease, and which values go together. Rules 5 and 6."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from bot.domain.lease import CheckInterval, Lease
from bot.domain.place import Place
from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import ReadingWindow
from bot.domain.reminder_days import ReminderDays
from bot.domain.terms import terms_of


class Rule(Enum):
    """What can be set; holidays, days of readings, how long photos are kept, and when bills are due
    and reminded of, for places only; checks and protection for leases only."""

    CUT_OFF = "cut_off"
    LOW_BALANCE = "low_balance"
    EMERGENCY_CREDIT = "emergency_credit"
    PROTECTED_HOURS = "protected_hours"
    GRACE = "grace"
    HOLIDAYS = "holidays"
    CHECK_INTERVAL = "check_interval"
    PROTECTED = "protected"
    READING_WINDOW = "reading_window"
    PHOTOS_KEPT = "photos_kept"
    DUE_DAYS = "due_days"
    REMINDER_DAYS = "reminder_days"

    @property
    def is_amount(self) -> bool:
        """Whether it is money."""
        return self in AMOUNTS


AMOUNTS = frozenset({Rule.CUT_OFF, Rule.LOW_BALANCE, Rule.EMERGENCY_CREDIT})
WINDOWS = frozenset({Rule.PROTECTED_HOURS, Rule.READING_WINDOW})

Value = (
    int
    | bool
    | timedelta
    | datetime
    | CheckInterval
    | tuple[ProtectedHours, ...]
    | tuple[ReadingWindow, ...]
    | tuple[ReminderDays, ...]
    | frozenset[date]
    | None
)
"""What a rule is: paise, a window (or none) in a tuple, and so on; None follows the place.

The grace of a place is a span after a due date (rule 7.3), that of a lease ends at an instant.
Photos of meters are kept for a span, too, and bills are due a span of days after their issue.
"""

_OF_PLACE: Mapping[Rule, str] = {
    Rule.CUT_OFF: "cut_off_paise",
    Rule.LOW_BALANCE: "low_balance_paise",
    Rule.EMERGENCY_CREDIT: "emergency_credit_paise",
    Rule.PROTECTED_HOURS: "protected_hours",
    Rule.GRACE: "grace",
    Rule.HOLIDAYS: "holidays",
    Rule.READING_WINDOW: "reading_window",
    Rule.PHOTOS_KEPT: "photos_kept",
    Rule.DUE_DAYS: "due_days",
    Rule.REMINDER_DAYS: "reminder_days",
}
_OF_LEASE: Mapping[Rule, str] = {
    Rule.CUT_OFF: "cut_off_paise",
    Rule.LOW_BALANCE: "low_balance_paise",
    Rule.EMERGENCY_CREDIT: "emergency_credit_paise",
    Rule.PROTECTED_HOURS: "protected_hours",
    Rule.GRACE: "grace_until",
    Rule.CHECK_INTERVAL: "check_interval",
    Rule.PROTECTED: "is_protected",
}


class NegativeAmount(ValueError):
    """Money below nothing can be no rule."""

    def __init__(self, rule: Rule, amount_paise: int) -> None:
        super().__init__(rule, amount_paise)
        self.rule = rule
        self.amount_paise = amount_paise


class MarksCross(ValueError):
    """The low mark would be below the cut-off; `rule` is the one that was to be set."""

    def __init__(self, rule: Rule, *, cut_off_paise: int, low_balance_paise: int) -> None:
        super().__init__(rule, cut_off_paise, low_balance_paise)
        self.rule = rule
        self.cut_off_paise = cut_off_paise
        self.low_balance_paise = low_balance_paise


class NotARule(ValueError):
    """This cannot be set there."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule)
        self.rule = rule


def place_value(place: Place, rule: Rule) -> Value:
    """Return what a rule of a place is. Raises NotARule."""
    if rule is Rule.DUE_DAYS:
        return timedelta(days=place.due_days)
    if rule is Rule.REMINDER_DAYS:
        return (ReminderDays(days=place.reminder_days),) if place.reminder_days else ()
    value = getattr(place, _field(_OF_PLACE, rule))
    if rule in WINDOWS:
        return () if value is None else (value,)
    return value  # type: ignore[no-any-return]


def lease_value(lease: Lease, rule: Rule) -> Value:
    """Return what a lease has of its own, None when it follows its place. Raises NotARule."""
    return getattr(lease, _field(_OF_LEASE, rule))  # type: ignore[no-any-return]


def with_place_value(place: Place, rule: Rule, value: Value) -> Place:
    """Return the place with another value of a rule.

    Raises NotARule, NegativeAmount and MarksCross.
    """
    _require_amount(rule, value)
    stored: Any = value
    if isinstance(value, tuple):
        stored = next(iter(value), None)
    if rule is Rule.REMINDER_DAYS:
        stored = () if stored is None else stored.days
    if rule is Rule.DUE_DAYS and isinstance(value, timedelta):
        stored = value.days
    changed = replace(place, **{_field(_OF_PLACE, rule): stored})
    _require_order(rule, changed.cut_off_paise, changed.low_balance_paise)
    return changed


def with_lease_value(lease: Lease, place: Place, rule: Rule, value: Value) -> Lease:
    """Return the lease with a value of its own, or following its place again.

    A low mark of the place gives way to a cut-off of the lease's own; one of its own does not.
    Raises NotARule, NegativeAmount and MarksCross.
    """
    _require_amount(rule, value)
    stored: Any = value
    changed = replace(lease, **{_field(_OF_LEASE, rule): stored})
    if changed.low_balance_paise is not None:
        cut_off_paise = terms_of(changed, place).cut_off_paise
        _require_order(rule, cut_off_paise, changed.low_balance_paise)
    return changed


def _field(fields: Mapping[Rule, str], rule: Rule) -> str:
    if rule not in fields:
        raise NotARule(rule)
    return fields[rule]


def _require_amount(rule: Rule, value: Value) -> None:
    if rule.is_amount and isinstance(value, int) and value < 0:
        raise NegativeAmount(rule, value)


def _require_order(rule: Rule, cut_off_paise: int, low_balance_paise: int) -> None:
    """Only who touches one of the two marks is held up by them."""
    is_mark = rule in {Rule.CUT_OFF, Rule.LOW_BALANCE}
    if is_mark and low_balance_paise < cut_off_paise:
        raise MarksCross(rule, cut_off_paise=cut_off_paise, low_balance_paise=low_balance_paise)
