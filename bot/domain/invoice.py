"""Bills of postpaid leases: their periods, numbers and days. Rules 7.1 and 7.2."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.domain.lease import Occupancy
from bot.domain.period import close_of, next_month

DAY = timedelta(days=1)
APRIL = 4


class DocumentKind(Enum):
    """What has a number in a series of its own, without gaps."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class InvoiceStatus(Enum):
    """What became of a bill so far."""

    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERDUE = "overdue"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingPeriod:
    """From the close of one billing day to the close of the next. Rule 7.1.

    The first one of a lease begins with its opening reading, on the day `from_on`.
    """

    from_on: date
    to_on: date

    def closes_at(self, zone: ZoneInfo) -> datetime:
        """Return the instant in which the period ends: 24:00 of its last day."""
        return close_of(self.to_on, zone)


def billing_periods(
    since_on: date, occupancy: Occupancy, billing_day: int, *, is_first: bool
) -> Iterator[BillingPeriod]:
    """Yield the periods from a day on, oldest first, without end while the lease runs.

    `since_on` is the last day that was billed, or, for the first period, the day on which the
    billing begins. The last period ends with the last day of the lease.
    """
    last_on = None if occupancy.end_on is None else occupancy.end_on - DAY
    from_on = since_on
    while last_on is None or from_on < last_on or (is_first and from_on == last_on):
        to_on = next_billing_day(from_on, billing_day)
        yield BillingPeriod(
            from_on=from_on, to_on=to_on if last_on is None else min(to_on, last_on)
        )
        from_on, is_first = to_on, False


def next_billing_day(after_on: date, billing_day: int) -> date:
    """Return the first billing day after a day."""
    this_month_on = after_on.replace(day=billing_day)
    if this_month_on > after_on:
        return this_month_on
    return next_month(after_on).replace(day=billing_day)


def financial_year(on: date) -> int:
    """Return the calendar year in which the financial year (April to March) of a day begins."""
    return on.year if on.month >= APRIL else on.year - 1


def series_prefix(place_name: str, place_id: int) -> str:
    """Return how the numbers of a place begin: at most three initials, and what tells it apart."""
    words = [word for word in place_name.upper().split() if word[0].isascii() and word[0].isalnum()]
    return "".join(word[0] for word in words[:3]) + str(place_id)


def document_number(prefix: str, kind: DocumentKind, *, year: int, serial: int) -> str:
    """Return a number, as it stands on paper, of a place and a financial year. Rule 7.2."""
    letter = "C" if kind is DocumentKind.CREDIT_NOTE else ""
    return f"{prefix}/{year % 100:02}-{(year + 1) % 100:02}/{letter}{serial:04}"
