"""The accounts of a place over a span, and the months that are closed one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ledger import AccountKind, PaymentMethod
from bot.domain.period import Period, close_of, next_month, start_of

APRIL = 4
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account over a span, in paise; what it holds is positive when it is a credit.

    `debit_paise` and `credit_paise` are what was posted to either side, neither is negative.
    """

    account: AccountKind
    opening_paise: int = 0
    debit_paise: int = 0
    credit_paise: int = 0

    @property
    def closing_paise(self) -> int:
        """What the account holds at the end."""
        return self.opening_paise + self.credit_paise - self.debit_paise


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """All accounts that a span touches or that hold anything, in the order of their kinds."""

    lines: tuple[AccountLine, ...] = ()

    def line(self, account: AccountKind) -> AccountLine:
        """Return an account, empty if nothing was ever posted to it."""
        found = (line for line in self.lines if line.account is account)
        return next(found, AccountLine(account=account))

    @property
    def opening_paise(self) -> int:
        """What all accounts held before; zero in books that balance."""
        return sum(line.opening_paise for line in self.lines)

    @property
    def debit_paise(self) -> int:
        """Everything that was debited."""
        return sum(line.debit_paise for line in self.lines)

    @property
    def credit_paise(self) -> int:
        """Everything that was credited."""
        return sum(line.credit_paise for line in self.lines)

    @property
    def is_balanced(self) -> bool:
        """Whether the books balance, before and after. Rule 2.1."""
        return not self.opening_paise and self.debit_paise == self.credit_paise

    def received(self, method: PaymentMethod) -> AccountLine:
        """Return the account of a method: its debits came in, its credits were given back."""
        return self.line(method.account)


def month_ends_on(month_on: date) -> date:
    """Return the last day of a month."""
    return next_month(month_on) - DAY


def month_span(month_on: date, zone: ZoneInfo) -> Period:
    """Return a month of a place."""
    return Period(start_at=start_of(month_on, zone), end_at=month_closes_at(month_on, zone))


def month_closes_at(month_on: date, zone: ZoneInfo) -> datetime:
    """Return the close of the last day of a month."""
    return close_of(month_ends_on(month_on), zone)


def month_before(month_on: date) -> date:
    """Return the first day of the month before."""
    return (month_on - DAY).replace(day=1)


def year_starts_on(month_on: date) -> date:
    """Return the first day of the financial year (April to March) that a month belongs to."""
    year = month_on.year if month_on.month >= APRIL else month_on.year - 1
    return date(year, APRIL, 1)


def months(first_on: date, last_on: date) -> Iterator[date]:
    """Yield the first day of each month from one to another, both among them."""
    month_on = first_on.replace(day=1)
    while month_on <= last_on:
        yield month_on
        month_on = next_month(month_on)


def to_close(
    month_on: date, *, begun_on: date, closed_through_on: date | None, today_on: date
) -> Sequence[date]:
    """Return the months that are closed with one: those before it that are open, and itself.

    `begun_on` is a day of the first month of the books. Months are closed in order, and only when
    they are over. Raises MonthNotOver, and NothingToClose for one that is closed or before all
    books.
    """
    if month_ends_on(month_on) >= today_on:
        raise MonthNotOver(month_on)
    first_on = begun_on if closed_through_on is None else closed_through_on + DAY
    found = tuple(months(first_on, month_on))
    if not found:
        raise NothingToClose(month_on)
    return found


class MonthNotOver(ValueError):
    """A month can be closed when its last day is over."""

    def __init__(self, month_on: date) -> None:
        super().__init__(month_on)
        self.month_on = month_on


class NothingToClose(ValueError):
    """The month is closed already, or lies before anything was booked."""

    def __init__(self, month_on: date) -> None:
        super().__init__(month_on)
        self.month_on = month_on
