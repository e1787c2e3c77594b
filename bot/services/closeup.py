"""One meter, looked at for somebody who waits, up to what it shows at this moment."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.deduction import Sighting
from bot.domain.metering import RegisterPoint, in_thousandths
from bot.domain.period import close_of, local_date
from bot.services.book import LeaseBook, MeterLink
from bot.services.check import Observation
from bot.services.ports import Clock, DayClose, Lane, MeterGateway, Refused
from bot.services.sweep import NoCounterShows

ONE_DAY = timedelta(days=1)


async def look_closely(
    gateway: MeterGateway, book: LeaseBook, link: MeterLink, device_id: str, *, clock: Clock
) -> Observation:
    """This function will read a device now, with the closes of the days since the last charge.

    Raises DeviceUnreachable, and GatewayError for whatever else keeps it from being read.
    """
    live = await gateway.metrics(device_id, lane=Lane.FRESH)
    now = clock.now()
    value = _counter(live.energy_kwh)
    closes = await _closes(gateway, book, link, device_id, now)
    points = [*_points(closes, book.place.zone), RegisterPoint(at=now, value=value)]
    return Observation(
        lease_id=book.lease.id,
        meter_id=link.meter.id,
        device_id=device_id,
        at=now,
        sightings=tuple(Sighting(point=point) for point in points),
        power_w=None if live.power_w is None else in_thousandths(live.power_w),
        relay_on=live.relay_on,
        is_live=True,
    )


async def _closes(
    gateway: MeterGateway, book: LeaseBook, link: MeterLink, device_id: str, now: datetime
) -> Sequence[DayClose]:
    """Days since the last charge are closed by history, as far as the device has one."""
    if link.anchor is None:
        return []
    zone = book.place.zone
    from_on, to_on = local_date(link.anchor.point.at, zone), local_date(now, zone) - ONE_DAY
    if from_on > to_on:
        return []
    with suppress(Refused):
        return await gateway.day_closes(device_id, from_on=from_on, to_on=to_on, lane=Lane.FRESH)
    return []


def _points(closes: Sequence[DayClose], zone: ZoneInfo) -> Iterator[RegisterPoint]:
    for close in closes:
        if close.energy_kwh >= 0:
            yield RegisterPoint(at=close_of(close.on, zone), value=in_thousandths(close.energy_kwh))


def _counter(value: Decimal) -> Decimal:
    """Return a register as finely as it is kept. Raises NoCounterShows."""
    if value < 0:
        raise NoCounterShows(code="negative_register", detail=str(value))
    return in_thousandths(value)
