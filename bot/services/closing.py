"""A lease's meters read at this moment, and a last bill up to it. Rules 3.1 and 7.1."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.invoice import BillingPeriod, DocumentKind
from bot.domain.period import local_date
from bot.services.book import LeaseBook
from bot.services.boundary import FINE, ReadingInTheWay
from bot.services.cause import Cause
from bot.services.check import CheckOutcome, Observation
from bot.services.closeup import look_closely
from bot.services.invoice_issue import Draft, issue
from bot.services.invoice_record import Invoice
from bot.services.ports import Clock, MeterGateway
from bot.services.posting import post
from bot.services.stores import Unit


async def look_at_all(
    gateway: MeterGateway, book: LeaseBook, clock: Clock
) -> Sequence[Observation]:
    """This function will read every meter of a lease that a device tells of; no transaction.

    Raises ReadingInTheWay where no device has its name, DeviceUnreachable and other GatewayErrors.
    """
    seen = []
    for link in book.meters:
        if link.meter.udf1 is None or not link.meter.is_charged:
            continue
        if link.device_id is None:
            raise ReadingInTheWay(CheckOutcome.MISSING, room=book.room.name)
        found = await look_closely(gateway, book, link, link.device_id, clock=clock)
        seen.append(replace(found, is_last=True))
    return seen


async def charge_up_to(
    unit: Unit, book: LeaseBook, seen: Sequence[Observation], *, now: datetime
) -> None:
    """Charge up to what the meters show at this moment. Raises ReadingInTheWay."""
    for checked in await post(unit, seen, now=now):
        if checked.outcome not in FINE or checked.held is not None:
            raise ReadingInTheWay(checked.outcome, room=book.room.name)


async def last_bill(unit: Unit, book: LeaseBook, cause: Cause, *, now: datetime) -> Invoice | None:
    """Bill what no bill tells of yet, for the days until now; None when there is nothing."""
    entries = await unit.invoices.unbilled(book.lease.id)
    if not entries:
        return None
    billed = (await unit.invoices.last_billed_on([book.lease.id])).get(book.lease.id)
    draft = Draft(
        key=f"invoice:{book.lease.id}:until:{now.isoformat()}",
        kind=DocumentKind.INVOICE,
        period=BillingPeriod(
            from_on=billed or _since_on(book), to_on=local_date(now, book.place.zone)
        ),
        entries=entries,
        actor_id=cause.actor_id,
    )
    return await issue(unit, book, draft, now=now)


def _since_on(book: LeaseBook) -> date:
    since_at = book.lease.billing_since_at
    if since_at is None:
        return book.lease.occupancy.start_on
    return local_date(since_at, book.place.zone)
