"""How rules and their values are said."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from bot.domain.lease import CheckInterval
from bot.domain.period import local_date
from bot.domain.protection import EVERY_DAY, ProtectedHours
from bot.domain.reading_window import ReadingWindow
from bot.domain.reminder_days import ReminderDays
from bot.domain.rule import Rule, Value
from bot.i18n import N_, Safe, Speaker
from bot.telegram.screens.html import line

NAMES = {
    Rule.CUT_OFF: N_("Cut-off"),
    Rule.LOW_BALANCE: N_("Low balance"),
    Rule.EMERGENCY_CREDIT: N_("Emergency credit"),
    Rule.PROTECTED_HOURS: N_("Protected hours"),
    Rule.GRACE: N_("Grace"),
    Rule.HOLIDAYS: N_("Holidays"),
    Rule.CHECK_INTERVAL: N_("Checks"),
    Rule.PROTECTED: N_("Protected tenant"),
    Rule.READING_WINDOW: N_("Readings"),
    Rule.PHOTOS_KEPT: N_("Photos kept"),
    Rule.DUE_DAYS: N_("Bills due"),
    Rule.REMINDER_DAYS: N_("Reminders"),
}
INTERVALS = {
    CheckInterval.HOURLY: N_("every hour"),
    CheckInterval.DAILY: N_("every day"),
    CheckInterval.WEEKLY: N_("every week"),
}
MOST_SHOWN = 6
_A_MONDAY = date(2024, 1, 1)
_A_RUN = 3


def name_text(rule: Rule, speaker: Speaker) -> Safe:
    """Return what a rule is called."""
    return speaker.text(NAMES[rule])


def value_text(
    rule: Rule, value: Value, currency: str, speaker: Speaker, *, today_on: date
) -> Safe:
    """Return a value in the reader's words; amounts are in paise."""
    if isinstance(value, bool):
        return speaker.text("yes") if value else speaker.text("no")
    if isinstance(value, CheckInterval):
        return speaker.text(INTERVALS[value])
    if isinstance(value, tuple):
        return _window_text(value[0] if value else None, speaker)
    if isinstance(value, frozenset):
        return days_text(value, speaker, today_on=today_on)
    if isinstance(value, datetime):
        return until_text(value, speaker, today_on=today_on)
    if rule is Rule.DUE_DAYS and isinstance(value, timedelta):
        return _due_text(value, speaker)
    if isinstance(value, timedelta) and value:
        return Safe(speaker.days(value.days))
    if isinstance(value, int) and (value or rule is not Rule.EMERGENCY_CREDIT):
        return Safe(speaker.money(value, currency))
    return speaker.text("none")


def _due_text(value: timedelta, speaker: Speaker) -> Safe:
    """Return how long after its issue a bill is to be paid."""
    if not value:
        return speaker.text("on the day of issue")
    return speaker.text("{days} after issue", days=speaker.days(value.days))


def _window_text(
    window: ProtectedHours | ReadingWindow | ReminderDays | None, speaker: Speaker
) -> Safe:
    if isinstance(window, ReminderDays):
        days = ", ".join(_signed(each, speaker) for each in window.days)
        return speaker.text("{days} days", days=days)
    if isinstance(window, ReadingWindow):
        return reading_days_text(window, speaker)
    return hours_text(window, speaker)


def _signed(days: int, speaker: Speaker) -> str:
    return f"+{speaker.count(days)}" if days > 0 else speaker.count(days)


def reading_days_text(window: ReadingWindow, speaker: Speaker) -> Safe:
    """Return the days of the month on which meters are read."""
    days = f"{window.first_day}–{window.last_day}"
    if window.first_day == window.last_day:
        days = str(window.first_day)
    return speaker.text("{days} of the month", days=days)


def until_text(at: datetime, speaker: Speaker, *, today_on: date) -> Safe:
    """Return the last day of a grace."""
    last_on = local_date(at - timedelta(microseconds=1), speaker.zone)
    return speaker.text("until the end of {day}", day=day_text(last_on, speaker, today_on=today_on))


def hours_text(hours: ProtectedHours | None, speaker: Speaker) -> Safe:
    """Return a window with its days of the week."""
    if hours is None:
        return speaker.text("none")
    window = window_text(hours.start, hours.end)
    return line(window, weekdays_text(hours.weekdays, speaker), between=", ")


def window_text(start: time, end: time) -> str:
    """Return hours; a window that ends at midnight ends at 24:00."""
    ends = "24:00" if end == time(0) else f"{end:%H:%M}"
    return f"{start:%H:%M}–{ends}"


def weekdays_text(weekdays: frozenset[int], speaker: Speaker) -> Safe:
    """Return days of the week, three or more in a row as a stretch: Mon–Fri."""
    if weekdays == EVERY_DAY:
        return speaker.text("every day")
    parts = []
    for run in _runs(sorted(weekdays)):
        first, last = (_weekday(each, speaker) for each in (run[0], run[-1]))
        parts += [f"{first}–{last}"] if len(run) >= _A_RUN else [_weekday(n, speaker) for n in run]
    return line(*parts, between=", ")


def days_text(days: Collection[date], speaker: Speaker, *, today_on: date) -> Safe:
    """Return days, those in a row as a stretch; of many only the first ones."""
    spans = spans_of(days)
    said = [span_text(span, speaker, today_on=today_on) for span in spans[:MOST_SHOWN]]
    if not said:
        return speaker.text("none")
    rest = len(spans) - len(said)
    more = speaker.text("{n} more", n=speaker.count(rest)) if rest else None
    return line(*said, more, between=", ")


def spans_of(days: Collection[date]) -> list[tuple[date, date]]:
    """Return days as stretches, each from its first to its last day."""
    runs = _runs(sorted(on.toordinal() for on in days))
    return [(date.fromordinal(run[0]), date.fromordinal(run[-1])) for run in runs]


def span_text(span: tuple[date, date], speaker: Speaker, *, today_on: date) -> str:
    """Return a stretch of days: 8 Nov–12 Nov."""
    first_on, last_on = span
    last = day_text(last_on, speaker, today_on=today_on)
    if first_on == last_on:
        return last
    return f"{day_text(first_on, speaker, today_on=today_on)}–{last}"


def day_text(on: date, speaker: Speaker, *, today_on: date) -> str:
    """Return a day, with its year where that is not this one."""
    return speaker.date(on) if on.year == today_on.year else speaker.full_date(on)


def _weekday(number: int, speaker: Speaker) -> str:
    return speaker.weekday(_A_MONDAY + timedelta(days=number))


def _runs(numbers: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
