"""What is said when a month cannot be closed, and what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.account import MonthNotOver, NothingToClose
from bot.domain.period import local_date, next_month
from bot.i18n import Safe, Speaker
from bot.services.period_close import MonthClosedAlready

Sentence = Callable[[Any, Speaker], Safe]


def _not_over(error: MonthNotOver, speaker: Speaker) -> Safe:
    return speaker.text(
        "{month} is not over. It can be closed from {day} on.",
        month=speaker.month_of_year(error.month_on),
        day=speaker.date(next_month(error.month_on)),
    )


def _closed(error: MonthClosedAlready, speaker: Speaker) -> Safe:
    closed = error.close
    return speaker.text(
        "{month} is closed since {day}. What is booked for it now counts in the month that runs.",
        month=speaker.month_of_year(closed.through_on),
        day=speaker.full_date(local_date(closed.closed_at, error.place.zone)),
    )


def _nothing(error: NothingToClose, speaker: Speaker) -> Safe:
    return speaker.text(
        "There is nothing to close: nothing was booked by the end of {month}.",
        month=speaker.month_of_year(error.month_on),
    )


REPORT_SENTENCES: Mapping[type[Exception], Sentence] = {
    MonthNotOver: _not_over,
    MonthClosedAlready: _closed,
    NothingToClose: _nothing,
}
