"""A meter's device: found for the first time, or another one than before. Rule 3.4."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.domain.deduction import Sighting
from bot.domain.metering import (
    Installation,
    Meter,
    Reading,
    ReadingType,
    RegisterPoint,
    in_thousandths,
)
from bot.services.book import LeaseBook, MeterLink
from bot.services.check import Observation, book_after, check
from bot.services.posting import conclude
from bot.services.settle import common_facts, settle, store, tell
from bot.services.store import Notice, NoticeKind
from bot.services.stores import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The device that carries a meter's name now; counter and relay as far as it told them."""

    device_id: str
    energy_kwh: Decimal | None = None
    relay_on: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """One device in place of another; values in the meter's unit."""

    meter: Meter
    old_device_id: str
    new_device_id: str
    closing_value: Decimal | None
    opening_value: Decimal | None


async def put_device(
    unit: Unit, meter: Meter, found: Found, *, now: datetime
) -> tuple[Installation, Replacement | None]:
    """Make the found device the meter's; return its installation, and the swap if it is one.

    The old installation is charged up to what was last seen of it and closes there; the new one
    opens at its first reading, so that nothing is charged twice. Rule 3.4.
    """
    books = await _books(unit, meter, now)
    current = await unit.metering.open_installation(meter.id)
    if current is None:
        opened = await unit.metering.install(meter_id=meter.id, device_id=found.device_id, at=now)
        return opened, None
    if current.device_id is None:
        await unit.metering.identify(installation_id=current.id, device_id=found.device_id)
        return replace(current, device_id=found.device_id), None
    if current.device_id == found.device_id:
        return current, None
    await _charge_last_seen(unit, books, current, now)
    opened, swap = await _replace(unit, meter, current, found, now)
    await _move_on(unit, meter, opened, found, now)
    await _tell_staff(unit, swap, current, opened, await _books(unit, meter, now), now)
    return opened, swap


async def _books(unit: Unit, meter: Meter, now: datetime) -> list[LeaseBook]:
    lease_ids = (await unit.metering.running_leases([meter.id])).get(meter.id, ())
    books = await unit.books.load(lease_ids, now=now, lock=True)
    return list(books.values())


def _link(book: LeaseBook, meter_id: int) -> MeterLink:
    return next(link for link in book.meters if link.meter.id == meter_id)


async def _charge_last_seen(
    unit: Unit, books: Iterable[LeaseBook], current: Installation, now: datetime
) -> None:
    """Charge what the old counter was seen to show after the last charge, e.g. on a card."""
    for book in books:
        seen = _last_seen(book, _link(book, current.meter_id), current)
        if seen is None:
            continue
        checked = check(book, _link(book, current.meter_id), seen)
        if checked.steps and checked.held is None:
            charged = book_after(checked, now=now)
            await conclude(unit, [charged], [checked], now=now, checked=False)


def _last_seen(book: LeaseBook, link: MeterLink, current: Installation) -> Observation | None:
    anchor, value, at = link.anchor, link.last_value, link.last_read_at
    if anchor is None or value is None or at is None:
        return None
    if anchor.installation_id != current.id or at <= anchor.point.at:
        return None
    return Observation(
        lease_id=book.lease.id,
        meter_id=link.meter.id,
        device_id=current.device_id,
        at=at,
        sightings=(Sighting(point=RegisterPoint(at=at, value=value)),),
    )


async def _replace(
    unit: Unit, meter: Meter, current: Installation, found: Found, now: datetime
) -> tuple[Installation, Replacement]:
    last = await unit.metering.latest(meter.id)
    if last is not None and last.installation_id != current.id:
        last = None
    closed_at = current.opened_at if last is None else last.point.at
    await unit.metering.uninstall(installation_id=current.id, at=closed_at)
    opened = await unit.metering.install(meter_id=meter.id, device_id=found.device_id, at=now)
    return opened, Replacement(
        meter=meter,
        old_device_id=current.device_id or "",
        new_device_id=found.device_id,
        closing_value=None if last is None else last.point.value,
        opening_value=_register(found),
    )


def _register(found: Found) -> Decimal | None:
    """Return what the new counter shows, as finely as it is kept."""
    if found.energy_kwh is None or found.energy_kwh < 0:
        return None
    return in_thousandths(found.energy_kwh)


async def _move_on(
    unit: Unit, meter: Meter, opened: Installation, found: Found, now: datetime
) -> None:
    """Let every lease of the meter go on from the new counter, and decide about its relay.

    Without a reading the anchor is empty: the first one that comes opens the installation.
    """
    value = _register(found)
    for book in await _books(unit, meter, now):
        reading_id: int | None = None
        if value is not None:
            opening = Reading(
                meter_id=meter.id,
                installation_id=opened.id,
                point=RegisterPoint(at=now, value=value),
                type=ReadingType.AUTOMATIC,
                lease_id=book.lease.id,
            )
            (reading_id,) = await unit.metering.add_readings([opening])
        await unit.metering.move_anchors([(book.lease.id, meter.id, reading_id)])
    states = await unit.supplies.states([meter.id])
    for state in states.values():
        seen_at = None if found.relay_on is None else now
        await unit.supplies.save([state.seen(found.relay_on, seen_at)])
    await store(unit, [settle(book, now=now) for book in await _books(unit, meter, now)])


async def _tell_staff(
    unit: Unit,
    swap: Replacement,
    current: Installation,
    opened: Installation,
    books: Iterable[LeaseBook],
    now: datetime,
) -> None:
    news: list[Notice] = []
    for book in books:
        facts = common_facts(book) | {
            "meter": swap.meter.udf1,
            "installation_id": opened.id,
            "unit": swap.meter.unit,
            "old_device": swap.old_device_id,
            "new_device": swap.new_device_id,
            "closing_value": _text(swap.closing_value),
            "opening_value": _text(swap.opening_value),
        }
        key = f"replaced:{current.id}"
        news += tell(book.staff_ids, NoticeKind.DEVICE_REPLACED, facts, key=key, now=now)
    await unit.outbox.add(news)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
