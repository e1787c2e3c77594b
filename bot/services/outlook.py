"""What is to come of a lease's money: how long it lasts, and when its power is cut. Rule 5.7."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.dues import overdue_paise, undisputed
from bot.domain.lease import BillingMode
from bot.domain.period import local_date
from bot.domain.protection import ProtectedHours
from bot.domain.supply import Hold, SupplyFacts, cut_at, emergency_left
from bot.domain.warning import Forecast, forecast
from bot.services.book import LeaseBook, MeterLink

HOLIDAYS_AHEAD = timedelta(days=60)


def counted_paise(book: LeaseBook) -> int:
    """Return the balance as it counts: with what open questions hold. Rule 10.3."""
    return book.balance_paise + book.disputed_paise


def credit_of(book: LeaseBook) -> tuple[int, bool]:
    """Return the emergency credit that is left, and whether it is exhausted. Rule 6.3."""
    return emergency_left(
        allowed_paise=book.terms.emergency_credit_paise,
        was_exhausted=book.emergency_exhausted,
        balance_paise=counted_paise(book),
        cut_off_paise=book.terms.cut_off_paise,
    )


def cut_below_paise(book: LeaseBook) -> int:
    """Return the balance below which power is cut: the cut-off less the credit that is left."""
    return book.terms.cut_off_paise - credit_of(book)[0]


def lease_forecast(book: LeaseBook) -> Forecast:
    """Return how long the lease's balance lasts, with the credit that is left. Rule 5.7."""
    return forecast(
        balance_paise=counted_paise(book),
        cut_off_paise=cut_below_paise(book),
        week_cost_paise=book.week_cost_paise,
        days=book.week_days,
    )


def overdue_of(book: LeaseBook, *, now: datetime) -> int:
    """Return for how much power may be cut now, in paise: what is overdue and not disputed."""
    return _overdue(book, now)[0]


def _overdue(book: LeaseBook, now: datetime) -> tuple[int, datetime | None]:
    dues = undisputed(book.dues)
    return overdue_paise(dues, now=now, zone=book.place.zone, grace=book.place.grace)


def supply_facts(book: LeaseBook, link: MeterLink | None, *, now: datetime) -> SupplyFacts:
    """Return all that the decision about a lease's power depends on. Rule 6.1."""
    supply = link.supply if link else None
    overdue, overdue_from_at = _overdue(book, now)
    is_prepaid = book.lease.mode is BillingMode.PREPAID
    return SupplyFacts(
        now=now,
        zone=book.place.zone,
        mode=book.lease.mode,
        balance_paise=book.balance_paise,
        cut_off_paise=book.terms.cut_off_paise,
        is_on=supply.desired_on if supply else True,
        emergency_left_paise=credit_of(book)[0],
        # What is overdue comes without what is questioned of it.
        disputed_paise=book.disputed_paise if is_prepaid else 0,
        overdue_paise=overdue,
        overdue_from_at=overdue_from_at,
        hold=supply.hold if supply else Hold.NONE,
        hold_until=supply.hold_until if supply else None,
        is_protected=book.lease.is_protected,
        protected_hours=book.terms.protected_hours,
        holidays=book.place.holidays,
        grace_until=book.lease.grace_until,
    )


def time_to_cut(around: SupplyFacts, lasts: timedelta | None) -> timedelta | None:
    """Return how long there will be power if nobody pays; None: no cut is foreseen.

    Who is short already has what spares them, also without any use.
    """
    counted = around.balance_paise + around.disputed_paise
    if counted < around.cut_off_paise - around.emergency_left_paise:
        lasts = timedelta(0)
    if lasts is None:
        return None
    begins_at = cut_at(around, around.now + lasts)
    return None if begins_at is None else begins_at - around.now


def reprieve_facts(around: SupplyFacts) -> dict[str, object]:
    """Return what puts a cut off, as a notice carries it to whoever knows the times of checks."""
    ends = [around.grace_until, around.hold_until if around.hold is Hold.ON else None]
    not_before = max((each for each in ends if each is not None), default=None)
    hours, today = around.protected_hours, local_date(around.now, around.zone)
    days = [on for on in around.holidays if today <= on <= today + HOLIDAYS_AHEAD]
    return {
        "disputed_paise": around.disputed_paise,
        "is_cut": cut_at(around, around.now) is not None,
        "not_before": None if not_before is None else not_before.isoformat(),
        "protected_hours": None
        if hours is None
        else [hours.start.isoformat(), hours.end.isoformat(), sorted(hours.weekdays)],
        "holidays": [on.isoformat() for on in sorted(days)],
    }


def cut_after(check_at: datetime, facts: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    """Return when power is cut if a check finds too little, by what a notice carries."""
    hours, not_before = facts.get("protected_hours"), facts.get("not_before")
    around = SupplyFacts(
        now=check_at,
        zone=zone,
        mode=BillingMode.PREPAID,
        balance_paise=0,
        cut_off_paise=0,
        is_on=True,
        protected_hours=None if hours is None else _hours(*hours),
        holidays=frozenset(map(date.fromisoformat, facts.get("holidays", ()))),
        grace_until=None if not_before is None else datetime.fromisoformat(not_before),
    )
    return cut_at(around, check_at)


def _hours(start: str, end: str, weekdays: list[int]) -> ProtectedHours:
    return ProtectedHours(
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        weekdays=frozenset(weekdays),
    )
