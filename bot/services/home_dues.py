"""What a tenant who pays after use is to pay, and what is used since the last bill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.lease import BillingMode
from bot.domain.period import close_of, local_date, start_of
from bot.domain.service_kind import ServiceKind
from bot.services.book import LeaseBook
from bot.services.check import Step
from bot.services.home_day import Spent, of_electricity
from bot.services.settle import has_ended
from bot.services.store import BookedEntry
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDues:
    """What bills wait for; money in paise, `due_on` is the day of the oldest that is open.

    `credit_paise` is what is left over of payments when nothing is open, `besides_paise` what is
    owed and no bill has asked for yet, beyond what is used since the last one. `since` is the use
    that no bill tells of yet.
    """

    open_paise: int
    overdue_paise: int
    due_on: date | None
    credit_paise: int
    besides_paise: int
    since: Spent


async def home_dues(
    unit: Unit, book: LeaseBook, steps: Sequence[Step], *, now: datetime
) -> HomeDues | None:
    """Return what is due of a lease that pays after use, None of one that pays before it.

    `steps` are the charges that are still to come for what meters have shown.
    """
    if book.lease.mode is not BillingMode.POSTPAID:
        return None
    unbilled = await unit.invoices.unbilled(book.lease.id)
    billed_on = (await unit.invoices.last_billed_on([book.lease.id])).get(book.lease.id)
    today_on = local_date(now, book.place.zone)
    waiting = [each for each in book.dues if each.open_paise]
    coming_paise = 0 if has_ended(book, now=now) else sum(each.tenant_paise for each in unbilled)
    held_paise = book.balance_paise - coming_paise
    open_paise = sum(each.open_paise for each in waiting)
    return HomeDues(
        open_paise=open_paise,
        overdue_paise=sum(each.open_paise for each in waiting if each.due_on < today_on),
        due_on=min((each.due_on for each in waiting), default=None),
        credit_paise=max(held_paise, 0),
        besides_paise=max(-held_paise - open_paise, 0),
        since=_since(book, unbilled, steps, billed_on),
    )


def _since(
    book: LeaseBook,
    unbilled: Sequence[BookedEntry],
    steps: Sequence[Step],
    billed_on: date | None,
) -> Spent:
    used = [each for each in unbilled if each.why.get("service") == ServiceKind.ELECTRICITY.value]
    quantities = [Decimal(str(each.why.get("quantity", 0))) for each in used]
    quantities += [step.charge.quantity for step in of_electricity(book, steps)]
    charged_paise = -sum(each.tenant_paise for each in unbilled)
    return Spent(
        since_at=_begins_at(book, billed_on),
        energy_kwh=sum(quantities, Decimal(0)),
        cost_paise=charged_paise + sum(step.charge.total_paise for step in steps),
    )


def _begins_at(book: LeaseBook, billed_on: date | None) -> datetime:
    lease, zone = book.lease, book.place.zone
    begins_at = start_of(lease.occupancy.start_on, zone)
    if lease.billing_since_at is not None:
        begins_at = max(begins_at, lease.billing_since_at)
    # The last bill of an earlier billing ends within its last day.
    is_first = billed_on is None or billed_on <= local_date(begins_at, zone)
    return begins_at if billed_on is None or is_first else close_of(billed_on, zone)
