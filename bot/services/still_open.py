"""What of a month is not settled when it is closed: it counts later. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.lease import BillingMode
from bot.domain.period import local_date, start_of
from bot.domain.place import Place
from bot.domain.walk import walk_key
from bot.services.book import LeaseBook
from bot.services.dispute_item import Item, item_of
from bot.services.invoicing import closed_periods
from bot.services.stores import Unit

DAY = timedelta(days=1)
MOST_CLAIMS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOpen:
    """What will count in a later month if it is not settled before a close.

    Payments that tenants say to have made, questions about amounts of the month, readings that
    nobody has judged, meters that people read and have not since it began; and by room bills whose
    period is over, and meters that were not charged to the end of the month.
    """

    claims: int = 0
    disputes: int = 0
    held_readings: int = 0
    unread_meters: int = 0
    waiting_bills: tuple[str, ...] = ()
    uncharged_rooms: tuple[str, ...] = ()


async def still_open(
    unit: Unit, place: Place, *, month_on: date, until_at: datetime, now: datetime
) -> StillOpen:
    """Return what is open of a month, and of those before it; it ends at `until_at`."""
    claims = await unit.claims.waiting(frozenset({place.id}), limit=MOST_CLAIMS)
    leases = await unit.leases.at_place(place.id, on=month_on)
    books = await unit.books.load([each.id for each in leases], now=now, lock=False)
    next_on = local_date(until_at, place.zone)
    stay = [each for each in books.values() if not each.lease.occupancy.has_ended_by(next_on)]
    return StillOpen(
        claims=sum(each.claimed_at <= until_at for each in claims),
        disputes=await _disputes(unit, place, until_at),
        held_readings=await unit.accounts.held_readings(place.id, until_at),
        unread_meters=await _unread(unit, place, month_on),
        waiting_bills=await _waiting(unit, books, until_at, now),
        uncharged_rooms=_uncharged(stay, until_at),
    )


async def _disputes(unit: Unit, place: Place, until_at: datetime) -> int:
    """Count the open questions about what was charged, read or told by then."""
    found = await unit.disputes.all_open(frozenset({place.id}))
    items = [await item_of(unit, each.item, each.item_id, each.lease_id) for each in found]
    return sum(_is_of(item, place, until_at) for item in items)


def _is_of(item: Item, place: Place, until_at: datetime) -> bool:
    bill = item.bill if item.entry is None else None
    at = datetime.fromisoformat(str(item.facts["at"]))
    return (at if bill is None else bill.period.closes_at(place.zone)) <= until_at


async def _unread(unit: Unit, place: Place, month_on: date) -> int:
    meters = [each.sheet for each in await unit.rounds.meters(place.id) if each.sheet.is_charged]
    read = await unit.rounds.read_since(
        [each.id for each in meters], start_of(month_on, place.zone)
    )
    return sum(each.id not in read for each in meters)


async def _waiting(
    unit: Unit, books: Mapping[int, LeaseBook], until_at: datetime, now: datetime
) -> tuple[str, ...]:
    """Return a room for each bill that was to be issued by then, by name."""
    billed = await unit.invoices.last_billed_on(list(books))
    rooms = [
        book.room.name
        for lease_id, book in books.items()
        for period in closed_periods(book, billed.get(lease_id), now=now)
        if period.closes_at(book.place.zone) <= until_at
    ]
    return tuple(sorted(rooms, key=walk_key))


def _uncharged(books: Sequence[LeaseBook], until_at: datetime) -> tuple[str, ...]:
    """Return the prepaid rooms that lack a day or more before an instant, by name.

    What is used at the very end of a month is charged with the next check, as always.
    """
    late = {
        book.room.name
        for book in books
        for link in book.meters
        if book.lease.mode is BillingMode.PREPAID
        and link.meter.udf1 is not None
        and link.meter.is_charged
        and link.anchor is not None
        and link.anchor.point.at < until_at - DAY
    }
    return tuple(sorted(late, key=walk_key))
