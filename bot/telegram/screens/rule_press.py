"""What the buttons carry with which rules are set: whose rule, which, and what it is to be."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.lease import CheckInterval
from bot.domain.money import MAX_AMOUNT_PAISE
from bot.domain.protection import ProtectedHours
from bot.domain.reading_window import NotAWindow, ReadingWindow
from bot.domain.reminder_days import NotReminderDays, ReminderDays
from bot.domain.rule import Rule, Value
from bot.services.rule_edit import MOST_DAYS_AT_ONCE, HolidaySetting, PlaceEdit, Setting
from bot.telegram.callbacks import Action, ButtonUnknown, Press, press

FOLLOWS = "-"
NO_HOURS = "n"
YES, NO = "y", "x"
CODES = {
    Rule.CUT_OFF: "c",
    Rule.LOW_BALANCE: "l",
    Rule.EMERGENCY_CREDIT: "e",
    Rule.PROTECTED_HOURS: "h",
    Rule.GRACE: "g",
    Rule.HOLIDAYS: "d",
    Rule.CHECK_INTERVAL: "i",
    Rule.PROTECTED: "p",
    Rule.READING_WINDOW: "r",
    Rule.PHOTOS_KEPT: "k",
    Rule.DUE_DAYS: "u",
    Rule.REMINDER_DAYS: "m",
}
RULES = {code: rule for rule, code in CODES.items()}
OF_PLACE = (
    Rule.CUT_OFF,
    Rule.LOW_BALANCE,
    Rule.EMERGENCY_CREDIT,
    Rule.PROTECTED_HOURS,
    Rule.HOLIDAYS,
    Rule.READING_WINDOW,
    Rule.PHOTOS_KEPT,
    Rule.DUE_DAYS,
    Rule.REMINDER_DAYS,
    Rule.GRACE,
)
OF_PREPAID = (
    Rule.CHECK_INTERVAL,
    Rule.CUT_OFF,
    Rule.LOW_BALANCE,
    Rule.EMERGENCY_CREDIT,
    Rule.PROTECTED_HOURS,
    Rule.PROTECTED,
    Rule.GRACE,
)
OF_POSTPAID = (Rule.PROTECTED_HOURS, Rule.PROTECTED, Rule.GRACE)
_INTERVALS = {"h": CheckInterval.HOURLY, "d": CheckInterval.DAILY, "w": CheckInterval.WEEKLY}
_INTERVAL_CODES = {interval: code for code, interval in _INTERVALS.items()}
_ALWAYS_SET = frozenset({Rule.CHECK_INTERVAL, Rule.PROTECTED})
_WHOLE = re.compile(r"[0-9]{1,13}")
_WINDOW = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:([0-9a-f]{2}))?")
_WINDOW_DAYS = re.compile(r"([0-9]{2})([0-9]{2})")
_REMINDERS = re.compile(r"-?[0-9]{1,2}(?:\.-?[0-9]{1,2}){0,7}")
_DAYS = re.compile(r"([ar])([1-9][0-9]{5})\.([0-9]{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose rules they are: a place's, or a lease's."""

    place_id: int | None = None
    lease_id: int | None = None

    @property
    def word(self) -> str:
        """How a button names it."""
        return f"l{self.lease_id}" if self.place_id is None else f"p{self.place_id}"

    @property
    def card(self) -> Press:
        """The way to all its rules."""
        if self.place_id is None:
            return press(Action.TERMS, self.lease_id or 0)
        return press(Action.SETTINGS, self.place_id)


def subject_of(word: str) -> Subject:
    """Return whom a button names. Raises ButtonUnknown."""
    kind, number = word[:1], word[1:]
    if kind not in {"p", "l"} or _WHOLE.fullmatch(number) is None:
        raise ButtonUnknown(word)
    return Subject(place_id=int(number)) if kind == "p" else Subject(lease_id=int(number))


def rule_of(subject: Subject, code: str) -> Rule:
    """Return which rule a button names, if it can be set there. Raises ButtonUnknown."""
    rule = RULES.get(code)
    there = OF_PREPAID if subject.place_id is None else OF_PLACE
    if rule is None or rule not in there:
        raise ButtonUnknown(code)
    return rule


def rule_press(subject: Subject, rule: Rule) -> Press:
    """Return the way to the question what a rule shall be."""
    return press(Action.RULE, subject.word, CODES[rule])


def value_press(subject: Subject, rule: Rule, word: str) -> Press:
    """Return the way to the summary of a value."""
    return press(Action.RULE_VALUE, subject.word, CODES[rule], word)


def confirm_press(
    subject: Subject, rule: Rule, word: str, seen: tuple[Value, ...], *, nonce: str
) -> Press:
    """Return the confirmation, which holds what is set, and what it was when it was shown."""
    return press(
        Action.RULE_CONFIRM, subject.word, CODES[rule], word, *map(word_of, seen), nonce=nonce
    )


