"""What managers are told when a rule cannot be set so, and what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.reading_window import LONGEST_WINDOW, NotAWindow
from bot.domain.reminder_days import EARLIEST, LATEST, MOST_REMINDERS, NotReminderDays
from bot.domain.rule import MarksCross, NegativeAmount, Rule
from bot.i18n import Safe, Speaker
from bot.services.conversion import BilledSoAlready, NoBillingDay
from bot.services.move_out import ReadingOfTodayMissing
from bot.services.rule_edit import (
    DayIsFar,
    DayIsPast,
    DueOutOfRange,
    GraceOutOfRange,
    KeptOutOfRange,
    NothingChanges,
    RuleChanged,
    TooManyHolidays,
)
from bot.telegram.staff.typed_hours import NoLength, NoSuchTime, NotHours, NotWeekdays
from bot.telegram.staff.typed_window import NotDaysOfMonth

Sentence = Callable[[Any, Speaker], Safe]
_MOST_SHOWN = 40


def _negative(error: NegativeAmount, speaker: Speaker) -> Safe:
    return speaker.text(
        "{amount} is below zero. Type 0 or more; to let a tenant owe, set emergency credit.",
        amount=speaker.money(error.amount_paise),
    )


def _marks_cross(error: MarksCross, speaker: Speaker) -> Safe:
    amounts = {
        "low": speaker.money(error.low_balance_paise),
        "cut_off": speaker.money(error.cut_off_paise),
    }
    if error.rule is Rule.CUT_OFF:
        return speaker.text(
            "Nobody would be warned: the low balance, {low}, would be below the cut-off, "
            "{cut_off}. Raise the low balance first.",
            **amounts,
        )
    return speaker.text(
        "Nobody would be warned: {low} is below the cut-off, {cut_off}. Type {cut_off} or more.",
        **amounts,
    )


def _nothing_changes(_error: NothingChanges, speaker: Speaker) -> Safe:
    return speaker.text("It is so already. Nothing has to be set.")


def _rule_changed(_error: RuleChanged, speaker: Speaker) -> Safe:
    return speaker.text("Somebody else has set this meanwhile. Go back, and look at how it is now.")


def _day_is_past(error: DayIsPast, speaker: Speaker) -> Safe:
    return speaker.text(
        "{day} is over. Type today or a later day.", day=speaker.full_date(error.on)
    )


def _day_is_far(error: DayIsFar, speaker: Speaker) -> Safe:
    return speaker.text(
        "{day} is too far away. The last day that I take is {last}.",
        day=speaker.full_date(error.on),
        last=speaker.full_date(error.last_on),
    )


def _grace(error: GraceOutOfRange | DueOutOfRange, speaker: Speaker) -> Safe:
    return speaker.text("Type a number of days, from 0 to {most}.", most=error.most_days)


def _kept(error: KeptOutOfRange, speaker: Speaker) -> Safe:
    return speaker.text(
        "Photos are kept from {least} to {most} days. Type a number of days.",
        least=error.least_days,
        most=error.most_days,
    )


def _not_reminders(_error: NotReminderDays, speaker: Speaker) -> Safe:
    return speaker.text(
        "Type up to {most} days from {first} to {last}, for example −3 0 3 7.",
        most=MOST_REMINDERS,
        first=speaker.count(EARLIEST),
        last=speaker.count(LATEST),
    )


def _too_many(error: TooManyHolidays, speaker: Speaker) -> Safe:
    return speaker.text(
        "A building keeps up to {most} holidays to come. Take some away first.", most=error.most
    )


def _not_hours(error: NotHours, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” are no hours that I can read. Type them like 18:00–08:00 or 6 pm to 8 am.",
        typed=error.text[:_MOST_SHOWN],
    )


def _no_such_time(error: NoSuchTime, speaker: Speaker) -> Safe:
    return speaker.text(
        "No clock shows {typed}. Hours go from 0:00 to 24:00, or from 1 to 12 with am and pm.",
        typed=error.text[:_MOST_SHOWN],
    )


def _no_length(error: NoLength, speaker: Speaker) -> Safe:
    return speaker.text(
        "From {time} to {time} no time goes by. For whole days type 0:00–24:00.",
        time=f"{error.clock:%H:%M}",
    )


def _not_weekdays(error: NotWeekdays, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” are no days of the week that I can read. Type them like Mon–Fri, sat sun or "
        "every day.",
        typed=error.text[:_MOST_SHOWN],
    )


def _not_days(error: NotDaysOfMonth, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{typed}” are no days of a month that I can read. Type them like 25–28.",
        typed=error.text[:_MOST_SHOWN],
    )


def _not_a_window(_error: NotAWindow, speaker: Speaker) -> Safe:
    return speaker.text(
        "Days of a month go from 1 to 31, and readings are due on up to {most} of them. Type them "
        "like 25–28, or 28–3 over its end.",
        most=LONGEST_WINDOW,
    )


def _no_billing_day(_error: NoBillingDay, speaker: Speaker) -> Safe:
    return speaker.text("A billing day is one that every month has. Type one from 1 to 28.")


def _billed_so(_error: BilledSoAlready, speaker: Speaker) -> Safe:
    return speaker.text("This room is billed like that already. Nothing was changed.")


def _not_read_today(error: ReadingOfTodayMissing, speaker: Speaker) -> Safe:
    return speaker.text(
        "“{meter}” was not read today. Enter what it shows now, then end the lease.",
        meter=error.meter.label,
    )


RULE_SENTENCES: Mapping[type[Exception], Sentence] = {
    NegativeAmount: _negative,
    MarksCross: _marks_cross,
    NothingChanges: _nothing_changes,
    RuleChanged: _rule_changed,
    DayIsPast: _day_is_past,
    DayIsFar: _day_is_far,
    GraceOutOfRange: _grace,
    KeptOutOfRange: _kept,
    DueOutOfRange: _grace,
    NotReminderDays: _not_reminders,
    TooManyHolidays: _too_many,
    NotHours: _not_hours,
    NoSuchTime: _no_such_time,
    NoLength: _no_length,
    NotWeekdays: _not_weekdays,
    NotDaysOfMonth: _not_days,
    NotAWindow: _not_a_window,
    NoBillingDay: _no_billing_day,
    BilledSoAlready: _billed_so,
    ReadingOfTodayMissing: _not_read_today,
}
