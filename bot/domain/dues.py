"""What is still to be paid of which bill, and since when it is too late. Rules 7.3 and 7.4."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.domain.invoice import InvoiceStatus
from bot.domain.period import close_of

LAST_STEP = "cut"
"""The last warning before a cut, among the steps at which tenants are reminded of a bill."""
DAY = timedelta(days=1)
FAIR_WARNING = timedelta(hours=24)
"""So long before a cut for a bill somebody must have been warned of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A bill of a lease; money in paise.

    `charged_paise` is its total less what credit notes took off it, `open_paise` what is still to
    be paid of that, and of what was owed before there were bills. `held_paise` is what open
    questions hold of it (rule 10.3). `warned_at` is when
    the tenants were first told that it is overdue.
    """

    invoice_id: int
    number: str
    due_on: date
    charged_paise: int
    open_paise: int
    warned_at: datetime | None = None
    held_paise: int = 0

    @property
    def from_before_paise(self) -> int:
        """What is to be paid with it and no bill has charged: it was owed before the first one."""
        return max(self.open_paise - max(self.charged_paise, 0), 0)

    def status_on(self, on: date, *, total_paise: int) -> InvoiceStatus:
        """Return what became of the bill until a day."""
        if total_paise and not self.charged_paise:
            return InvoiceStatus.CREDITED
        if not self.open_paise:
            return InvoiceStatus.PAID
        if on > self.due_on:
            return InvoiceStatus.OVERDUE
        is_touched = self.open_paise < self.charged_paise
        return InvoiceStatus.PART_PAID if is_touched else InvoiceStatus.OPEN

    def cut_at(self, zone: ZoneInfo, grace: timedelta) -> datetime | None:
        """Return from when on power may be cut for it; None before anybody was warned."""
        if self.warned_at is None or not self.open_paise:
            return None
        return max(close_of(self.due_on, zone) + grace, self.warned_at + FAIR_WARNING)


def open_amounts(
    charged_paise: Mapping[int, int], owed_paise: int, *, carrier: int | None = None
) -> dict[int, int]:
    """Return what is open of each bill, oldest first as given; payments settle the oldest first.

    `owed_paise` is what the lease owes for all its bills together. Rule 7.4: what is not paid yet
    is of the latest ones. `carrier` is the bill with which also that is asked for which none has
    charged, because it was owed before.
    """
    left = max(owed_paise, 0)
    found: dict[int, int] = {}
    for key in reversed(list(charged_paise)):
        found[key] = min(max(charged_paise[key], 0), left)
        left -= found[key]
    if carrier is not None:
        found[carrier] += left
    return {key: found[key] for key in charged_paise}


def overdue_paise(
    dues: Sequence[Due], *, now: datetime, zone: ZoneInfo, grace: timedelta
) -> tuple[int, datetime | None]:
    """Return for how much power may be cut now, and when that will be more; None: not by time."""
    cuts = [(each.open_paise, each.cut_at(zone, grace)) for each in dues if each.open_paise]
    known = [(paise, at) for paise, at in cuts if at is not None]
    coming = [at for _, at in known if at > now]
    return sum(paise for paise, at in known if at <= now), min(coming, default=None)


def undisputed(dues: Sequence[Due]) -> tuple[Due, ...]:
    """Return bills, oldest first, with what is open of each beyond what questions hold. Rule 10.3.

    Payments settle the oldest first: what is held of a bill that was paid is open of later ones.
    """
    spare_paise, found = 0, []
    for each in dues:
        spare_paise += max(each.held_paise - each.open_paise, 0)
        open_paise = max(each.open_paise - each.held_paise, 0)
        spared_paise = min(open_paise, spare_paise)
        spare_paise -= spared_paise
        found.append(replace(each, open_paise=open_paise - spared_paise))
    return tuple(found)


def after_payment(dues: Sequence[Due], paid_paise: int) -> tuple[Due, ...]:
    """Return the bills as they stand after a payment, or after one that was taken back (< 0).

    What a credit beyond all bills does not cover any more is not known here, nor what was owed
    before them and is paid.
    """
    most_paise = sum(max(each.charged_paise, 0) + each.from_before_paise for each in dues)
    owed_paise = min(sum(each.open_paise for each in dues) - paid_paise, most_paise)
    charged_paise = {each.invoice_id: each.charged_paise for each in dues}
    carrier = next((each.invoice_id for each in dues if each.from_before_paise), None)
    open_paise = open_amounts(charged_paise, owed_paise, carrier=carrier)
    return tuple(replace(each, open_paise=open_paise[each.invoice_id]) for each in dues)


def steps_due(
    due_on: date,
    *,
    today_on: date,
    days: Sequence[int],
    reminded: Collection[str],
    cut_on: date | None,
) -> tuple[str, ...]:
    """Return the steps at which tenants are to be reminded of a bill today. Rule 7.3.

    The first is what is said, another one is told with it. Of steps that were missed only the
    newest is due. `cut_on` is the day on which power goes for the bill, if it does.
    """
    newest = max((each for each in days if due_on + each * DAY <= today_on), default=None)
    given = [int(each) for each in reminded if each != LAST_STEP]
    is_due = newest is not None and newest > max(given, default=newest - 1)
    ordinary = (str(newest),) if is_due else ()
    is_near = cut_on is not None and today_on >= cut_on - DAY
    return (LAST_STEP, *ordinary) if is_near and LAST_STEP not in reminded else ordinary


class Age(Enum):
    """For how long something is due, in days that have passed since; the last ones are worst."""

    NOT_DUE = 0
    UP_TO_30 = 30
    UP_TO_60 = 60
    UP_TO_90 = 90
    OLDER = 91


def age_of(due_on: date, today_on: date) -> Age:
    """Return for how long something is due; on its due date nothing is overdue."""
    days = (today_on - due_on).days
    if days <= 0:
        return Age.NOT_DUE
    limits = (Age.UP_TO_30, Age.UP_TO_60, Age.UP_TO_90)
    return next((age for age in limits if days <= age.value), Age.OLDER)