def word_of(value: Value) -> str:
    """Return a value as a button carries it."""
    if value is None:
        return FOLLOWS
    if isinstance(value, tuple):
        return "".join(map(_window_word, value)) or NO_HOURS
    if isinstance(value, CheckInterval):
        return _INTERVAL_CODES[value]
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    if isinstance(value, timedelta):
        return str(value // timedelta(hours=1))
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return str(value)
    raise TypeError(value)


def window_word(start: time, end: time) -> str:
    """Return hours whose weekdays are still to be asked for."""
    return f"{start:%H%M}{end:%H%M}"


def hours_of(word: str) -> tuple[time, time, frozenset[int] | None]:
    """Return the hours that a button carries, and the weekdays if it does. Raises ButtonUnknown."""
    found = _WINDOW.fullmatch(word)
    if found is None:
        raise ButtonUnknown(word)
    try:
        start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        raise ButtonUnknown(word) from None
    if found[5] is None:
        return start, end, None
    mask = int(found[5], 16)
    return start, end, frozenset(day for day in range(7) if mask >> day & 1)


def days_word(days: Collection[date], *, are_holidays: bool) -> str:
    """Return days in a row that become holidays, or are none any more."""
    return f"{'a' if are_holidays else 'r'}{min(days).toordinal()}.{len(days)}"


def edit_of(subject: Subject, rule: Rule, word: str, seen: str | None = None) -> PlaceEdit:
    """Return what a button sets. Raises ButtonUnknown."""
    if rule is Rule.HOLIDAYS:
        return _holidays(word)
    known = () if seen is None else (value_of(subject, rule, seen),)
    return Setting(rule=rule, value=value_of(subject, rule, word), seen=known)


def value_of(subject: Subject, rule: Rule, word: str) -> Value:
    """Return the value that a button carries for a rule. Raises ButtonUnknown."""
    if word == FOLLOWS and subject.place_id is None and rule not in _ALWAYS_SET:
        return None
    if rule is Rule.PROTECTED_HOURS:
        return _windows(word)
    if rule is Rule.READING_WINDOW:
        return _reading_window(word)
    if rule is Rule.REMINDER_DAYS:
        return _reminders(word)
    if rule is Rule.CHECK_INTERVAL and word in _INTERVALS:
        return _INTERVALS[word]
    if rule is Rule.PROTECTED and word in {YES, NO}:
        return word == YES
    if _WHOLE.fullmatch(word) is None:
        raise ButtonUnknown(word)
    if rule.is_amount and int(word) <= MAX_AMOUNT_PAISE:
        return int(word)
    if rule in {Rule.GRACE, Rule.PHOTOS_KEPT, Rule.DUE_DAYS}:
        return _span(subject, word)
    raise ButtonUnknown(word)


def _span(subject: Subject, word: str) -> timedelta | datetime:
    try:
        if subject.place_id is not None:
            return timedelta(hours=int(word))
        return datetime.fromtimestamp(int(word), UTC)
    except (OverflowError, OSError, ValueError):
        raise ButtonUnknown(word) from None


def _windows(word: str) -> tuple[ProtectedHours, ...]:
    if word == NO_HOURS:
        return ()
    start, end, weekdays = hours_of(word)
    if not weekdays:
        raise ButtonUnknown(word)
    return (ProtectedHours(start=start, end=end, weekdays=weekdays),)


def _reading_window(word: str) -> tuple[ReadingWindow, ...]:
    if word == NO_HOURS:
        return ()
    found = _WINDOW_DAYS.fullmatch(word)
    if found is None:
        raise ButtonUnknown(word)
    try:
        return (ReadingWindow(first_day=int(found[1]), last_day=int(found[2])),)
    except NotAWindow:
        raise ButtonUnknown(word) from None


def _reminders(word: str) -> tuple[ReminderDays, ...]:
    if word == NO_HOURS:
        return ()
    if _REMINDERS.fullmatch(word) is None:
        raise ButtonUnknown(word)
    try:
        return (ReminderDays(days=tuple(map(int, word.split(".")))),)
    except NotReminderDays:
        raise ButtonUnknown(word) from None


def _window_word(hours: ProtectedHours | ReadingWindow | ReminderDays) -> str:
    if isinstance(hours, ReminderDays):
        return ".".join(map(str, hours.days))
    if isinstance(hours, ReadingWindow):
        return f"{hours.first_day:02}{hours.last_day:02}"
    mask = sum(1 << day for day in hours.weekdays)
    return f"{window_word(hours.start, hours.end)}{mask:02x}"


def _holidays(word: str) -> HolidaySetting:
    found = _DAYS.fullmatch(word)
    if found is None or not 0 < int(found[3]) <= MOST_DAYS_AT_ONCE:
        raise ButtonUnknown(word)
    first = int(found[2])
    days = frozenset(date.fromordinal(first + number) for number in range(int(found[3])))
    return HolidaySetting(days=days, are_holidays=found[1] == "a")
