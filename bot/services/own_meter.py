"""A meter that a tenant reads by themselves, and what it showed last."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.meter import MeterSheet
from bot.domain.metering import Reading
from bot.domain.people import Actor
from bot.domain.period import local_date
from bot.domain.place import Place
from bot.services.meter import MeterUnknown
from bot.services.ports import Clock
from bot.services.reading_change import meter_at
from bot.services.store import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeter:
    """A meter of somebody's lease."""

    sheet: MeterSheet
    place: Place
    room: str | None
    last: Reading | None
    now: datetime


class OwnMeters:
    """What tenants see of their meters before they read them."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    async def meter(self, *, actor: Actor, meter_id: int) -> OwnMeter:
        """This function will return a meter of one of the person's leases. Raises MeterUnknown."""
        now = self._clock.now()
        async with self._transactions.read() as unit:
            sheet, place = await meter_at(unit, meter_id)
            leases = await unit.chains.leases_on(meter_id, local_date(now, place.zone))
            if not actor.lease_ids & set(leases):
                raise MeterUnknown(meter_id)
            room = None if sheet.room_id is None else await unit.places.room(sheet.room_id)
            return OwnMeter(
                sheet=sheet,
                place=place,
                room=None if room is None else room.name,
                last=await unit.metering.latest(meter_id),
                now=now,
            )
