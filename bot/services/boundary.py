"""A point from which a meter counts anew: what was used before it stays as it is. Rule 3.1."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.metering import (
    Installation,
    Meter,
    Reading,
    ReadingType,
    RegisterPoint,
)
from bot.services.book import LeaseBook, MeterLink
from bot.services.check import CheckOutcome, Observation, book_after, check
from bot.services.posting import conclude
from bot.services.stores import Unit

FINE = frozenset({CheckOutcome.CHARGED, CheckOutcome.NOTHING_USED, CheckOutcome.OPENED})


class ReadingInTheWay(Exception):
    """What the meter shows has to be settled first; `outcome` says what is the matter."""

    def __init__(self, outcome: CheckOutcome, *, room: str) -> None:
        super().__init__(outcome, room)
        self.outcome = outcome
        self.room = room


async def begin_anew(
    unit: Unit, meter: Meter, seen: Sequence[Observation], *, now: datetime
) -> None:
    """Charge a meter up to what was seen, and let the same device begin an installation there.

    Consumption is only ever between two readings of one installation (rule 3.1), so whatever
    changes about the meter now leaves the past alone. A meter that people read begins anew at its
    last reading. Raises ReadingInTheWay.
    """
    current = await unit.metering.open_installation(meter.id)
    by_lease = {each.lease_id: each for each in seen}
    lease_ids = (await unit.metering.running_leases([meter.id])).get(meter.id, ())
    books = await unit.books.load(lease_ids, now=now, lock=True)
    if current is not None and meter.udf1 is None:
        await _begin_by_hand(unit, meter, current, books.values())
        return
    if current is None or not books:
        return
    points = [
        await _closed(unit, book, meter, by_lease.get(lease_id), now)
        for lease_id, book in books.items()
    ]
    known = [point for point in points if point is not None]
    if not known:
        return
    last = max(known, key=lambda point: point.at)
    await _reopen(unit, meter, current, last, books.values())


async def _begin_by_hand(
    unit: Unit, meter: Meter, current: Installation, books: Iterable[LeaseBook]
) -> None:
    last = await unit.metering.latest(meter.id)
    if last is None or last.installation_id != current.id:
        return
    opened = await _installed_anew(unit, current, last.point)
    opening = replace(
        last,
        installation_id=opened.id,
        previous_value=None,
        consumption=None,
        photo_id=None,
        proposed_value=None,
        corrects_id=None,
        revision=0,
    )
    (reading_id,) = await unit.metering.add_readings([opening])
    await unit.metering.move_anchors([(book.lease.id, meter.id, reading_id) for book in books])


async def _closed(
    unit: Unit,
    book: LeaseBook,
    meter: Meter,
    seen: Observation | None,
    now: datetime,
) -> RegisterPoint | None:
    """Return up to where a lease is charged by the old terms; None when nothing ever was read."""
    link = next(link for link in book.meters if link.meter.id == meter.id)
    if seen is None:
        return None
    checked = check(book, link, seen)
    if checked.outcome not in FINE or checked.held is not None:
        raise ReadingInTheWay(checked.outcome, room=book.room.name)
    await conclude(unit, [book_after(checked, now=now)], [checked], now=now, checked=False)
    shown = seen.sightings[-1].point
    return _later(shown, link)


def _later(shown: RegisterPoint, link: MeterLink) -> RegisterPoint:
    """Somebody may have read the meter between our look at it and now."""
    anchor = link.anchor
    if anchor is None or anchor.installation_id != link.installation_id:
        return shown
    return max(shown, anchor.point, key=lambda point: point.at)


async def _reopen(
    unit: Unit, meter: Meter, current: Installation, at: RegisterPoint, books: Iterable[LeaseBook]
) -> None:
    opened = await _installed_anew(unit, current, at)
    for book in books:
        opening = Reading(
            meter_id=meter.id,
            installation_id=opened.id,
            point=at,
            type=ReadingType.AUTOMATIC,
            lease_id=book.lease.id,
        )
        (reading_id,) = await unit.metering.add_readings([opening])
        await unit.metering.move_anchors([(book.lease.id, meter.id, reading_id)])


async def _installed_anew(unit: Unit, current: Installation, at: RegisterPoint) -> Installation:
    await unit.metering.uninstall(installation_id=current.id, at=at.at)
    return await unit.metering.install(
        meter_id=current.meter_id, device_id=current.device_id, at=at.at
    )
