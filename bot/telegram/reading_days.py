"""Which days a list of readings is narrowed to, as one number that buttons carry. Pure."""

from datetime import date, timedelta

from bot.domain.period import next_month

ANY_TIME = 0
MOST_DAYS = 999
_FIRST_SPAN = 10_000_000


class NoSuchDays(ValueError):
    """The number stands for no days."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def month_number(on: date) -> int:
    """Return the number of a month, e.g. 202511."""
    return on.year * 100 + on.month


def span_number(first_on: date, last_on: date) -> int:
    """Return the number of days in a row, both ends included."""
    return first_on.toordinal() * (MOST_DAYS + 1) + (last_on - first_on).days + 1


def days_of(number: int) -> tuple[date, date] | None:
    """Return the first and the last day, None for any time. Raises NoSuchDays."""
    if number == ANY_TIME:
        return None
    try:
        if number < _FIRST_SPAN:
            first_on = date(number // 100, number % 100, 1)
            return first_on, next_month(first_on) - timedelta(days=1)
        ordinal, count = divmod(number, MOST_DAYS + 1)
        first_on = date.fromordinal(ordinal)
        return first_on, first_on + timedelta(days=count - 1)
    except (ValueError, OverflowError):
        raise NoSuchDays(number) from None


def is_month(number: int) -> bool:
    """Return whether the number is that of a month."""
    return ANY_TIME < number < _FIRST_SPAN
