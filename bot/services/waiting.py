"""Readings that waited for a price are charged once there is one, from the last charge on."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.lease import BillingMode
from bot.domain.metering import Installation
from bot.services.book import LeaseBook, MeterLink
from bot.services.cause import Cause
from bot.services.recharge import Recharged, carry_out, from_anchor
from bot.services.recharge_plan import Span, plan_recharge
from bot.services.stores import Unit


async def charge_waiting(
    unit: Unit, lease_ids: Collection[int], *, cause: Cause, now: datetime
) -> Sequence[Recharged]:
    """Charge what people have read of meters without a device since it was charged last.

    What a device tells is charged by its next check. Raises ReadingInTheWay.
    """
    charged: list[Recharged] = []
    books = await unit.books.load(lease_ids, now=now, lock=True)
    for lease_id, book in sorted(books.items()):
        for meter_id in (each.meter.id for each in book.meters if _may_wait(book, each)):
            await unit.chains.lock(meter_id)
            for installation in await unit.chains.installations(meter_id):
                done = await _charge(unit, lease_id, installation, cause, now)
                charged += [] if done is None else [done]
    return charged


def _may_wait(book: LeaseBook, link: MeterLink) -> bool:
    return (
        book.lease.mode is BillingMode.PREPAID
        and link.meter.udf1 is None
        and link.meter.is_charged
        and link.anchor is not None
        and book.has_price(link.meter, link.anchor.point.at)
    )


async def _charge(
    unit: Unit, lease_id: int, installation: Installation, cause: Cause, now: datetime
) -> Recharged | None:
    """Charge an installation that is not older than the reading up to which all is charged."""
    book = (await unit.books.load([lease_id], now=now, lock=False))[lease_id]
    link = book.link_to(installation.meter_id)
    anchor = link.anchor
    assert anchor is not None
    if installation.id < anchor.installation_id:
        return None
    is_own = installation.id == anchor.installation_id
    points = await unit.chains.members(
        installation.id,
        lease_id=lease_id,
        from_at=anchor.point.at if is_own else installation.opened_at,
        to_at=None,
    )
    if is_own:
        points = from_anchor(points, anchor)
    if len(points) <= int(is_own):
        return None
    span = Span(
        meter_id=installation.meter_id,
        installation_id=installation.id,
        terms=installation.terms(link.meter.terms),
        from_at=points[0].point.at,
        points=tuple(points),
        moves_anchor=True,
    )
    plan = await plan_recharge(unit, book, span)
    return await carry_out(unit, book, plan, cause=cause, reason=None, why={}, now=now)
